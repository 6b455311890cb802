"""The page on which developers read the API and try it: Swagger UI, from npm and served from here."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.portal.pages import HEADERS, PageRoute, page

SWAGGER = Path(__file__).resolve().parents[2] / "node_modules" / "swagger-ui-dist"

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/docs")
def get_docs() -> HTMLResponse:
    """The API's reference; where Swagger UI is not installed, the way to the document it would show."""
    answer = page("api.html", here="api", installed=SWAGGER.is_dir())
    # Swagger UI writes style attributes into its own elements.
    answer.headers["Content-Security-Policy"] = HEADERS["Content-Security-Policy"].replace(
        "default-src 'self';", "default-src 'self'; style-src 'self' 'unsafe-inline';"
    )
    return answer
