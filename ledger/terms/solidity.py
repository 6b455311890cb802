"""Solidity values as Python values and as JSON: one table of fields drives every form of a struct.

=============  ==================  ====================================
Solidity       Python              JSON
=============  ==================  ====================================
address        checksummed str     checksummed str
uint8…uint48   int                 number
uint64…        int                 decimal string (exact beyond 2^53)
bytes32        bytes of 32         ``0x`` and 64 hex digits
string         str                 str
T[]            tuple               list
=============  ==================  ====================================
"""

import re
from collections.abc import Sequence
from typing import Any

from eth_utils.address import is_address, is_checksum_address, to_checksum_address

from ledger.errors import LedgerError

ZERO_ADDRESS = to_checksum_address("0x" + "00" * 20)
ZERO_BYTES32 = bytes(32)

Fields = tuple[tuple[str, str], ...]
"""A struct's members in Solidity's order: (Solidity name, Solidity type)."""

_JSON_EXACT_BITS = 53


class ValueInvalid(LedgerError):
    """A value does not fit its Solidity type; ``path`` says which one."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} {why}")
        self.path = path


def snake(name: str) -> str:
    """``decisionSeconds`` -> ``decision_seconds``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


def parse(kind: str, value: Any, path: str) -> Any:
    """A plain Solidity value (no struct) from JSON or from an ABI decoder.

    Raises :class:`ValueInvalid` when it does not fit the type.
    """
    if kind.endswith("[]"):
        return tuple(parse(kind[:-2], item, f"{path}[{i}]") for i, item in enumerate(_list(value, path)))
    if kind == "address":
        return _address(value, path)
    if kind.startswith("uint"):
        return _unsigned(int(kind[4:]), value, path)
    if kind == "bytes32":
        return _bytes32(value, path)
    if kind == "string":
        if not isinstance(value, str):
            raise ValueInvalid(path, f"is {value!r}, not text")
        return value
    raise AssertionError(f"no Solidity type {kind} in the ledger's structs")


def to_json(kind: str, value: Any) -> Any:
    """A plain Solidity value as JSON: what is wider than a JSON number holds is a decimal string."""
    if kind.endswith("[]"):
        return [to_json(kind[:-2], item) for item in value]
    if kind.startswith("uint"):
        return value if int(kind[4:]) <= _JSON_EXACT_BITS else str(value)
    if kind == "bytes32":
        return "0x" + value.hex()
    return value


def _list(value: Any, path: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise ValueInvalid(path, f"is {value!r}, not a list")
    return value


def _address(value: Any, path: str) -> str:
    if not isinstance(value, str) or not is_address(value):
        raise ValueInvalid(path, f"is {value!r}, not an address")
    digits = value[2:]
    if digits not in (digits.lower(), digits.upper()) and not is_checksum_address(value):
        raise ValueInvalid(path, f"is {value}, whose checksum is wrong: a character was mistyped")
    return to_checksum_address(value)


def _unsigned(bits: int, value: Any, path: str) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,78}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueInvalid(path, f"is {value!r}, not a whole number")
    if not 0 <= value < 1 << bits:
        raise ValueInvalid(path, f"is {value}, which does not fit {bits} bits")
    return value


def _bytes32(value: Any, path: str) -> bytes:
    if isinstance(value, str) and re.fullmatch(r"0x[0-9a-fA-F]{64}", value):
        return bytes.fromhex(value[2:])
    if isinstance(value, bytes) and len(value) == 32:
        return bytes(value)
    raise ValueInvalid(path, f"is {value!r}, not 0x and 64 hex digits")
