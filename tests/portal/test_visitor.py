"""Signing in from any page, by keyboard alone; and that a draft's page is its parties' alone."""

import re
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


def test_an_owner_lets_a_member_in_who_chooses_whom_to_act_for_and_makes_a_key(
    new_page: Callable[..., Page], client: TestClient, business: Business, world: World, console: Console
) -> None:
    """The desk, whom the vendor lets in, is in its browser already."""
    page, owner = new_page(), new_page(stranger=True)
    page.goto("/")
    menu = page.locator("summary", has_text=DESK.address[:6])
    expect(menu).to_be_visible()
    Wallet(world.node, [business.vendor.account]).inject(owner)
    owner.goto("/settings/members")
    owner.get_by_role("button", name="Sign in with a wallet").click()
    owner.get_by_role("button", name="Sign in with Test Wallet").click()
    owner.get_by_label("Wallet that they sign in with").fill("0x12")
    owner.get_by_role("button", name="Let in", exact=True).click()
    expect(owner.get_by_role("status").last).to_contain_text("40 hexadecimal digits")
    owner.get_by_label("Wallet that they sign in with").fill(DESK.address)
    owner.get_by_label("What you call them").fill("The desk")
    owner.get_by_role("combobox", name="Role", exact=True).select_option("read")
    owner.get_by_role("button", name="Let in", exact=True).click()
    expect(owner.locator("bdi", has_text="The desk")).to_be_visible()
    owner.get_by_label("Role of The desk").select_option("deals")
    owner.get_by_role("button", name="Change the role").click()
    expect(owner.locator(".tag", has_text="deals")).to_be_visible()
    for size in (PHONE, DESKTOP):
        owner.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is what it takes
        assert findings(owner) == []
        assert not overflows(owner)
    page.reload()
    menu.click()
    page.get_by_role("button", name="Act for Nordwind GmbH, as deals").click()
    expect(page.locator("summary", has_text="Nordwind GmbH")).to_contain_text("deals")
    page.goto("/settings/members")
    expect(page.get_by_text("An owner lets members in")).to_be_visible()
    refused = page.goto("/settings/keys")
    assert refused is not None and refused.status == 403
    owner.get_by_role("button", name="Put out The desk").click()
    expect(owner.locator("bdi", has_text="The desk")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    owner.goto("/settings/keys")
    owner.get_by_label("What it is for").fill("CRM import")
    owner.get_by_role("button", name="Make the key").click()
    expect(owner.get_by_role("status").last).to_contain_text("scopes")
    owner.get_by_role("checkbox", name="deals:act").check()
    owner.get_by_role("button", name="Make the key").click()
    expect(owner.get_by_label("Key", exact=True)).to_have_value(
        re.compile(r"^pledger_[0-9a-f]{16}_[0-9a-f]{64}$")
    )
    key = owner.get_by_label("Key", exact=True).input_value()
    assert findings(owner) == [] and not overflows(owner)
    asked = client.get("/v1/session", headers={"Authorization": f"Bearer {key}", "Cookie": ""})
    assert asked.json()["rights"] == ["deals:act"]
    owner.get_by_role("link", name="Done").click()
    owner.get_by_role("button", name="Revoke CRM import").click()
    expect(owner.get_by_text("revoked")).to_be_visible()
    assert all(re.search(r"\b(401|403|422)\b", each) for each in console.complaints), console.complaints
    console.complaints.clear()


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
