"""An action where everything that it needs is said: nothing is asked of a chain."""

from typing import Any, NoReturn

from ledger.actions.calls import Call, call_of
from ledger.actions.declaration import Action
from ledger.actions.said import Facts, Said
from ledger.actions.signed_forms import signed_form
from ledger.errors import LedgerError
from ledger.signing.eip712 import TypedData
from ledger.terms.deployment import Deployment


def form(deployment: Deployment, action: Action, /, *, nonce: int, deadline: int, **given: Any) -> TypedData:
    """The typed data to sign, of fields or of what follows from them (``payment``, ``terms`` …); ``payer``
    is the wallet that paid. Raises LedgerError when something is missing.
    """
    return signed_form(_Whole(action, given, _Unasked(deployment)), nonce=nonce, deadline=deadline)


def call(deployment: Deployment, action: Action, /, **given: Any) -> Call:
    """The transaction, of the same. Raises LedgerError when something is missing."""
    return call_of(_Whole(action, given, _Unasked(deployment)))


class _Whole(Said):
    """What was said is all there is to know: the payer too is as it was said."""

    def __init__(self, action: Action, given: dict[str, Any], facts: Facts) -> None:
        super().__init__(action, given, facts)
        if self.payer is not None:
            self._known["payer"] = self.payer


class _Unasked:
    """Knows a deployment and nothing else."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def _missing(self, *_: Any) -> NoReturn:
        raise LedgerError(
            "Something is missing that only the chain knows.", "Say it, or ask the chain for it."
        )

    terms_of = payment_of = wallet_of = owner_of = claimable = refund_due = _missing
