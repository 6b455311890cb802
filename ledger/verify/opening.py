"""The state that a bundle begins with: what the revenue ledger had stored as of the opening block.

What is listed after it then adds up to the closing state kind by kind, or something is missing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ledger.errors import LedgerError
from ledger.journal.heads import START_HEAD
from ledger.proof.errors import ProofInvalid
from ledger.rules.payment import Payment
from ledger.rules.release import Periods
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS, REVENUE
from ledger.terms.ids import AgreementId, BookKey
from ledger.terms.units import DAY
from ledger.verify import agreed, anchor, books, headers, layout, paid, payments
from ledger.verify.anchor import Anchor
from ledger.verify.manifests import MANIFEST, BlockName, Manifest
from ledger.verify.replay import Recorded, Replay
from ledger.verify.subject import Subject


class OpeningHashNeeded(LedgerError):
    """A bundle has an opening block that nothing in it links to the closing one."""


@dataclass(frozen=True)
class Begun:
    """What the listed entries of a bundle go on from: nothing, or the state as of its opening block.

    ``linked``: the bundle itself proves that the opening block is an ancestor of the closing one.
    """

    replay: Replay
    terms: Mapping[AgreementId, Terms]
    anchor: Anchor | None = None
    linked: bool = False

    def start(self, contract: str) -> tuple[int, bytes]:
        """Number and head of the newest entry of before."""
        return (0, START_HEAD) if self.anchor is None else self.anchor.journal(contract)


def read(
    files: Mapping[str, bytes], manifest: Manifest, closing: Anchor, opening_hash: bytes | None
) -> Begun:
    """What a bundle's entries go on from. Raises ProofInvalid, OpeningHashNeeded."""
    if manifest.opening is None:
        if opening_hash is not None:
            raise LedgerError("The bundle has no opening block.", "Leave --opening-hash out.")
        return Begun(Replay(), {})
    linked = headers.FILE in files
    _check_hash(manifest.opening, opening_hash, linked)
    first = anchor.read(files, manifest.opening.hash, manifest.contracts, anchor.OPENING)
    if first.header.number != manifest.opening.number or first.header.number >= closing.header.number:
        raise ProofInvalid(MANIFEST, f"the opening block has the number {first.header.number}")
    if linked:
        headers.check(files[headers.FILE], first.header, closing.header)
    terms = agreed.read(files[agreed.FILE], manifest.chain_id, manifest.contracts[AGREEMENTS])
    subject = Subject.from_json(manifest.subject).among(terms)
    if set(subject.versions) != terms.keys():
        raise ProofInvalid(agreed.PART, "some are not of the subject")
    agreed.require_in_force(subject.agreement, closing)
    replay = begin(subject, terms, first, payments.read(files[payments.FILE]))
    return Begun(replay, terms, first, linked)


def _check_hash(block: BlockName, opening_hash: bytes | None, linked: bool) -> None:
    if opening_hash is None and not linked:
        raise OpeningHashNeeded(
            f"The bundle begins after block {block.number}, and does not hold the headers from there on.",
            "Give that block's hash too, from a source that you trust: --opening-hash.",
        )
    if opening_hash not in (None, block.hash):
        raise ProofInvalid("Hash of the opening block", f"the bundle begins after 0x{block.hash.hex()}")


def slots(subject: Subject, before: Replay, terms: Mapping[AgreementId, Terms], time: int) -> list[bytes]:
    """The storage slots of the revenue ledger that prove the state of the subject, and of the versions that
    it amends, as of a block with this time. ``before``: the replay of all entries up to it.
    """
    wanted: list[bytes] = []
    for version in subject.versions:
        wanted += books.slots(replace(subject, agreement=version), before, terms[version], time)
    return list(dict.fromkeys(wanted))


def begin(
    subject: Subject, terms: Mapping[AgreementId, Terms], opening: Anchor, earlier: Iterable[Payment]
) -> Replay:
    """A replay that goes on from the opening block. Raises ProofInvalid when the bundle does not prove all of
    its state.
    """
    token = subject.token
    if token is None:
        raise ProofInvalid("Subject of the bundle", "an agreement has no opening")
    replay = Replay()
    for version in subject.versions:
        accounts = books.accounts(subject, terms[version]) if version == subject.agreement else ()
        recorded = _recorded((version, token), terms[version], accounts, opening)
        replay.know(version, terms[version])
        replay.begin((version, token), recorded, accounts)
    payments.begin(replay, earlier, opening, [(version, token) for version in subject.versions])
    return replay


def _recorded(key: BookKey, terms: Terms, accounts: Collection[bytes], opening: Anchor) -> Recorded:
    word = opening.word(REVENUE, layout.book(*key))
    periods = Periods(terms.valid_from, terms.tranches[0].period_seconds)
    total = layout.released_in(word)
    released = _by_period(key, periods, opening) if periods.seconds else {0: total}
    if sum(released.values()) != total:
        raise ProofInvalid(
            f"Storage of {REVENUE}{opening.which}", f"{total} is released, the periods make {released}"
        )
    owed, served = layout.owed_and_served(opening.word(REVENUE, layout.owing(*key)))
    owed_by_consent, agreed_served = layout.owed_and_served(opening.word(REVENUE, layout.agreed(*key)))
    claims = {
        (account, period): paid.paid_to(opening, key, period if periods.seconds else None, account, terms)
        for account in accounts
        for period in released
    }
    held = _held(key, terms, word, opening)
    return Recorded(periods, released, held, owed, served, owed_by_consent, agreed_served, claims)


def _by_period(key: BookKey, periods: Periods, opening: Anchor) -> dict[int, int]:
    """Of the periods up to the opening, those that are proved; that none is left out is seen in the sum."""
    proved = opening.words[REVENUE]
    found = {}
    for period in range(periods.of(opening.header.timestamp) + 1):
        slot = layout.released(*key, period)
        if slot in proved:
            found[period] = opening.word(REVENUE, slot)
    return found


def _held(key: BookKey, terms: Terms, word: int, opening: Anchor) -> dict[int, int]:
    """What is held, by the second when it is due, of every day that is marked and not released yet."""
    found = {}
    for first in books.words_of_days(terms, opening.header.timestamp):
        marked = layout.days_of(opening.word(REVENUE, layout.held_days(*key, first)), first)
        for day in sorted(marked):
            if day >= layout.next_day(word):
                found[day * DAY] = opening.word(REVENUE, layout.held(*key, day))
    return found
