"""``/docs``: light, of the portal's look, and every example on it answers."""

import gzip
from collections.abc import Callable

import pytest
from business import Business, mirror
from fastapi.testclient import TestClient
from ledger_world import World
from playwright.sync_api import Page, expect
from wallet_browser import Console

from ledger.store.database import Database

pytestmark = pytest.mark.browser

LIGHT_BYTES = 300_000
OF_PEOPLE = (
    *("/v1/sign-in", "/v1/session", "/v1/members", "/v1/keys", "/v1/relays", "/v1/actions/{name}/s"),
    "/v1/passkeys/{credential}",
)
"""What they do is done to whoever reads the page: signs out, for one."""


def send(page: Page, form: int) -> tuple[str, str]:
    """Sends a form of the page. Returns what it asked and the status that came."""
    found = page.locator("form[data-path]").nth(form)
    asked = f"{found.get_attribute('data-method')} {found.get_attribute('data-path')}"
    for field in found.locator("input[required]").all():
        if field.input_value() == "":
            field.fill(field.get_attribute("placeholder") or "")
    found.get_by_role("button", name="Send").click()
    status = found.get_by_role("status")
    expect(status).not_to_have_text("Asking …")
    return asked, status.inner_text()


def test_every_example_answers(
    page: Page, console: Console, world: World, business: Business, database: Database
) -> None:
    page.goto("/docs")
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    paths = page.locator("form[data-path]").evaluate_all("all => all.map(({ dataset }) => dataset.path)")
    answers = dict(send(page, form) for form, path in enumerate(paths) if not path.startswith(OF_PEOPLE))
    refused = {asked: status for asked, status in answers.items() if not status.endswith("OK")}
    # Nobody has signed a checkpoint here, nor the draft that an example made, nor anything with a passkey.
    assert set(refused) == {
        "GET /v1/checkpoint",
        "POST /v1/agreements/drafts/{id}/signatures",
        "POST /v1/agreements/drafts/{id}/activation",
        "POST /v1/passkeys/signature",
    }
    assert answers["POST /v1/agreements/drafts"] == "201 OK"
    assert answers["GET /v1/agreements/drafts/{id}"] == "200 OK"
    assert len(console.complaints) == len(refused)
    console.complaints.clear()


def test_it_is_there_before_anything_is_mirrored(client: TestClient) -> None:
    answer = client.get("/docs")
    assert answer.status_code == 200
    assert "/v1/partners/{address}/payouts" in answer.text
    assert len(gzip.compress(answer.content)) < LIGHT_BYTES
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_link_to_an_operation_and_the_command_for_it(
    new_page: Callable[[], Page], world: World, business: Business, database: Database
) -> None:
    mirror(database, world)
    page = new_page()
    page.goto("/docs")
    page.get_by_role("navigation", name="Operations").get_by_role(
        "link", name="/v1/partners", exact=False
    ).nth(3).click()
    operation = page.locator("article:target")
    expect(operation).to_contain_text("/v1/partners/{address}/balances")
    operation.get_by_text("Try it").click()
    operation.get_by_role("button", name="Send").click()
    expect(operation.locator('[data-part="content"]')).to_contain_text('"as_of_block"')
    expect(operation.locator('[data-part="command"]')).to_contain_text("curl 'http://127.0.0.1:")
