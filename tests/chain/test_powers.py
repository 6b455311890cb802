"""What an access manager's events make is what it stores, whatever was done: all of it, and its root."""

import gzip
import json
from collections.abc import Iterator
from typing import cast

import pytest
import rlp
from eth_abi.abi import encode
from eth_typing import ABIFunction
from eth_utils.abi import function_abi_to_4byte_selector
from ledger_world import DAY
from web3.contract.contract import ContractFunctions

from ledger.artifacts.contracts import contract_abi
from ledger.chain import anvil as local_chain
from ledger.chain.anvil import Anvil
from ledger.chain.deploy import GUARDIAN, OPERATOR, RECOVERY, VERIFIER, Consortium, deploy
from ledger.chain.manager import decode_change
from ledger.chain.manager_logs import ManagerLog, manager_logs, powers_from
from ledger.chain.power_words import order_words
from ledger.chain.sender import Sender, calldata
from ledger.journal.events import EventUnreadable
from ledger.proof import manager_storage, trie
from ledger.rules.powers import EVENTS, Change, Powers, PowersBroken
from ledger.terms.deployment import Deployment

HOLDERS = 5


@pytest.fixture(scope="module")
def history() -> Iterator[tuple[Anvil, Deployment, list[ManagerLog]]]:
    """A chain of its own on which every event of the manager happened, most in several ways."""
    with local_chain.start() as chain:
        senders = [Sender(chain.node, local_chain.wallet(index)) for index in range(HOLDERS)]
        admin, verifier, guardian, operator, recovery = senders
        consortium = Consortium(
            admin=admin.address,
            verifier=verifier.address,
            guardian=guardian.address,
            operator=operator.address,
            recovery=recovery.address,
            verifier_delay=3_600,
        )
        deployed = deploy(admin, consortium)
        _act(chain, deployed, senders)
        block = chain.node.newest().number
        yield chain, deployed, manager_logs(chain.node, deployed.address("AccessManager"), 0, block)


def _act(chain: Anvil, deployed: Deployment, senders: list[Sender]) -> None:
    admin, verifier, guardian, operator, recovery = senders
    manager: ContractFunctions = chain.node.contract(deployed, "AccessManager").functions
    partners = deployed.address("PartnerRegistry")
    ledger = deployed.address("RevenueLedger")
    order = calldata(chain.node.contract(deployed, "PartnerRegistry").functions.revoke(ledger, bytes(32)))
    attest = calldata(
        chain.node.contract(deployed, "PartnerRegistry").functions.attest(ledger, 1, 2**32, bytes(32))
    )
    verifier.send(manager.schedule(partners, order, 0))
    guardian.send(manager.cancel(verifier.address, partners, order))
    verifier.send(manager.schedule(partners, order, 0))
    verifier.send(manager.schedule(partners, attest, 0))
    admin.send(manager.grantRole(VERIFIER, verifier.address, 60))  # shorter: in effect after the difference
    admin.send(manager.grantRole(OPERATOR, operator.address, 7 * DAY))  # longer: at once
    admin.send(manager.grantRole(7, guardian.address, 0))
    admin.send(manager.setRoleAdmin(OPERATOR, 7))
    admin.send(manager.setRoleGuardian(7, GUARDIAN))
    admin.send(manager.setGrantDelay(RECOVERY, 100))
    admin.send(manager.labelRole(7, b"\xff\0odd".decode("latin-1")))
    admin.send(manager.setTargetClosed(partners, True))
    admin.send(manager.setTargetAdminDelay(ledger, 500))
    admin.send(manager.revokeRole(RECOVERY, recovery.address))
    chain.increase_time(6 * DAY)
    admin.send(manager.setTargetClosed(partners, False))
    verifier.send(manager.execute(partners, attest))
    admin.send(manager.grantRole(RECOVERY, recovery.address, 5))  # with the delay of granting, by now
    admin.send(manager.setGrantDelay(RECOVERY, 50))
    admin.send(manager.setTargetAdminDelay(ledger, 400))
    chain.increase_time(8 * DAY)
    verifier.send(manager.schedule(partners, order, 0))  # the one before has expired


def test_events_make_all_that_the_manager_stores(
    history: tuple[Anvil, Deployment, list[ManagerLog]],
) -> None:
    chain, deployed, logs = history
    manager = deployed.address("AccessManager")
    assert {log.change().event for log in logs} == EVENTS
    made = manager_storage.words(powers_from(logs))
    dumped = json.loads(gzip.decompress(chain.node.data("anvil_dumpState")))
    stored = {
        bytes.fromhex(slot[2:]): int(word, 16)
        for slot, word in dumped["accounts"][manager.lower()]["storage"].items()
    }
    assert made == {slot: word for slot, word in stored.items() if word}
    # anvil's root counts what is empty, if it was read once: no other node's does.
    root = chain.node.rpc("eth_getProof", [manager, [], "latest"])["storageHash"]
    counted = {slot: bytes(rlp.encode(word)) for slot, word in stored.items()}
    assert trie.root_of_mapping(counted).hex() == root[2:]
    assert manager_storage.root(made) == trie.root_of_mapping(
        {slot: word for slot, word in counted.items() if stored[slot]}
    )


def test_no_event_that_still_has_a_say_can_be_left_out(
    history: tuple[Anvil, Deployment, list[ManagerLog]],
) -> None:
    whole = manager_storage.words(powers_from(history[2]))
    unnoticed = []
    for place, left_out in enumerate(history[2]):
        try:
            rest = powers_from(history[2][:place] + history[2][place + 1 :])
        except PowersBroken:
            continue
        if manager_storage.words(rest) == whole:
            unnoticed.append(left_out.change().event)
    # What a role is called is stored nowhere; that a contract was closed is over.
    assert set(unnoticed) == {"RoleLabel", "TargetClosed"}


def test_a_role_is_called_so_that_nobody_takes_it_for_another() -> None:
    powers = Powers()
    for role, label in ((1, "VERIFIER"), (7, "VERIFIER"), (8, "ADMIN"), (9, "\x1b[2J" + "x" * 99), (10, "")):
        powers.take(Change("RoleLabel", {"role": role, "label": label}, 1, 1))
    assert [powers.name_of(role) for role in (0, 1, 7, 8, 10, 11, 2**64 - 1)] == [
        "ADMIN",
        "VERIFIER (role 1)",
        "VERIFIER (role 7)",
        "ADMIN (role 8)",
        "role 10",
        "role 11",
        "everybody",
    ]
    assert powers.name_of(9) == "\N{REPLACEMENT CHARACTER}[2J" + "x" * 56 + "…"
    manager = next(each for each in contract_abi("AccessManager") if each.get("name") == "labelRole")
    selector = function_abi_to_4byte_selector(cast(ABIFunction, manager))
    order = selector + encode(["uint64", "string"], [7, "\x1b[2J"])
    assert order_words("AccessManager", order) == (
        "AccessManager.labelRole(roleId 7, label '\N{REPLACEMENT CHARACTER}[2J')"
    )
    assert (
        order_words("AccessManager", order[:-40]) == "AccessManager.labelRole, with arguments that are none"
    )
    assert order_words(None, order) == f"calldata 0x{order.hex()[:80]}…"


def test_what_no_access_manager_emits_is_refused(
    history: tuple[Anvil, Deployment, list[ManagerLog]],
) -> None:
    scheduled = next(log for log in history[2] if log.change().event == "OperationScheduled")
    for topics, data in (
        ((), b""),
        ((bytes(32),), b""),
        (scheduled.topics[:2], scheduled.data),
        (scheduled.topics, scheduled.data[:-32]),
        (scheduled.topics, scheduled.data[:-1] + b"\1"),
        ((scheduled.topics[0], bytes(32), scheduled.topics[2]), scheduled.data),
    ):
        with pytest.raises(EventUnreadable):
            decode_change(topics, data)
