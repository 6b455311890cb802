"""What the contracts' artifacts are made of, and where a checkout keeps them: build/chain/, by a hash over
all of that, so that nothing is compiled twice and nothing stale is read.

The standard library alone: whoever builds the package asks this too (setup.py).
"""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from ledger import checkout
from ledger.terms.contracts import (
    ACCOUNTS,
    AGREEMENTS,
    DEALS,
    DEBTS,
    MANAGER,
    PARTNERS,
    PASSKEY_ACCOUNT,
    REVENUE,
    SETTLEMENT,
    TEST_DOLLAR,
)

SOURCES = {
    PARTNERS: "contracts/partners/PartnerRegistry.sol",
    AGREEMENTS: "contracts/agreements/AgreementRegistry.sol",
    DEALS: "contracts/deals/DealRegistry.sol",
    REVENUE: "contracts/revenue/RevenueLedger.sol",
    SETTLEMENT: "contracts/revenue/RevenueSettlement.sol",
    DEBTS: "contracts/revenue/RevenueDebts.sol",
    ACCOUNTS: "contracts/accounts/AccountFactory.sol",
    PASSKEY_ACCOUNT: "contracts/accounts/PasskeyAccount.sol",
    TEST_DOLLAR: "contracts/testnet/TestDollar.sol",
}
RUN_BY_THE_LEDGER = (SETTLEMENT, DEBTS)
"""Contracts whose code the revenue ledger runs on its own storage, in the order in which it is given them:
what they have is in its ABI, too.
"""
PUBLISHED = {
    MANAGER: "node_modules/@openzeppelin/contracts/build/contracts/AccessManager.json",
}
"""Contracts that are not compiled here: their code is the one in the npm package that publishes them."""
PUBLISHED_SOURCES = {MANAGER: "node_modules/@openzeppelin/contracts/access/manager/AccessManager.sol"}
"""Their sources in it, for where they keep what they store."""
COMPILER = "0.8.37"
"""The compiler's version."""
FOLDER = Path("build", "chain")
_FORM = "3"
"""Of the file: artifacts of another form are not read."""
_OPENZEPPELIN = Path("node_modules", "@openzeppelin", "contracts", "package.json")


def settings() -> dict[str, Any]:
    """The compiler's standard-JSON settings, as foundry.toml has them."""
    profile = tomllib.loads((checkout.ROOT / "foundry.toml").read_text())["profile"]["default"]
    return {
        "remappings": profile["remappings"],
        "optimizer": {"enabled": profile["optimizer"], "runs": profile["optimizer_runs"]},
        "metadata": {"bytecodeHash": profile["bytecode_hash"], "appendCBOR": profile["cbor_metadata"]},
        "evmVersion": profile["evm_version"],
        "viaIR": profile["via_ir"],
    }


def fingerprint() -> str:
    """Hash over everything that the artifacts depend on."""
    npm = checkout.ROOT / _OPENZEPPELIN
    parts = [_FORM, COMPILER, json.dumps(settings(), sort_keys=True)]
    parts.append(npm.read_text() if npm.exists() else "none")
    for path in sorted((checkout.ROOT / "contracts").rglob("*.sol")):
        parts.append(f"{path.relative_to(checkout.ROOT).as_posix()}\n{path.read_text()}")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def kept() -> Path:
    """Where this checkout keeps the artifacts of the sources as they are now, compiled or not yet."""
    return checkout.ROOT / FOLDER / f"{fingerprint()}.json"


def kept_layouts() -> Path:
    """Where it keeps what the compiler says of their storage, and their constants."""
    return checkout.ROOT / FOLDER / f"{fingerprint()}.layouts.json"
