"""Deploying the ledger: an access manager, the four contracts, where accounts of passkeys come from, and who
in the consortium may do what.

Roles, each held by one address (a Safe or a governor on a real chain) that can hand it on through the access
manager:

- admin: gives and takes roles. It can neither move money nor touch an agreement.
- verifier: attests partners and revokes attestations.
- guardian: pauses new deposits, at once; cancels what verifier, operator and recovery have scheduled.
- operator: lets deposits in again.
- recovery: begins the recovery of an account whose keys are lost, which its owner has 14 days to cancel.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.abi import function_signature_to_4byte_selector
from web3.contract import Contract
from web3.types import Nonce
from web3.utils.address import get_create_address

from ledger.artifacts.contracts import bytecode, contract_abi
from ledger.artifacts.sources import RUN_BY_THE_LEDGER
from ledger.chain.deployment import load
from ledger.chain.node import Node
from ledger.chain.sender import Sender, calldata
from ledger.chain.transactions import next_nonce
from ledger.errors import LedgerError
from ledger.terms.contracts import ACCOUNTS, AGREEMENTS, DEALS, MANAGER, PARTNERS, REVENUE, TEST_DOLLAR
from ledger.terms.deployment import Deployment, DeploymentInvalid

ADMIN, VERIFIER, GUARDIAN, OPERATOR, RECOVERY = 0, 1, 2, 3, 4
"""The access manager's role numbers; 0 is the one that OpenZeppelin gives its admin."""
GUARDED = (VERIFIER, OPERATOR, RECOVERY)
"""Roles whose scheduled orders the guardian can cancel; the admin's only the admin can."""
LABELS = {VERIFIER: "VERIFIER", GUARDIAN: "GUARDIAN", OPERATOR: "OPERATOR", RECOVERY: "RECOVERY"}
ROLES = {ADMIN: "admin"} | {role: label.lower() for role, label in LABELS.items()}
"""What each is called."""
_LEDGER_COMES_AFTER = 4
"""How many contracts the deployer creates between the agreements, which name the ledger, and the ledger."""
ALLOWED: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    (
        PARTNERS,
        VERIFIER,
        ("attest(address,uint8,uint40,bytes32)", "revoke(address,bytes32)"),
    ),
    (PARTNERS, RECOVERY, ("proposeRecovery(address,address)",)),
    (REVENUE, GUARDIAN, ("pauseDeposits()",)),
    (REVENUE, OPERATOR, ("resumeDeposits()",)),
)
"""(contract, role, functions) that a role may call; every other function of the manager's is the admin's."""


@dataclass(frozen=True, kw_only=True)
class Consortium:
    """Who holds the roles, and for how many seconds what they order waits in public before it can be done.

    The guardian never waits: a pause that can be seen coming is none.
    """

    admin: ChecksumAddress
    verifier: ChecksumAddress
    guardian: ChecksumAddress
    operator: ChecksumAddress
    recovery: ChecksumAddress
    admin_delay: int = 0
    verifier_delay: int = 0
    operator_delay: int = 0
    recovery_delay: int = 0

    @classmethod
    def of_one(cls, holder: ChecksumAddress) -> "Consortium":
        """One address holds every role, without delays: for a local chain."""
        return cls(admin=holder, verifier=holder, guardian=holder, operator=holder, recovery=holder)

    def holders(self) -> tuple[tuple[int, ChecksumAddress, int], ...]:
        """(role, holder, delay in seconds) of each role, the admin's last."""
        return (
            (VERIFIER, self.verifier, self.verifier_delay),
            (GUARDIAN, self.guardian, 0),
            (OPERATOR, self.operator, self.operator_delay),
            (RECOVERY, self.recovery, self.recovery_delay),
            (ADMIN, self.admin, self.admin_delay),
        )


def deploy(
    sender: Sender,
    consortium: Consortium,
    *,
    with_test_token: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Deployment:
    """Deploys everything and hands the roles over; the sender keeps only what the consortium gives it.

    ``report`` is told of each contract as it is there. Raises LedgerError when a step fails: what was created
    until then is of no use, and nothing refers to it.
    """
    node = sender.node
    blocks: list[int] = []

    def create(name: str, *arguments: Any) -> ChecksumAddress:
        contract = node.w3.eth.contract(abi=contract_abi(name), bytecode=bytecode(name))
        address, receipt = sender.deploy(contract.constructor(*arguments), name)
        blocks.append(receipt["blockNumber"])
        report(f"{name} {address}")
        return address

    manager = create(MANAGER, sender.address)
    partners = create(PARTNERS, manager)
    nonce = next_nonce(node, sender.address)
    predicted = address_of_ledger(sender.address, nonce)
    agreements = create(AGREEMENTS, partners, predicted)
    deals = create(DEALS, partners, agreements)
    registries = (partners, agreements, deals)
    run = [create(name, *registries) for name in RUN_BY_THE_LEDGER]
    ledger = create(REVENUE, *registries, *run, manager)
    if ledger != predicted:
        raise LedgerError(
            f"The revenue ledger is at {ledger}, but the agreements name {predicted}: "
            f"{sender.address} sent something else in between.",
            "Deploy from a key that nobody else uses meanwhile.",
        )
    accounts = create(ACCOUNTS)
    addresses = {
        MANAGER: manager,
        PARTNERS: partners,
        AGREEMENTS: agreements,
        DEALS: deals,
        REVENUE: ledger,
        ACCOUNTS: accounts,
    }
    access = node.contract_at(manager, contract_abi(MANAGER))
    sender.send(access.functions.multicall(handover(access, addresses, consortium, sender.address)))
    tokens = {"tUSD": create(TEST_DOLLAR)} if with_test_token else {}
    # Asked for last: by now the block has others on top of it on a chain whose newest block may still change.
    first = node.block(blocks[0])
    if first is None:
        raise LedgerError(
            f"{node.place} does not have block {blocks[0]} any more, in which the ledger was created.",
            "Is the chain still there? Deploy again.",
        )
    return Deployment(
        chain_id=node.chain_id,
        block=blocks[0],
        block_hash=first.hash,
        contracts=addresses,
        tokens=tokens,
    )


def address_of_ledger(deployer: ChecksumAddress, nonce: int) -> ChecksumAddress:
    """Where the revenue ledger will be when the agreement registry is created with this nonce.

    The two name each other for good, so the first one is told of the second before it is there.
    """
    return get_create_address(deployer, Nonce(nonce + _LEDGER_COMES_AFTER))


def refuse_to_overwrite(path: Path, node: Node) -> None:
    """Raises DeploymentInvalid when the file describes contracts that are still there on the node's chain."""
    if not path.exists():
        return
    existing = load(path)
    if existing.chain_id == node.chain_id and not any(map(node.has_code, existing.contracts.values())):
        return
    raise DeploymentInvalid(
        f"{path} already describes a deployment on chain {existing.chain_id}.",
        "Agreements and money live in its contracts. To deploy beside them all the same, use --force.",
    )


def handover(
    manager: Contract,
    addresses: Mapping[str, ChecksumAddress],
    consortium: Consortium,
    deployer: ChecksumAddress,
) -> list[str]:
    """What the deployer, so far the admin, orders of the access manager in one ``multicall``: its calldata.

    Afterwards each role has its functions and its holder, and the deployer only the roles that are its own.
    """
    orders = [manager.functions.labelRole(role, label) for role, label in LABELS.items()]
    orders += [manager.functions.setRoleGuardian(role, GUARDIAN) for role in GUARDED]
    for contract, role, signatures in ALLOWED:
        selectors = [function_signature_to_4byte_selector(signature) for signature in signatures]
        orders.append(manager.functions.setTargetFunctionRole(addresses[contract], selectors, role))
    for role, holder, delay in consortium.holders():
        # The admin's is the last of them: from then on the deployer's own orders may have to wait.
        orders.append(manager.functions.grantRole(role, holder, delay))
    if consortium.admin != deployer:
        orders.append(manager.functions.renounceRole(ADMIN, deployer))
    return [calldata(order) for order in orders]
