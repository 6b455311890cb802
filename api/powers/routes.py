"""``/v1/powers``."""

from dataclasses import asdict

from api.as_of import AsOfAsked
from api.http.routing import Router
from api.powers.schemas import Operation, Powers, Role, Target
from api.problem_schema import READS_PAST, problems
from api.tagged_route import TaggedRoute
from ledger.accounting.powers import powers_of
from ledger.chain.power_lines import view_of

router = Router(prefix="/v1/powers", tags=["audit"], route_class=TaggedRoute)


@router.get("", summary="Show who may do what, and what is scheduled", responses=problems(*READS_PAST))
def get_powers(answering: AsOfAsked) -> Powers:
    """Which role may do what, who holds it since when and how long its orders wait; and what is scheduled,
    from when on it may run and until when. `GET /v1/audit` compares it with the access manager's own storage.
    """
    reading = answering.reading
    view = view_of(powers_of(reading), reading.addresses, reading.as_of.timestamp)
    return Powers(
        as_of_block=answering.as_of_block(),
        access_manager=reading.manager,
        roles=[Role(**{**asdict(each), "number": str(each.number)}) for each in view.roles],
        operations=[Operation(**asdict(each)) for each in view.operations],
        targets=[Target(**asdict(each)) for each in view.targets],
        changes=view.changes,
    )
