"""What a bundle is about, and which entries that takes."""

from dataclasses import dataclass, replace
from typing import Any, Self

from ledger.journal.events import Event
from ledger.journal.payouts import Payout, agreements_in, payouts_in
from ledger.proof.errors import ProofInvalid
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS, REVENUE
from ledger.terms.ids import AgreementId

CONTRACTS = (AGREEMENTS, REVENUE)
"""The contracts whose journals a bundle holds."""
PART = "Subject of the bundle"
_LENGTHS = {"agreement": 32, "token": 20, "account": 20}


@dataclass(frozen=True)
class Subject:
    """An agreement; with ``token`` its book in it, with ``account`` that payee's part of the book, with
    ``claim`` one payout: the number of its entry in the revenue ledger's journal.

    ``versions`` are the agreement and those that it amends, the newest first: their debts may be its own.
    """

    agreement: AgreementId
    token: bytes | None = None
    account: bytes | None = None
    claim: int | None = None
    versions: tuple[AgreementId, ...] = ()

    @property
    def kind(self) -> str:
        """``agreement``, ``book``, ``statement`` or ``payout``."""
        if self.token is None:
            return "agreement"
        if self.account is None:
            return "book"
        return "statement" if self.claim is None else "payout"

    def matters(self, event: Event) -> bool:
        """Whether an entry must be given in full."""
        args = event.args
        concerned = {args.get("agreement"), args.get("successor"), args.get("debtor"), *agreements_in(event)}
        if concerned.isdisjoint(self.versions):
            return False
        return event.contract_kind == AGREEMENTS or (
            self.token is not None and args.get("token") == self.token
        )

    def payouts(self, event: Event) -> list[Payout]:
        """What an entry paid of the subject: to its payee, under its agreement and in its token."""
        own = (self.agreement, self.token, self.account)
        return [each for each in payouts_in(event) if (each.agreement, each.token, each.account) == own]

    def among(self, terms: dict[AgreementId, Terms]) -> Self:
        """The subject with its versions, from the terms of the agreements that there are.

        Raises ProofInvalid when there is no such agreement.
        """
        versions = []
        agreement = self.agreement
        while agreement in terms:
            versions.append(agreement)
            agreement = terms[agreement].predecessor
        if agreement != bytes(32):
            raise ProofInvalid(PART, f"there is no agreement 0x{agreement.hex()}")
        return replace(self, versions=tuple(versions))

    def to_json(self) -> dict[str, Any]:
        """As ``bundle.json`` names it."""
        shown: dict[str, Any] = {"kind": self.kind}
        for name in _LENGTHS:
            value = getattr(self, name)
            if value is not None:
                shown[name] = "0x" + value.hex()
        if self.claim is not None:
            shown["claim"] = self.claim
        return shown

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Raises ProofInvalid when it is not what :meth:`to_json` writes."""
        try:
            given = {name: document[name] for name in _LENGTHS if name in document}
            values = {name: bytes.fromhex(text.removeprefix("0x")) for name, text in given.items()}
            subject = cls(
                agreement=AgreementId(values["agreement"]),
                token=values.get("token"),
                account=values.get("account"),
                claim=document.get("claim"),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ProofInvalid(PART, f"it is malformed: {error}") from error
        lengths = all(len(value) == _LENGTHS[name] for name, value in values.items())
        if not lengths or subject.to_json() != document:
            raise ProofInvalid(PART, "it is malformed")
        return subject
