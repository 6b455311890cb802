"""A person acts: reads in words what an act does, signs it with a wallet without coin, sees it done."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from business import Business, mirror
from eth_account import Account
from fastapi.testclient import TestClient
from ledger_world import DAY, World
from playwright.sync_api import Page, expect
from signed_in import sign_in
from test_accessible import findings
from wallet_browser import Console, Wallet, overflows

from api.portal.act_pages import OFFERED
from ledger.relay.habits import Habits
from ledger.relay.running import Relayer
from ledger.settings import Settings
from ledger.store.database import Database

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
KEY = Account.from_key("0x" + "c7" * 32)


@pytest.fixture
def relayer(database: Database, world: World) -> Iterator[None]:
    """Sends what is signed."""
    world.chain.set_balance(KEY.address, 10**20)
    running = Relayer(database, world.node, [KEY], Habits(3_600, 0, lambda node: node.newest().number))
    running.start()
    yield
    running.stop()


@pytest.fixture
def mirrored(database: Database, world: World) -> Callable[[], None]:
    return lambda: mirror(database, world)


def enter(page: Page, name: str) -> None:
    """Signs in with the wallet of the browser."""
    page.get_by_role("button", name="Sign in with a wallet").click()
    page.get_by_role("button", name="Sign in with Test Wallet").click()
    expect(page.locator("summary", has_text=name)).to_be_visible()


def is_fit(page: Page) -> None:
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is what it takes
        assert findings(page) == []
        assert not overflows(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # the same


def test_a_partner_withdraws_on_her_phone_without_coin(
    new_page: Callable[..., Page],
    console: Console,
    business: Business,
    world: World,
    relayer: None,
    mirrored: Callable[[], None],
) -> None:
    world.pay(business.vendor, business.agreement, 50_000_000)
    mirrored()
    world.chain.set_balance(business.first.account, 0)
    has = world.token.functions.balanceOf(business.first.account).call
    before = has()
    page = new_page(stranger=True)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict is what it takes
    wallet = Wallet(world.node, [business.vendor.account], declines=set(), knows={31337})
    wallet.inject(page)
    answer = page.goto("/yours")
    assert answer is not None and answer.status == 401
    wallet.accounts = [business.first.account]
    enter(page, "Agentur Süd")
    is_fit(page)
    page.get_by_role("link", name="Withdraw 10.00 tUSD").click()
    expect(page.locator('[data-part="sentence"]')).to_contain_text("Withdraw 10.00 tUSD owed to Agentur Süd")
    expect(page.get_by_text("ClaimTo")).to_be_visible()
    is_fit(page)

    message, button = (
        page.get_by_role("status").last,
        page.get_by_role("button", name="Sign with Test Wallet"),
    )
    wallet.accounts = []
    button.click()
    expect(message).to_contain_text("unlock it")
    wallet.accounts = [business.second.account]
    button.click()
    expect(message).to_contain_text("Choose that account in your wallet")
    wallet.accounts, wallet.chain_id = [business.first.account], 1
    button.click()
    expect(message).to_contain_text("on another network")
    page.get_by_role("button", name="Switch to").click()
    expect(message).to_contain_text("on this ledger’s network now")
    wallet.declines = {"eth_signTypedData_v4"}
    button.click()
    expect(message).to_contain_text("You declined in your wallet. Nothing was sent")
    wallet.declines = set()
    assert not [each for each, _ in wallet.asked if each == "eth_sendTransaction"]
    button.click()
    page.wait_for_url("**/sent/*")
    expect(page.get_by_text("It is done.")).to_be_visible()
    mirrored()
    expect(page.get_by_role("link", name="Claimed, entry")).to_be_visible()
    balance = page.get_by_role("region", name="What you can withdraw now")
    expect(balance).to_contain_text("Can be withdrawn0.00 tUSD")
    is_fit(page)
    assert has() - before == 10_000_000, "and she paid no gas"

    page.go_back()
    page.reload()
    expect(page.get_by_text("The ledger would refuse this now.")).to_be_visible()
    page.goto("/yours")
    expect(page.get_by_role("link", name="Withdraw 10.00 tUSD owed")).to_be_visible()
    page.get_by_role("link", name="All that was sent").click()
    expect(page.get_by_text("Done", exact=True)).to_have_count(1)
    assert all("401" in each for each in console.complaints), console.complaints
    console.complaints.clear()


def test_a_vendor_decides_and_a_payer_pays_by_permit_without_an_approval(
    new_page: Callable[..., Page],
    console: Console,
    business: Business,
    world: World,
    relayer: None,
    mirrored: Callable[[], None],
) -> None:
    deal = world.commit(business.agreement, business.first, "initech.example")
    world.reveal(deal)
    world.chain.increase_time(DAY)
    world.token.functions.mint(business.vendor.account, 10**9).transact({"from": world.relayer.address})
    business.vendor.sender.send(world.token.functions.approve(world.ledger.address, 0))
    world.chain.set_balance(business.vendor.account, 0)
    mirrored()
    page = new_page(stranger=True)
    wallet = Wallet(world.node, [business.vendor.account])
    wallet.inject(page)
    page.goto("/yours")
    enter(page, "Nordwind GmbH")
    page.get_by_role("link", name="Deal 0x").click()
    expect(page.get_by_role("link", name="Reject")).to_be_visible()
    page.get_by_role("link", name="Approve").click()
    expect(page.locator('[data-part="sentence"]')).to_contain_text("its partner has the customer")
    page.get_by_role("button", name="Sign with Test Wallet").click()
    page.wait_for_url("**/sent/*")
    expect(page.get_by_text("It is done.")).to_be_visible()
    mirrored()
    expect(page.get_by_role("link", name="Deal decided, entry")).to_be_visible()

    page.goto(f"/act/pay_invoice?{urlencode({'agreement': '0x' + business.agreement.id.hex()})}")
    expect(page.get_by_label("Account", exact=True)).to_have_value(business.vendor.account)
    page.get_by_label("Token", exact=True).fill("tusd")
    page.get_by_label("Amount", exact=True).fill("12.5")
    page.get_by_label("Invoice ref").fill("0x" + "1f" * 32)
    page.get_by_role("button", name="See what it would do").click()
    expect(page.locator('[data-part="sentence"]')).to_contain_text("Pay 12.50 tUSD under the agreement")
    expect(page.get_by_text("Before, it signs a permit")).to_be_visible()
    is_fit(page)
    page.get_by_role("button", name="Sign with Test Wallet").click()
    page.wait_for_url("**/sent/*")
    expect(page.get_by_text("It is done.")).to_be_visible()
    asked = [each for each, _ in wallet.asked]
    assert asked.count("eth_signTypedData_v4") == 3 and "eth_sendTransaction" not in asked
    assert world.token.functions.balanceOf(business.vendor.account).call() == 10**9 - 12_500_000
    assert all("401" in each for each in console.complaints), console.complaints
    console.complaints.clear()


def test_forms_and_words_need_no_script_and_roles_are_kept(
    client: TestClient, business: Business, world: World, settings: Settings
) -> None:
    """Every act has a page; a wrong value is said beside its field; another's act is not offered to sign."""
    listed = client.get("/act").text
    assert sign_in(client, business.vendor.key).status_code == 201
    for name in OFFERED:
        assert f'href="/act/{name}"' in listed
        assert client.get(f"/act/{name}").status_code == 200, name
    assert client.get("/act/attest").status_code == 404
    assert client.get("/act/claim?accout=1").status_code == 422
    deal, other = "0x" + business.contested.id.hex(), business.first.account
    shown = client.get("/act/win_deal", params={"deal": deal, "value": "1.2345678", "token": "EUR"}).text
    assert "not an address" in shown and 'aria-invalid="true"' in shown
    at = {"deal": deal, "token": world.token.address}
    assert (
        "has 7 decimals, the token has 6"
        in client.get("/act/win_deal", params=at | {"value": "1.2345678"}).text
    )
    shown = client.get("/act/win_deal", params=at | {"value": "1500"}).text
    assert "is won, for 1,500.00 tUSD" in shown and "1500000000" in shown and 'data-mode="signed"' in shown
    shown = client.get("/act/reject_deal", params={"deal": deal, "reason": "TOO_LATE", "vendor": other}).text
    assert "This is an act of another account" in shown and 'data-part="wallets"' not in shown
    let_in = client.put(f"/v1/members/{business.second.account}", json={"role": "read", "name": "Auditor"})
    assert let_in.status_code == 200
    assert sign_in(client, business.second.key, account=business.vendor.account).status_code == 201
    refused = client.get("/act/win_deal", headers={"Accept": "text/html"})
    assert refused.status_code == 403 and "Your role, read, does not allow" in refused.text
    assert "does not allow to have what is signed about deals sent" in client.get("/yours").text
