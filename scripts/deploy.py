"""Deploys the ledger and a test dollar on Brownie's network: `tools/brownie run scripts/deploy.py`.

Only for the local testnet, where the deployer holds every role. `pledger deploy` deploys for real.
"""

from typing import NamedTuple

from brownie import (
    AccountFactory,
    AgreementRegistry,
    Contract,
    DealRegistry,
    PartnerRegistry,
    RevenueDebts,
    RevenueLedger,
    RevenueSettlement,
    TestDollar,
    accounts,
    web3,
)
from brownie.network.account import Account
from brownie.network.contract import ProjectContract

from ledger.artifacts.contracts import bytecode, contract_abi
from ledger.chain.deploy import Consortium, address_of_ledger, handover
from ledger.terms.contracts import ACCOUNTS, AGREEMENTS, DEALS, MANAGER, PARTNERS, REVENUE
from ledger.terms.deployment import Deployment


class Ledger(NamedTuple):
    """The deployed contracts, and where they are in the form that `ledger.chain` takes."""

    manager: Contract
    partners: ProjectContract
    agreements: ProjectContract
    deals: ProjectContract
    revenue: Contract
    dollar: ProjectContract
    deployment: Deployment


def main(deployer: Account | None = None) -> Ledger:
    """Deploy everything; the deployer is the first account unless another is given."""
    deployer = deployer or accounts[0]
    manager = access_manager(deployer)
    partners = PartnerRegistry.deploy(manager, {"from": deployer})
    predicted = address_of_ledger(deployer.address, deployer.nonce)
    agreements = AgreementRegistry.deploy(partners, predicted, {"from": deployer})
    deals = DealRegistry.deploy(partners, agreements, {"from": deployer})
    registries = (partners, agreements, deals)
    settlement = RevenueSettlement.deploy(*registries, {"from": deployer})
    debts = RevenueDebts.deploy(*registries, {"from": deployer})
    revenue = RevenueLedger.deploy(*registries, settlement, debts, manager, {"from": deployer})
    if revenue.address != predicted:
        raise RuntimeError(f"The agreements name {predicted}, but the revenue ledger is {revenue.address}.")
    factory = AccountFactory.deploy({"from": deployer})
    dollar = TestDollar.deploy({"from": deployer})
    contracts = {
        MANAGER: manager.address,
        PARTNERS: partners.address,
        AGREEMENTS: agreements.address,
        DEALS: deals.address,
        REVENUE: revenue.address,
        ACCOUNTS: factory.address,
    }
    encoder = web3.eth.contract(address=manager.address, abi=contract_abi(MANAGER))
    orders = handover(encoder, contracts, Consortium.of_one(deployer.address), deployer.address)
    manager.multicall(orders, {"from": deployer})
    block = web3.eth.get_block(partners.tx.block_number)
    deployment = Deployment(
        chain_id=web3.eth.chain_id,
        block=block["number"],
        block_hash=bytes(block["hash"]),
        contracts=contracts,
        tokens={"tUSD": dollar.address},
    )
    # Also what it has answered by the code that it runs.
    whole = Contract.from_abi(REVENUE, revenue.address, contract_abi(REVENUE), owner=deployer, persist=False)
    return Ledger(manager, partners, agreements, deals, whole, dollar, deployment)


def access_manager(deployer: Account) -> Contract:
    """OpenZeppelin's access manager, as its npm package was built; the deployer is its first admin."""
    encoder = web3.eth.contract(abi=contract_abi(MANAGER), bytecode=bytecode(MANAGER))
    created = deployer.transfer(data=encoder.constructor(deployer.address).data_in_transaction)
    return Contract.from_abi(MANAGER, created.contract_address, contract_abi(MANAGER), persist=False)
