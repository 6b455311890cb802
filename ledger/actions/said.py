"""What somebody said when acting, and what follows from it and from what the chain knows."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.actions.consents import consent_hash
from ledger.actions.declaration import Action
from ledger.rules.payment import Payment
from ledger.rules.plan import division_of, opening_of, share_of, whole_plan
from ledger.signing import agreement_id
from ledger.terms.agreement import Terms
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId, InvoiceRef
from ledger.terms.payments import Invoice


class Facts(Protocol):
    """What an action needs to know of the chain. Each raises LedgerError where there is no such thing."""

    @property
    def deployment(self) -> Deployment:
        """The contracts that are acted on."""

    def terms_of(self, agreement: AgreementId) -> Terms:
        """The terms of an agreement in force."""

    def payment_of(self, payer: str, invoice_ref: InvoiceRef) -> Payment:
        """A payment as it is now; ``payer`` is the account that paid, or any wallet of it."""

    def wallet_of(self, account: str) -> ChecksumAddress:
        """Who acts for an account now."""

    def owner_of(self, account: str) -> ChecksumAddress:
        """The account's owner key."""

    def refund_due(self, payment: Payment) -> int:
        """What a ruling gave back of a payment and was not paid out yet, in base units."""

    def claimable(self, account: str, token: str, shares: list[tuple[Any, ...]]) -> int:
        """What can be claimed now of these shares together, in base units."""


class Said(Mapping[str, Any]):
    """By name, in snake case: what was said, else what makes the action this one, else what follows.

    What follows can be said as well, and is then taken as it is: who has read a payment need not have it read
    again. Raises KeyError for what was neither said nor follows; as :class:`Facts` where the chain knows no
    such thing.
    """

    def __init__(self, action: Action, given: Mapping[str, Any], facts: Facts) -> None:
        self.action = action
        self.facts = facts
        self.given = {name: value for name, value in given.items() if value is not None}
        defaults = {each.name: each.default for each in action.fields if each.default is not None}
        self._known = defaults | self.given | dict(action.fixed)
        self.payer = self._known.pop("payer", None)
        """Whoever was named as the payer: its account, or a wallet of it. What follows is the wallet."""

    @property
    def actor(self) -> ChecksumAddress | None:
        """The account that acts; None where nobody in particular does, or none was said."""
        found = None if self.action.is_anyones else self.get(self.action.actor)
        return None if found is None else to_checksum_address(found)

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = _FOLLOWS[name](self)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _payment(said: Said) -> Payment:
    if said.payer is None:
        raise KeyError("payer")
    return said.facts.payment_of(said.payer, said["invoice_ref"])


def _agreement(said: Said) -> bytes:
    if "terms" in said.given:
        return agreement_id(said.facts.deployment, said["terms"])
    found: bytes = said["payment"].agreement
    return found


def _shares(said: Said) -> list[tuple[Any, ...]]:
    account = said["account"]
    if "sources" not in said.given:
        return [said["share"]]
    terms = {agreement: said.facts.terms_of(agreement) for agreement, _ in said["sources"]}
    return [share_of(terms[agreement], agreement, account, period) for agreement, period in said["sources"]]


def _consent(said: Said) -> bytes:
    if said.action.consent is None:
        raise KeyError("action")
    return consent_hash(said.action.consent, said)


_FOLLOWS: Mapping[str, Callable[[Said], Any]] = {
    "payment": _payment,
    "payer": lambda said: said["payment"].payer_address,
    "refunded": lambda said: said["payment"].refunded,
    "disputed_at": lambda said: said["payment"].disputed_at,
    "agreement": _agreement,
    "token": lambda said: to_checksum_address(said["payment"].token),
    "recipient": lambda said: said.facts.wallet_of(said["account"]),
    "terms": lambda said: said.facts.terms_of(said["agreement"]),
    "opening": lambda said: opening_of(said["terms"]),
    "predecessor": lambda said: opening_of(said.facts.terms_of(said["terms"].predecessor)),
    "plan": lambda said: whole_plan(said["terms"]),
    "division": lambda said: division_of(said["terms"], said["period"], said["most"]),
    "share": lambda said: share_of(said["terms"], said["agreement"], said["account"], said["period"]),
    "shares": _shares,
    "owed": lambda said: said.facts.claimable(said["account"], said["token"], said["shares"]),
    "due": lambda said: said.facts.refund_due(said["payment"]),
    "invoice": lambda said: Invoice(
        deal=said["deal"], amount=said["amount"], invoice_ref=said["invoice_ref"]
    ),
    "deals_and_tags": lambda said: [word for retag in said["retags"] for word in retag],
    "action": _consent,
}
"""By name: what is not said because it follows."""
