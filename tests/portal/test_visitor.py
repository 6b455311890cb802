"""Signing in from any page, by keyboard alone; and that a draft's page is its parties' alone."""

from collections.abc import Callable

import pytest
from business import Business
from fastapi.testclient import TestClient
from ledger_world import World
from playwright.sync_api import Page, expect
from signed_in import DESK
from signing_room import open_room
from test_accessible import findings
from wallet_browser import Console, Wallet, overflows

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def test_parties_alone_read_a_draft_and_sign_in_by_keyboard(
    new_page: Callable[..., Page], client: TestClient, console: Console, business: Business, world: World
) -> None:
    room = open_room(client, world.terms([business.vendor, business.first]))
    page = new_page(stranger=True)
    wallet = Wallet(world.node, [business.vendor.account], declines={"personal_sign"})
    wallet.inject(page)
    answer = page.goto(room.draft["page"])
    assert answer is not None and answer.status == 401
    assert business.first.account not in page.content()
    expect(page.get_by_role("heading", name="Sign in first")).to_be_visible()
    page.get_by_role("button", name="Sign in with a wallet").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Sign in")
    choice = dialog.get_by_role("button", name="Sign in with Test Wallet")
    expect(choice).to_be_visible()
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is what it takes
        assert findings(page) == []
        assert not overflows(page)
    choice.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("You declined in your wallet")
    wallet.declines.clear()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Connect Test Wallet")).to_be_visible()
    text = bytes.fromhex(
        next(given[0] for asked, given in wallet.asked if asked == "personal_sign")[2:]
    ).decode()
    assert "moves no money" in text and "Nonce: " in text

    menu = page.locator("summary", has_text="Nordwind GmbH")
    expect(menu).to_contain_text("owner")
    menu.focus()
    page.keyboard.press("Enter")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # the same
        assert findings(page) == []
        assert not overflows(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).not_to_be_visible()
    page.goto("/partners")
    expect(menu).to_be_visible()
    menu.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto(room.draft["page"])
    expect(page.get_by_role("heading", name="Sign in first")).to_be_visible()

    wallet.accounts = [business.second.account]
    page.get_by_role("button", name="Sign in with a wallet").click()
    page.get_by_role("button", name="Sign in with Test Wallet").click()
    expect(page.get_by_role("heading", name="This draft is its parties' alone")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with another wallet")).to_be_visible()
    assert business.first.account not in page.content()
    assert all("401" in each or "403" in each for each in console.complaints), console.complaints
    console.complaints.clear()


def test_a_member_chooses_whom_to_act_for(
    new_page: Callable[..., Page], client: TestClient, business: Business
) -> None:
    """The desk, whom the vendor lets in, is in its browser already."""
    page = new_page()
    page.goto("/")
    menu = page.locator("summary", has_text=DESK.address[:6])
    expect(menu).to_be_visible()
    from signed_in import sign_in

    assert sign_in(client, business.vendor.key).status_code == 201
    let_in = client.put(f"/v1/members/{DESK.address}", json={"role": "deals", "name": "The desk"})
    assert let_in.status_code == 200, let_in.text
    page.reload()
    menu.click()
    page.get_by_role("button", name="Act for Nordwind GmbH, as deals").click()
    expect(page.locator("summary", has_text="Nordwind GmbH")).to_contain_text("deals")
    assert client.delete(f"/v1/members/{DESK.address}").status_code == 200
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_what_was_composed_stays_while_one_signs_in(
    new_page: Callable[..., Page], console: Console, business: Business, world: World
) -> None:
    page = new_page(stranger=True)
    Wallet(world.node, [business.vendor.account]).inject(page, announced=False)
    page.goto("/drafts/new")
    accounts = page.get_by_label("Account")
    accounts.nth(0).fill(business.vendor.account)
    accounts.nth(1).fill(business.first.account)
    page.get_by_role("button", name="Split equally").click()
    page.get_by_role("button", name="Make the signing link").click()
    page.get_by_role("button", name="Sign in with Browser wallet").click()
    expect(page.locator("summary", has_text="Nordwind GmbH")).to_be_visible()
    expect(page.get_by_label("Account").nth(1)).to_have_value(business.first.account)
    page.get_by_role("button", name="Make the signing link").click()
    expect(page.get_by_text("Read what it says, then sign it with your wallet.")).to_be_visible()
    assert all("401" in each for each in console.complaints), console.complaints
    console.complaints.clear()
