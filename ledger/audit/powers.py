"""The mirrored changes of who may do what, beside the chain: the first that differs; whether all are here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ledger.audit import places, powers_proof
from ledger.audit.mirrored import Mirrored, MirroredChange, Placed
from ledger.audit.powers_proof import Missing, Unproved
from ledger.audit.slots import Sight
from ledger.chain import manager_words
from ledger.chain.manager_logs import ManagerLog, manager_logs
from ledger.chain.rpc import RpcRefused
from ledger.journal.events import EventUnreadable
from ledger.rules.powers import Change, Powers, PowersBroken
from ledger.terms.contracts import MANAGER
from ledger.terms.deployment import Deployment


@dataclass(frozen=True)
class PowersVerdict:
    """``changes`` were looked at. ``difference``: the first, in words. ``proved``: how it is known that none
    is missing; ``unproved``: why it is not. Both are None where nobody asked, or something differs.
    """

    changes: int
    difference: str | None
    proved: str | None = None
    unproved: str | None = None


def check(mirrored: Mirrored, sight: Sight, deployment: Deployment, *, full: bool) -> PowersVerdict:
    """Makes the powers anew from the mirrored logs, and compares them with what the access manager stores.

    ``full``: proves too where the logs stand, and that none is missing. Raises as `journals.check`.
    """
    manager = deployment.address(MANAGER)
    rows = list(mirrored.powers())
    if not rows:
        return PowersVerdict(0, "no change of who may do what is mirrored: its first block has some")
    powers, altered = _folded(rows)
    if altered is not None:
        return PowersVerdict(len(rows), altered)
    unlike = manager_words.first_unlike(sight, manager, powers)
    if unlike is not None:
        return PowersVerdict(len(rows), _first_log(rows, sight, deployment) or unlike)
    if not full:
        return PowersVerdict(len(rows), None)
    found = places.check(sight.node, _by_block(rows, manager))
    if found.misplaced is not None:
        row = rows[found.misplaced.seq - 1]
        return PowersVerdict(len(rows), f"{_named(row)}: {found.misplaced.why}")
    carriers = {row.block_number for row in rows}
    headers = powers_proof.MOST_HEADERS
    try:
        proved = powers_proof.prove(sight, manager, powers, carriers, deployment.block, headers=headers)
    except Missing as error:
        return PowersVerdict(len(rows), _first_log(rows, sight, deployment) or error.what.rstrip("."))
    except Unproved as error:
        if error.stored_otherwise:
            missing = _first_log(rows, sight, deployment)
            if missing is not None:
                return PowersVerdict(len(rows), missing)
        return PowersVerdict(len(rows), None, unproved=error.why)
    unsure = "; ".join(f"{each.why}, from block {each.first} on" for each in found.unverified)
    return PowersVerdict(
        len(rows), None, proved, f"where they stand is not proved: {unsure}" if unsure else None
    )


def _folded(rows: Sequence[MirroredChange]) -> tuple[Powers, str | None]:
    """What the logs themselves make; or the first row that is not what its log says, or cannot be."""
    powers = Powers()
    for row in rows:
        try:
            change = _log(row).change()
            powers.take(change)
        except (EventUnreadable, PowersBroken) as error:
            return powers, f"{_named(row)}: {error.what.rstrip('.')}"
        if altered := _altered(row, change):
            return powers, f"{_named(row)}: its column {altered} is not what its log says"
    return powers, None


def _altered(row: MirroredChange, change: Change) -> str | None:
    """The first column that says something else than the log beside it."""
    if row.event != change.event:
        return "event"
    said = row.arguments
    return next((name for name in said if said[name] != change.args.get(name)), None)


def _first_log(rows: Sequence[MirroredChange], sight: Sight, deployment: Deployment) -> str | None:
    """The first change that the node's logs have otherwise, in words; None where they are the same."""
    manager = deployment.address(MANAGER)
    try:
        logs = manager_logs(sight.node, manager, deployment.block, sight.number)
    except RpcRefused:
        return None
    for number, log in enumerate(logs):
        if number == len(rows) or _log(rows[number]) != log:
            if number < len(rows) and _place(rows[number]) < _place(log):
                return f"{_named(rows[number])}: the chain has no such event"
            where = f"{_event(log)} in block {log.block_number}, log {log.log_index}"
            return f"{where}: the mirror has it otherwise, or not at all"
    if len(rows) > len(logs):
        return f"{_named(rows[len(logs)])}: the chain has no such event"
    return None


def _event(log: ManagerLog) -> str:
    try:
        return log.change().event
    except EventUnreadable:
        return "an unknown event"


def _place(of: ManagerLog | MirroredChange) -> tuple[int, int]:
    return of.block_number, of.log_index


def _named(row: MirroredChange) -> str:
    return f"{row.event} in block {row.block_number}, log {row.log_index}"


def _log(row: MirroredChange) -> ManagerLog:
    return ManagerLog(
        row.block_number,
        row.block_hash,
        row.block_timestamp,
        row.transaction_hash,
        row.transaction_index,
        row.log_index,
        tuple(row.topics),
        row.data,
    )


@dataclass(frozen=True)
class _At:
    """A change as `places.check` takes it: its number is its place among all."""

    contract: bytes
    seq: int
    block_number: int
    block_hash: bytes
    block_timestamp: int
    transaction_hash: bytes
    transaction_index: int
    log_index: int
    topics: Sequence[bytes]
    data: bytes


def _by_block(rows: Sequence[MirroredChange], manager: str) -> Iterator[Sequence[Placed]]:
    address = bytes.fromhex(manager[2:])
    placed = [
        _At(
            address,
            number,
            row.block_number,
            row.block_hash,
            row.block_timestamp,
            row.transaction_hash,
            row.transaction_index,
            row.log_index,
            row.topics,
            row.data,
        )
        for number, row in enumerate(rows, 1)
    ]
    for _, some in groupby(placed, key=lambda each: each.block_number):
        yield list(some)
