"""The portal: pages that show the ledger, and the page on which a party signs.

``attach`` adds it to the application. Pages are rendered on the server; only wallets and forms need a script.
"""

from fastapi import FastAPI

from api.portal import (
    api_page,
    draft_pages,
    journal_pages,
    ledger_pages,
    list_pages,
    power_pages,
    relay_pages,
    test_wallet,
)
from api.portal.problem_pages import show_problems_as_pages
from api.portal.static_files import STATIC, PortalFiles

_PAGES = (
    ledger_pages,
    list_pages,
    journal_pages,
    power_pages,
    relay_pages,
    draft_pages,
    api_page,
    test_wallet,
)


def attach(app: FastAPI) -> None:
    """Adds the pages and their files."""
    show_problems_as_pages(app)
    for each in (
        ledger_pages,
        list_pages,
        journal_pages,
        power_pages,
        relay_pages,
        draft_pages,
        api_page,
        test_wallet,
    ):
        app.include_router(each.router)
    app.mount("/static", PortalFiles(directory=STATIC), name="static")
