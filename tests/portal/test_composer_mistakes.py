"""Mistakes in the composer: named in words at their field, with all that was typed kept."""

import re
from collections.abc import Callable

import pytest
from business import Business, mirror
from fastapi.testclient import TestClient
from ledger_world import DAY, World
from playwright.sync_api import Browser, Page, expect
from wallet_browser import Console

from ledger.store.database import Database

pytestmark = pytest.mark.browser


def submit(page: Page) -> None:
    page.get_by_role("button", name="Make the signing link").click()


def fill_parties(page: Page, *accounts: str) -> None:
    for place, account in enumerate(accounts):
        page.get_by_label("Account").nth(place).fill(account)
    page.get_by_role("button", name="Split equally").click()


def at_fault(page: Page) -> str:
    """What the focused field is said to be wrong about."""
    field = page.locator("[aria-invalid]:focus")
    expect(field).to_have_attribute("aria-describedby", "field-error")
    return page.locator("#field-error").inner_text()


def test_an_account_that_is_none_is_named(
    page: Page, world: World, business: Business, database: Database
) -> None:
    world.partner("Twin")
    world.partner("Twin")
    mirror(database, world)
    account = business.first.account
    page.goto("/drafts/new")
    for accounts, said in (
        (("", "Agentur Süd"), "Account 1 is empty"),
        (("Nordwind", "Agentur Süd"), "Account 1 is neither an account nor the name"),
        (
            ("nordwind gmbh", ""),
            "Account 1 is neither an account nor the name of a registered partner: write “Nord",
        ),
        (("Nordwind GmbH", f"eth:{account}"), "Account 2 says which chain it means before the account"),
        (("Nordwind GmbH", account[2:]), "Account 2 lacks the 0x before its 40 digits"),
        (
            ("Nordwind GmbH", f"https://scan.example/address/{account}"),
            "Account 2 holds more than an account",
        ),
        (("Nordwind GmbH", "agentur.eth"), "Account 2 is a name of a name service"),
        (
            ("Nordwind GmbH", "0x12o4"),
            "Account 2 is 0x and 40 of the digits 0-9 and a-f; “o” is none of them",
        ),
        (("Nordwind GmbH", "0x1234"), "Account 2 is 0x and 40"),
        (("Nordwind GmbH", "0x" + "00" * 20), "Account 2 is the zero address"),
        (("Nordwind GmbH", "Nordwind GmbH"), "Account 2 is the same as account 1"),
        (("Nordwind GmbH", "Twin"), "Account 2 is the name of 2 partners"),
    ):
        fill_parties(page, *accounts)
        submit(page)
        expect(page.get_by_role("alert")).to_contain_text(said)
        assert at_fault(page).startswith(said)


def test_a_partners_whole_name_is_taken_for_its_account(page: Page, business: Business) -> None:
    page.goto("/drafts/new")
    account = business.first.account
    field = page.get_by_label("Account").nth(0)
    for pasted in (
        f"\u200b{account}\u200e",
        f"{account[:9]}\u200b {account[9:]}",
        f"“{account}”.",
        f"0X{account[2:]}",
        "Agentur Su\u0308d",
        " Agentur \u00a0Süd",
    ):
        field.fill(pasted)
        field.blur()
        expect(field).to_have_value(account)
    fill_parties(page, "Nordwind GmbH", "Agentur Süd")
    expect(page.get_by_label("Account").nth(0)).to_have_value(business.vendor.account)
    submit(page)
    expect(page.get_by_role("heading", name="0 of 2 parties have signed")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nordwind GmbH")


def test_what_the_server_refuses_is_said_at_its_field(
    page: Page, console: Console, business: Business
) -> None:
    mistyped = business.first.account[:-1] + ("0" if business.first.account[-1] != "0" else "1")
    page.goto("/drafts/new")
    fill_parties(page, business.vendor.account, mistyped)
    submit(page)
    expect(page.locator("#field-error")).to_contain_text("a character was mistyped")
    assert "terms" not in at_fault(page)
    expect(page.get_by_label("Account").nth(1)).to_be_focused()
    page.get_by_label("Account").nth(1).fill(business.first.account)
    expect(page.locator("#field-error")).to_have_count(0)

    page.get_by_label("Last day").fill("2020-12-31")
    submit(page)
    expect(page.locator("#field-error")).to_contain_text("Last day: The terms end on 31 December 2020")
    expect(page.get_by_label("Last day")).to_be_focused()
    page.get_by_label("Last day").fill("")

    page.get_by_label("Days a payment is held").fill("1.5")
    submit(page)
    expect(page.locator("#field-error")).to_have_text(
        "Days a payment is held: a whole number from 0 to 3,650."
    )
    page.get_by_label("Days a payment is held").fill("")
    submit(page)
    assert at_fault(page) == "Days a payment is held: a whole number from 0 to 3,650."
    page.get_by_label("Days a payment is held").fill("3")
    page.get_by_label("In force from").fill("0001-01-01")
    submit(page)
    assert at_fault(page) == "In force from: a day of the years from 1970 to 9999."
    page.get_by_label("In force from").fill("")
    page.get_by_label("Where the contract text is").fill("javascript:alert(1)")
    submit(page)
    assert at_fault(page).startswith("Where the contract text is: an address that begins with https://")
    page.get_by_label("Where the contract text is").fill("")
    page.locator('[name="arbiter"]').fill("nobody")
    submit(page)
    expect(page.locator("#field-error")).to_contain_text("Arbiter: this is neither an account")
    page.locator('[name="arbiter"]').fill("Bluebird \u202eLtd")  # what is shown of it is not its name
    submit(page)
    expect(page.locator("#field-error")).to_contain_text("Arbiter: this is neither an account")
    page.locator('[name="arbiter"]').fill(business.second.account)
    page.get_by_label("Revenue is paid in").select_option("")
    submit(page)
    expect(page.locator("#field-error")).to_contain_text("Address of the token")
    page.get_by_label("Address of the token").fill(business.first.account)
    submit(page)
    expect(page.locator("#field-error")).to_contain_text("is not a token on this chain")
    expect(page.get_by_label("Address of the token")).to_be_focused()
    assert len(console.complaints) == 3 and all("422" in each for each in console.complaints)
    console.complaints.clear()


def test_back_brings_what_was_typed(page: Page, business: Business) -> None:
    page.goto("/drafts/new")
    page.get_by_role("button", name="Add another").click()
    fill_parties(page, business.vendor.account, business.first.account, business.second.account)
    page.get_by_role("button", name="Add a band").click()
    page.get_by_label("up to a total of").fill("5000")
    page.get_by_label("Last day").fill("2031-05-31")
    page.get_by_label("Days of notice").fill("30")
    page.get_by_label(re.compile("a refund after the hold")).check()
    submit(page)
    expect(page.get_by_role("heading", name="0 of 3 parties have signed")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Account").nth(2)).to_have_value(business.second.account)
    expect(page.get_by_label("up to a total of")).to_have_value("5000")
    expect(page.get_by_label("Last day")).to_have_value("2031-05-31")
    expect(page.get_by_label("Days of notice")).to_have_value("30")
    expect(page.get_by_label(re.compile("a refund after the hold"))).to_be_checked()
    expect(page.get_by_text("The shares add up to exactly 100 %.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Account")).to_have_count(3)
    page.goto("/")
    page.get_by_role("link", name="New agreement").click()
    expect(page.get_by_label("Account")).to_have_count(2)
    expect(page.get_by_label("Account").nth(0)).to_have_value("")


def test_an_unchanged_amendment_changes_nothing(page: Page, world: World, business: Business) -> None:
    begins = 1_735_689_601  # a second after midnight
    agreement = world.agreement(
        [business.vendor, business.first],
        valid_from=begins,
        valid_until=begins + 4_000 * DAY,
        notice_seconds=DAY + 1,
        hold_seconds=3 * DAY,
        arbiter=business.second.account,
    )
    page.goto(f"/drafts/new?amends=0x{agreement.id.hex()}")
    says = page.get_by_role("region", name="What it changes")
    expect(page.get_by_label("In force from")).to_have_value("2025-01-01")
    submit(page)
    expect(says).to_contain_text("Nothing: the terms are the same.")
    page.go_back()
    submit(page)
    expect(says).to_contain_text("Nothing: the terms are the same.")


def test_without_a_script_the_composer_says_so(chromium: Browser, site: str, business: Business) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/drafts/new")
    expect(page.get_by_text("Drafting an agreement needs JavaScript.")).to_be_visible()
    expect(page.get_by_role("button", name="Make the signing link")).to_be_hidden()
    context.close()


def test_a_form_that_the_server_does_not_answer_keeps_all(
    new_page: Callable[[], Page], console: Console, business: Business, client: TestClient
) -> None:
    page = new_page()
    page.goto("/drafts/new")
    fill_parties(page, business.vendor.account, business.first.account)
    page.route("**/v1/agreements/drafts", lambda route: route.abort())
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    expect(page.get_by_label("Account").nth(0)).to_have_value(business.vendor.account)
    page.unroute("**/v1/agreements/drafts")
    page.route(
        "**/v1/agreements/drafts", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>")
    )
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    console.complaints.clear()
