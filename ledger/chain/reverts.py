"""Why a contract refused a call: custom errors, decoded by name and arguments."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.address import is_address, to_checksum_address
from eth_utils.crypto import keccak

from ledger.artifacts.contracts import contract_abi
from ledger.artifacts.sources import PUBLISHED, SOURCES
from ledger.chain.error_words import WORDS
from ledger.errors import LedgerError
from ledger.terms.deals import State

_STANDARD = (
    {"name": "Error", "inputs": [{"name": "reason", "type": "string"}]},
    {"name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
)
_MOMENTS = frozenset(
    {
        *("deadline", "expiresAt", "executableAt", "validFrom", "validUntil", "endsAt", "revealBy"),
        *("endedAt", "decideBy", "exclusiveUntil", "notBefore", "maturesAt", "ruleBy"),
    }
)
_STATES = frozenset({"state", "wanted", "outcome"})
_LAST_MOMENT = 253_402_300_799
"""The last second that has a date of four digits for its year."""


class Reverted(LedgerError):
    """``error`` is the name of the contract's error, empty when it gave none, ``arguments``: its values."""

    def __init__(self, action: str, error: str, arguments: dict[str, Any], signature: str = "") -> None:
        sentence, hint = _words(error, arguments, signature)
        super().__init__(f"{action} was refused: {sentence}.", hint)
        self.error = error
        self.arguments = arguments


def reverted(action: str, data: str | bytes | None) -> Reverted:
    """The error for a call that reverted with this data. ``action`` names the call to a person."""
    raw = bytes.fromhex(data.removeprefix("0x")) if isinstance(data, str) else data or b""
    known = _errors().get(raw[:4])
    if known is None:
        return Reverted(action, f"0x{raw.hex()}" if raw else "", {})
    try:
        values = decode([item["type"] for item in known["inputs"]], raw[4:])
    except DecodingError:
        return Reverted(action, known["name"], {})
    names = [item["name"] or f"#{i}" for i, item in enumerate(known["inputs"])]
    arguments = dict(zip(names, map(_plain, values), strict=True))
    return Reverted(action, known["name"], arguments, _signature(known))


@cache
def _errors() -> dict[bytes, dict[str, Any]]:
    """By selector, every error that the contracts, the access manager and the test token can raise."""
    errors: list[dict[str, Any]] = [*_STANDARD]
    for name in (*SOURCES, *PUBLISHED):
        errors += [item for item in contract_abi(name) if item["type"] == "error"]
    return {keccak(text=_signature(error))[:4]: error for error in errors}


def _signature(error: dict[str, Any]) -> str:
    return f"{error['name']}({','.join(item['type'] for item in error['inputs'])})"


def _words(error: str, arguments: dict[str, Any], signature: str) -> tuple[str, str]:
    """Why, and what to do next: in words where there are any, with the error's name behind them."""
    said = WORDS.get(signature) or WORDS.get(error)
    if said is not None and (arguments or "{" not in said[0]):
        shown = {name: _told(name, value) for name, value in arguments.items()}
        return f"{said[0].format(**shown)} ({error})", said[1]
    listed = ", ".join(f"{name} {_shown(value)}" for name, value in arguments.items())
    if error.startswith("0x"):
        return f"it gave a reason that is none of these contracts', {error}", "It may be the token's own."
    return (f"{error}({listed})" if error else "it gave no reason"), ""


def _told(name: str, value: Any) -> str:
    if name in _MOMENTS:
        if value > _LAST_MOMENT:
            return "further notice"
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M UTC")
    if name in _STATES:
        return State(value).name.lower() if value in list(State) else str(value)
    return _shown(value)


def _plain(value: Any) -> Any:
    return to_checksum_address(value) if isinstance(value, str) and is_address(value) else value


def _shown(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
