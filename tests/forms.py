"""What is signed or consented to, from a struct's members in their order:

form_of("Commit")(deployment, account, commitment, nonce=nonce, deadline=deadline)
"""

from collections.abc import Callable
from typing import Any

from ledger.actions import ACTIONS, form
from ledger.actions.consents import consent_hash
from ledger.actions.structs import members, name_of
from ledger.signing import TypedData
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import snake


def form_of(struct: str, contract: str | None = None) -> Callable[..., TypedData]:
    """``contract``: which one, of a struct that several have."""
    found = [
        action
        for action in ACTIONS.values()
        if action.struct and name_of(action.struct) == struct and contract in (None, action.contract)
    ]

    def make(deployment: Deployment, *values: Any, nonce: int, deadline: int) -> TypedData:
        names = [snake(name) for name, _ in members(str(found[0].struct))][:-2]
        said = dict(zip(names, values, strict=True))
        action = next(each for each in found if each.fixed.get("outcome") == said.get("outcome"))
        return form(deployment, action.name, nonce=nonce, deadline=deadline, **said)

    return make


def consent(struct: str, *values: Any) -> bytes:
    """The hash of what several consent to, from its members in their order."""
    names = [snake(name) for name, _ in members(struct)]
    return consent_hash(struct, dict(zip(names, values, strict=True)))
