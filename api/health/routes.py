"""``/healthz``, ``/readyz`` and ``/metrics``."""

from api.as_of import Answering, OnThePrimary
from api.health.schemas import Alive, Lag, Ready, Replica
from api.http.routing import Router
from api.problem_schema import READS, problems
from api.problems import MIRROR_STALE, NODE_UNAVAILABLE, Problem
from ledger.indexer.status import lag_of, stop_of, unverified_of

router = Router(tags=["health"])


@router.get("/healthz", summary="Is the server alive?", responses=problems())
def healthz() -> Alive:
    """Answers as long as the process serves requests; touches neither the database nor the node."""
    return Alive()


@router.get(
    "/readyz",
    summary="Is the mirror close to the chain?",
    responses=problems(*READS, MIRROR_STALE, NODE_UNAVAILABLE),
)
def readyz(answering: OnThePrimary) -> Ready:
    """503 when the mirror lags more than a minute of block time behind, when its indexer stopped because it
    could not be made whole, or when the node does not say how far the chain is. The problem carries the lag
    in blocks and seconds. A replica that lags or does not answer is passed over, and makes nothing unready:
    its own lag is behind the mirror it copies.
    """
    head = answering.doors.head.look()
    as_of = answering.as_of_block()
    stop = stop_of(answering.reading)
    if stop is not None:
        raise Problem(
            MIRROR_STALE, f"The indexer stopped. {stop.what}", as_of_block=as_of.model_dump(mode="json")
        )
    if head is None or not head.is_known:
        said = "" if head is None else f" for {int(head.age)} seconds"
        raise Problem(
            NODE_UNAVAILABLE,
            f"How far the chain is cannot be told: its node has been silent{said}.",
            as_of_block=as_of.model_dump(mode="json"),
        )
    lag = lag_of(answering.reading.as_of, head)
    shown = Lag(blocks=lag.blocks, seconds=lag.seconds)
    if lag.is_stale:
        raise Problem(
            MIRROR_STALE,
            f"The mirror is {lag.blocks} blocks and {lag.seconds} seconds behind the chain.",
            lag=shown.model_dump(),
            as_of_block=as_of.model_dump(mode="json"),
        )
    unverified = unverified_of(answering.reading).blocks
    return Ready(as_of_block=as_of, lag=shown, unverified_blocks=unverified, replicas=_replicas(answering))


def _replicas(answering: Answering) -> list[Replica]:
    reading = answering.reading
    shown = []
    for standing in answering.doors.readers.standings():
        if standing is None:
            shown.append(Replica(answers=False, blocks=None, replay_seconds=None))
            continue
        block = standing.blocks.get((reading.chain_id, reading.ledger))
        behind = None if block is None else max(0, reading.mirrored - block)
        shown.append(Replica(answers=True, blocks=behind, replay_seconds=round(standing.replay_seconds, 3)))
    return shown
