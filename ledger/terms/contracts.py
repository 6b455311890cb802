"""The names of the ledger's contracts."""

from typing import Final, Literal

ContractName = Literal["PartnerRegistry", "AgreementRegistry", "DealRegistry", "RevenueLedger"]
PARTNERS: Final = "PartnerRegistry"
AGREEMENTS: Final = "AgreementRegistry"
DEALS: Final = "DealRegistry"
REVENUE: Final = "RevenueLedger"
JOURNALS: Final[tuple[ContractName, ...]] = (PARTNERS, AGREEMENTS, DEALS, REVENUE)
"""The contracts that keep a journal, in the order in which they are listed."""
MANAGER: Final = "AccessManager"
"""Keeps the consortium's roles and delays, and no journal."""
CONTRACTS: Final = (MANAGER, *JOURNALS)
"""The contracts that every deployment has."""
ACCOUNTS: Final = "AccountFactory"
"""Creates accounts of passkeys, of which the ledger itself knows nothing: a deployment may be without."""
PASSKEY_ACCOUNT: Final = "PasskeyAccount"
"""What the factory creates."""
SETTLEMENT: Final = "RevenueSettlement"
DEBTS: Final = "RevenueDebts"
"""Run by the revenue ledger on its own storage, as SETTLEMENT is."""
TEST_DOLLAR: Final = "TestDollar"
"""The test network's token. It has every function of an ERC-20 token: others are asked by its ABI, too."""
