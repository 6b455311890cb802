"""A node that keeps logs back without a word: money is not decided on what it shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chain_files import DAY, Desk, charges
from forms import form_of
from rpc_proxy import Alter, RpcProxy, refusal

from ledger.artifacts.contracts import contract_abi
from ledger.chain import anvil
from ledger.chain.agreements import Registry
from ledger.chain.anvil import Anvil
from ledger.chain.authorization import random_nonce, sign
from ledger.chain.checked_entries import BlockId, EntriesUnchecked, checked_entries
from ledger.chain.node import connect
from ledger.chain.sender import Sender
from ledger.errors import LedgerError
from ledger.journal.events import topic_of
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId


@pytest.fixture
def moved(tmp_path: Path, chain: Anvil, deployment: Deployment) -> Desk:
    """A payer that paid three invoices with its second wallet, and stands with its third now."""
    desk = Desk(tmp_path, chain.node, deployment)
    desk.onboard()
    first, second, third = anvil.wallet(1), anvil.wallet(5), anvil.wallet(6)
    move(desk, first.address, first, second)
    fund(desk, second.address)
    for count in (1, 3):  # one alone, and two in one entry
        desk.write_charges(*charges(count))
        desk.run()
    assert len(desk.payments()) == 3
    move(desk, first.address, second, third)
    fund(desk, third.address)
    return desk


@pytest.fixture
def proxy(moved: Desk) -> Iterator[RpcProxy]:
    with RpcProxy(moved.node.url) as running:
        yield running


def move(desk: Desk, account: str, old: Any, new: Any) -> None:
    """Rotates the account's wallet, and puts the new key into the keys file."""
    deadline = desk.node.timestamp() + DAY
    consent = form_of("AcceptWallet")(
        desk.deployment, account, new.address, nonce=random_nonce(), deadline=deadline
    )
    registry = desk.node.contract(desk.deployment, "PartnerRegistry").functions
    Sender(desk.node, old).send(registry.rotate(account, new.address, sign(consent, new).to_abi()))
    text = desk.keys_path.read_text()
    desk.keys_path.write_text(text.replace(bytes(old.key).hex(), bytes(new.key).hex()))


def fund(desk: Desk, wallet: str) -> None:
    token = desk.node.contract_at(desk.deployment.tokens["tUSD"], contract_abi("TestDollar"))
    Sender(desk.node, anvil.wallet(0)).send(token.functions.mint(wallet, 1_000 * 10**6))


def without(contract: str, event: str, number: int | None = None) -> Alter:
    """Leaves out the logs of an event: all of them, or one."""
    topic = topic_of(contract, event)
    gone: list[Any] = []

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method != "eth_getLogs":
            return answer
        of_event = [log for log in answer["result"] if log["topics"][0] == topic]
        if number is None or not gone:  # the same one in however small a range it is asked for
            gone.extend(of_event if number is None else of_event[number : number + 1])
        return answer | {"result": [log for log in answer["result"] if log not in gone]}

    return alter


def instead(method_altered: str, result: Any) -> Alter:
    """Answers a method with something else, or with an error."""

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method != method_altered:
            return answer
        return refusal(answer, "missing trie node") if result is None else answer | {"result": result}

    return alter


def both(*alterations: Alter) -> Alter:
    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        for each in alterations:
            answer = each(method, params, answer)
        return answer

    return alter


ZERO = "0x" + "00" * 32
NO_RECEIPTS = [instead(f"eth_get{name}", None) for name in ("BlockReceipts", "TransactionReceipt")]
"""Gone with the logs."""
PRUNED = "archive node"


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (without("PartnerRegistry", "WalletRotated", 0), PRUNED),
        (without("PartnerRegistry", "WalletRotated", 1), PRUNED),
        (without("PartnerRegistry", "PartnerRegistered", 0), PRUNED),
        (instead("eth_getLogs", []), PRUNED),
        (instead("eth_getStorageAt", None), "run this again"),
        (instead("eth_getStorageAt", "no word"), "run this again"),
        (instead("eth_getStorageAt", ZERO), PRUNED),
        (
            both(instead("eth_getLogs", []), instead("eth_getStorageAt", ZERO), instead("eth_getCode", "0x")),
            "",
        ),
        (without("RevenueLedger", "PaymentReceived"), "pruned node"),
        (without("RevenueLedger", "PaymentsReceived"), "pruned node"),
    ],
    ids=[
        "the first move",
        "the last move",
        "another entry",
        "all logs",
        "the state refused",
        "the state is nonsense",
        "the state is zero",
        "nothing is there",
        "one payment",
        "two in one entry",
    ],
)
def test_nothing_is_paid_twice(moved: Desk, proxy: RpcProxy, alter: Alter, said: str) -> None:
    proxy.alter = both(alter, *NO_RECEIPTS)
    real, moved.node = moved.node, connect(proxy.url)
    with pytest.raises(LedgerError) as refused:
        moved.run()
    assert said in refused.value.hint
    moved.node = real
    assert len(moved.payments()) == 3


@pytest.mark.parametrize(
    "takes",
    ["everything", "no block hashes", "logs of one block", "too few of many", "too few of each", "no logs"],
)
def test_a_node_with_everything_is_believed(moved: Desk, proxy: RpcProxy, takes: str) -> None:
    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        by_hash = method == "eth_getStorageAt" and isinstance(params[2], dict)
        wide = method == "eth_getLogs" and params[0]["fromBlock"] != params[0]["toBlock"]
        if takes == "no logs" and method == "eth_getLogs":
            return refusal(answer, "query returned more than 10000 results")
        if wide if takes == "too few of many" else takes == "too few of each" and method == "eth_getLogs":
            return answer | {"result": answer["result"][:-1]}
        refused = {"no block hashes": by_hash, "logs of one block": wide}.get(takes, False)
        return refusal(answer, "I do not do that") if refused else answer

    proxy.alter = alter
    moved.node = connect(proxy.url)
    plan = moved.plan()
    assert (len(plan.payments.paid), plan.payments.batches) == (3, [])


def test_a_refund_that_the_node_forgot_is_not_sent_again(moved: Desk, proxy: RpcProxy) -> None:
    text = moved.partners_path.read_text().replace("valid_from: 2025-01-01", "valid_from: 2025-01-02")
    moved.partners_path.write_text(
        text.replace("currencies: [usd]\n", "currencies: [usd]\n    hold_days: 30\n")
    )
    moved.onboard()
    moved.write_charges(
        {**charges(1)[0], "id": "txn_held", "Source": "ch_held"},
        {"id": "txn_r", "Type": "refund", "Source": "ch_held", "Amount": "-0.40", "Fee": "0", "Net": "-0.40"},
    )
    moved.run()
    assert moved.run().rows == {"refunds": 1}
    proxy.alter = both(without("RevenueLedger", "Refunded"), *NO_RECEIPTS)
    moved.node = connect(proxy.url)
    with pytest.raises(LedgerError, match="disagree on the invoice"):
        moved.run()


def test_entries_are_all_there_up_to_the_block_that_is_asked_about(moved: Desk, proxy: RpcProxy) -> None:
    node = connect(proxy.url)
    newest = BlockId.newest(node)
    names = [each.name for each in checked_entries(node, moved.deployment, "PartnerRegistry", newest)]
    assert names.count("WalletRotated") == 2
    fork = BlockId(newest.number, b"\x01" * 32)
    with pytest.raises(EntriesUnchecked, match=r"changed at block|does not say"):
        checked_entries(node, moved.deployment, "PartnerRegistry", fork)
    proxy.alter = both(without("AgreementRegistry", "AgreementActivated"), *NO_RECEIPTS)
    with pytest.raises(EntriesUnchecked, match="AgreementRegistry"):
        checked_entries(node, moved.deployment, "AgreementRegistry", newest)


def test_terms_that_a_node_forgot_are_not_said_to_be_none(moved: Desk, proxy: RpcProxy) -> None:
    registry = Registry(connect(proxy.url), moved.deployment)
    agreement = next(iter(moved.plan().state.agreements.values())).id
    assert registry.terms_of(agreement) is not None
    assert registry.terms_of(AgreementId(b"\x01" * 32)) is None
    assert registry.activation(AgreementId(b"\x01" * 32)) is None
    known = registry.activation(agreement)
    assert known is not None
    proxy.alter = without("AgreementRegistry", "AgreementActivated")
    assert registry.activation(agreement) == known, "by the receipts"
    proxy.alter = both(proxy.alter, *NO_RECEIPTS)
    for forgotten in (registry.terms_of, registry.activation):
        with pytest.raises(EntriesUnchecked, match="is in force"):
            forgotten(agreement)
    proxy.alter = lambda method, params, answer: (
        answer | {"result": []} if method == "eth_getLogs" and _blocks(params) > 8 else answer
    )
    assert registry.activation(agreement) == known, "an answer that is cut says nothing"


def _blocks(params: Any) -> int:
    return int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1


@pytest.mark.parametrize("kept", [2, 1], ids=["two logs an answer", "one log an answer"])
def test_logs_that_are_cut_at_a_number_are_read_in_smaller_ranges(
    moved: Desk, proxy: RpcProxy, kept: int
) -> None:
    """A node that leaves the rest out without a word: what it gives for less is all there is."""
    newest = BlockId.newest(moved.node)
    honest = checked_entries(moved.node, moved.deployment, "PartnerRegistry", newest)
    struck = []

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method != "eth_getLogs" or len(answer["result"]) <= kept:
            return answer
        struck.append(params)
        return answer | {"result": answer["result"][:kept]}

    proxy.alter = alter
    node = connect(proxy.url)
    assert checked_entries(node, moved.deployment, "PartnerRegistry", newest) == honest
    assert struck
