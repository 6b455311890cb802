"""The portal: pages that show the ledger, pages on which people act, and the page on which a party signs.

``attach`` adds it to the application. Pages are rendered on the server; only wallets and forms need a script.
"""

from fastapi import FastAPI

from api.portal import (
    act_pages,
    api_page,
    draft_pages,
    journal_pages,
    ledger_pages,
    list_pages,
    power_pages,
    relay_pages,
    search_pages,
    sent_pages,
    settings_pages,
    test_wallet,
    yours_pages,
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
    yours_pages,
    act_pages,
    sent_pages,
    search_pages,
    settings_pages,
    api_page,
    test_wallet,
)


def attach(app: FastAPI) -> None:
    """Adds the pages and their files."""
    show_problems_as_pages(app)
    for each in _PAGES:
        app.include_router(each.router)
    app.mount("/static", PortalFiles(directory=STATIC), name="static")
