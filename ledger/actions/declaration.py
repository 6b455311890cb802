"""What a declaration says: who does what, by which functions and signature, with which fields, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from ledger.terms.contracts import ContractName


class Role(StrEnum):
    """Who may do it. Each but the last acts by the wallet of the account in the action's ``actor`` field."""

    PARTNER = "partner"
    PARTY = "party"
    PAYEE = "payee"
    PAYER = "payer"
    VENDOR = "vendor"
    REGISTRANT = "registrant"
    COUNTERPARTY = "counterparty"
    ARBITER = "arbiter"
    OWNER = "owner"
    """The account's owner key, not its wallet."""
    NEW_KEY = "new key"
    """The very address in the ``actor`` field: a key that is about to take a place."""
    CONSORTIUM = "consortium"
    ANYONE = "anyone"


class Unit(StrEnum):
    """What a field's value is, beyond its Solidity type: how it is said, and how it is asked for."""

    ACCOUNT = "account"
    ADDRESS = "address"
    TOKEN = "token"  # noqa: S105 - one that is paid with
    AMOUNT = "token base units"
    ID = "id"
    HASH = "hash"
    REASON = "reason"
    MOMENT = "unix seconds"
    SECONDS = "seconds"
    NUMBER = "number"
    TEXT = "text"
    TERMS = "terms"
    LIST = "list"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Field:
    """One thing that a person says. ``name`` as Solidity has it, in snake case; ``type`` Solidity's.

    ``optional``: it may be left out; ``default``: what it is then, None for nothing.
    """

    name: str
    type: str
    unit: Unit
    words: str
    optional: bool = False
    default: Any = None

    def but(self, words: str | None = None, **changed: Any) -> Self:
        """The same, said or asked for otherwise."""
        return replace(self, words=self.words if words is None else words, **changed)


@dataclass(frozen=True)
class Way:
    """A function by which it is done. ``by``: who may call this one, where that is not who acts.

    ``arguments``: their names where the contract's ABI has none, or others.
    """

    function: str
    by: Role | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Action:
    """One act of a person. The first of ``ways`` is the plain one.

    ``struct``: the EIP-712 struct that is signed instead of sending a transaction, as the contract has it;
    ``carried_by``: the action that brings the signature along, where no way of this one does. ``instead``:
    what to sign in its place, where the actor's transaction is the only way. ``consent``: the struct whose
    hash names what several consent to. ``fixed``: values that make it this very action.
    """

    name: str
    contract: ContractName
    sentence: str
    by: Role
    fields: tuple[Field, ...]
    ways: tuple[Way, ...] = ()
    struct: str | None = None
    carried_by: tuple[str, ...] = ()
    instead: str = ""
    consent: str | None = None
    actor: str = "account"
    fixed: Mapping[str, Any] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()

    @property
    def is_anyones(self) -> bool:
        """Whether nobody in particular acts."""
        return self.by is Role.ANYONE

    def field(self, name: str) -> Field:
        """A field by its name. Raises LookupError."""
        found = next((each for each in self.fields if each.name == name), None)
        if found is None:
            raise LookupError(f"{self.name} has no field {name}")
        return found


def errors(*words: str) -> tuple[str, ...]:
    """Names of contract errors, written in one text, each once."""
    return tuple(dict.fromkeys(" ".join(words).split()))


SIGNED = "AuthorizationExpired NonceSpent SignatureInvalid"
"""What a signature can be refused for."""
