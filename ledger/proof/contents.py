"""What a block's header binds of its transactions and receipts, made anew from what a node says of them.

Transactions and receipts as EIP-2718 envelopes: of types 0 to 4 (EIP-2930, 1559, 4844, 7702), and the
deposits of the OP stack (0x7e). Of any other type nobody can tell here what its envelope is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ledger.proof import rlp_writing

_LEGACY, _DEPOSIT = 0, 0x7E
_HEAD = ("chainId", "nonce")
_FEES = ("maxPriorityFeePerGas", "maxFeePerGas", "gas")
_CALL = ("to", "value", "input")
_SIGNATURE = ("yParity", "r", "s")
_FIELDS: Mapping[int, Sequence[str]] = {
    _LEGACY: ("nonce", "gasPrice", "gas", *_CALL, "v", "r", "s"),
    1: (*_HEAD, "gasPrice", "gas", *_CALL, "accessList", *_SIGNATURE),
    2: (*_HEAD, *_FEES, *_CALL, "accessList", *_SIGNATURE),
    3: (*_HEAD, *_FEES, *_CALL, "accessList", "maxFeePerBlobGas", "blobVersionedHashes", *_SIGNATURE),
    4: (*_HEAD, *_FEES, *_CALL, "accessList", "authorizationList", *_SIGNATURE),
    _DEPOSIT: ("sourceHash", "from", "to", "mint", "value", "gas", "isSystemTx", "input"),
}
_AUTHORIZATION = ("chainId", "address", "nonce", "yParity", "r", "s")
_BYTES = {"to", "input", "sourceHash", "from", "address"}


class KindUnknown(Exception):
    """A transaction of a type whose envelope is not known here."""

    def __init__(self, kind: int) -> None:
        super().__init__(f"it has a transaction of type 0x{kind:x}, which this program does not know")


def transaction(shown: Mapping[str, Any]) -> bytes:
    """A transaction's envelope, which its hash is of. Raises KindUnknown; KeyError, TypeError, ValueError or
    AttributeError for what is not a transaction.
    """
    kind = _kind(shown)
    return _envelope(kind, [_field(shown, name) for name in _FIELDS[kind]])


def receipt(shown: Mapping[str, Any]) -> bytes:
    """A receipt's envelope. Raises as :func:`transaction`."""
    kind = _kind(shown)
    # Before EIP-658, the state's root stood where its status does.
    status = _number(shown["status"]) if shown.get("status") is not None else _bytes(shown["root"])
    fields = [
        status,
        _number(shown["cumulativeGasUsed"]),
        _bytes(shown["logsBloom"]),
        rlp_writing.listed(_log(log) for log in shown["logs"]),
    ]
    if kind == _DEPOSIT and shown.get("depositReceiptVersion") is not None:
        # Before Canyon, the nonce is said and in no root.
        fields += [_number(shown["depositNonce"]), _number(shown["depositReceiptVersion"])]
    return _envelope(kind, fields)


def _kind(shown: Mapping[str, Any]) -> int:
    kind = int(shown.get("type") or "0x0", 16)
    if kind not in _FIELDS:
        raise KindUnknown(kind)
    return kind


def _envelope(kind: int, fields: Sequence[bytes]) -> bytes:
    body = rlp_writing.listed(fields)
    return body if kind == _LEGACY else bytes((kind,)) + body


def _field(shown: Mapping[str, Any], name: str) -> bytes:
    value = shown.get(name)
    match name:
        case "yParity":
            return _number(shown["v"] if value is None else value)
        case "mint":
            return _number(value or "0x0")
        case "isSystemTx":
            return _number("0x1" if value else "0x0")
        case "accessList":
            return rlp_writing.listed(map(_access, value or ()))
        case "authorizationList":
            return rlp_writing.listed(
                rlp_writing.listed(_field(each, part) for part in _AUTHORIZATION) for each in value or ()
            )
        case "blobVersionedHashes":
            return rlp_writing.listed(map(_bytes, value or ()))
        case "to" if value is None:
            return _bytes("0x")
    return _bytes(shown[name]) if name in _BYTES else _number(shown[name])


def _access(shown: Mapping[str, Any]) -> bytes:
    keys = rlp_writing.listed(map(_bytes, shown["storageKeys"]))
    return rlp_writing.listed((_bytes(shown["address"]), keys))


def _log(shown: Mapping[str, Any]) -> bytes:
    topics = rlp_writing.listed(map(_bytes, shown["topics"]))
    return rlp_writing.listed((_bytes(shown["address"]), topics, _bytes(shown["data"])))


def _bytes(text: str) -> bytes:
    return rlp_writing.item(bytes.fromhex(text[2:]))


def _number(text: str) -> bytes:
    return rlp_writing.number(int(text, 16))
