"""A wallet that does not know the chain: it is offered the chain as the operator configured it."""

from typing import Any

import pytest
from business import Business
from fastapi.testclient import TestClient
from ledger_world import World
from playwright.sync_api import Page, expect
from signing_room import open_room
from wallet_browser import UNKNOWN_CHAIN, Wallet

from ledger.settings import Settings

pytestmark = pytest.mark.browser

_WRAPPED = {
    "code": -32603,
    "message": "Internal JSON-RPC error.",
    "data": {"originalError": UNKNOWN_CHAIN},
}


@pytest.fixture
def configured() -> dict[str, Any]:
    return {
        "chain_name": "Consortium “Nord”",
        "public_rpc_url": "https://rpc.example",
        "currency_name": "Gas",
        "currency_symbol": "GAS",
        "currency_decimals": 18,
        "explorer_url": "https://explorer.example/",
    }


@pytest.fixture
def settings(settings: Settings, configured: dict[str, Any]) -> Settings:
    return settings.model_copy(update=configured)


def on_a_strange_chain(page: Page, client: TestClient, world: World, **wallet: Any) -> Wallet:
    """A party's wallet is asked to come over from chain 1."""
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    room = open_room(client, world.terms([vendor, agency]))
    holder = Wallet(world.node, [vendor.account.lower()], chain_id=1, knows={1}, **wallet)
    holder.inject(page)
    page.goto(room.draft["page"])
    page.get_by_role("button", name="Connect Test Wallet").click()
    expect(page.get_by_text("Your wallet is on another network.")).to_be_visible()
    page.get_by_role("button", name="Switch to").click()
    return holder


@pytest.mark.parametrize("says", [UNKNOWN_CHAIN, _WRAPPED, {"code": -32000, "message": "no"}, None])
def test_the_chain_is_added_however_a_wallet_says_that_it_does_not_know_it(
    page: Page, client: TestClient, world: World, says: dict[str, Any] | None
) -> None:
    holder = on_a_strange_chain(page, client, world, says_unknown=says)
    expect(page.get_by_text("Your wallet is on another network.")).to_be_hidden()
    added = [params for method, params in holder.asked if method == "wallet_addEthereumChain"]
    assert added == [
        [
            {
                "chainId": "0x7a69",
                "chainName": "Consortium “Nord”",
                "rpcUrls": ["https://rpc.example"],
                "nativeCurrency": {"name": "Gas", "symbol": "GAS", "decimals": 18},
                "blockExplorerUrls": ["https://explorer.example/"],
            }
        ]
    ]
    page.get_by_role("button", name="Sign the agreement").click()
    expect(page.get_by_role("status")).to_contain_text("Your signature is in.")


def test_a_wallet_that_adds_nothing_by_itself_is_told_what_to_add(
    page: Page, client: TestClient, world: World
) -> None:
    on_a_strange_chain(page, client, world, adds=False)
    expect(page.get_by_role("status")).to_contain_text("Your wallet did not add the network by itself")
    page.get_by_text("The network, to add it by hand").click()
    expect(page.get_by_text("https://rpc.example", exact=True)).to_be_visible()


def test_a_person_who_declines_stays_where_they_are(page: Page, client: TestClient, world: World) -> None:
    holder = on_a_strange_chain(page, client, world, declines={"wallet_addEthereumChain"})
    expect(page.get_by_role("status")).to_contain_text("Your wallet stays on its network")
    assert holder.chain_id == 1


def test_transactions_lead_to_the_operators_explorer(client: TestClient, business: Business) -> None:
    entry = client.get("/v1/entries").json()["entries"][0]
    shown = client.get(f"/entries/{entry['contract']}/{entry['seq']}").text
    assert f'href="https://explorer.example/tx/{entry["transaction_hash"]}"' in shown


@pytest.mark.parametrize("configured", [{}])
def test_where_nothing_is_configured_the_page_says_whom_to_ask(
    page: Page, client: TestClient, world: World
) -> None:
    holder = on_a_strange_chain(page, client, world)
    expect(page.get_by_role("status")).to_contain_text("Ask them for a node’s address (RPC URL)")
    assert "wallet_addEthereumChain" not in [method for method, _ in holder.asked]
