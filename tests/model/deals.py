"""Who brought which customer first: commitments, registrations and their queues (IDealIntake, IDealQueue).

Expiry and exclusivity are functions of time, never stored states. What is decided is in `decisions`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from model.accounts import ZERO, Accounts, By
from model.agreements import DAY, NO_ID, Agreements
from model.epochs import Programme, Programmes
from model.heads import Journal
from model.refusals import refuse

REVEAL_SECONDS = 3_600
FIRST_REGISTERED, TERRITORY, OPEN = 1, 2, 3


class State(IntEnum):
    COMMITTED = 1
    REGISTERED = 2
    APPROVED = 3
    RETURNED = 4
    REJECTED = 5
    WON = 6
    LOST = 7
    WITHDRAWN = 8


UNDECIDED = (State.REGISTERED, State.RETURNED)


@dataclass(frozen=True)
class Reveal:
    """What a partner committed to without showing it. ``epoch``: whose key made the tag."""

    account: str
    agreement: bytes
    tag: bytes
    salt: bytes
    territory: bytes
    epoch: int


@dataclass
class Deal:
    """``since``: when it was committed; ``priority``: the commitment's entry, the lower was first."""

    id: bytes
    account: str
    since: int
    priority: int
    state: State = State.COMMITTED
    agreement: bytes = NO_ID
    vendor: str = ZERO
    programme: bytes = NO_ID
    rule: int = 0
    epoch: int = 0
    tag: bytes = NO_ID
    territory: bytes = NO_ID
    decide_by: int = 0
    exclusivity_seconds: int = 0
    exclusive_until: int = 0
    retagged: bool = False

    @property
    def customer(self) -> bytes:
        """Whose queue it stands in."""
        if self.state is State.COMMITTED:
            return bytes(12)
        words = encode(["bytes32", "uint32", "bytes32"], [self.programme, self.epoch, self.tag])
        return keccak(words)[:12]


class Deals:
    """``most_unrevealed``: commitments that an account can have unrevealed at a time."""

    def __init__(
        self,
        journal: Journal,
        accounts: Accounts,
        agreements: Agreements,
        programmes: Programmes,
        most_unrevealed: int,
    ) -> None:
        self.journal, self.accounts = journal, accounts
        self.agreements, self.programmes = agreements, programmes
        self.most_unrevealed = most_unrevealed
        self.all: dict[bytes, Deal] = {}

    def won_under(self, deal: bytes) -> bytes:
        """The agreement whose revenue it is; zero while it is not won."""
        found = self.all.get(deal)
        return found.agreement if found and found.state is State.WON else NO_ID

    def programme_of(self, deal: Deal) -> Programme:
        return self.programmes.all[deal.programme]

    def unrevealed(self, account: str, now: int) -> int:
        """Commitments that take a place: unrevealed, for 30 days of UTC, that of the commitment the first."""
        return sum(
            deal.account == account and deal.state is State.COMMITTED and now // DAY - deal.since // DAY < 30
            for deal in self.all.values()
        )

    def commit(self, now: int, by: By, account: str, commitment: bytes) -> None:
        deal = keccak(encode(["address", "bytes32"], [account, commitment]))
        refuse(
            self.accounts.wrong(by, account, self.journal.address, now)
            | {
                "CommitmentExists": deal in self.all,
                "TooManyUnrevealed": self.unrevealed(account, now) >= self.most_unrevealed,
            }
        )
        self.accounts.spend(by, account, self.journal.address)
        self.journal.write("DealCommitted", deal=deal, account=account, commitment=commitment)
        self.all[deal] = Deal(deal, account, now, self.journal.seq)

    def reveal(self, now: int, by: By, deal_id: bytes, secret: Reveal) -> None:
        deal = self.all.get(deal_id)
        wrong = self.accounts.wrong(by, secret.account, self.journal.address, now)
        shown = deal is not None and deal.state is not State.COMMITTED
        wrong |= {"CommitmentUnknown": deal is None, "WrongState": shown}
        wrong |= {"CommitmentLapsed": deal is not None and now > deal.since + REVEAL_SECONDS}
        version = self.agreements.versions[secret.agreement]
        terms = version.terms
        wrong |= {
            "NoProgramme": terms.programme == NO_ID,
            "VendorCannotRegister": terms.programme[:20] == bytes.fromhex(secret.account[2:]),
            "NotAParty": secret.account not in terms.parties,
            "OutsideValidity": not version.in_force(now),
        }
        programme = self.programmes.all.get(terms.programme)
        if deal is None or programme is None:
            refuse(wrong | {"ProgrammeUnknown": programme is None})
            return
        granted = terms.territories if programme.rule == TERRITORY else (NO_ID,)
        carried_over = secret.epoch == programme.epoch - 1 and deal.since <= programme.opened_at
        refuse(
            wrong
            | {
                "TerritoryInvalid": secret.territory not in granted,
                "EpochInvalid": secret.epoch != programme.epoch and not carried_over,
            }
        )
        self.accounts.spend(by, secret.account, self.journal.address)
        deal.state, deal.agreement = State.REGISTERED, secret.agreement
        deal.programme, deal.vendor, deal.rule = programme.id, programme.owner, programme.rule
        deal.epoch, deal.tag, deal.territory = secret.epoch, secret.tag, secret.territory
        deal.decide_by = now + terms.decision_seconds if terms.decision_seconds else 0
        deal.exclusivity_seconds = terms.exclusivity_seconds
        refuse(self.registered_twice(deal, now))
        self.journal.write(
            "DealRegistered",
            deal=deal.id,
            agreement=deal.agreement,
            account=deal.account,
            programme=deal.programme,
            epoch=deal.epoch,
            tag=deal.tag,
            territory=deal.territory,
            rival=self.rival(deal, now),
            decideBy=deal.decide_by,
        )

    # -- queues --

    def is_late(self, deal: Deal, now: int) -> bool:
        """Its programme's key was replaced, and it was not tagged again in the grace."""
        programme = self.programme_of(deal)
        missed = deal.epoch < programme.epoch - 1 or now > programme.grace_until
        return deal.rule != OPEN and deal.epoch < programme.epoch and missed

    def holds(self, deal: Deal, now: int) -> bool:
        """Whether its customer is its own: exclusive, or won."""
        if deal.state is State.WON:
            return True
        return deal.state is State.APPROVED and now <= deal.exclusive_until and not self.is_late(deal, now)

    def waits(self, deal: Deal, now: int) -> bool:
        """Whether it is not decided yet."""
        return deal.state in UNDECIDED and not self.is_late(deal, now)

    def is_live(self, deal: Deal, now: int) -> bool:
        """Whether it keeps later ones of the same customer waiting."""
        return self.holds(deal, now) or self.waits(deal, now)

    def others(self, deal: Deal, now: int) -> Iterator[Deal]:
        """The live registrations of the same customer, by priority; under a territory rule in its own."""
        queue = sorted(self.all.values(), key=lambda each: each.priority)
        for each in queue:
            same = each.customer == deal.customer and each.state is not State.COMMITTED
            if same and each.territory == deal.territory and each is not deal and self.is_live(each, now):
                yield each

    def rival(self, deal: Deal, now: int) -> bytes:
        """The first of them, whichever has priority; zero when there is none."""
        return next((each.id for each in self.others(deal, now)), NO_ID)

    def registered_twice(self, deal: Deal, now: int) -> dict[str, bool]:
        twice = any(each.account == deal.account for each in self.others(deal, now))
        return {"AlreadyRegistered": twice}
