"""``/v1/checkpoint``."""

from api.as_of import Now
from api.checkpoints.schemas import SignedCheckpointAnswer
from api.http.routing import Router
from api.problem_schema import READS, problems
from api.problems import CHECKPOINT_UNKNOWN, Problem
from api.tagged_route import TaggedRoute
from ledger.store.tables import SignedCheckpoint

router = Router(prefix="/v1/checkpoint", tags=["audit"], route_class=TaggedRoute)


@router.get(
    "",
    summary="Get the newest checkpoint that this operator signed",
    responses=problems(*READS, CHECKPOINT_UNKNOWN),
)
def get_checkpoint(answering: Now) -> SignedCheckpointAnswer:
    """The heads of all journals as of a block, signed. Whoever compares those of two operators asks for
    entries only to find the first that differs.
    """
    reading = answering.reading
    found = reading.session.get(SignedCheckpoint, (reading.chain_id, reading.ledger))
    if found is None:
        raise Problem(CHECKPOINT_UNKNOWN, "This operator has signed no checkpoint.")
    return SignedCheckpointAnswer(as_of_block=answering.as_of_block(), checkpoint=found.json)
