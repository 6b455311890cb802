"""``/metrics``: what ``pledger status`` shows, for Prometheus."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from api.problem_schema import problems
from api.session import OpenDoors
from ledger.indexer.metrics import CONTENT_TYPE, exposition
from ledger.indexer.status import status_of
from ledger.store.reading import DeploymentUnknown, deployments, read, snapshot

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    summary="How the mirror is doing, for Prometheus.",
    response_class=PlainTextResponse,
    responses=problems(),
)
def metrics(doors: OpenDoors) -> PlainTextResponse:
    """Lag, entries, rates and incidents of every deployment that the database mirrors."""
    seen = doors.head.look()
    head = seen if seen is not None and seen.is_known else None
    statuses = []
    with snapshot(doors.database) as session:
        for each in deployments(session):
            try:
                reading = read(session, chain_id=each.chain_id, ledger=each.ledger)
            except DeploymentUnknown:
                continue  # known, but nothing of it is mirrored yet
            statuses.append(status_of(reading, head))
    return PlainTextResponse(exposition(statuses), media_type=CONTENT_TYPE)
