"""``/healthz``, ``/readyz`` and ``/metrics``."""

from fastapi import APIRouter

from api.as_of import Now
from api.health import metrics
from api.health.schemas import Alive, Lag, Ready
from api.problem_schema import READS, problems
from api.problems import MIRROR_STALE, NODE_UNAVAILABLE, Problem
from ledger.indexer.status import lag_of, stop_of

router = APIRouter(tags=["health"])
router.include_router(metrics.router)


@router.get("/healthz", summary="Is the server alive?", responses=problems())
def healthz() -> Alive:
    """Answers as long as the process serves requests; touches neither the database nor the node."""
    return Alive()


@router.get(
    "/readyz",
    summary="Is the mirror close to the chain?",
    responses=problems(*READS, MIRROR_STALE, NODE_UNAVAILABLE),
)
def readyz(answering: Now) -> Ready:
    """503 when the mirror lags more than a minute of block time behind, when its indexer stopped because it
    could not be made whole, or when the node does not say how far the chain is. The problem carries the lag
    in blocks and seconds.
    """
    head = answering.doors.head.look()
    as_of = answering.as_of_block()
    stop = stop_of(answering.reading)
    if stop is not None:
        raise Problem(
            MIRROR_STALE, f"The indexer stopped. {stop.what}", as_of_block=as_of.model_dump(mode="json")
        )
    if head is None:
        raise Problem(
            NODE_UNAVAILABLE,
            "How far the chain is cannot be told.",
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
    return Ready(as_of_block=as_of, lag=shown)
