"""What partners sign: the terms of an agreement, exactly as contracts/agreements/types/Terms.sol has them.

Weights are fractions of 1e18, ``up_to`` is in token base units, times are unix seconds, durations seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.terms import solidity
from ledger.terms.ids import NO_AGREEMENT, NO_PROGRAMME, AgreementId, ProgrammeId
from ledger.terms.solidity import ZERO_ADDRESS, ZERO_BYTES32, Fields, ValueInvalid
from ledger.terms.struct_hash import StructHashes

UNBOUNDED = 2**256 - 1
"""Boundary of the last tranche."""
OPEN_ENDED = 2**40 - 1
"""``valid_until`` of an agreement without an end."""
NATIVE_COIN = to_checksum_address("0x" + "ee" * 20)
"""ERC-7528's address for the chain's own coin, as a token."""

PAYEE_FIELDS: Fields = (("account", "address"), ("weights", "uint64[]"))
TRANCHE_FIELDS: Fields = (("upTo", "uint256"), ("periodSeconds", "uint32"))
TERMS_FIELDS: Fields = (
    ("parties", "address[]"),
    ("payees", "Payee[]"),
    ("tranches", "Tranche[]"),
    ("listRoot", "bytes32"),
    ("listHash", "bytes32"),
    ("listCount", "uint32"),
    ("tokens", "address[]"),
    ("programme", "bytes32"),
    ("territories", "bytes32[]"),
    ("decisionSeconds", "uint32"),
    ("exclusivitySeconds", "uint32"),
    ("holdSeconds", "uint32"),
    ("paymentSeconds", "uint32"),
    ("clawback", "uint8"),
    ("arbiter", "address"),
    ("validFrom", "uint40"),
    ("validUntil", "uint40"),
    ("noticeSeconds", "uint32"),
    ("afterEnd", "uint8"),
    ("predecessor", "bytes32"),
    ("documentHash", "bytes32"),
    ("uri", "string"),
    ("salt", "bytes32"),
)
CONDITIONS_FIELDS: Fields = (
    ("parties", "address[]"),
    ("tokens", "address[]"),
    ("programme", "bytes32"),
    ("territories", "bytes32[]"),
    ("decisionSeconds", "uint32"),
    ("exclusivitySeconds", "uint32"),
    ("arbiter", "address"),
    ("validFrom", "uint40"),
    ("validUntil", "uint40"),
    ("noticeSeconds", "uint32"),
    ("afterEnd", "uint8"),
    ("predecessor", "bytes32"),
    ("termsHash", "bytes32"),
)


@dataclass(frozen=True)
class Payee:
    """Who is paid, and how much of each tranche: one weight of 1e18 a tranche."""

    account: ChecksumAddress
    weights: tuple[int, ...]

    def to_abi(self) -> tuple[Any, ...]:
        return (self.account, list(self.weights))


@dataclass(frozen=True)
class Tranche:
    """A band of revenue up to a total of ``up_to``; it starts anew after ``period_seconds``, 0 never."""

    up_to: int = UNBOUNDED
    period_seconds: int = 0

    def to_abi(self) -> tuple[Any, ...]:
        return (self.up_to, self.period_seconds)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a deal, an ending and a ruling go by; its hash is bound in the agreement's id.

    ``terms_hash`` is EIP-712's hash of the whole terms.
    """

    parties: tuple[ChecksumAddress, ...]
    tokens: tuple[ChecksumAddress, ...]
    programme: ProgrammeId
    territories: tuple[bytes, ...]
    decision_seconds: int
    exclusivity_seconds: int
    arbiter: ChecksumAddress
    valid_from: int
    valid_until: int
    notice_seconds: int
    after_end: int
    predecessor: AgreementId
    terms_hash: bytes

    def to_abi(self) -> tuple[Any, ...]:
        """The tuple that ABI encoders take for Solidity's ``Conditions``."""
        return _to_abi(self, CONDITIONS_FIELDS)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of an agreement; contracts/agreements/types/Terms.sol says what each field means.

    Addresses are checksummed; parties, payees and tokens must be strictly ascending to be put in force.
    """

    parties: tuple[ChecksumAddress, ...]
    payees: tuple[Payee, ...]
    tranches: tuple[Tranche, ...] = (Tranche(),)
    list_root: bytes = ZERO_BYTES32
    list_hash: bytes = ZERO_BYTES32
    list_count: int = 0
    tokens: tuple[ChecksumAddress, ...]
    programme: ProgrammeId = NO_PROGRAMME
    territories: tuple[bytes, ...] = ()
    decision_seconds: int = 0
    exclusivity_seconds: int = 0
    hold_seconds: int = 0
    payment_seconds: int = 0
    clawback: int = 0
    arbiter: ChecksumAddress = ZERO_ADDRESS
    valid_from: int = 0
    valid_until: int = OPEN_ENDED
    notice_seconds: int = 0
    after_end: int = 0
    predecessor: AgreementId = NO_AGREEMENT
    document_hash: bytes = ZERO_BYTES32
    uri: str = ""
    salt: bytes = ZERO_BYTES32

    def conditions(self) -> Conditions:
        """The part that is opened again and again."""
        return Conditions(
            **{name: getattr(self, name) for name, _ in _snake_fields(CONDITIONS_FIELDS[:-1])},
            terms_hash=self.typed_hash(),
        )

    def typed_hash(self) -> bytes:
        """EIP-712's ``hashStruct`` of the terms, which a party's acceptance names."""
        return _HASHES.of("Terms", self)

    def to_abi(self) -> tuple[Any, ...]:
        """The tuple that ABI encoders take for Solidity's ``Terms``."""
        return _to_abi(self, TERMS_FIELDS)

    def to_message(self) -> dict[str, Any]:
        """The EIP-712 message: Solidity's names, numbers as decimal strings, bytes32 as 0x hex."""
        return {name: _to_message(kind, getattr(self, solidity.snake(name))) for name, kind in TERMS_FIELDS}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON with the field names of this class; see :mod:`ledger.terms.solidity` for its values."""
        return {name: _to_json(kind, getattr(self, name)) for name, kind in _snake_fields(TERMS_FIELDS)}

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Terms from :meth:`to_json`'s form; fields that have a default may be left out.

        Raises :class:`ValueInvalid` naming the first field that is missing, unknown or malformed. Whether the
        terms can be put in force is the contract's to say.
        """
        return cls(
            **_parse_fields(TERMS_FIELDS, document, "terms", frozenset({"parties", "payees", "tokens"}))
        )

    @classmethod
    def from_abi(cls, values: Sequence[Any]) -> Self:
        """Terms from what an ABI decoder returns for Solidity's ``Terms``."""
        return cls(**_parse_abi(TERMS_FIELDS, values, "terms"))


_HASHES = StructHashes({"Terms": TERMS_FIELDS, "Payee": PAYEE_FIELDS, "Tranche": TRANCHE_FIELDS})
_STRUCTS: dict[str, tuple[type[Payee] | type[Tranche], Fields]] = {
    "Payee": (Payee, PAYEE_FIELDS),
    "Tranche": (Tranche, TRANCHE_FIELDS),
}


def _snake_fields(fields: Fields) -> Fields:
    return tuple((solidity.snake(name), kind) for name, kind in fields)


def _struct(kind: str) -> tuple[type[Payee] | type[Tranche], Fields] | None:
    return _STRUCTS.get(kind.removesuffix("[]"))


def _to_abi(struct: Terms | Conditions, fields: Fields) -> tuple[Any, ...]:
    values = []
    for name, kind in _snake_fields(fields):
        value = getattr(struct, name)
        if _struct(kind):
            value = [item.to_abi() for item in value]
        values.append(list(value) if isinstance(value, tuple) else value)
    return tuple(values)


def _to_json(kind: str, value: Any) -> Any:
    struct = _struct(kind)
    if struct is None:
        return solidity.to_json(kind, value)
    _, fields = struct
    return [{name: _to_json(of, getattr(item, name)) for name, of in _snake_fields(fields)} for item in value]


def _to_message(kind: str, value: Any) -> Any:
    struct = _struct(kind)
    if struct is not None:
        _, fields = struct
        return [
            {name: _to_message(of, getattr(item, solidity.snake(name))) for name, of in fields}
            for item in value
        ]
    if kind.endswith("[]"):
        return [_to_message(kind[:-2], item) for item in value]
    return str(value) if kind.startswith("uint") else solidity.to_json(kind, value)


def _parse(kind: str, value: Any, path: str, *, abi: bool) -> Any:
    struct = _struct(kind)
    if struct is None:
        return solidity.parse(kind, value, path)
    if not isinstance(value, list | tuple):
        raise ValueInvalid(path, f"is {value!r}, not a list")
    make, fields = struct
    items = []
    for i, item in enumerate(value):
        at = f"{path}[{i}]"
        parsed = _parse_abi(fields, item, at) if abi else _parse_fields(fields, item, at)
        items.append(make(**parsed))
    return tuple(items)


def _parse_abi(fields: Fields, values: Sequence[Any], path: str) -> dict[str, Any]:
    named = _snake_fields(fields)
    return {
        name: _parse(kind, value, f"{path}.{name}", abi=True)
        for (name, kind), value in zip(named, values, strict=True)
    }


def _parse_fields(
    fields: Fields, document: Any, path: str, required: frozenset[str] | None = None
) -> dict[str, Any]:
    """``required``: the fields that must be there; all of them when None."""
    if not isinstance(document, Mapping):
        raise ValueInvalid(path, f"is {document!r}, not an object")
    named = dict(_snake_fields(fields))
    for name in document:
        if name not in named:
            raise ValueInvalid(f"{path}.{name}", "is not a field of the terms")
    for name in named if required is None else sorted(required):
        if name not in document:
            raise ValueInvalid(f"{path}.{name}", "is missing")
    return {
        name: _parse(kind, document[name], f"{path}.{name}", abi=False)
        for name, kind in named.items()
        if name in document
    }
