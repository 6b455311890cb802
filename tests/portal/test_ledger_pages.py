"""The ledger's pages in a real browser, over a ledger with conflicts, payments and claims."""

import json
from pathlib import Path

import pytest
from business import Business
from fastapi.testclient import TestClient
from ledger_world import EPOCH_KEY, World
from playwright.sync_api import Page, expect
from wallet_browser import Console

from ledger.chain import tags
from ledger.store.database import Database

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_the_first_page_shows_the_whole_ledger(page: Page, business: Business) -> None:
    page.goto("/")
    expect(page.get_by_text("This is what the chain says.")).to_be_visible()
    expect(page.get_by_text("The mirror is at the chain’s newest block.")).to_be_visible()
    partners = page.get_by_role("region", name="Partners")
    expect(partners.get_by_role("row", name="Nordwind GmbH")).to_contain_text("Verified, level 2")
    assert int(partners.get_by_role("row", name="Agentur Süd").locator(".score .number").inner_text()) > 0
    agreements = page.get_by_role("region", name="Agreements")
    expect(agreements.get_by_text("20 %")).to_be_visible()
    conflict = page.get_by_role("region", name="Conflicts").get_by_role("listitem").first
    expect(conflict).to_contain_text("Agentur Süd leads.")
    deals = page.get_by_role("region", name="Deals")
    expect(deals.get_by_text("earlier deal")).to_be_visible()
    payouts = page.get_by_role("region", name="Payouts").get_by_role("row", name="Nordwind GmbH")
    expect(payouts).to_contain_text("987.654312 tUSD")
    expect(page.get_by_text("As of block")).to_be_visible()


def test_a_conflict_tells_who_came_first_and_why(page: Page, business: Business) -> None:
    page.goto(f"/deals/0x{business.contested.id.hex()}")
    queue = page.locator(".queue li")
    expect(queue.nth(0)).to_contain_text("Agentur Süd")
    expect(queue.nth(1)).to_contain_text("Bluebird \ufffdLtd")
    events = page.locator(".timeline li").all_inner_texts()
    told = [text.split("UTC")[1].strip() for text in events]
    assert told[0] == "Agentur Süd committed to it: priority 1."
    assert told[1] == "Bluebird \ufffdLtd committed to it: priority 2."
    assert "approved, with exclusivity" in told[4]
    assert "rejected (earlier deal)" in told[5]


def test_a_partner_and_an_agreement_have_their_pages(page: Page, business: Business) -> None:
    page.goto("/")
    page.get_by_role("region", name="Partners").get_by_role("link", name="Agentur Süd").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agentur Süd")
    expect(page.get_by_role("region", name="Money")).to_contain_text("246.913578 tUSD")
    expect(page.get_by_role("region", name="Score")).to_contain_text("Nordwind GmbH")
    page.get_by_role("link", name="agreement", exact=True).first.click()
    expect(page.get_by_text("Agentur Süd (0x3C44…93BC) gets 20 %")).to_be_visible()
    expect(page.get_by_text("Money in tUSD")).to_be_visible()


def test_a_mirror_that_lags_or_differs_says_so(
    page: Page, client: TestClient, world: World, business: Business, database: Database
) -> None:
    world.partner("Newcomer")
    page.goto("/")
    expect(page.get_by_text("1 block and")).to_be_visible()
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE chain.entry SET data = data || '\\x00' WHERE event = 'Claimed'")
    page.goto("/")
    expect(page.get_by_text("The mirror differs from the chain.")).to_be_visible()
    expect(page.get_by_text("RevenueLedger entry 2")).to_be_visible()


def test_an_agreement_is_composed_in_a_form(page: Page, console: Console, business: Business) -> None:
    page.goto("/drafts/new")
    accounts, shares = page.get_by_label("Account"), page.get_by_label("Share in %")
    page.get_by_role("button", name="Make the signing link").click()
    expect(page.get_by_role("alert")).to_contain_text("Account 1 is empty")
    expect(accounts.nth(0)).to_be_focused()
    page.get_by_role("button", name="Add another").click()
    for place, partner in enumerate((business.vendor, business.first, business.second)):
        accounts.nth(place).fill(partner.account)
    page.get_by_role("button", name="Split equally").click()
    expect(page.get_by_text("33.3333333333333334 %")).to_be_visible()
    shares.nth(0).fill("33.3333333333333332")
    expect(page.get_by_text("0.0000000000000001 % is still to be given out.")).to_be_visible()
    shares.nth(0).fill("33.4")
    page.get_by_role("button", name="Make the signing link").click()
    expect(page.get_by_role("alert")).to_contain_text("they must be 100 % exactly")
    for place, share in enumerate(("70", "29.5", "0.5")):
        shares.nth(place).fill(share)
    expect(page.get_by_text("The shares add up to exactly 100 %.")).to_be_visible()
    page.get_by_label("Programme").select_option(label="Referral 2026")
    page.get_by_label("Last day").fill("2020-12-31")
    page.get_by_role("button", name="Make the signing link").click()
    expect(page.get_by_role("alert")).to_contain_text("The terms end on 31 December 2020")
    assert "422" in console.complaints.pop()
    page.get_by_label("Last day").fill("2030-12-31")
    page.get_by_role("button", name="Make the signing link").click()
    expect(page.get_by_role("heading", name="0 of 3 parties have signed")).to_be_visible()
    expect(page.get_by_text("until 31 December 2030, 23:59:59 UTC").first).to_be_visible()
    expect(page.get_by_text("gets 29.5 %")).to_be_visible()


def test_the_portal_makes_the_published_tags(page: Page, business: Business) -> None:
    """The same vectors as tests/chain/test_tags.py, in the browser."""
    vectors = json.loads(Path(tags.__file__).with_name("tag_vectors.json").read_text())
    page.goto("/")
    made = page.evaluate(
        """async (vectors) => {
            const { bytesOf, tagOf } = await import("/static/tags.js");
            const make = async ({ kind, identifier }) => {
                try {
                    return await tagOf(bytesOf(vectors.epoch_key), kind, identifier);
                } catch {
                    return null;
                }
            };
            return Promise.all([...vectors.tags, ...vectors.invalid].map(make));
        }""",
        vectors,
    )
    assert made == [vector["tag"] for vector in vectors["tags"]] + [None] * len(vectors["invalid"])


def test_who_has_the_key_can_tell_whose_customer_it_is(page: Page, business: Business) -> None:
    page.goto(f"/deals/0x{business.contested.id.hex()}")
    page.get_by_label("Customer", exact=True).fill("https://www.ACME.example/about")
    page.get_by_label("Key").fill("0x" + EPOCH_KEY.hex())
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Yes: the deal is about this customer.")).to_be_visible()
    page.get_by_label("Customer", exact=True).fill("other.example")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("No: the deal is about another customer.")).to_be_visible()
