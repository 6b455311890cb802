"""Lists beyond their first rows, forth and back; entries and audit as pages."""

import csv
import re

import pytest
from business import Business, mirror
from fastapi.testclient import TestClient
from ledger_world import DAY, World
from playwright.sync_api import Page, expect

from ledger.store.database import Database
from ledger.terms.agreement import UNBOUNDED, Tranche

pytestmark = pytest.mark.browser


def test_lists_go_forth_and_back(page: Page, business: Business) -> None:
    pages = [["Nordwind GmbH"], ["Agentur Süd"], ["Bluebird \ufffdLtd"]]
    page.goto("/partners?limit=1")
    for names in pages[:-1]:
        expect(page.locator("tbody .name")).to_have_text(names)
        page.get_by_role("link", name="Next page").click()
    expect(page.locator("tbody .name")).to_have_text(pages[-1])
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    for names in (pages[1], pages[0]):
        page.get_by_role("link", name="Previous page").click()
        expect(page.locator("tbody .name")).to_have_text(names)
    expect(page.get_by_role("link", name="Previous page")).to_have_count(0)
    page.get_by_role("link", name="Next page").click()
    page.get_by_role("link", name="Next page").click()
    page.get_by_role("link", name="First page").click()
    expect(page.locator("tbody .name")).to_have_text(pages[0])


def test_the_search_is_one_key_away(page: Page, business: Business) -> None:
    page.goto("/payouts")
    page.keyboard.press("/")
    page.keyboard.type("nord")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Nordwind GmbH").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nordwind GmbH")
    page.get_by_role("searchbox").fill(f"0x{business.agreement.id.hex()}")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/agreements/0x"))


def test_every_list_of_a_partner_and_an_agreement_is_read_to_its_end(
    client: TestClient, world: World, business: Business, database: Database
) -> None:
    for number in range(3):
        world.pay(business.vendor, business.agreement, 1_000 + number)
    mirror(database, world)
    partner = f"/partners/{business.first.account}"
    agreement = f"/agreements/0x{business.agreement.id.hex()}"
    for path, rows in (
        (f"{agreement}/payments", 4),
        (f"{agreement}/deals", 2),
        (f"{partner}/money", 5),
        (f"{partner}/deals", 2),
        (f"{partner}/agreements", 1),
        ("/conflicts", 1),
        ("/entries", 5),
    ):
        seen, following = [], f"{path}?limit=1"
        while following:
            answer = client.get(following)
            assert answer.status_code == 200, following
            seen.append(answer.text)
            found = re.search(r'href="([^"]+)" rel="next"', answer.text)
            following = found[1].replace("&amp;", "&") if found else ""
        if path == "/entries":
            assert len(seen) > rows  # of all four journals
        else:
            assert len(seen) == rows, path
        assert len(set(seen)) == len(seen)
        assert not any("/v1/" in each for each in seen)


def test_lists_are_narrowed_and_stay_so_on_the_next_page(client: TestClient, business: Business) -> None:
    def rows(path: str) -> list[str]:
        found, following = [], path
        while following:
            answer = client.get(following)
            assert answer.status_code == 200, following
            found += re.findall(
                r'<td role="cell" class="lead-cell">.*?href="([^"]+)"', answer.text, re.DOTALL
            )
            turned = re.search(r'href="([^"]+)" rel="next"', answer.text)
            following = turned[1].replace("&amp;", "&") if turned else ""
        return found

    won = rows("/deals?status=won&limit=1")
    assert len(won) == 1 and len(rows("/deals?status=&limit=1")) == len(rows("/deals")) == 3
    assert rows("/deals?status=rejected") + won + rows("/deals?status=approved") != []
    assert "There are none of these." in client.get("/deals?status=lost").text
    assert 'value="won" selected' in client.get("/deals?status=won").text
    assert len(rows("/partners?verified=true&limit=1")) == 3 and rows("/partners?verified=false") == []
    for wrong in ("/deals?status=sold", "/partners?verified=maybe"):
        assert client.get(wrong).status_code == 422


def test_what_a_list_shows_can_be_taken_along(
    client: TestClient, world: World, business: Business, database: Database
) -> None:
    world.partner('=1+1|cmd, "GmbH"')
    mirror(database, world)
    partner, agreement = f"/partners/{business.first.account}", f"/agreements/0x{business.agreement.id.hex()}"
    for path in (
        *("/partners", "/agreements", "/deals", "/conflicts", "/payouts", "/entries"),
        *(partner + each for each in ("/agreements", "/deals", "/money", "/score")),
        *(agreement + each for each in ("/payments", "/deals")),
    ):
        shown = client.get(f"{path}?limit=1").text
        (address,) = re.findall(r'href="([^"]+)" download', shown)
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.headers["content-type"].startswith("text/csv"), path
        names, *rows = csv.reader(answer.text.splitlines())
        assert len(rows) == 1 and len(rows[0]) == len(names) > 1, path
    everybody = list(csv.DictReader(client.get("/partners?format=csv").text.splitlines()))
    assert [each["partner.name"] for each in everybody] == [
        *("Nordwind GmbH", "Agentur Süd", "Bluebird \u202eLtd", '\'=1+1|cmd, "GmbH"')
    ]
    assert client.get("/partners?format=xml").status_code == 422


def test_an_entry_is_a_page_between_its_neighbours(page: Page, business: Business) -> None:
    page.goto(f"/agreements/0x{business.agreement.id.hex()}")
    page.get_by_role("region", name="Payments under it").get_by_role("link", name=re.compile("entry")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    expect(page.get_by_text("1,234.567891 tUSD")).to_be_visible()
    page.get_by_role("link", name="Entry 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Claimed")
    expect(page.get_by_role("link", name="Entry 3")).to_have_count(0)
    page.get_by_role("link", name="Entry 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")


def test_every_entry_of_a_whole_business_can_be_shown(client: TestClient, business: Business) -> None:
    for contract in ("PartnerRegistry", "AgreementRegistry", "DealRegistry", "RevenueLedger"):
        seq, status = 0, 200
        while status == 200:
            seq += 1
            status = client.get(f"/entries/{contract}/{seq}").status_code
        assert status == 404 and seq > 1
    assert client.get(f"/entries/RevenueLedger/{2**63 - 1}").status_code == 404
    assert client.get(f"/entries/RevenueLedger/{2**63}").status_code == 422


def test_the_audit_is_a_page(page: Page, business: Business) -> None:
    page.goto("/")
    page.get_by_text("What was compared").click()
    page.get_by_role("link", name="Recompute every entry").click()
    expect(page.get_by_text("The mirror is what the chain says.")).to_be_visible()
    expect(page.get_by_text("Every entry was recomputed")).to_be_visible()
    expect(page.get_by_text("The one book adds up")).to_be_visible()


def test_addresses_and_ids_are_copied_by_a_button(page: Page, business: Business) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/partners/{business.first.account}")
    page.get_by_role("button", name=re.compile("Copy 0x")).first.click()
    expect(page.locator("[data-copied]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == business.first.account


def test_what_is_held_is_shown_with_its_day(
    page: Page, world: World, business: Business, database: Database
) -> None:
    split = {business.vendor: 0.9, business.second: 0.1}
    held = world.agreement([business.vendor, business.second], split, hold_seconds=3 * DAY)
    world.pay(business.vendor, held, 5_000_000)
    mirror(database, world)
    page.goto("/payouts")
    row = page.get_by_role("row", name="Bluebird")
    expect(row).to_contain_text("Held for it: 0.50 tUSD of 5.00 tUSD held for all payees of its agreements")
    expect(row.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\d$"))
    page.goto(f"/partners/{business.second.account}")
    expect(page.get_by_role("region", name="Money")).to_contain_text("0.50 tUSD of 5.00 tUSD")


def test_a_partner_is_in_no_conflict_with_itself(
    page: Page, world: World, business: Business, database: Database
) -> None:
    for _ in range(2):
        deal = world.commit(business.agreement, business.first, "twice.example")
        world.reveal(deal)
        world.withdraw(deal)
    mirror(database, world)
    page.goto("/")
    expect(page.get_by_role("region", name="Conflicts")).to_contain_text("One customer that several partners")
    twice = page.get_by_role("region", name="Deals").get_by_text("registered 2 times by its partner")
    expect(twice).to_have_count(2)
    page.goto("/conflicts")
    expect(page.get_by_text("2 registrations, one customer")).to_have_count(1)


def test_an_agreement_with_bands_shows_them_and_what_was_earned(
    page: Page, world: World, business: Business, database: Database
) -> None:
    banded = world.agreement(
        [business.vendor, business.second],
        {business.vendor: [1, 0.5], business.second: [0, 0.5]},
        tranches=(Tranche(10_000_000, 0), Tranche(UNBOUNDED, 0)),
    )
    world.pay(business.vendor, banded, 14_000_000)
    mirror(database, world)
    page.goto("/agreements")
    card = page.get_by_role("listitem").filter(has_text="Earned so far, by these bands")
    expect(card).to_contain_text("up to 10.00 tUSD")
    expect(card).to_contain_text("above 10.00 tUSD")
    expect(card).to_contain_text("12.00 tUSD")
    expect(card).to_contain_text("2.00 tUSD")
    headings = page.locator("h1, h2, h3").evaluate_all("all => all.map((each) => Number(each.tagName[1]))")
    assert headings[0] == 1 and set(headings[1:]) == {2}


def test_why_a_score_is_what_it_is(page: Page, business: Business) -> None:
    page.goto(f"/partners/{business.first.account}")
    expect(page.get_by_role("region", name="Score")).to_contain_text("Through whom")
    expect(page.get_by_role("region", name="Score")).to_contain_text("Delivers")
    page.get_by_role("link", name=re.compile("behind it")).click()
    expect(page.get_by_text("Its deal was settled on time")).to_be_visible()
    expect(page.get_by_text("the effects do not add up to the score")).to_be_visible()
