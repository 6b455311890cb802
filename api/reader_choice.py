"""Which database answers: a replica that is far enough, or else the primary, which is never behind them.

Far enough is what the request asks for (`stands_at.AT_LEAST`), and what its browser has seen. Whoever writes
drafts uses `session.OpenSession`, which is always the primary's.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.exc import DBAPIError, OperationalError

from api import stands_at
from api.problems import NOT_THERE_YET, Problem
from api.session import Doors
from api.stands_at import StandsAt
from ledger.errors import LedgerError
from ledger.indexer.status import lag_of
from ledger.read.at_once import AtOnce, at_once
from ledger.store.readers import Replica
from ledger.store.reading import (
    BlockUnknown,
    DeploymentAmbiguous,
    DeploymentUnknown,
    Reading,
    read,
    snapshot,
)

WAIT_SECONDS = 2.0
"""How long a request is kept waiting for a block that is about to come."""
SOON = 16
"""A block that is further ahead of the mirror than that is not waited for."""
_POLL_SECONDS = 0.05
_SOON_AGAIN = {"Retry-After": "1"}
_Found = tuple[ExitStack, Reading]


@dataclass(frozen=True)
class Asked:
    """What a request is about: a deployment, the only one unless named; a block, the newest unless given;
    and the oldest state (a block's number) that will do.
    """

    chain_id: int | None
    ledger: bytes | None
    block: int | None
    at_least: int = -1


@contextmanager
def open_reading(
    doors: Doors, asked: Asked, request: Request, *, primary_only: bool = False
) -> Iterator[Reading]:
    """A reading that is far enough. Raises what `read` raises, and ``Problem`` when none is soon."""
    stack, reading = _open(doors, asked, request, primary_only or _failed_once(request))
    with stack:
        stands_at.note(request, StandsAt(reading.chain_id, reading.ledger, reading.mirrored))
        yield reading


def ask_newest(
    doors: Doors, asked: Asked, request: Request, question: str, given: Mapping[str, Any]
) -> AtOnce | None:
    """One question and what it is as of, from the primary, in one trip. None where that will not do: an
    earlier block is asked for, a replica may answer, or the mirror is not far enough yet.
    """
    if asked.block is not None or doors.readers.replicas:
        return None
    found = at_once(doors.database, question, chain_id=asked.chain_id, ledger=asked.ledger, **given)
    standing = found.standing
    if standing.as_of.number < max(
        asked.at_least, stands_at.seen(request, standing.chain_id, standing.ledger)
    ):
        return None
    stands_at.note(request, StandsAt(standing.chain_id, standing.ledger, standing.as_of.number))
    return found


def give_up_replica(request: Request, error: DBAPIError) -> bool:
    """Whether what failed was a replica. It rests then, and the request goes to the primary from here on.

    A replica ends a query when what it reads is gone on the primary (after `pledger rebuild`, for one).
    """
    replica: Replica | None = getattr(request.state, "replica", None)
    if replica is None:
        return False
    replica.failed(error)
    request.state.replica = None
    request.state.replica_failed = True
    return True


def _failed_once(request: Request) -> bool:
    return getattr(request.state, "replica_failed", False)


def _open(doors: Doors, asked: Asked, request: Request, primary_only: bool) -> _Found:
    found = None if primary_only else _on_a_replica(doors, asked, request, stale_too=False)
    if found is not None:
        return found
    try:
        return _on_the_primary(doors, asked, request)
    except OperationalError as error:
        found = None if primary_only else _on_a_replica(doors, asked, request, stale_too=True)
        if found is not None:
            return found
        if asked.at_least < 0 or not doors.readers.replicas:
            raise
        raise Problem(
            NOT_THERE_YET,
            f"No replica is at block {asked.at_least} yet, and the primary does not answer.",
            headers=_SOON_AGAIN,
        ) from error


def _on_a_replica(doors: Doors, asked: Asked, request: Request, *, stale_too: bool) -> _Found | None:
    for replica in doors.readers.in_turn():
        stack = ExitStack()
        try:
            session = stack.enter_context(snapshot(replica.database))
            replica.require(doors.readers.identity, session.connection())
            reading = read(session, chain_id=asked.chain_id, ledger=asked.ledger, block=asked.block)
            far_enough = reading.mirrored >= max(asked.at_least, _seen(request, reading))
            if far_enough and (stale_too or not _is_stale(doors, reading)):
                request.state.replica = replica
                return stack, reading
        except (DeploymentUnknown, DeploymentAmbiguous, BlockUnknown):
            pass  # it may not have come to that yet; the primary knows
        except (DBAPIError, LedgerError) as error:
            replica.failed(error)
        stack.close()
    return None


def _on_the_primary(doors: Doors, asked: Asked, request: Request) -> _Found:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        stack = ExitStack()
        try:
            session = stack.enter_context(snapshot(doors.database))
            reading = read(session, chain_id=asked.chain_id, ledger=asked.ledger, block=asked.block)
            wanted = max(asked.at_least, _still_there(doors, _seen(request, reading), reading))
            here = reading.mirrored
        except BaseException:
            stack.close()
            raise
        if here >= wanted:
            return stack, reading
        stack.close()
        if wanted > here + SOON or time.monotonic() > deadline:
            raise Problem(
                NOT_THERE_YET,
                f"The mirror is at block {here}, not at block {wanted} yet.",
                headers=_SOON_AGAIN,
                mirrored_block=here,
            )
        time.sleep(_POLL_SECONDS)


def _seen(request: Request, reading: Reading) -> int:
    return stands_at.seen(request, reading.chain_id, reading.ledger)


def _still_there(doors: Doors, seen: int, reading: Reading) -> int:
    """What the browser has seen, unless the chain itself is shorter now: then no mirror gets there."""
    if seen <= reading.mirrored:
        return seen
    head = doors.head.look()
    return -1 if head is not None and not head.age and head.number < seen else seen


def _is_stale(doors: Doors, reading: Reading) -> bool:
    if not reading.newest:
        return False
    head = doors.head.look()
    return head is not None and lag_of(reading.as_of, head).is_stale
