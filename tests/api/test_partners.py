"""Who a partner is, and in what part the ledger names it."""

from collections.abc import Callable

from answers import get, listed
from ledger_world import World
from starlette.testclient import TestClient

Index = Callable[[], None]


def test_a_partner_with_its_programmes_and_everything_it_is_involved_in(
    world: World, index: Index, client: TestClient
) -> None:
    vendor, agency = world.partner("Vendor", level=3), world.partner("Agency")
    programme = world.programme(vendor, "Referral 2026")
    agreement = world.agreement([vendor, agency], programme=programme)
    world.registered_deal(agreement, agency, "acme.example")
    world.pay(vendor, agreement, 1)
    index()
    body = get(client, f"/v1/partners/{vendor.account}")
    assert (body["partner"]["name"], body["partner"]["verified"]) == ("Vendor", True)
    assert (body["partner"]["attestation"]["level"], body["partner"]["entry"]["seq"]) == (3, 1)
    assert [(each["programme"], each["name"]) for each in body["programmes"]] == [
        ("0x" + programme.hex(), "Referral 2026")
    ]
    assert body["involvement"] == {
        "agreements_as_party": 1,
        "agreements_as_payee": 1,
        "deals_brought": 0,
        "commitments_lapsed": 0,
        "deals_to_decide": 1,
        "payments_made": 1,
    }
    body = get(client, f"/v1/partners/{agency.account}")
    assert (body["partner"]["verified"], body["partner"]["attestation"]) == (False, None)
    assert body["involvement"]["deals_brought"] == 1


def test_a_payee_who_never_registered_is_known_without_a_name_and_not_listed(
    world: World, index: Index, client: TestClient
) -> None:
    vendor, outsider = world.partner("Vendor"), world.stranger()
    world.pay(vendor, world.agreement([vendor], {vendor: 1, outsider: 1}), 10)
    index()
    partner = get(client, f"/v1/partners/{outsider.account}")["partner"]
    assert (partner["name"], partner["registered_at"], partner["entry"]) == (None, None, None)
    (line,) = listed(client, f"/v1/partners/{outsider.account}/balances", "balances")
    assert line["claimable"]["units"] == "5"
    assert [row["account"] for row in listed(client, "/v1/partners", "partners")] == [vendor.account]
