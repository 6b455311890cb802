"""A company with a fingerprint, and neither a wallet nor coin, joins and acts in the portal."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from authenticator import Passkey
from business import mirror
from eth_account import Account
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from fastapi.testclient import TestClient
from ledger_world import DAY, EPOCH_KEY, Agreement, Deal, Partner, World
from playwright.sync_api import Page, expect
from signing_room import open_room
from test_accessible import findings
from wallet_browser import Console, overflows

from ledger.chain import tags
from ledger.relay.habits import Habits
from ledger.relay.running import Relayer
from ledger.signing.passkeys import PublicKey
from ledger.store.database import Database
from ledger.terms.deals import State
from ledger.terms.ids import AgreementId

pytestmark = pytest.mark.browser

KEY = Account.from_key("0x" + "c8" * 32)
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

ASK = """([_, asked]) => import("/static/passkey.js").then(({ provider }) => provider.request(asked))
  .then(String, (error) => error.message)"""


@pytest.fixture
def relayer(database: Database, world: World) -> Iterator[None]:
    """Sends what is signed."""
    world.chain.set_balance(KEY.address, 10**20)
    running = Relayer(database, world.node, [KEY], Habits(3_600, 0, lambda node: node.newest().number))
    running.start()
    yield
    running.stop()


class Device:
    """A browser with an authenticator in it, at an address that has a name."""

    def __init__(self, new_page: Callable[..., Page], site: str) -> None:
        self.page = new_page(stranger=True)
        self.origin = site.replace("127.0.0.1", "localhost")
        self._cdp = self.page.context.new_cdp_session(self.page)
        self._cdp.send("WebAuthn.enable")
        self._id = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def verifies(self, does: bool) -> None:
        """Whether whoever holds it is who they were."""
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": does})

    def goto(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def join(self, folder: Path) -> ChecksumAddress:
        """Joins with a fingerprint. Returns the account's address."""
        self.goto("/")
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        dialog = self.page.get_by_role("dialog", name="Sign in")
        dialog.get_by_role("button", name="Join with a fingerprint").click()
        with self.page.expect_download() as saved:
            dialog.get_by_role("button", name="Save the recovery file").click()
        kept = folder / saved.value.suggested_filename
        saved.value.save_as(kept)
        self.recovery = json.loads(kept.read_text())
        dialog.get_by_role("button", name="Sign in with the passkey").click()
        expect(self.page.locator("summary", has_text=self.recovery["account"][:6])).to_be_visible()
        return to_checksum_address(self.recovery["account"])

    def act(self, action: str, **fields: str) -> None:
        """Does it on its page, and sees it done."""
        self.goto(f"/act/{action}?{urlencode(fields)}")
        self.page.get_by_role("button", name="Sign with a passkey").click()
        self.page.wait_for_url("**/sent/*")
        expect(self.page.get_by_text("It is done.")).to_be_visible()


@pytest.fixture
def device(new_page: Callable[..., Page], site: str, console: Console) -> Iterator[Device]:
    yield Device(new_page, site)
    # pages that want somebody signed in, and Chromium's wish for keys that no account can have
    console.complaints[:] = [
        each for each in console.complaints if "401" not in each and "ES256 and RS256" not in each
    ]


def test_a_company_joins_with_a_fingerprint_and_registers(
    device: Device,
    world: World,
    database: Database,
    relayer: None,
    tmp_path: Path,
) -> None:
    mirror(database, world)
    page = device.page
    device.goto("/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    dialog = page.get_by_role("dialog", name="Sign in")
    device.verifies(False)
    dialog.get_by_role("button", name="Join with a fingerprint").click()
    expect(dialog.get_by_role("status")).to_contain_text("You declined")
    device.verifies(True)
    for size in ({"width": 390, "height": 844}, {"width": 1280, "height": 800}):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is what it takes
        assert findings(page) == [] and not overflows(page)
    account = device.join(tmp_path)
    recovery = device.recovery["keys"]["recovery"]
    public = PublicKey(*(bytes.fromhex(recovery[part][2:]) for part in ("x", "y")))
    assert Passkey(int(device.recovery["secret"], 16)).public == public, "the file has the key itself"
    assert not world.node.has_code(account)
    device.act("register", name="Fingerprint GmbH")
    assert world.node.has_code(account)
    assert world.partners.functions.isRegistered(account).call()
    assert world.node.number("eth_getBalance", [account, "latest"]) == 0

    page.locator("summary", has_text=account[:6]).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.evaluate("localStorage.clear()")  # another browser that has the passkey
    page.get_by_role("button", name="Sign in", exact=True).click()
    dialog.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("summary", has_text=account[:6])).to_be_visible()
    refused = page.evaluate(ASK, [account, {"method": "eth_sendTransaction"}])
    assert "has no coin" in refused
    other = page.evaluate(
        ASK, ["0x" + "11" * 20, {"method": "personal_sign", "params": ["0x61", "0x" + "11" * 20]}]
    )
    assert f"of the account {account}" in other


@pytest.mark.long
def test_without_wallet_and_coin_a_company_registers_signs_brings_a_deal_and_withdraws(
    device: Device, client: TestClient, world: World, database: Database, relayer: None, tmp_path: Path
) -> None:
    vendor = world.partner("Nordwind GmbH", level=1)
    programme = world.programme(vendor)
    mirror(database, world)
    account = device.join(tmp_path)
    company = Partner("Fingerprint GmbH", KEY, world.relayer, account)
    terms = world.terms([vendor, company], {vendor: 0.8, company: 0.2}, programme=programme)
    room = open_room(client, terms)
    assert room.sign(vendor).status_code == 201
    page = device.page
    device.goto(f"/drafts/{room.draft['id']}")
    page.get_by_role("button", name="Connect a passkey").click()
    page.get_by_role("button", name="Sign the agreement").click()
    room.wait(lambda draft: draft["state"] == "active")
    assert world.node.has_code(account), "what it signed before it was there put it there"
    device.act("register", name="Fingerprint GmbH")
    agreement = Agreement(AgreementId(bytes.fromhex(room.draft["agreement"][2:])), terms)
    mirror(database, world)

    tag, salt = tags.tag(EPOCH_KEY, "domain", "umbrella.example"), b"\x07" * 32
    place = (world.node.chain_id, world.deals.address, account, agreement.id, tag, salt)
    commitment = tags.commitment(*place)
    deal = Deal(tags.deal_id(account, commitment), agreement, company, tag, salt)
    device.act("commit_deal", commitment="0x" + commitment.hex())
    opened = {"agreement": agreement.id, "tag": tag, "salt": salt}
    device.act("reveal_deal", epoch="1", **{name: "0x" + value.hex() for name, value in opened.items()})
    world.chain.increase_time(DAY + 1)
    world.decide(vendor, deal, State.APPROVED)
    world.decide(vendor, deal, State.WON, value=1_000_000_000)
    world.pay(vendor, agreement, 1_000_000_000, deal=deal)
    mirror(database, world)

    bank = world.stranger("Its bank").account
    device.goto("/yours")
    link = page.get_by_role("link", name="Withdraw 200.00 tUSD").get_attribute("href")
    device.goto(f"{link}&recipient={bank}")
    page.get_by_role("button", name="Sign with a passkey").click()
    page.wait_for_url("**/sent/*")
    expect(page.get_by_text("It is done.")).to_be_visible()
    assert world.token.functions.balanceOf(bank).call() == 200_000_000
    assert world.node.number("eth_getBalance", [account, "latest"]) == 0
