"""EIP-712's hash of a struct, from its table of fields."""

from collections.abc import Mapping
from typing import Any

from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak

from ledger.terms.solidity import Fields, snake


class StructHashes:
    """Hashes objects whose attributes are the members of these structs, in snake case."""

    def __init__(self, structs: Mapping[str, Fields]) -> None:
        self._structs = structs
        self._types = {name: keccak(text=self._type(name)) for name in structs}

    def of(self, name: str, value: Any) -> bytes:
        """``hashStruct`` of a value of the struct with this name."""
        words = [self._word(kind, getattr(value, snake(member))) for member, kind in self._structs[name]]
        return keccak(self._types[name] + b"".join(words))

    def _type(self, name: str) -> str:
        """``encodeType``: the struct, then those that it uses, by name."""
        return "".join(
            f"{each}({','.join(f'{kind} {member}' for member, kind in self._structs[each])})"
            for each in [name, *sorted(self._used(name) - {name})]
        )

    def _used(self, name: str) -> set[str]:
        within = {kind.removesuffix("[]") for _, kind in self._structs[name]} & self._structs.keys()
        return within.union({name}, *map(self._used, within))

    def _word(self, kind: str, value: Any) -> bytes:
        if kind.endswith("[]"):
            return keccak(b"".join(self._word(kind[:-2], each) for each in value))
        if kind in self._structs:
            return self.of(kind, value)
        if kind == "string":
            return keccak(text=value)
        if kind == "address":
            return to_canonical_address(value).rjust(32, b"\0")
        return value if isinstance(value, bytes) else value.to_bytes(32)
