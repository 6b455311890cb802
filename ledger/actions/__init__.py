"""What people do: one declaration for each act, from which calldata, typed data, fields and words follow."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from ledger.actions import agreements, calls, deals, known, partners, payments, payouts, signatures
from ledger.actions.calls import Call, call_of, with_accounts
from ledger.actions.declaration import Action, Field, Role, Unit, Way
from ledger.actions.said import Facts, Said
from ledger.actions.sentences import Naming, sentence
from ledger.actions.signed_forms import signed_form
from ledger.errors import LedgerError
from ledger.signing.eip712 import TypedData
from ledger.terms.contracts import ContractName
from ledger.terms.deployment import Deployment

__all__ = [
    "ACTIONS",
    "Action",
    "Call",
    "Facts",
    "Field",
    "Naming",
    "Role",
    "Said",
    "Unit",
    "Way",
    "action",
    "allowed_calls",
    "call",
    "call_of",
    "form",
    "sentence",
    "signed_form",
    "with_accounts",
]

ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        each.name: each
        for room in (partners, agreements, deals, payments, payouts, signatures)
        for each in room.ACTIONS
    }
)
"""Every act of a person, by its name."""


def action(name: str) -> Action:
    """The declaration of an action. Raises LedgerError when there is none of the name."""
    if name not in ACTIONS:
        raise LedgerError(f"There is no action {name!r}.", f"There are {', '.join(ACTIONS)}.")
    return ACTIONS[name]


def form(deployment: Deployment, name: str, /, *, nonce: int, deadline: int, **given: Any) -> TypedData:
    """What a wallet signs, where everything is said: see :func:`ledger.actions.known.form`."""
    return known.form(deployment, action(name), nonce=nonce, deadline=deadline, **given)


def call(deployment: Deployment, name: str, /, **given: Any) -> Call:
    """A transaction, where everything is said: see :func:`ledger.actions.known.call`."""
    return known.call(deployment, action(name), **given)


@cache
def allowed_calls() -> Mapping[tuple[ContractName, bytes], Action]:
    """What a relayer may send for others, by contract and selector: calls that carry the actor's signature,
    and calls that anyone may make. The action is the first of several that share a function.
    """
    return calls.allowed(ACTIONS)
