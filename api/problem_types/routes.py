"""``/problems``: every type of problem in words."""

from pydantic import BaseModel

from api.http.routing import Router
from api.problem_schema import problems
from api.problems import KINDS, NOT_FOUND, REQUEST_INVALID, Kind, Problem
from api.tagged_route import TaggedRoute

router = Router(prefix="/problems", tags=["problems"], route_class=TaggedRoute)


class ProblemType(BaseModel):
    """A type of problem."""

    type: str
    title: str
    status: int
    next: str

    @classmethod
    def of(cls, kind: Kind) -> "ProblemType":
        """As the API publishes it."""
        return cls(type=kind.type, title=kind.title, status=kind.status, next=kind.hint)


@router.get("", summary="List the types of problems", responses=problems())
def list_problems() -> list[ProblemType]:
    """Every ``type`` that a problem+json body of this API can have."""
    return [ProblemType.of(each) for each in sorted(KINDS.values(), key=lambda kind: kind.slug)]


@router.get(
    "/{slug}", summary="Say what a type of problem means", responses=problems(NOT_FOUND, REQUEST_INVALID)
)
def get_problem(slug: str) -> ProblemType:
    """The title, the HTTP status, and what a caller can do."""
    if slug not in KINDS:
        raise Problem(NOT_FOUND, f"There is no problem type {slug}.", hint="GET /problems lists them.")
    return ProblemType.of(KINDS[slug])
