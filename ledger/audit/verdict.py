"""The audit: does the mirror agree with the chain, entry by entry, and does all money add up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eth_utils.address import to_checksum_address

from ledger.audit import journals, places, powers
from ledger.audit.journals import JournalVerdict
from ledger.audit.mirrored import Mirrored
from ledger.audit.places import PlacesVerdict, Unverified
from ledger.audit.powers import PowersVerdict
from ledger.audit.slots import Sight
from ledger.chain.node import Node
from ledger.journal.events import Event
from ledger.rules.book import Book, first_violation, owed_by_token
from ledger.terms.contracts import JOURNALS, REVENUE
from ledger.terms.deployment import Deployment
from ledger.verify import replay
from ledger.verify.replay import Replay

_PARTS = (
    "received",
    "claimed",
    "claimable",
    "held",
    "disputed",
    "refunded",
    "netted",
    "carry",
    "paid_back",
    "debts_paid",
)


@dataclass(frozen=True)
class MoneyVerdict:
    """``violation``: the first book that does not conserve what it received. ``unlike``: the first that the
    mirror adds up otherwise than the entries do; None also when the entries were not replayed.
    """

    books: int
    replayed: bool
    violation: str | None
    unlike: str | None

    @property
    def conserved(self) -> bool:
        """Whether every book adds up, and as the entries make it."""
        return self.violation is None and self.unlike is None


@dataclass(frozen=True)
class TokenVerdict:
    """What the ledger owes of a token and what it holds, in base units; ``held`` None: the token does not
    say. ``parts``: the terms of the law over all books, and what has left the ledger.
    """

    token: str
    owed: int
    held: int | None
    parts: Mapping[str, int]

    @property
    def covered(self) -> bool:
        """Whether the ledger holds at least what it owes."""
        return self.held is not None and self.held >= self.owed


@dataclass(frozen=True)
class Verdict:
    """What an audit found, as of a block.

    A token that falls short harms those paid in it and nobody else, and anybody can bring such a token: it
    is shown, but does not make the mirror differ. ``places`` is None where nobody asked for it.
    """

    block: int
    block_hash: bytes
    journals: tuple[JournalVerdict, ...]
    money: MoneyVerdict
    tokens: tuple[TokenVerdict, ...]
    places: PlacesVerdict | None
    powers: PowersVerdict

    @property
    def agrees(self) -> bool:
        """Whether every journal is the chain's, all money adds up, and no entry stands elsewhere."""
        return self.first_difference is None

    @property
    def first_difference(self) -> str | None:
        """In words; None when there is none."""
        for each in self.journals:
            if each.difference is not None:
                return f"{each.contract} entry {each.difference.seq}: {each.difference.why}"
        return self.money.violation or self.money.unlike or self._misplaced() or self._powers()

    def _powers(self) -> str | None:
        return None if self.powers.difference is None else f"AccessManager: {self.powers.difference}"

    def _misplaced(self) -> str | None:
        found = None if self.places is None else self.places.misplaced
        if found is None:
            return None
        name = next(
            each.contract for each in self.journals if bytes.fromhex(each.address[2:]) == found.contract
        )
        return f"{name} entry {found.seq}: {found.why}"

    @property
    def unverified(self) -> Sequence[Unverified]:
        """Blocks of which it could not be verified where their entries stand, by the reason."""
        return () if self.places is None else self.places.unverified

    @property
    def is_verified(self) -> bool:
        """Whether all that was asked for was proved: where entries stand, that no change of powers misses."""
        return not self.unverified and self.powers.unproved is None

    @property
    def shortfalls(self) -> tuple[TokenVerdict, ...]:
        """Tokens of which the ledger holds less than it owes."""
        return tuple(each for each in self.tokens if not each.covered)


def _nobody(_done: int) -> None:
    """Nobody listens."""


def audit(
    mirrored: Mirrored,
    node: Node,
    deployment: Deployment,
    block: int,
    block_hash: bytes,
    *,
    last: int | None = None,
    newest_blocks: int | None = 0,
    told: Callable[[int], None] = _nobody,
) -> Verdict:
    """Compares the mirror of a deployment, as of a block, with the node's chain.

    Without ``last`` every entry is recomputed and the money is replayed from the entries alone; with it
    only so many of the newest entries of each journal are, and the money is taken as the mirror adds it up.
    Who may do what is compared with what the access manager stores; without ``last``, that no change of it
    is missing is proved too. Where entries stand on the chain is checked in so many of the
    ``newest_blocks`` that carry some, in all for None; ``told`` hears how many are done. It is left out where
    a journal differs already.
    Raises ``BlockGone`` when the node's chain does not have the block, ``StateUnsaid`` when it does not say
    what the block's state is (``StatePruned``: it has not kept it), and what ``ledger.chain.node`` raises.
    """
    sight = Sight(node, block, block_hash)
    sight.require_block()
    replayed = Replay() if last is None else None
    found = [
        journals.check(
            mirrored, sight, deployment, contract, replayed.take if replayed else _ignore, last=last
        )
        for contract in JOURNALS
    ]
    books = mirrored.books()
    # entries that are not the chain's prove nothing about money
    sound = replayed is not None and all(each.matches for each in found)
    money = _money(books, replayed if sound else None, sight.timestamp())
    tokens = _tokens(sight, deployment, books)
    who = powers.check(mirrored, sight, deployment, full=last is None)
    where = None
    if newest_blocks != 0 and all(each.matches for each in found):
        where = places.check(node, mirrored.blocks(newest_blocks), told)
    sight.require_block()
    return Verdict(block, block_hash, tuple(found), money, tokens, where, who)


def _money(mirrored: Sequence[Book], replayed: Replay | None, now: int) -> MoneyVerdict:
    books = None if replayed is None else replayed.books(now)
    broken = first_violation(mirrored if books is None else books)
    violation = None if replayed is None else replayed.fault
    if broken is not None and violation is None:
        book, why = broken
        violation = f"agreement 0x{book.agreement.hex()} in token 0x{book.token.hex()}: {why}"
    unlike = None if books is None else replay.first_unlike(books, mirrored)
    return MoneyVerdict(len(mirrored), books is not None, violation, unlike)


def _tokens(sight: Sight, deployment: Deployment, books: Sequence[Book]) -> tuple[TokenVerdict, ...]:
    ledger = deployment.address(REVENUE)
    verdicts = []
    for token, owed in sorted(owed_by_token(books).items()):
        address = to_checksum_address(token)
        parts = {name: sum(getattr(book, name) for book in books if book.token == token) for name in _PARTS}
        verdicts.append(TokenVerdict(address, owed, sight.balance(address, ledger), parts))
    return tuple(verdicts)


def _ignore(_: Event, __: int) -> None:
    """For audits that do not replay."""
