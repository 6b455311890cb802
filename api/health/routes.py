"""``/healthz`` and ``/readyz``."""

from fastapi import APIRouter

from api.as_of import Now
from api.health.schemas import Alive, Lag, Ready
from api.problem_schema import READS, problems
from api.problems import MIRROR_STALE, NODE_UNAVAILABLE, Problem

router = APIRouter(tags=["health"])

MAX_LAG_SECONDS = 60
"""How old, by block time, the newest mirrored block may be while the chain has newer ones."""


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
    """503 when the mirror lags more than a minute of block time behind, or when the node does not say how far
    the chain is. The problem carries the lag in blocks and seconds.
    """
    head = answering.doors.head.look()
    as_of = answering.as_of_block()
    if head is None:
        raise Problem(
            NODE_UNAVAILABLE,
            "How far the chain is cannot be told.",
            as_of_block=as_of.model_dump(mode="json"),
        )
    lag = Lag(blocks=max(0, head.number - as_of.number), seconds=max(0, head.timestamp - as_of.timestamp))
    if lag.blocks and lag.seconds > MAX_LAG_SECONDS:
        raise Problem(
            MIRROR_STALE,
            f"The mirror is {lag.blocks} blocks and {lag.seconds} seconds behind the chain.",
            lag=lag.model_dump(),
            as_of_block=as_of.model_dump(mode="json"),
        )
    return Ready(as_of_block=as_of, lag=lag)
