"""The main path on Brownie's development network, with the scripts that a developer's console uses."""

import pytest
from brownie import reverts

from scripts import console, deploy


@pytest.fixture(scope="module")
def ledger() -> deploy.Ledger:
    return deploy.main()


def test_register_sign_pay_claim(ledger: deploy.Ledger, accounts) -> None:
    vendor, agency = accounts[1], accounts[2]
    console.register(ledger, vendor, "Vendor Inc")
    assert ledger.partners.isRegistered(vendor)

    programme = console.create_programme(ledger, vendor, 1, "Referral programme")
    terms = console.terms_between(ledger, {vendor: 80, agency: 20}, programme=programme)
    agreement = console.activate(ledger, terms)
    assert ledger.agreements.agreementId(terms.to_abi()) == "0x" + agreement.hex()
    assert ledger.agreements.isActive(agreement)

    console.pay(ledger, vendor, agreement, 1_000)
    paid = console.claim(ledger, agency, agreement, terms)
    assert paid.events["Claimed"]["amount"] == 200
    assert ledger.dollar.balanceOf(agency) == 200
    with reverts():
        console.claim(ledger, agency, agreement, terms)


def test_the_deployer_holds_the_roles(ledger: deploy.Ledger, accounts) -> None:
    deployer, stranger = accounts[0], accounts[9]
    ledger.revenue.pauseDeposits({"from": deployer})
    with reverts():
        ledger.revenue.resumeDeposits({"from": stranger})
    ledger.revenue.resumeDeposits({"from": deployer})
    assert not ledger.revenue.depositsPaused()
