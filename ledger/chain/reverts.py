"""Why a contract refused a call: custom errors, decoded by name and arguments."""

from functools import cache
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.address import is_address, to_checksum_address
from eth_utils.crypto import keccak

from ledger.chain.artifacts import PUBLISHED, SOURCES, contract_abi
from ledger.errors import LedgerError

_STANDARD = (
    {"name": "Error", "inputs": [{"name": "reason", "type": "string"}]},
    {"name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
)
_HINTS = {
    "AccessManagedUnauthorized": "It needs a role that the access manager gives.",
    "AlreadyActive": "The agreement is in force already.",
    "AuthorizationExpired": "Sign again with a later deadline.",
    "CommitmentLapsed": "Commit anew: a commitment is revealed within a day.",
    "DecisionTooEarly": "Decide after that time: an earlier commitment may still be revealed until then.",
    "ERC20InsufficientAllowance": "Approve the revenue ledger as a spender of the token first.",
    "ERC20InsufficientBalance": "Fund the wallet with the token first.",
    "InvoicePaid": "Nothing was paid twice.",
    "NonceSpent": "Sign again with another nonce.",
    "NotTheWallet": "Send it from the account's own wallet, or with its signature.",
    "NothingToClaim": "All that was earned so far has been claimed.",
    "SignatureInvalid": "The account's current wallet must sign exactly these values.",
}


class Reverted(LedgerError):
    """``error`` is the name of the contract's error, empty when it gave none, ``arguments``: its values."""

    def __init__(self, action: str, error: str, arguments: dict[str, Any]) -> None:
        shown = ", ".join(f"{name} {_shown(value)}" for name, value in arguments.items())
        reason = f"{error}({shown})" if error else "it gave no reason"
        super().__init__(f"{action} was refused: {reason}.", _HINTS.get(error, ""))
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
    return Reverted(action, known["name"], dict(zip(names, map(_plain, values), strict=True)))


@cache
def _errors() -> dict[bytes, dict[str, Any]]:
    """By selector, every error that the contracts, the access manager and the test token can raise."""
    errors: list[dict[str, Any]] = [*_STANDARD]
    for name in (*SOURCES, *PUBLISHED):
        errors += [item for item in contract_abi(name) if item["type"] == "error"]
    return {keccak(text=_signature(error))[:4]: error for error in errors}


def _signature(error: dict[str, Any]) -> str:
    return f"{error['name']}({','.join(item['type'] for item in error['inputs'])})"


def _plain(value: Any) -> Any:
    return to_checksum_address(value) if isinstance(value, str) and is_address(value) else value


def _shown(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
