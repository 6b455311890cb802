"""Every page by axe's rules (WCAG 2.2 AA and good practice), on a desk in light and on a phone in dark."""

from pathlib import Path

import pytest
from business import Business, mirror
from fastapi.testclient import TestClient
from ledger_world import DAY, World
from playwright.sync_api import Page
from signing_room import open_room
from wallet_browser import Console, overflows

from ledger.checkout import ROOT
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.terms.agreement import UNBOUNDED, Tranche

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ZOOMED = PHONE | {"width": 195}  # a phone with letters twice as large; less than a desk at 400 %


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"test_wallet": True})


def findings(page: Page) -> list[str]:
    """What axe finds, a line each."""
    page.evaluate(Path(AXE).read_text() + "; undefined")
    found: list[str] = page.evaluate(
        """axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
            violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))"""
    )
    return found


def test_every_page_is_accessible_and_fits(
    page: Page, console: Console, client: TestClient, world: World, business: Business, database: Database
) -> None:
    banded = world.agreement(
        [business.vendor, business.second],
        {business.vendor: [1, 0.5], business.second: [0, 0.5]},
        tranches=(Tranche(10_000_000, 0), Tranche(UNBOUNDED, 0)),
        hold_seconds=3 * DAY,
    )
    world.pay(business.vendor, banded, 14_000_000)
    mirror(database, world)
    room = open_room(client, world.terms([business.vendor, business.first]))
    partner, agreement = f"/partners/{business.first.account}", f"/agreements/0x{banded.id.hex()}"
    paths = [
        "/",
        "/partners",
        "/agreements",
        "/deals",
        "/conflicts",
        "/payouts",
        "/entries",
        "/search?q=nord",
        "/powers",
        "/relay",
        "/test-wallet",
        "/act",
        "/act/register",
    ]
    paths += [partner + each for each in ("", "/agreements", "/deals", "/money", "/reviews", "/score")]
    paths += [agreement + each for each in ("", "/payments", "/deals", "/debts")]
    paths += [f"/deals/0x{business.contested.id.hex()}", "/entries/RevenueLedger/1", "/audit?full=true"]
    paths += ["/drafts/new", f"/drafts/new?amends={agreement.rpartition('/')[2]}", room.draft["page"]]
    for path in (*paths, "/docs", "/nowhere"):
        for size, scheme in ((DESK, "light"), (PHONE, "dark")):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is what it takes
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
            assert findings(page) == [], (path, scheme)
            assert not overflows(page), (path, scheme)
        page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]  # the same
        assert not overflows(page), path
    assert all("404" in each for each in console.complaints)
    console.complaints.clear()
