"""What tokens say of themselves. A token is anybody's contract: it may lie, revert, burn gas or never end."""

import unicodedata
from collections.abc import Iterable
from typing import TypedDict

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

from ledger.chain import answers
from ledger.chain.node import Node, RpcRefused
from ledger.indexer.entries import Entries
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.deals import State

GAS = 100_000
"""For each question: an honest token needs a few thousand."""
LONGEST_ANSWER = 4_096
LONGEST_SYMBOL = 32
_DECIMALS = "0x313ce567"
_SYMBOL = "0x95d89b41"
_COIN = bytes.fromhex(NATIVE_COIN[2:])


class TokenRow(TypedDict):
    """A row of the table ``token``. ``answered``: whether the token itself was asked, and not a node that had
    a bad moment; until then, what it would say is not known.
    """

    chain_id: int
    address: bytes
    symbol: str | None
    decimals: int | None
    answered: bool


def named(some: Iterable[Entries]) -> set[bytes]:
    """The tokens that entries name: those that agreements accept, and those of won deals' values."""
    found: set[bytes] = set()
    for entries in some:
        args = entries.args
        if entries.event == "AgreementActivated":
            found.update(bytes.fromhex(token[2:]) for terms in args["terms"] for token in terms.tokens)
        elif entries.event == "DealDecided":
            decided = zip(args["outcome"], args["token"], strict=True)
            found.update(token for outcome, token in decided if outcome == State.WON)
    return found


def describe(node: Node, chain_id: int, tokens: Iterable[bytes]) -> list[TokenRow]:
    """Asks each token for its symbol and decimals: rows of the table, ``None`` for what makes no sense, or is
    not known because the node, and not the token, refused.

    The chain's own coin cannot be asked: it has 18 decimals on every chain of this kind, and is called by no
    name that the chain knows.
    """
    return [_coin(chain_id) if token == _COIN else _token(node, chain_id, token) for token in sorted(tokens)]


def _coin(chain_id: int) -> TokenRow:
    return TokenRow(chain_id=chain_id, address=_COIN, symbol="native coin", decimals=18, answered=True)


def _token(node: Node, chain_id: int, token: bytes) -> TokenRow:
    symbol, decimals = _ask(node, token, _SYMBOL), _ask(node, token, _DECIMALS)
    return TokenRow(
        chain_id=chain_id,
        address=token,
        symbol=None if symbol is None else symbol_of(symbol),
        decimals=None if decimals is None else decimals_of(decimals),
        answered=symbol is not None and decimals is not None,
    )


def decimals_of(answer: bytes) -> int | None:
    """Decimal places from an answer to ``decimals()``: one word of at most 255, else ``None``."""
    value = int.from_bytes(answer)
    return value if len(answer) == 32 and value <= 255 else None


def symbol_of(answer: bytes) -> str | None:
    """A symbol from an answer to ``symbol()``: a string, or a word as in early tokens; ``None`` when neither.

    Of its text, at most 32 characters that can be seen stay: no control, no direction mark, no line break.
    """
    try:
        raw = answer.rstrip(b"\0") if len(answer) == 32 else decode(["bytes"], answer)[0]
    except (DecodingError, OverflowError):
        return None
    text = bytes(raw[: 4 * LONGEST_SYMBOL]).decode("utf-8", errors="ignore")
    seen = "".join(each for each in text if unicodedata.category(each)[0] in "LMNPS" or each == " ")
    return seen.strip()[:LONGEST_SYMBOL] or None


def _ask(node: Node, token: bytes, selector: str) -> bytes | None:
    """What the token answers, nothing where it refuses; None where the node does not let it say.

    Some chains' calls cost more gas than an honest token needs elsewhere: there, it is asked without a limit.
    """
    call = {"to": "0x" + token.hex(), "data": selector}
    for limited in ({"gas": hex(GAS)}, {}):
        try:
            answer = node.rpc("eth_call", [call | limited, "latest"])
            return answers.data(answer[: 2 + 2 * LONGEST_ANSWER])
        except RpcRefused as error:
            if error.is_revert:
                return b""
        except (TypeError, ValueError):
            continue
    return None
