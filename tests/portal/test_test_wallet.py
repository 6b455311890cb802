"""The local chain's accounts as a wallet in the page; and that it is nowhere else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from business import Business
from fastapi.testclient import TestClient
from ledger_world import World
from playwright.sync_api import Page, ViewportSize, expect
from signing_room import open_room
from wallet_browser import least_contrast, overflows

from api.app import create_app
from ledger.chain import anvil
from ledger.chain.deployment import save
from ledger.settings import Settings
from ledger.store.database import Database

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
KEEPS_NOTHING = """for (const name of ["localStorage", "sessionStorage"]) {
  const get = () => { throw new DOMException("Access is denied.", "SecurityError"); };
  Object.defineProperty(window, name, { get });
}"""
"""As browsers do whose cookies are blocked."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"test_wallet": True})


def ask(client: TestClient, method: str, *params: Any) -> Any:
    answer = client.post("/test-wallet/requests", json={"method": method, "params": params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_it_is_nowhere_but_on_a_local_chain_where_it_was_turned_on(
    settings: Settings, database: Database, business: Business, world: World, tmp_path: Path
) -> None:
    asked = {"method": "eth_chainId", "params": []}
    with anvil.start(options=["--chain-id", "1"]) as real:
        elsewhere = settings.model_copy(update={"rpc_url": real.rpc_url})
        off = settings.model_copy(update={"test_wallet": False})
        for chosen in (elsewhere, off, off.model_copy(update={"deployment": None})):
            with TestClient(create_app(chosen, database)) as client:
                assert client.get("/test-wallet").status_code == 404
                assert client.get("/test-wallet/accounts").status_code == 404
                assert client.post("/test-wallet/requests", json=asked).status_code == 404
        on_paper = tmp_path / "real.json"
        save(world.deployment.__class__(**{**vars(world.deployment), "chain_id": 1}), on_paper)
        with TestClient(create_app(settings.model_copy(update={"deployment": on_paper}), database)) as client:
            assert "test-wallet" not in client.get("/drafts/new").text
    with TestClient(create_app(off, database)) as client:
        assert "test-wallet" not in client.get("/").text
        assert "test_wallet.js" not in client.get("/").text


def test_it_does_what_wallets_do_and_nothing_else(
    client: TestClient, business: Business, world: World
) -> None:
    own = business.vendor.account
    assert ask(client, "eth_chainId") == {"result": "0x7a69"}
    assert ask(client, "personal_sign", "0x68690a", own)["result"].startswith("0x")
    before = world.node.number("eth_getBalance", [business.first.account, "latest"])
    sent = {"from": own, "to": business.first.account, "value": "0x5"}
    assert ask(client, "eth_sendTransaction", sent)["result"].startswith("0x")
    assert world.node.number("eth_getBalance", [business.first.account, "latest"]) == before + 5
    typed = {"domain": {"chainId": 1}, "types": {}, "primaryType": "X", "message": {}}
    for method, *params in (
        ("anvil_setBalance", own, "0x1"),
        ("evm_revert", "0x0"),
        ("eth_sendRawTransaction", "0x00"),
        ("eth_sign", own, "0x00"),
        ("personal_sign", "hello", "0x" + "11" * 20),
        ("personal_sign", "0xzz", own),
        ("personal_sign", own),
        ("personal_sign", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), 7),
        ("eth_signTypedData_v4", own, json.dumps(typed)),
        ("eth_signTypedData_v4", own, "[]"),
        ("eth_signTypedData_v4", own, {}),
        ("eth_sendTransaction", {"from": own}),
        ("eth_sendTransaction", {"from": own, "to": "0x12"}),
        ("eth_sendTransaction", {"from": own, "to": own, "value": "many"}),
        ("eth_sendTransaction", {"from": own, "to": own, "data": "0xzz"}),
        ("eth_sendTransaction", []),
    ):
        assert ask(client, method, *params)["error"]["code"] == 4200, (method, params)
    refused = ask(client, "eth_sendTransaction", sent | {"to": world.ledger.address, "data": "0x12345678"})
    assert refused["error"]["message"]


def test_two_parties_sign_without_installing_anything(
    new_page: Callable[[], Page], client: TestClient, business: Business, world: World
) -> None:
    room = open_room(client, world.terms([business.vendor, business.first]))
    page = new_page()
    page.goto("/")
    page.get_by_role("link", name="Test wallet").click()
    card = page.get_by_role("listitem").filter(has_text="Nordwind GmbH")
    expect(card).to_contain_text("ETH")
    card.get_by_role("button", name="Use this wallet").click()
    expect(page.get_by_text("This browser now acts as Nordwind GmbH.")).to_be_visible()
    expect(card.get_by_text("In use in this browser")).to_be_visible()

    page.goto(room.draft["page"])
    page.get_by_role("button", name="Connect Test wallet").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="Nordwind GmbH")).to_be_checked()
    dialog.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("status").last).to_contain_text("You declined to connect.")
    page.get_by_role("button", name="Connect Test wallet").click()
    dialog.get_by_role("button", name="Connect").click()
    page.get_by_role("button", name="Sign the agreement").click()
    expect(dialog).to_contain_text("As Nordwind GmbH.")
    expect(dialog).to_contain_text("Accept the terms of the agreement")
    expect(dialog).to_contain_text(business.first.account)
    page.keyboard.press("Escape")
    expect(page.get_by_role("status").last).to_contain_text("You declined in your wallet. Nothing was signed")
    page.get_by_role("button", name="Sign the agreement").click()
    dialog.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("Your signature is in.")).to_be_visible()

    phone = new_page()
    phone.add_init_script(KEEPS_NOTHING)
    phone.set_viewport_size(PHONE)
    phone.goto(room.draft["page"])
    phone.get_by_role("button", name="Connect Test wallet").click()
    phone.get_by_role("radio", name="Agentur Süd").check()
    phone.get_by_role("button", name="Connect", exact=True).click()
    phone.get_by_role("button", name="Sign the agreement").click()
    expect(phone.get_by_role("dialog")).to_be_visible()
    assert not overflows(phone)
    assert least_contrast(phone) >= 4.5
    phone.get_by_role("button", name="Sign", exact=True).click()
    for each in (phone, page):
        expect(each.get_by_text("Every party has accepted it")).to_be_visible(timeout=60_000)
        expect(each.get_by_text("Agreement in force", exact=True)).to_be_visible()
    phone.goto("/test-wallet")
    assert not overflows(phone)
