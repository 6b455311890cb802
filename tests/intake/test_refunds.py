"""Refunds of a billing report: taken back while held, once, and told with the reason when they cannot be."""

from pathlib import Path

import pytest
from chain_files import DAY, Desk, charges
from forms import form_of

from ledger.chain import anvil
from ledger.chain.anvil import Anvil
from ledger.chain.authorization import random_nonce, sign
from ledger.chain.sender import Sender
from ledger.errors import LedgerError
from ledger.terms.deployment import Deployment

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


def refund(number: int, amount: str, *, of: int = 0, kind: str = "refund", **cells: str) -> dict[str, str]:
    signed = amount if kind in ("refund_failure", "dispute_reversal") else f"-{amount}"
    return {
        "id": f"txn_r{number}",
        "Type": kind,
        "Source": f"ch_{of}",
        "Amount": signed,
        "Fee": "0",
        "Net": signed,
        "agreement (metadata)": "",
        **cells,
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


def test_what_was_refunded_before_is_not_paid_in_where_it_could_not_be_taken_back(
    tmp_path: Path, chain: Anvil, deployment: Deployment
) -> None:
    """Paid in, it would be the partners' at once. What is undone of it later is paid in then."""
    desk = desk_with(tmp_path, chain, deployment, "")
    rows = [*charges(3), refund(1, "1.00"), refund(2, "0.40", of=1), refund(3, "0.10", of=1)]
    desk.write_charges(*rows)
    finished = desk.pledger("--billing", str(desk.billing))
    assert finished.returncode == 0, finished.stderr
    less = (
        "less what was refunded before it was paid in, as it could not be taken back: 1.50 usd of 2 charges"
    )
    assert less in finished.stdout
    assert "taken off what is paid in: 3" in finished.stdout
    assert [amount for _, amount in desk.payments()] == [510_000, 1_020_000]
    assert desk.run().rows == {}
    desk.write_charges(*charges(3), rows[3])  # of another period: what was refunded of the second is unknown
    (problem,) = desk.plan().left_out
    assert "'txn_1' was paid with 0.51, the row says 1.01; if a part was refunded before" in problem.reason
    failed = [refund(4, "1.00", kind="refund_failure"), refund(5, "0.40", of=1, kind="refund_failure")]
    desk.write_charges(*rows, *failed)
    assert desk.run().rows == {"payments": 2}
    assert [amount for _, amount in desk.payments()][2:] == [1_000_000, 400_000]
    assert desk.run().rows == {}
    assert refunds_on_chain(desk) == []


def test_a_refund_after_the_hold_is_not_sent_and_says_why(desk: Desk, chain: Anvil) -> None:
    desk.write_charges(*charges(2))
    desk.run()
    chain.increase_time(5 * DAY)
    chain.mine()
    unknown = refund(3, "1", of=1, kind="[/red]") | {"id": "[/b]"}
    desk.write_charges(*charges(2), refund(1, "0.25"), refund(2, "1", of=77), unknown)
    finished = desk.pledger("--billing", str(desk.billing))
    assert finished.returncode == 0, finished.stderr
    assert "its hold ended on" in finished.stdout
    assert "its terms allow no clawback" in finished.stdout
    assert "its charge 'ch_77' is not in this report" in finished.stdout
    assert "billing.csv:6: [/red] [/b], -1 usd: the type '[/red]' is not known" in finished.stdout
    assert "billing.csv:4: refund txn_r1 of txn_0, -0.25 usd: " in finished.stdout
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


def test_what_of_a_refund_is_still_held_is_taken_back_and_told(
    tmp_path: Path, chain: Anvil, deployment: Deployment
) -> None:
    """The charge's own payment is released by then; what was paid in again of it is held."""
    desk = desk_with(tmp_path, chain, deployment, "    clawback: yes\n    hold_days: 3\n")
    rows = [*charges(1), refund(1, "0.40")]
    desk.write_charges(*rows)
    desk.run()
    desk.run()
    chain.increase_time(5 * DAY)
    rows.append(refund(2, "0.40", kind="refund_failure"))
    desk.write_charges(*rows)
    assert desk.run().rows == {"payments": 1}
    desk.write_charges(*rows, refund(3, "1.00"))
    finished = desk.pledger("--billing", str(desk.billing))
    assert "  taken back: 0.40 usd\n" in finished.stdout
    assert "it takes a clawback" in finished.stdout
    assert refunds_on_chain(desk) == [400_000, 400_000]
    assert (desk.run().rows, desk.plan().refunds.refused[0].amount) == ({}, 600_000)


@pytest.mark.parametrize("amount", ["gross", "net"])
def test_no_more_is_taken_back_than_was_paid_in(desk: Desk, amount: str) -> None:
    """Fees are not returned with a refund, and a chargeback costs more of them."""
    desk.partners_path.write_text(
        desk.partners_path.read_text().replace("amount: gross", f"amount: {amount}")
    )
    charge = charges(1)[0] | {"Amount": "100.00", "Fee": "3.20", "Net": "96.80"}
    chargeback = refund(1, "100.00", kind="adjustment", Fee="15.00", Net="-115.00")
    desk.write_charges(charge, chargeback)
    finished = desk.pledger("--billing", str(desk.billing))
    assert finished.returncode == 0, finished.stderr
    asked, paid = ("115.00", "96.80") if amount == "net" else ("100.00", "100.00")
    capped = f"billing.csv:3: {asked} usd in all is refunded of txn_0, of which {paid} usd was paid in"
    assert (capped in finished.stdout) is (amount == "net")
    assert refunds_on_chain(desk) == [int(float(paid) * 10**6)]
    assert desk.run().rows == {}


@pytest.mark.parametrize(("takes", "undoes"), [("refund", "refund_failure"), ("dispute", "dispute_reversal")])
def test_what_was_taken_back_is_paid_in_again_when_that_failed_or_was_won(
    desk: Desk, takes: str, undoes: str
) -> None:
    taken = refund(1, "0.40", kind=takes)
    desk.write_charges(*charges(1), taken)
    desk.run()
    desk.run()
    assert refunds_on_chain(desk) == [400_000]
    undone = refund(2, "0.40", kind=undoes)
    desk.write_charges(*charges(1), taken, undone)
    finished = desk.pledger("--billing", str(desk.billing))
    assert finished.returncode == 0, finished.stderr
    assert "of refunds that failed and disputes that were won, paid in again: 0.40 usd" in finished.stdout
    assert [amount for _, amount in desk.payments()] == [1_000_000, 400_000]
    assert desk.run().rows == {}
    # The whole of it once more, of which a part is in the payment that was made again.
    desk.write_charges(*charges(1), taken, undone, refund(3, "1.00", kind=takes))
    assert desk.run().rows == {"refunds": 3}
    assert refunds_on_chain(desk) == [400_000, 600_000, 400_000]
    assert desk.run().rows == {}


def test_a_refund_that_failed_before_it_was_taken_back_changes_nothing(desk: Desk) -> None:
    rows = [refund(1, "0.40"), refund(2, "0.40", kind="refund_failure")]
    desk.write_charges(*charges(1), *rows)
    assert desk.run().rows == {"payments": 1}
    plan = desk.plan()
    assert (plan.refunds.takings, plan.refunds.follow, len(plan.refunds.undone)) == ([], [], 2)
    assert (plan.payments.again, plan.payments.batches) == ([], [])


@pytest.mark.parametrize("currency", ["eur", "chf"])
@pytest.mark.parametrize("undone", [False, True])
def test_a_refund_in_another_currency_is_told_with_both_and_takes_nothing(
    desk: Desk, currency: str, undone: bool
) -> None:
    """Also when that is one that the partners file does not know. A failed one puts the others in doubt."""
    text = desk.partners_path.read_text().replace(
        "decimals: 6}\n", "decimals: 6}\n  eur: {token: E, decimals: 6}\n"
    )
    desk.partners_path.write_text(text.replace("token: E", f'token: "{desk.deployment.tokens["tUSD"]}"'))
    kind = "refund_failure" if undone else "refund"
    foreign = refund(1, "0.88", kind=kind, Currency=currency)
    desk.write_charges(*charges(1), foreign, refund(2, "0.40"))
    desk.run()
    plan = desk.plan()
    refused = {own.row.id: own.why for own in plan.refunds.refused}
    assert refused.pop("txn_r1") == f"it is in {currency}, and its charge in usd: nothing is converted"
    assert list(refused) == (["txn_r2"] if undone else [])
    assert [taking.amount for taking in plan.refunds.takings] == ([] if undone else [400_000])


def test_a_charge_about_which_a_row_cannot_be_used_waits(desk: Desk) -> None:
    """Paid without the row, it could be too much, and where nothing is held it could not be taken back."""
    broken = refund(2, "0.30", Amount="3o")
    desk.write_charges(*charges(2), refund(1, "0.25"), broken)
    finished = desk.pledger("--billing", str(desk.billing))
    assert finished.returncode == 1
    assert "billing.csv:5: Amount: '3o' " in finished.stderr
    assert "1: line 5 is about the same charge, and cannot be used" in finished.stdout
    assert [amount for _, amount in desk.payments()] == [1_010_000]
    desk.write_charges(*charges(2), refund(1, "0.25"), refund(2, "0.30"))
    desk.run()
    desk.run()
    assert refunds_on_chain(desk) == [550_000]
    desk.write_charges(*charges(2), refund(1, "0.25"), broken, refund(3, "0.10"))
    plan = desk.plan()
    assert (plan.refunds.takings, len(plan.payments.paid)) == ([], 2)
    assert {own.why for own in plan.refunds.refused} == {
        "line 5 is about the same charge, and cannot be used"
    }


def test_more_given_back_than_taken_is_told_and_moves_nothing(desk: Desk) -> None:
    """The refund that failed is in another report: what of it the chain has is not known here."""
    desk.write_charges(*charges(1), refund(1, "0.40"))
    desk.run()
    desk.run()
    desk.write_charges(*charges(1), refund(2, "0.10"), refund(3, "0.40", kind="refund_failure"))
    plan = desk.plan()
    assert (plan.refunds.takings, plan.payments.again) == ([], [])
    assert {own.row.id for own in plan.refunds.refused} == {"txn_r2", "txn_r3"}
    assert all("export a longer period" in own.why for own in plan.refunds.refused)


@pytest.mark.parametrize("undone", [False, True])
def test_where_more_was_taken_back_than_the_rows_take_nothing_is_moved(desk: Desk, undone: bool) -> None:
    """The first refund is in another report: the second one is not done because that is."""
    desk.write_charges(*charges(1), refund(1, "0.40"))
    desk.run()
    desk.run()
    failed = [refund(3, "0.30", kind="refund_failure")] if undone else []
    desk.write_charges(*charges(1), refund(2, "0.30"), *failed)
    plan = desk.plan()
    assert (plan.refunds.takings, plan.refunds.done, plan.payments.again) == ([], [], [])
    assert len(plan.refunds.refused) == 1 + len(failed)
    assert all("more of its charge was taken back on chain" in own.why for own in plan.refunds.refused)
    desk.write_charges(*charges(1), refund(1, "0.40"), refund(2, "0.30"), *failed)
    assert desk.run().rows == ({} if undone else {"refunds": 2})
    assert refunds_on_chain(desk) == ([400_000] if undone else [400_000, 300_000])


def test_rows_about_charges_that_are_left_out_are_told_and_of_nobodys_passed_over(desk: Desk) -> None:
    desk.partners_path.write_text(
        desk.partners_path.read_text().replace("amount: gross", "amount: gross\n  unmatched: skip")
    )
    nobodys, broken, paid = charges(3)
    desk.write_charges(
        nobodys | {"agreement (metadata)": ""},
        broken | {"Net": "x"},
        paid,
        refund(1, "0.10", of=0),
        refund(2, "0.10", of=1),
        refund(3, "0.10", of=2),
    )
    plan = desk.plan()
    assert [row.id for row in plan.refunds.passed] == ["txn_r1"]
    assert [(own.row.id, own.why) for own in plan.refunds.refused] == [
        ("txn_r2", "its charge, on line 3, is left out")
    ]
    assert [row.id for row in plan.refunds.follow] == ["txn_r3"]
    desk.run()
    desk.write_charges(paid | {"agreement (metadata)": ""}, refund(3, "0.10", of=2))
    plan = desk.plan()
    assert [own.reason for own in plan.left_out] == [
        "'txn_2' was paid in, and is nobody's of the partners now"
    ]
    assert [own.why for own in plan.refunds.refused] == ["its charge, on line 2, is left out"]


def test_a_row_that_contradicts_what_was_paid_takes_nothing_back(desk: Desk) -> None:
    desk.write_charges(*charges(2))
    desk.run()
    changed = charges(2)
    changed[1] |= {"Amount": "0.50", "Net": "0.50"}
    desk.write_charges(*changed, refund(1, "0.50", of=1), refund(2, "0.25"))
    plan = desk.plan()
    assert [problem.line for problem in plan.left_out] == [3]
    assert [own.row.id for own in plan.refunds.refused] == ["txn_r1"]
    assert [taking.amount for taking in plan.refunds.takings] == [250_000]


def test_what_an_earlier_wallet_paid_is_recognised_and_taken_back_by_the_new_one(desk: Desk) -> None:
    desk.write_charges(*charges(2))
    desk.run()
    old, new = anvil.wallet(1), anvil.wallet(5)
    deadline = desk.node.timestamp() + DAY
    consent = form_of("AcceptWallet")(
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
    # Under the wallet's own address nothing would be paid yet.
    desk.partners_path.write_text(desk.partners_path.read_text().replace(old.address, new.address))
    with pytest.raises(LedgerError, match=f"that is a wallet, and its account is {old.address}"):
        desk.plan()


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
    paid = [each.agreement for each in desk.paid()]
    state = desk.plan().state
    first, second = state.agreements["resale"].id, state.agreements["resale-2"].id
    assert paid == [first, second, second]
    assert state.current("resale") == "resale-2"
    assert desk.plan().deals.actions == []
