"""What the actor signs instead of sending a transaction."""

from typing import Any

from ledger.actions.declaration import Action, Role
from ledger.actions.said import Said
from ledger.actions.structs import struct_data
from ledger.errors import LedgerError
from ledger.signing.eip712 import TypedData


def signed_form(said: Said, *, nonce: int, deadline: int) -> TypedData:
    """The EIP-712 typed data of what was said. ``nonce``: any number that the signer has not used on the
    contract; ``deadline``: the last second at which the signature counts.

    Raises LedgerError when the action has no signed form, or a field is missing; and as :class:`Facts`.
    """
    action = said.action
    if action.struct is None:
        raise LedgerError(*why_unsigned(action))
    values = _Values(said, nonce, deadline)
    try:
        return struct_data(said.facts.deployment, action.contract, action.struct, values)
    except KeyError as missing:
        raise LedgerError(
            f"{missing.args[0]} is missing.", "Give it: it is part of what is signed."
        ) from None


def why_unsigned(action: Action) -> tuple[str, str]:
    """Of an action without a signed form: why it has none, and what to do."""
    shown = action.name.replace("_", "-")
    if action.is_anyones:
        return (
            f"{shown} has no signed form: anyone may do it.",
            "Whoever sends it pays the gas, and needs nobody.",
        )
    if action.by is Role.CONSORTIUM:
        return (
            f"{shown} has no signed form: the consortium's contract looks at who sends a transaction.",
            "The wallet with the role sends it.",
        )
    return f"{shown} has no signed form: only a transaction of its {action.by} does it.", action.instead


class _Values(dict[str, Any]):
    """What was said, with the signature's own nonce and deadline."""

    def __init__(self, said: Said, nonce: int, deadline: int) -> None:
        super().__init__(nonce=nonce, deadline=deadline)
        self._said = said

    def __missing__(self, name: str) -> Any:
        return self._said[name]
