"""The signing page in a real browser, with a wallet whose keys are anvil's.

Each test also fails on any complaint of the browser: script errors, violations of the content policy.
"""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from ledger_world import Partner, World
from playwright.sync_api import Page, ViewportSize, expect
from signing_room import Room, open_room
from wallet_browser import Wallet, overflows

from ledger.chain import contract_wallet
from ledger.chain.anvil import wallet
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.terms.agreement import Payee, Terms
from ledger.terms.units import WHOLE

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
OTHER_WALLET = """window.addEventListener("eip6963:requestProvider", () => window.dispatchEvent(
  new CustomEvent("eip6963:announceProvider", { detail: { info: { uuid: "1", name: "Other" },
    provider: { request: async () => [] } } })))"""
REFUSALS = """async () => {
  const { declined, explain } = await import("/static/wallets.js");
  const shapes = [
    { code: 4001 }, { code: 5000 }, { code: "ACTION_REJECTED" },
    { code: -32603, message: "Internal", data: { originalError: { code: 4001 } } },
    new Error("MetaMask Tx Signature: User denied message signature."),
    { code: -32000, message: "Rejected by user" },
    { code: -32603, message: "Ledger: blind signing is off" },
    { code: -32002, message: "Already processing" }, { code: 4100 },
    { code: 4200, message: "no such method" },
    new TypeError("x is undefined"), "locked", undefined];
  return shapes.map((each) => (declined(each) ? "declined" : explain(each)));
}"""


@pytest.fixture
def pair(world: World) -> tuple[Partner, Partner]:
    return world.partner("Nordwind <b>GmbH</b>", level=1), world.partner("Agentur Süd", level=1)


@pytest.fixture
def room(client: TestClient, world: World, pair: tuple[Partner, Partner], database: Database) -> Room:
    mirror(database, world)
    return open_room(client, world.terms(pair, {pair[0]: 0.8, pair[1]: 0.2}))


def mirror(database: Database, world: World) -> None:
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()


def wallet_of(world: World, *partners: Partner) -> Wallet:
    return Wallet(world.node, [partner.account.lower() for partner in partners])


def connect(page: Page, room: Room, holder: Wallet, name: str = "Connect Test Wallet") -> None:
    holder.inject(page, announced=name != "Connect Browser wallet")
    page.goto(room.draft["page"])
    page.get_by_role("button", name=name).click()


def test_two_parties_sign_and_the_agreement_appears_in_the_ledger(
    new_page: Callable[[], Page],
    world: World,
    pair: tuple[Partner, Partner],
    room: Room,
    database: Database,
) -> None:
    vendor, agency = new_page(), new_page()
    connect(vendor, room, wallet_of(world, pair[0]))
    expect(vendor.get_by_role("heading", name="0 of 2 parties have signed")).to_be_visible()
    expect(vendor.get_by_text("gets 80 %")).to_be_visible()
    expect(vendor.get_by_role("radio", name="Nordwind <b>GmbH</b>")).to_be_checked()
    vendor.get_by_role("button", name="Sign the agreement").click()
    expect(vendor.get_by_text("Your signature is in.")).to_be_visible()
    expect(vendor.get_by_role("heading", name="1 of 2 parties have signed")).to_be_visible()

    connect(agency, room, wallet_of(world, pair[1]))
    agency.get_by_role("button", name="Sign the agreement").click()
    for page in (agency, vendor):
        expect(page.get_by_text("Every party has accepted it")).to_be_visible(timeout=60_000)
    transaction = room.wait(lambda draft: draft["state"] == "active")["activation"]["transaction_hash"]
    expect(agency.get_by_text(transaction)).to_be_visible()

    mirror(database, world)
    agency.reload()
    agency.get_by_role("link", name="See it in the ledger").click()
    expect(agency.get_by_role("heading", level=1)).to_have_text(
        "Agreement between Agentur Süd and Nordwind <b>GmbH</b>"
    )
    agency.goto("/")
    expect(agency.get_by_text("This is what the chain says.")).to_be_visible()
    expect(agency.get_by_role("link", name="Agentur Süd, Nordwind <b>GmbH</b>")).to_be_visible()


def test_a_person_signs_with_the_keyboard_alone(
    page: Page, world: World, pair: tuple[Partner, Partner], room: Room
) -> None:
    wallet_of(world, *pair).inject(page)
    page.goto(room.draft["page"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("button", name="Connect Test Wallet").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio")).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    chosen = page.locator('input[name="party"]:checked').input_value()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign the agreement")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your signature is in.")
    assert room.party(chosen)["state"] == "signed"


def test_declining_is_answered_calmly_and_can_be_undone(
    page: Page, world: World, pair: tuple[Partner, Partner], room: Room
) -> None:
    holder = wallet_of(world, pair[0])
    holder.declines = {"eth_requestAccounts", "eth_signTypedData_v4"}
    connect(page, room, holder)
    expect(page.get_by_role("status")).to_contain_text("You declined to connect. Nothing was shared.")
    holder.declines = {"eth_signTypedData_v4"}
    page.get_by_role("button", name="Connect Test Wallet").click()
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("status")).to_contain_text("You declined in your wallet. Nothing was signed")
    assert room.party(pair[0].account)["state"] == "waiting"
    holder.declines = set()
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("status")).to_contain_text("Your signature is in.")
    assert page.evaluate(REFUSALS) == [
        *["declined"] * 6,
        "Your wallet answered: Ledger: blind signing is off",
        "Your wallet is still waiting for an earlier answer: open it and look there.",
        "Your wallet does not let this page use that account: connect again, and choose it there.",
        "Your wallet cannot do this (it answered: no such method). Use another one, or sign somewhere else, "
        "below.",
        "This page or the wallet failed (x is undefined): reload, and try again.",
        "Your wallet answered: locked",
        "Your wallet answered: an error without words",
    ]


def test_a_wallet_that_is_no_partys_is_told_so(page: Page, world: World, room: Room) -> None:
    connect(page, room, wallet_of(world, world.stranger()))
    expect(page.get_by_text("This wallet belongs to none of the parties.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign the agreement")).to_be_hidden()


def test_a_wallet_on_another_network_is_offered_to_switch(
    page: Page, world: World, pair: tuple[Partner, Partner], room: Room
) -> None:
    holder = wallet_of(world, pair[0])
    holder.chain_id = 1
    connect(page, room, holder)
    expect(page.get_by_text("Your wallet is on another network.")).to_be_visible()
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("status")).to_contain_text("Switch it first")
    assert "eth_signTypedData_v4" not in [method for method, _ in holder.asked]
    page.get_by_role("button", name="Switch to chain 31337").click()
    expect(page.get_by_text("Your wallet is on another network.")).to_be_hidden()
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("status")).to_contain_text("Your signature is in.")


def test_a_wallet_that_only_sets_window_ethereum_is_found(
    page: Page, world: World, pair: tuple[Partner, Partner], room: Room
) -> None:
    connect(page, room, wallet_of(world, pair[1]), "Connect Browser wallet")
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("status")).to_contain_text("Your signature is in.")
    page.add_init_script(OTHER_WALLET)  # beside one that announces itself
    page.reload()
    expect(page.get_by_role("button", name="Connect")).to_have_text(
        ["Connect Other", "Connect the browser’s other wallet"]
    )


def test_without_a_wallet_the_page_says_what_to_do(page: Page, room: Room) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )  # as over http
    page.goto(room.draft["page"])
    expect(page.get_by_text("No wallet was found in this browser.")).to_be_visible()
    assert not overflows(page)
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
    page.get_by_text("Sign somewhere else", exact=True).click()
    page.get_by_label("Signature", exact=True).fill("0x123")
    page.get_by_role("button", name="Hand in the signature").click()
    expect(page.get_by_role("status")).to_contain_text("A signature is 0x and hexadecimal digits")


def test_a_contract_wallet_signs_somewhere_else(
    page: Page, client: TestClient, world: World, pair: tuple[Partner, Partner]
) -> None:
    company = contract_wallet.create(world.relayer, contract_wallet.install(world.relayer), wallet(7))
    terms = Terms(
        parties=tuple(sorted([company.address, pair[0].account], key=str.lower)),
        payees=(Payee(company.address, (WHOLE,)),),
        tokens=(world.token.address,),
    )
    room = open_room(client, terms)
    page.goto(room.draft["page"])
    page.get_by_text("Sign somewhere else", exact=True).click()
    page.get_by_label("The party").select_option(company.address)
    expect(page.get_by_label("Typed data")).to_have_value(re.compile(f'"account": "{company.address}"'))
    signed = company.sign(room.party(company.address)["typed_data"])
    page.get_by_label("Signature", exact=True).fill(f" 0x{signed.signature.hex()}\u200b\u00a0")
    page.get_by_role("button", name="Hand in the signature").click()
    expect(page.get_by_role("status")).to_contain_text("Your signature is in.")
    assert room.party(company.address)["state"] == "signed"


def test_nothing_runs_but_what_the_server_sent(page: Page, room: Room, client: TestClient) -> None:
    """A name that is markup is shown as text; the policy would stop it if it were not."""
    answer = client.get(room.draft["page"])
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "style=" not in answer.text
    assert "<b>" not in answer.text
    page.goto(room.draft["page"])
    assert page.evaluate("document.querySelectorAll('b, script:not([src]), style').length") == 0


def test_the_page_fits_a_phone(page: Page, world: World, pair: tuple[Partner, Partner], room: Room) -> None:
    page.set_viewport_size(PHONE)
    connect(page, room, wallet_of(world, *pair))
    expect(page.get_by_role("radio")).to_have_count(2)
    page.get_by_text("Fields that are not used").click()
    page.get_by_text("Sign somewhere else", exact=True).click()
    assert not overflows(page)
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("status")).to_contain_text("Your signature is in.")
    assert not overflows(page)
