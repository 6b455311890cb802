"""Is the code at an address this release's, and does it name the contracts and values that it must?

A contract's immutables are in its code: they are taken out before it is compared, and compared by themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from ledger.artifacts.contracts import Immutable, Runtime, runtime
from ledger.errors import LedgerError
from ledger.rules import plan
from ledger.signing.eip712 import DOMAIN_NAMES
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.deployment import Deployment

_WORD = 32
_CONTRACT = "contract "
_DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


class ImmutableUnknown(LedgerError):
    """The release has an immutable of which nobody said what it must be."""


@dataclass(frozen=True)
class Helper:
    """A contract that another one created for itself, and names: it must be this release's too."""

    name: str
    address: ChecksumAddress


def differences(
    deployment: Deployment, name: str, address: ChecksumAddress, code: bytes
) -> tuple[list[str], list[Helper]]:
    """In words, how the code at an address differs from this release's; and the helpers that it names.

    Raises ImmutableUnknown.
    """
    release = runtime(name)
    unlike = _code_unlike(release, code)
    if unlike is not None:
        return [f"{name} {address}: {unlike}"], []
    found: list[str] = []
    helpers: list[Helper] = []
    values = {each: _value(code, each) for each in release.immutables}
    for immutable, value in values.items():
        if value is None:
            found.append(f"{name} {address}: {immutable.name} is not the same wherever its code has it")
        elif immutable.name not in _DOMAIN:
            wanted = _wanted(deployment, immutable)
            if isinstance(wanted, str):
                helpers.append(Helper(wanted, to_checksum_address(value[12:])))
            elif value != wanted:
                found.append(
                    f"{name} {address}: its {immutable.name} is {_shown(immutable, value)}, "
                    f"expected {_shown(immutable, wanted)}"
                )
    said = {each.name: value for each, value in values.items() if value is not None}
    found += [f"{name} {address}: {why}" for why in _domain_unlike(deployment, name, address, said)]
    return found, helpers


def _code_unlike(release: Runtime, code: bytes) -> str | None:
    """How code differs once what the constructor wrote is taken out. What the compiler notes at its end, of
    itself and its sources, does nothing and may be another.
    """
    blank = bytearray(code)
    for immutable in release.immutables:
        for place in immutable.places:
            if place + _WORD <= len(blank):
                blank[place : place + _WORD] = bytes(_WORD)
    ours, theirs = _without_notes(release.code), _without_notes(bytes(blank))
    if ours == theirs:
        return None
    if len(ours) != len(theirs):
        return f"its code has {len(theirs):,} bytes, this release's {len(ours):,}"
    at = next(at for at, (one, other) in enumerate(zip(ours, theirs, strict=True)) if one != other)
    return f"its code is not this release's: byte {at:,} of {len(ours):,} is the first that differs"


def _without_notes(code: bytes) -> bytes:
    """Code without the CBOR map at its end, whose length stands in the last two bytes."""
    size = int.from_bytes(code[-2:]) + 2
    has_notes = 2 < size <= len(code) and code[-size] & 0xE0 == 0xA0
    return code[:-size] if has_notes else code


def _value(code: bytes, immutable: Immutable) -> bytes | None:
    """What the code has of an immutable; None where that is not the same everywhere."""
    values = {code[place : place + _WORD] for place in immutable.places}
    return values.pop() if len(values) == 1 else None


def _wanted(deployment: Deployment, immutable: Immutable) -> bytes | str:
    """The word that must be there; the release's name of a contract that only this one knows."""
    if immutable.type.startswith(_CONTRACT):
        of = immutable.type.removeprefix(_CONTRACT)
        for named in (of, of.removeprefix("I")):
            if named in deployment.contracts:
                return bytes.fromhex(deployment.address(named)[2:]).rjust(_WORD, b"\0")
        for named in (of, of.removeprefix("I")):
            try:
                runtime(named)
            except LedgerError:
                continue
            return named
    if immutable.name == "_HOME":
        return plan.home(deployment.chain_id, deployment.address(AGREEMENTS))
    raise ImmutableUnknown(
        f"This program does not know what {immutable.name} ({immutable.type}) must be.",
        "It is older or newer than its contracts: install one release whole.",
    )


def _shown(immutable: Immutable, word: bytes) -> str:
    return to_checksum_address(word[12:]) if immutable.type.startswith(_CONTRACT) else "0x" + word.hex()


_DOMAIN = {
    "_cachedDomainSeparator",
    "_cachedChainId",
    "_cachedThis",
    "_hashedName",
    "_hashedVersion",
    "_name",
    "_version",
}
"""Immutables of OpenZeppelin's EIP712, which say for whom signatures are."""


def _domain_unlike(
    deployment: Deployment, name: str, address: ChecksumAddress, said: dict[str, bytes]
) -> Iterator[str]:
    if "_cachedThis" not in said:
        return
    title = _short_text(said["_name"])
    expected = DOMAIN_NAMES.get(name, title)
    if (title, _short_text(said["_version"])) != (expected, "1"):
        yield f"signatures are for {title!r}, expected {expected!r}, version 1"
        return
    hashed, version = keccak(text=title), keccak(text="1")
    values = (keccak(text=_DOMAIN_TYPE), hashed, version, deployment.chain_id, address)
    separator = keccak(encode(["bytes32", "bytes32", "bytes32", "uint256", "address"], values))
    words = {
        "_hashedName": hashed,
        "_hashedVersion": version,
        "_cachedChainId": deployment.chain_id.to_bytes(_WORD),
        "_cachedThis": bytes.fromhex(address[2:]).rjust(_WORD, b"\0"),
        "_cachedDomainSeparator": separator,
    }
    for part, word in words.items():
        if said.get(part, word) != word:
            yield f"its {part} is 0x{said[part].hex()}, expected 0x{word.hex()}"


def _short_text(word: bytes) -> str:
    """A text of up to 31 bytes as OpenZeppelin's ShortString packs it, its length in the last byte."""
    return word[: word[-1]].decode("utf-8", errors="replace") if word[-1] < _WORD else "0x" + word.hex()
