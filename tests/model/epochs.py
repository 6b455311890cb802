"""Programmes: the rule and the key epoch by which deals conflict (IProgrammes)."""

from dataclasses import dataclass

from model.accounts import Accounts, By
from model.heads import Journal
from model.refusals import refuse

DAY = 86_400


@dataclass
class Programme:
    """``opened_at``: its newest epoch; ``grace_until``: last second to tag deals of earlier ones again."""

    id: bytes
    owner: str
    rule: int
    epoch: int = 1
    opened_at: int = 0
    grace_until: int = 0


class Programmes:
    def __init__(self, journal: Journal, accounts: Accounts) -> None:
        self.journal, self.accounts = journal, accounts
        self.all: dict[bytes, Programme] = {}

    def create(self, now: int, by: By, owner: str, number: int, name: str, rule: int) -> None:
        """Its id is the owner's account and the owner's number for it."""
        programme = bytes.fromhex(owner[2:]) + number.to_bytes(12)
        refuse(
            self.accounts.wrong(by, owner, self.journal.address, now)
            | {
                "ProgrammeExists": programme in self.all,
                "NameInvalid": not 1 <= len(name.encode()) <= 100,
                "RuleInvalid": rule == 0,
            }
        )
        self.accounts.spend(by, owner, self.journal.address)
        self.all[programme] = found = Programme(programme, owner, rule, opened_at=now)
        self.journal.write(
            "ProgrammeCreated", programme=programme, owner=owner, name=name, rule=rule, epoch=found.epoch
        )

    def open_epoch(self, now: int, by: By, owner: str, programme: bytes, grace_seconds: int) -> None:
        """The key is replaced; one to 60 days to tag deals again. Not while an earlier grace lasts."""
        found = self.all.get(programme)
        grace_lasts = found is not None and now <= found.grace_until
        refuse(
            self.accounts.wrong(by, owner, self.journal.address, now)
            | {
                "ProgrammeUnknown": found is None,
                "NotTheProgrammeOwner": "0x" + programme[:20].hex() != owner.lower(),
                "GraceInvalid": not DAY <= grace_seconds <= 60 * DAY or grace_lasts,
            }
        )
        assert found is not None
        self.accounts.spend(by, owner, self.journal.address)
        found.epoch, found.opened_at, found.grace_until = found.epoch + 1, now, now + grace_seconds
        self.journal.write(
            "EpochOpened", programme=programme, owner=owner, epoch=found.epoch, graceUntil=found.grace_until
        )
