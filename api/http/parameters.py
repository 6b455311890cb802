"""What an operation does not take is refused by name: a filter that is misspelt would else filter nothing."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.problems import REQUEST_INVALID, Problem


async def only_what_is_taken(request: Request) -> None:
    """Raises ``Problem`` (422) for a query parameter that the operation does not have or takes once only, and
    for text that no database holds. Declared once, for every operation and page.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not (request.scope["query_string"] or request.path_params):
        return
    taken = tuple(dict.fromkeys(_names(route.dependant)))
    errors = []
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in taken:
            errors.append((name, "there is no such parameter here"))
        elif name in seen:
            errors.append((name, "it is given twice, and taken once"))
        elif "\0" in value:
            errors.append((name, "its text has a NUL character in it"))
        seen.add(name)
    errors += [
        (name, "its text has a NUL character in it")
        for name, value in request.path_params.items()
        if "\0" in str(value)
    ]
    if errors:
        (name, why), *_ = errors
        raise Problem(
            REQUEST_INVALID,
            f"{name}: {why}.",
            field=name,
            hint=f"It takes {_listed(taken)}.",
            errors=[{"field": name, "detail": why} for name, why in dict(reversed(errors)).items()][::-1],
        )


def _names(dependant: Dependant) -> Iterator[str]:
    """Query parameters of an operation and of what it depends on."""
    yield from (each.alias for each in dependant.query_params)
    for each in dependant.dependencies:
        yield from _names(each)


def _listed(names: tuple[str, ...]) -> str:
    if not names:
        return "no query parameters"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
