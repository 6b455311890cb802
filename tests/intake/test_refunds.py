"""Refunds of a billing report: taken back while held, once, and told with the reason when they cannot be."""

from pathlib import Path

import pytest
from chain_files import DAY, Desk, charges

from ledger.chain import anvil
from ledger.chain.anvil import Anvil
from ledger.chain.authorization import random_nonce, sign
from ledger.chain.deployment import Deployment
from ledger.chain.sender import Sender
from ledger.chain.typed_data import accept_wallet
from ledger.intake.problems import IntakeRejected

RESALE = "    shares: {vendor: 70%, north: 30%}\n"


def desk_with(tmp_path: Path, chain: Anvil, deployment: Deployment, extra: str) -> Desk:
    desk = Desk(tmp_path, chain.node, deployment)
    desk.partners_path.write_text(desk.partners_path.read_text().replace(RESALE, RESALE + extra))
    desk.onboard()
    desk.fund(1000)
    return desk


@pytest.fixture
def desk(tmp_path: Path, chain: Anvil, deployment: Deployment) -> Desk:
    """Payments under its first agreement are held for three days."""
    return desk_with(tmp_path, chain, deployment, "    hold_days: 3\n")


def refund(number: int, amount: str, *, of: int = 0) -> dict[str, str]:
    return {
        "id": f"txn_r{number}",
        "Type": "refund",
        "Source": f"ch_{of}",
        "Amount": f"-{amount}",
        "Fee": "0",
        "Net": f"-{amount}",
        "agreement (metadata)": "",
    }


def refunds_on_chain(desk: Desk) -> list[int]:
    event = desk.node.contract(desk.deployment, "RevenueLedger").events.Refunded
    return [log["args"]["amount"] for log in event.get_logs(from_block=desk.deployment.block)]


def test_a_charges_refunds_are_taken_back_once_whatever_is_run_again(desk: Desk) -> None:
    desk.write_charges(*charges(3), refund(1, "0.25"))
    finished = desk.pledger("--billing", str(desk.billing))
    assert finished.returncode == 0, finished.stderr
    assert "once their payments are made: 1" in finished.stdout
    assert "Sent: 1 refunds of payments that were just made." in finished.stdout
    assert refunds_on_chain(desk) == [250_000]
    assert desk.run().rows == {}
    desk.write_charges(*charges(3), refund(1, "0.25"), refund(2, "0.50"), refund(3, "1.01", of=1))
    assert desk.run().rows == {"refunds": 3}
    assert refunds_on_chain(desk) == [250_000, 500_000, 1_010_000]
    assert desk.run().rows == {}
    assert len(desk.plan().refunds.done) == 3


def test_a_refund_after_the_hold_is_not_sent_and_says_why(desk: Desk, chain: Anvil) -> None:
    desk.write_charges(*charges(2))
    desk.run()
    chain.increase_time(5 * DAY)
    chain.mine()
    desk.write_charges(*charges(2), refund(1, "0.25"), refund(2, "1", of=77))
    finished = desk.pledger("--billing", str(desk.billing))
    assert finished.returncode == 0, finished.stderr
    assert "its hold ended on" in finished.stdout
    assert "its terms allow no clawback" in finished.stdout
    assert "its charge is not in this report" in finished.stdout
    assert refunds_on_chain(desk) == []


def test_where_a_clawback_is_allowed_the_command_for_it_is_told(
    tmp_path: Path, chain: Anvil, deployment: Deployment
) -> None:
    desk = desk_with(tmp_path, chain, deployment, "    clawback: yes\n")
    desk.write_charges(*charges(1))
    desk.run()
    desk.write_charges(*charges(1), refund(1, "0.25"))
    finished = desk.pledger("--billing", str(desk.billing))
    assert "its agreement has no hold; it takes a clawback" in finished.stdout
    assert f"--payer {desk.account('vendor')}" in finished.stdout
    (refused,) = desk.plan().refunds.refused
    assert (refused.amount, refused.paid is not None) == (250_000, True)


def test_more_refunded_than_was_paid_is_a_problem(desk: Desk) -> None:
    desk.write_charges(*charges(1), refund(1, "0.75"), refund(2, "0.50"))
    with pytest.raises(IntakeRejected) as rejected:
        desk.plan()
    (problem,) = rejected.value.problems
    assert (problem.line, problem.column) == (4, "Amount")
    assert "1.25 in all is refunded of 'txn_0', which was 1.00" in problem.reason


def test_what_an_earlier_wallet_paid_is_recognised_and_taken_back_by_the_new_one(desk: Desk) -> None:
    desk.write_charges(*charges(2))
    desk.run()
    old, new = anvil.wallet(1), anvil.wallet(5)
    deadline = desk.node.timestamp() + DAY
    consent = accept_wallet(
        desk.deployment, old.address, new.address, nonce=random_nonce(), deadline=deadline
    )
    registry = desk.node.contract(desk.deployment, "PartnerRegistry").functions
    call = registry.rotate(old.address, new.address, sign(consent, new).to_abi())
    Sender(desk.node, old).send(call)
    key = f'    private_key: "0x{bytes(old.key).hex()}"'
    desk.keys_path.write_text(
        desk.keys_path.read_text().replace(key, key.replace(bytes(old.key).hex(), bytes(new.key).hex()))
    )
    desk.write_charges(*charges(2), refund(1, "0.25"))
    plan = desk.plan()
    assert (len(plan.payments.paid), plan.payments.batches) == (2, [])
    assert desk.run().rows == {"refunds": 1}
    assert refunds_on_chain(desk) == [250_000]


def test_a_report_goes_on_under_the_amendment(tmp_path: Path, chain: Anvil, deployment: Deployment) -> None:
    """Rows name the line by its first version; what was paid before stays where it is."""
    desk = desk_with(tmp_path, chain, deployment, "")
    desk.write_deals({"Opportunity ID": "deal1"})
    desk.write_charges(
        *charges(1),
        {
            "id": "txn_deal",
            "Source": "ch_d",
            "opportunity_id (metadata)": "deal1",
            "agreement (metadata)": "",
        },
    )
    desk.run()
    text = desk.partners_path.read_text()
    amended = "  resale-2: {parties: [vendor, north], shares: {vendor: 60%, north: 40%}, currencies: [usd],\n"
    amended += "    valid_from: 2025-01-01, amends: resale}\nopportunities:\n"
    desk.partners_path.write_text(text.replace("opportunities:\n", amended, 1))
    finished = desk.pledger("--sign")
    assert "signed resale-2 by 2 parties; it amends resale" in finished.stdout, finished.stderr
    chain.increase_time(DAY + 60)
    desk.write_charges(
        *charges(2),
        {
            "id": "txn_deal",
            "Source": "ch_d",
            "opportunity_id (metadata)": "deal1",
            "agreement (metadata)": "",
        },
    )
    assert desk.run().rows == {"deals": 2, "payments": 2}
    event = desk.node.contract(deployment, "RevenueLedger").events.PaymentReceived
    paid = [log["args"]["agreement"] for log in event.get_logs(from_block=deployment.block)]
    state = desk.plan().state
    first, second = state.agreements["resale"].id, state.agreements["resale-2"].id
    assert paid == [first, second, second]
    assert state.current("resale") == "resale-2"
    assert desk.plan().deals.actions == []
