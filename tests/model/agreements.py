"""Terms in force, the versions that amend them, and their ends (IActivation, IEndings, IStandings)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.terms.agreement import Terms
from model.accounts import ZERO, Accounts, By
from model.heads import Journal
from model.refusals import refuse

DAY = 86_400
NO_ID = bytes(32)
CONSENT, NOTICE, RULING = 1, 2, 3
CLAWBACK_ALLOWED, CLAWBACK_INHERITED = 1, 2
WHOLE = 10**18


@dataclass
class Version:
    """One agreement. ``ends_at``: last second, when it was ended or amended; 0 when only its terms say."""

    id: bytes
    terms: Terms
    ends_at: int = 0
    successor: bytes = NO_ID
    succeeded_from: int = 0

    def __deepcopy__(self, memo: object) -> "Version":
        return replace(self)

    @property
    def last_second(self) -> int:
        """At which it is in force."""
        return min(self.terms.valid_until, self.ends_at or self.terms.valid_until)

    def in_force(self, now: int) -> bool:
        return self.terms.valid_from <= now <= self.last_second

    def is_superseded(self, now: int) -> bool:
        """Whether a successor stands in its place."""
        return self.successor != NO_ID and now >= self.succeeded_from


class Agreements:
    def __init__(self, journal: Journal, accounts: Accounts) -> None:
        self.journal, self.accounts = journal, accounts
        self.versions: dict[bytes, Version] = {}

    def current_of(self, agreement: bytes, now: int) -> bytes:
        """The version that stands in this one's place now."""
        version = self.versions.get(agreement)
        while version and version.is_superseded(now):
            agreement = version.successor
            version = self.versions.get(agreement)
        return agreement

    def activate(self, now: int, agreement: bytes, terms: Terms, signed: Sequence[By]) -> None:
        """``signed``: a signature for each party, in the order of the terms."""
        if agreement in self.versions:
            return
        refuse(
            self._wrong_terms(now, terms)
            | {"PredecessorInvalid": terms.predecessor != NO_ID}
            | self._wrong_signatures(now, terms.parties, signed)
        )
        self._enter(agreement, terms)

    def amend(
        self, now: int, agreement: bytes, terms: Terms, signed: Sequence[By], leaving: Sequence[By]
    ) -> None:
        """``leaving``: signatures of the predecessor's parties that are not parties any more."""
        if agreement in self.versions:
            return
        before = self.versions.get(terms.predecessor)
        refuse({"AgreementUnknown": before is None})
        assert before is not None
        gone = [account for account in before.terms.parties if account not in terms.parties]
        refuse(
            self._wrong_terms(now, terms)
            | {"AlreadyAmended": before.successor != NO_ID}
            | self._wrong_signatures(now, [*terms.parties, *gone], [*signed, *leaving])
        )
        self._enter(agreement, terms)
        before.successor, before.succeeded_from = agreement, max(now, terms.valid_from)
        if before.succeeded_from - 1 < before.last_second:
            before.ends_at = before.succeeded_from - 1
        self.journal.write(
            "AgreementSuperseded",
            agreement=before.id,
            successor=agreement,
            effectiveAt=before.succeeded_from,
        )

    def end_by_consent(self, now: int, agreement: bytes, ends_at: int, signed: Sequence[By]) -> None:
        """Earlier than it would end anyway, by all parties' consent."""
        version = self.versions[agreement]
        wrong = self._wrong_signatures(now, version.terms.parties, signed)
        self._end(now, version, ends_at, wrong, ZERO, CONSENT, NO_ID)
        for account, by in zip(version.terms.parties, signed, strict=True):
            self.accounts.spend(by, account, self.journal.address)

    def give_notice(self, now: int, by: By, account: str, agreement: bytes) -> None:
        """A party ends it alone, after the notice that its terms give."""
        version = self.versions[agreement]
        wrong = self.accounts.wrong(by, account, self.journal.address, now) | {
            "NotAParty": account not in version.terms.parties,
            "NoNotice": version.terms.notice_seconds == 0,
        }
        self._end(now, version, now + version.terms.notice_seconds, wrong, account, NOTICE, NO_ID)
        self.accounts.spend(by, account, self.journal.address)

    def rule_end(self, now: int, by: By, arbiter: str, agreement: bytes, ends_at: int, reason: bytes) -> None:
        version = self.versions[agreement]
        wrong = self.accounts.wrong(by, arbiter, self.journal.address, now) | {
            "NotTheArbiter": arbiter != version.terms.arbiter
        }
        self._end(now, version, ends_at, wrong, arbiter, RULING, reason)
        self.accounts.spend(by, arbiter, self.journal.address)

    def _end(
        self,
        now: int,
        version: Version,
        ends_at: int,
        wrong: dict[str, bool],
        by: str,
        cause: int,
        reason: bytes,
    ) -> None:
        refuse(wrong | {"EndInvalid": not now <= ends_at < version.last_second})
        version.ends_at = ends_at
        self.journal.write(
            "AgreementEnding", agreement=version.id, by=by, cause=cause, endsAt=ends_at, reason=reason
        )

    def _enter(self, agreement: bytes, terms: Terms) -> None:
        self.versions[agreement] = Version(agreement, terms)
        self.journal.write("AgreementActivated", agreement=agreement, terms=terms.to_abi())

    def _wrong_signatures(self, now: int, accounts: Sequence[str], signed: Sequence[By]) -> dict[str, bool]:
        each = [
            self.accounts.wrong(by, account, self.journal.address, now)
            for account, by in zip(accounts, signed, strict=True)
        ]
        return {name: any(wrong[name] for wrong in each) for name in each[0]}

    def _wrong_terms(self, now: int, terms: Terms) -> dict[str, bool]:
        """What of terms that are otherwise in order can be wrong in a history."""
        sums = [sum(column) for column in zip(*(payee.weights for payee in terms.payees), strict=True)]
        boundaries = [tranche.up_to for tranche in terms.tranches]
        return {
            "NotAscending": any(
                list(some) != sorted(set(some), key=str.lower)
                for some in (terms.parties, [payee.account for payee in terms.payees])
            ),
            "WeightsDoNotSum": any(total != WHOLE for total in sums),
            "TranchesInvalid": boundaries != sorted(set(boundaries)),
            "ValidityInvalid": terms.valid_from > terms.valid_until or terms.valid_until < now,
            "HoldInvalid": terms.hold_seconds % DAY != 0 or terms.hold_seconds > 3650 * DAY,
            "ClawbackInvalid": terms.clawback > CLAWBACK_ALLOWED + CLAWBACK_INHERITED
            or (terms.clawback & CLAWBACK_INHERITED != 0 and terms.predecessor == NO_ID),
            "AfterEndInvalid": terms.after_end > 2,
            "ProgrammeOwnerNotAParty": terms.programme != NO_ID
            and terms.programme[:20] not in [bytes.fromhex(party[2:]) for party in terms.parties],
        }
