"""``/metrics``: what ``pledger status`` shows, for Prometheus."""

import time

from fastapi.responses import PlainTextResponse

from api.http.routing import Router
from api.problem_schema import problems
from api.session import OpenDoors
from ledger.indexer.metrics import CONTENT_TYPE, exposition
from ledger.indexer.status import status_of
from ledger.relay.status import exposition as relay_exposition
from ledger.relay.status import status_of as relay_status
from ledger.store.reading import DeploymentUnknown, deployments, read, snapshot

router = Router(tags=["health"])


@router.get(
    "/metrics",
    summary="How the mirror is doing, for Prometheus.",
    response_class=PlainTextResponse,
    responses=problems(),
)
def metrics(doors: OpenDoors) -> PlainTextResponse:
    """Lag, entries, rates and incidents of every deployment that the database mirrors; and the relayer."""
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
        now = int(time.time())
        relayer = relay_exposition(relay_status(session, now), now)
    return PlainTextResponse(exposition(statuses) + relayer, media_type=CONTENT_TYPE)
