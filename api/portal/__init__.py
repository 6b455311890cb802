"""The portal: pages that show the ledger, and the page on which a party signs.

``attach`` adds it to the application. Pages are rendered on the server; only wallets and forms need a script.
"""

from fastapi import FastAPI

from api.portal import api_page, draft_pages, ledger_pages
from api.portal.static_files import STATIC, PortalFiles


def attach(app: FastAPI) -> None:
    """Adds the pages and their files."""
    app.include_router(ledger_pages.router)
    app.include_router(draft_pages.router)
    app.include_router(api_page.router)
    if api_page.SWAGGER.is_dir():
        app.mount("/static/swagger", PortalFiles(directory=api_page.SWAGGER), name="swagger")
    app.mount("/static", PortalFiles(directory=STATIC), name="static")
