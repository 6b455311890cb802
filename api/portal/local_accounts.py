"""A local chain's accounts, whose keys everybody knows: who they act for, what they hold, how they sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from eth_account.messages import encode_defunct, encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from api.partner_names import Names
from ledger.accounting.tokens import TokenNote, notes_on
from ledger.accounting.wallets import accounts_of, wallets_of
from ledger.chain import anvil
from ledger.chain.node import Node
from ledger.chain.sender import Sender
from ledger.store.reading import Reading

_ACCOUNTS = 20
"""Of anvil's mnemonic: ten have money from the start, others are given some by the demonstration."""
_COIN = TokenNote(b"", "ETH", 18)
_SMALLEST = 10**14
"""Of the coin that is shown, in wei: it only pays fees here."""
_BALANCE_OF = "0x70a08231"

FORWARDED = (
    "eth_blockNumber",
    "eth_call",
    "eth_chainId",
    "eth_estimateGas",
    "eth_gasPrice",
    "eth_getBalance",
    "eth_getTransactionByHash",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
)
"""What pages may ask the node through the wallet: it reads only."""


@dataclass(frozen=True)
class LocalWallet:
    """An account, the partner that it acts for, or acted for before, and what it holds."""

    address: str
    account: str | None
    name: str | None
    acts: bool
    holds: tuple[str, ...]


class NotOffered(Exception):
    """The wallet does not do this; the message says what was asked."""


def local_wallets(reading: Reading, node: Node) -> list[LocalWallet]:
    """Those that act for a partner first, then the others that hold something."""
    keys = {bytes.fromhex(anvil.wallet(place).address[2:]): place for place in range(_ACCOUNTS)}
    accounts = accounts_of(reading, keys)
    names = Names.of(reading, accounts.values())
    acting = set(wallets_of(reading, [each for each in accounts.values() if each in names.known]).values())
    holds = _holdings(reading, node, list(keys))
    found = []
    for key in keys:
        partner = accounts[key] if accounts[key] in names.known else None
        found.append(
            LocalWallet(
                address=to_checksum_address(key),
                account=to_checksum_address(partner) if partner else None,
                name=names.known[partner] if partner else None,
                acts=key in acting,
                holds=holds[key],
            )
        )
    return sorted((each for each in found if each.name or each.holds), key=lambda each: not each.acts)


def answer(node: Node, method: str, params: Sequence[Any]) -> Any:
    """The result of a wallet's method, for whichever of the accounts it is about.

    Raises NotOffered for any other method or account, LedgerError for what the chain refuses.
    """
    if method in FORWARDED:
        return node.rpc(method, params)
    match method, *params:
        case "eth_signTypedData_v4", str(address), str(text):
            return _sign_typed(node, _key_of(address), text)
        case "personal_sign", str(text), str(address):
            return _hex(_key_of(address).sign_message(_message(text)).signature)
        case "eth_sendTransaction", {"from": str(address)}:
            return _send(node, _key_of(address), params[0])
    raise NotOffered(f"The test wallet does not do {method[:60]}.")


def _sign_typed(node: Node, key: LocalAccount, text: str) -> str:
    try:
        typed = orjson.loads(text)
        chain = int(typed["domain"]["chainId"])
        signable = encode_typed_data(full_message=typed)
    except Exception as error:  # the library below raises many kinds for what is not typed data
        raise NotOffered("That is not typed data (EIP-712).") from error
    if chain != node.chain_id:
        raise NotOffered(f"The test wallet signs for its own chain {node.chain_id} only, not for {chain}.")
    return _hex(key.sign_message(signable).signature)


def _send(node: Node, key: LocalAccount, transaction: Mapping[str, Any]) -> str:
    try:
        to = to_checksum_address(transaction["to"])
        data = _hex(
            bytes.fromhex(str(transaction.get("data") or transaction.get("input") or "0x").removeprefix("0x"))
        )
        value = int(str(transaction.get("value") or "0x0"), 16)
    except (KeyError, TypeError, ValueError) as error:
        raise NotOffered("That is not a transaction that the test wallet sends: to, data, value.") from error
    return _hex(Sender(node, key).transact(to, data, value=value)["transactionHash"])


def _message(text: str) -> Any:
    try:
        return encode_defunct(hexstr=text) if text.startswith("0x") else encode_defunct(text=text)
    except ValueError as error:
        raise NotOffered("That is not a message: it is text, or 0x and hexadecimal digits.") from error


def _key_of(address: str) -> LocalAccount:
    keys = (anvil.wallet(place) for place in range(_ACCOUNTS))
    found = next((key for key in keys if key.address.lower() == address.lower()), None)
    if found is None:
        raise NotOffered(f"{address[:60]} is none of the test wallet's accounts.")
    return found


def _holdings(reading: Reading, node: Node, accounts: Sequence[bytes]) -> Mapping[bytes, tuple[str, ...]]:
    """The coin and the deployment's own tokens of each account, those that it has any of."""
    tokens = [bytes.fromhex(each[2:]) for each in reading.file.get("tokens", {}).values()]
    notes = [_COIN, *(notes_on(reading, tokens)[token] for token in tokens)]
    calls: list[tuple[str, list[Any]]] = []
    for account in accounts:
        calls.append(("eth_getBalance", ["0x" + account.hex(), "latest"]))
        data = _BALANCE_OF + account.rjust(32, b"\0").hex()
        calls += [("eth_call", [{"to": "0x" + each.hex(), "data": data}, "latest"]) for each in tokens]
    units = [int(each, 16) for each in node.rpc_batch(calls)]
    width = len(notes)
    return {
        account: tuple(
            note.display(amount // _SMALLEST * _SMALLEST if note is _COIN else amount) or str(amount)
            for note, amount in zip(notes, units[place * width : (place + 1) * width], strict=True)
            if amount
        )
        for place, account in enumerate(accounts)
    }


def _hex(value: bytes) -> str:
    return "0x" + bytes(value).hex()
