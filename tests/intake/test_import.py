"""The import on a real chain: nothing is sent before all is checked, nothing is paid twice, a run resumes."""

import itertools
import json
import signal
import subprocess
from pathlib import Path

import pytest
from chain_files import AGREEMENT, DAY, DEAL, Desk, charges
from forms import form_of

from ledger.chain import anvil, contract_wallet
from ledger.chain.anvil import Anvil
from ledger.chain.authorization import random_nonce
from ledger.chain.sender import Sender
from ledger.errors import LedgerError
from ledger.intake.onboarding import onboard
from ledger.intake.problems import IntakeRejected
from ledger.intake.transactions import deal_transactions, payment_transactions
from ledger.intake.wallet_batch import wallet_batch
from ledger.terms.deals import State
from ledger.terms.deployment import Deployment

TARGETS = ("Qualification", "Negotiation/Review", "Closed Won", "Closed Lost")


@pytest.fixture
def desk(tmp_path: Path, chain: Anvil, deployment: Deployment) -> Desk:
    return Desk(tmp_path, chain.node, deployment)


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """A desk whose agreements are in force and whose payer has money."""
    desk.onboard()
    desk.fund(100_000)
    return desk


def test_a_rerun_pays_nothing_twice(open_desk: Desk) -> None:
    open_desk.write_charges(*charges(130))
    assert open_desk.run().rows["payments"] == 130
    assert open_desk.run().rows == {}
    paid = open_desk.payments()
    assert len(paid) == len({reference for reference, _ in paid}) == 130
    assert sum(amount for _, amount in paid) == sum(1_000_000 + 10_000 * number for number in range(130))
    open_desk.write_charges(*reversed(charges(131)))
    assert open_desk.run().rows["payments"] == 1
    assert len(open_desk.payments()) == 131


def test_ids_that_a_program_rewrote_pay_nothing_twice(open_desk: Desk) -> None:
    """Zeros in front are lost, numbers get decimals, letters another case; in one file, and in the next."""
    rows = [row | {"id": own} for row, own in zip(charges(4), ("000123", "1002", "RE-1", "77"), strict=True)]
    rewritten = [row | {"id": own} for row, own in zip(rows, ("123", "1002.0", "re-1", "0077"), strict=True)]
    open_desk.write_charges(*rows[:3], rows[3], rewritten[3])
    told = {problem.line: problem.reason for problem in open_desk.plan().left_out}
    assert set(told) == {5, 6}
    assert "'77' is '0077' on line 6, with the same amount" in told[5]
    open_desk.write_charges(*rows)
    assert open_desk.run().rows == {"payments": 4}
    open_desk.write_charges(*rewritten, charges(5)[4] | {"id": "0123"})  # the last is of another amount
    assert open_desk.run().rows == {"payments": 1}
    told = {problem.line: problem.reason for problem in open_desk.plan().left_out}
    assert set(told) == {2, 3, 4, 5}
    assert "'123' is not paid, but '000123' is, with the same amount" in told[2]
    open_desk.write_charges(*rows)
    assert (len(open_desk.plan().payments.paid), open_desk.plan().left_out) == (4, [])


def test_a_killed_run_resumes_exactly(open_desk: Desk) -> None:
    """kill -9 as soon as it tells of the first batches; the next run pays the others, each once."""
    open_desk.write_charges(*charges(450))
    command = open_desk.command("--billing", str(open_desk.billing))
    environment = open_desk.environment | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, cwd=open_desk.folder, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert any(line.startswith("  payments: ") for line in running.stdout)
        running.send_signal(signal.SIGKILL)
    assert 100 <= len(open_desk.payments()) < 450

    finished = open_desk.pledger("--billing", str(open_desk.billing))
    assert finished.returncode == 0, finished.stderr
    paid = open_desk.payments()
    assert len(paid) == len({reference for reference, _ in paid}) == 450
    assert sorted(amount for _, amount in paid) == [1_000_000 + 10_000 * number for number in range(450)]


def test_the_same_invoice_with_another_amount_is_refused(open_desk: Desk) -> None:
    open_desk.write_charges(*charges(3))
    open_desk.run()
    changed = charges(4)
    changed[1] |= {"Amount": "9.99", "Net": "9.99"}
    open_desk.write_charges(*changed)
    finished = open_desk.pledger("--billing", str(open_desk.billing))
    assert finished.returncode == 1
    assert "billing.csv:3: Amount: 'txn_1' was paid with 1.01, the row says 9.99" in finished.stderr
    assert "Left out: 1 row of billing.csv" in finished.stderr
    assert [amount for _, amount in open_desk.payments()] == [1_000_000, 1_010_000, 1_020_000, 1_030_000]


@pytest.mark.parametrize("asked_by", ["nobody", "option", "file"])
def test_rows_that_cannot_be_used_are_told_and_block_others_only_when_that_is_asked_for(
    open_desk: Desk, asked_by: str
) -> None:
    rows = charges(200)
    for number in range(60, 120):
        rows[number]["Amount"] = "1,500"
    for number in range(120, 180):
        rows[number]["Net"] = f"{number}x"
    open_desk.write_charges(*rows)
    if asked_by == "file":
        open_desk.partners_path.write_text(open_desk.partners_path.read_text() + "strict: yes\n")
    strict = ["--strict"] if asked_by == "option" else []
    finished = open_desk.pledger("--billing", str(open_desk.billing), *strict)
    assert finished.returncode == 1
    told = finished.stderr.splitlines()
    assert told[0] == (
        "billing.csv: Amount: '1,500' is 1500 for some and 1.5000 for others: "
        'state which, as billing.numbers: "1,234.56" or "1.234,56" (60 lines: 62, 63, 64, 65, 66, …)'
    )
    assert told[1].startswith("billing.csv:122: Net: '120x' ")
    assert told[50] == "… and 11 more"
    if asked_by == "nobody":
        assert told[51].startswith("Left out: 120 rows of billing.csv")
        assert len(open_desk.payments()) == 80
    else:
        assert told[51] == "error: 120 problems in billing.csv; nothing was sent."
        assert open_desk.payments() == []


def test_rows_of_an_agreement_that_is_not_signed_wait_and_the_others_are_paid(open_desk: Desk) -> None:
    text = open_desk.partners_path.read_text()
    more = "  pilot:\n    parties: [vendor, south]\n    shares: {vendor: 90%, south: 10%}\n"
    more += "    currencies: [usd]\n    valid_from: 2025-01-01\nopportunities:\n"
    open_desk.partners_path.write_text(text.replace("opportunities:\n", more, 1))
    first, second = charges(2)
    open_desk.write_charges(first, second | {AGREEMENT: "pilot"})
    plan = open_desk.plan()
    assert [due.row_id for batch in plan.payments.batches for due in batch.rows] == ["txn_0"]
    ((waiting, why),) = plan.payments.waiting
    assert (waiting.row_id, "'pilot' is not in force; --sign signs it" in why) == ("txn_1", True)


def test_the_planner_never_sends_what_the_registry_refuses(
    tmp_path: Path, chain: Anvil, deployment: Deployment
) -> None:
    """Two partners with one customer, in all combinations of stages and both ways to treat conflicts."""
    outcomes: dict[str, list[State]] = {}
    for conflicts in ("wait", "reject"):
        snapshot = chain.snapshot()
        folder = tmp_path / conflicts
        folder.mkdir()
        desk = Desk(folder, chain.node, deployment, conflicts=conflicts)
        desk.onboard()
        pairs = list(itertools.product(TARGETS, TARGETS))
        desk.write_deals(*(row for number, pair in enumerate(pairs) for row in _pair(number, *pair)))
        for _ in range(3):
            desk.run()
            chain.increase_time(DAY + 1)
        plan = desk.plan()
        assert plan.deals.actions == []
        outcomes[conflicts] = [plan.deals.deals[f"second{number}"].state for number in range(len(pairs))]
        firsts = [plan.deals.deals[f"first{number}"].state for number in range(len(pairs))]
        reached = {
            "Qualification": State.REGISTERED,
            "Negotiation/Review": State.APPROVED,
            "Closed Won": State.WON,
            "Closed Lost": State.LOST,
        }
        assert firsts == [reached[first] for first, _ in pairs]
        for (first, second), state in zip(pairs, outcomes[conflicts], strict=True):
            if first == "Closed Lost" or second == "Qualification":
                assert state == reached[second]
            elif first == "Qualification" or conflicts == "wait":
                assert state == State.REGISTERED
            else:
                assert state == State.REJECTED
        chain.revert(snapshot)


def _pair(number: int, first: str, second: str) -> list[dict[str, str]]:
    website = f"customer{number}.example"
    return [
        {"Opportunity ID": f"first{number}", "Website": website, "Stage": first},
        {
            "Opportunity ID": f"second{number}",
            "Website": f"HTTPS://www.{website}/",
            "Stage": second,
            "Partner Account": "South Ltd",
            "Created Date": "2/4/2025",
        },
    ]


def test_payments_wait_for_their_deal_and_carry_it(open_desk: Desk, chain: Anvil) -> None:
    open_desk.write_deals({"Opportunity ID": "deal1"})
    open_desk.write_charges(
        {"id": "txn_deal", DEAL: "deal1", AGREEMENT: ""}, {"id": "txn_direct", "Source": "ch_2"}
    )
    first = open_desk.run()
    assert first.rows == {"deals": 2, "payments": 1}
    chain.increase_time(DAY + 1)
    assert open_desk.run().rows == {"deals": 2, "payments": 1}
    plan = open_desk.plan()
    assert len(plan.payments.paid) == 2
    assert [each.deal for each in open_desk.paid()] == [bytes(32), plan.deals.deals["deal1"].deal]


def test_a_commitment_that_lapsed_is_made_anew(open_desk: Desk, chain: Anvil) -> None:
    open_desk.write_deals({"Opportunity ID": "deal1"})
    plan = open_desk.plan()
    secrets = plan.deal_state.secrets["deal1"]
    registry = open_desk.node.contract(open_desk.deployment, "DealRegistry")
    Sender(open_desk.node, anvil.wallet(2)).send(
        registry.functions.commit(open_desk.account("north"), secrets.commitment)
    )
    assert [action.kind for action in open_desk.plan().deals.actions] == ["reveal"]
    chain.increase_time(DAY + 1)
    assert open_desk.run().rows == {"deals": 2}
    assert open_desk.plan().deal_state.secrets["deal1"].salt != secrets.salt


def test_a_plan_is_written_and_nothing_sent(open_desk: Desk) -> None:
    open_desk.write_deals({"Opportunity ID": "deal1", "Account Name": "Secret Customer"})
    open_desk.write_charges(*charges(3))
    blocks = open_desk.node.rpc("eth_blockNumber")
    path = open_desk.folder / "plan.json"
    finished = open_desk.pledger(
        "--billing",
        str(open_desk.billing),
        "--opportunities",
        str(open_desk.opportunities),
        "--plan",
        str(path),
    )
    assert finished.returncode == 0, finished.stderr
    assert open_desk.node.rpc("eth_blockNumber") == blocks
    plan = json.loads(path.read_text())
    assert [action["action"] for action in plan["deals"]["actions"]] == ["commit", "reveal"]
    (batch,) = plan["payments"]["batches"]
    assert batch["total"] == "3030000"
    assert [own["row"] for own in batch["bundles"][0]["invoices"]] == ["txn_0", "txn_1", "txn_2"]
    assert "acme" not in path.read_text().lower()
    assert "secret" not in path.read_text().lower()


def test_a_contract_wallet_gets_its_batch_as_a_file(open_desk: Desk, tmp_path: Path) -> None:
    """The file's transactions, made by the wallet in their order, do what a key would have done."""
    open_desk.write_charges(*charges(120))
    open_desk.write_keys(["north", "south"])
    assert open_desk.run().unsigned == {"payments": open_desk.account("vendor")}
    path = tmp_path / "batch.json"
    finished = open_desk.pledger("--billing", str(open_desk.billing), "--unsigned", str(path))
    assert finished.returncode == 0, finished.stderr
    batch = json.loads(path.read_text())
    assert (batch["version"], batch["chainId"]) == ("1.0", "31337")
    assert {tuple(own) for own in batch["transactions"]} == {
        ("to", "value", "data", "contractMethod", "contractInputsValues")
    }
    sender = Sender(open_desk.node, anvil.wallet(1))
    for own in batch["transactions"]:
        sender.transact(own["to"], own["data"], value=int(own["value"]))
    assert len(open_desk.payments()) == 120


def test_without_keys_it_is_said_who_must_sign(open_desk: Desk) -> None:
    open_desk.write_deals({"Opportunity ID": "deal1"})
    open_desk.write_keys(["vendor"])
    finished = open_desk.pledger("--opportunities", str(open_desk.opportunities))
    assert finished.returncode == 0, finished.stderr
    assert "to be signed by north: 1" in finished.stdout
    assert "Sent: 0 actions on deals" in finished.stdout


def test_an_agreement_that_is_not_in_force_is_refused(desk: Desk) -> None:
    desk.write_charges(*charges(1))
    with pytest.raises(IntakeRejected) as rejected:
        desk.plan()
    assert [problem.column for problem in rejected.value.problems] == ["agreements.resale"]
    finished = desk.pledger("--sign")
    assert finished.returncode == 0, finished.stderr
    assert "signed resale by 2 parties" in finished.stdout
    with pytest.raises(LedgerError, match=r"has 0\.00 usd and is to pay 1\.00; nothing was sent"):
        desk.plan()


def test_a_payer_with_too_little_is_refused_before_anything_is_sent(open_desk: Desk) -> None:
    open_desk.write_charges({"Amount": "200000.00", "Fee": "0", "Net": "200000.00"})
    with pytest.raises(LedgerError, match=r"has 100000\.00 usd and is to pay 200000\.00; nothing was sent"):
        open_desk.plan()


def test_the_ledger_may_take_exactly_what_is_paid(open_desk: Desk) -> None:
    open_desk.write_charges(*charges(3))
    plan = open_desk.plan()
    transactions = list(payment_transactions(plan))
    assert [own.label for own in transactions] == ["allow usd", "batch 1"]
    assert transactions[0].data.endswith(f"{3_030_000:064x}")
    open_desk.run()
    wallet = plan.wallet_of(open_desk.account("vendor"))
    ledger = open_desk.deployment.address("RevenueLedger")
    token = open_desk.plan().state.questions
    assert token.ask_token(plan.state.token("usd"), "allowance", wallet, ledger) == 0


def test_wrong_decimals_are_refused(open_desk: Desk) -> None:
    text = open_desk.partners_path.read_text().replace("decimals: 6", "decimals: 18")
    open_desk.partners_path.write_text(text)
    open_desk.write_charges(*charges(1))
    with pytest.raises(LedgerError, match="has 6 decimals; the partners file says 18"):
        open_desk.plan()


def test_keys_that_others_can_read_are_refused_and_never_shown(desk: Desk) -> None:
    desk.keys_path.chmod(0o644)
    finished = desk.pledger("--sign")
    assert finished.returncode == 1
    assert "Others on this machine can read" in finished.stderr
    desk.keys_path.write_text('accounts:\n  north: {import_key: "0xdeadbeefdead"}\n  other: {}\n')
    desk.keys_path.chmod(0o600)
    finished = desk.pledger("--sign")
    assert finished.returncode == 1
    assert "keys.yaml:2: accounts.north.import_key: is not a key" in finished.stderr
    assert "deadbeef" not in finished.stderr


def test_a_safe_registers_its_deals_by_file(tmp_path: Path, chain: Anvil, deployment: Deployment) -> None:
    """A partner whose wallet is a contract: its commitments and reveals come as one batch."""
    desk = Desk(tmp_path, chain.node, deployment)
    chain.set_balance(anvil.wallet(11).address, 10**20)
    creator = Sender(chain.node, anvil.wallet(11))
    safe = contract_wallet.create(creator, contract_wallet.install(creator), anvil.wallet(3))
    text = desk.partners_path.read_text().replace(desk.account("south"), safe.address)
    desk.partners_path.write_text(text)
    registry = desk.node.contract(deployment, "DealRegistry")
    partners = desk.partners
    onboard(
        desk.node,
        deployment,
        partners,
        desk.keyring,
        {
            "south": lambda account, terms: safe.sign(
                form_of("Acceptance")(
                    deployment, account, terms, nonce=random_nonce(), deadline=desk.node.timestamp() + DAY
                )
            )
        },
    )
    desk.write_deals({"Opportunity ID": "deal1", "Partner Account": "South Ltd"})
    plan = desk.plan(only="south")
    batch = wallet_batch(31337, safe.address, plan.state.now, deal_transactions(plan))
    for own in batch["transactions"]:
        function, arguments = registry.decode_function_input(own["data"])
        safe.execute(creator, function(**arguments))
    after = desk.plan()
    assert after.deals.deals["deal1"].state == State.REGISTERED
    desk.write_charges(*charges(3))
    assert desk.plan(only="south").payments.batches == []  # the payer's, not the Safe's
    assert desk.plan(only="south").deals.actions == []
