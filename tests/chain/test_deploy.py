"""Who may do what once the ledger is deployed, and what a deployment leaves behind when it fails."""

from pathlib import Path

import pytest
from eth_account.signers.local import LocalAccount
from ledger_world import DAY, World

from ledger.artifacts.contracts import contract_abi
from ledger.chain import deployment as deployments
from ledger.chain.anvil import Anvil
from ledger.chain.deploy import (
    ADMIN,
    GUARDIAN,
    OPERATOR,
    RECOVERY,
    VERIFIER,
    Consortium,
    deploy,
    refuse_to_overwrite,
)
from ledger.chain.reverts import Reverted
from ledger.chain.sender import Sender
from ledger.errors import LedgerError
from ledger.terms.deployment import DeploymentInvalid


@pytest.fixture
def senders(chain: Anvil, wallets: list[LocalAccount]) -> list[Sender]:
    return [Sender(chain.node, wallet) for wallet in wallets]


def test_each_role_can_do_its_own_work_and_no_other(chain: Anvil, senders: list[Sender]) -> None:
    deployer, admin, verifier, guardian, operator, recovery = senders[:6]
    deployed = deploy(
        deployer,
        Consortium(
            admin=admin.address,
            verifier=verifier.address,
            guardian=guardian.address,
            operator=operator.address,
            recovery=recovery.address,
            admin_delay=DAY,
        ),
    )
    assert deployed.tokens == {}
    partners = chain.node.contract(deployed, "PartnerRegistry").functions
    ledger = chain.node.contract(deployed, "RevenueLedger").functions
    until = chain.node.timestamp() + DAY
    work = [
        (verifier, partners.attest(deployer.address, 1, until, bytes(32))),
        (verifier, partners.revoke(deployer.address, bytes(32))),
        (guardian, ledger.pauseDeposits()),
        (operator, ledger.resumeDeposits()),
        (recovery, partners.proposeRecovery(deployer.address, admin.address)),
    ]
    for allowed, call in work:
        for other in senders[:6]:
            if other is not allowed:
                with pytest.raises(Reverted, match=f"refused: {other.address} has not the role"):
                    other.send(call)
        allowed.send(call)

    manager = chain.node.contract(deployed, "AccessManager").functions
    assert manager.hasRole(ADMIN, deployer.address).call() == [False, 0]
    assert manager.hasRole(ADMIN, admin.address).call() == [True, DAY]
    grant = manager.grantRole(VERIFIER, deployer.address, 0)
    with pytest.raises(Reverted, match="AccessManagerUnauthorizedAccount"):
        deployer.send(grant)
    with pytest.raises(Reverted, match="AccessManagerNotScheduled"):
        admin.send(grant)


def test_orders_of_a_role_with_a_delay_wait_in_public(chain: Anvil, senders: list[Sender]) -> None:
    holder = senders[1]
    consortium = Consortium(
        admin=holder.address,
        verifier=holder.address,
        guardian=holder.address,
        operator=holder.address,
        recovery=holder.address,
        verifier_delay=DAY,
        operator_delay=2 * DAY,
        recovery_delay=3 * DAY,
    )
    deployed = deploy(senders[0], consortium)
    manager = chain.node.contract(deployed, "AccessManager")
    registry = chain.node.contract(deployed, "PartnerRegistry")
    delays = {role: manager.functions.hasRole(role, holder.address).call()[1] for role in range(5)}
    assert delays == {ADMIN: 0, VERIFIER: DAY, GUARDIAN: 0, OPERATOR: 2 * DAY, RECOVERY: 3 * DAY}

    attest = registry.functions.attest(holder.address, 1, chain.node.timestamp() + 30 * DAY, bytes(32))
    data = registry.encode_abi("attest", list(attest.args))
    with pytest.raises(Reverted, match="AccessManagerNotScheduled"):
        holder.send(attest)
    holder.send(manager.functions.schedule(registry.address, data, 0))
    with pytest.raises(Reverted, match="AccessManagerNotReady"):
        holder.send(attest)
    chain.increase_time(DAY)
    holder.send(attest)
    assert registry.functions.attestationOf(holder.address).call()[0] == 1


def test_agreements_and_revenue_name_each_other(chain: Anvil, senders: list[Sender]) -> None:
    deployed = deploy(senders[0], Consortium.of_one(senders[0].address))
    agreements = chain.node.contract(deployed, "AgreementRegistry").functions
    ledger = chain.node.contract(deployed, "RevenueLedger").functions
    assert agreements.LEDGER().call() == deployed.contracts["RevenueLedger"]
    assert ledger.AGREEMENTS().call() == deployed.contracts["AgreementRegistry"]


def test_a_deployment_file_is_not_overwritten_while_its_contracts_live(world: World, tmp_path: Path) -> None:
    path = tmp_path / "31337.json"
    refuse_to_overwrite(path, world.node)
    deployments.save(world.deployment, path)
    with pytest.raises(DeploymentInvalid, match="already describes a deployment on chain 31337"):
        refuse_to_overwrite(path, world.node)

    for address in world.deployment.contracts.values():  # as after the local chain was started anew
        world.node.rpc("anvil_setCode", [address, "0x"])
    refuse_to_overwrite(path, world.node)


def test_a_half_done_deployment_is_a_clear_error(chain: Anvil, senders: list[Sender]) -> None:
    poor = senders[9]
    chain.set_balance(poor.address, 10**16)  # enough for the first contracts only, whatever the base fee
    with pytest.raises(LedgerError, match="cannot pay the gas of creating") as stopped:
        deploy(poor, Consortium.of_one(poor.address))
    assert "AccessManager" not in stopped.value.what


def test_the_test_token_is_a_dollar_of_six_decimals(world: World) -> None:
    token = world.node.contract_at(world.deployment.tokens["tUSD"], contract_abi("TestDollar")).functions
    assert (token.symbol().call(), token.decimals().call()) == ("tUSD", 6)
    someone = world.stranger()
    someone.sender.send(token.mint(someone.account, 5))
    assert token.balanceOf(someone.account).call() == 5
