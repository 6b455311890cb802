"""An import against a real chain: three partners with anvil's wallets, their files and keys in a folder."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from intake_files import CHARGE, OPPORTUNITY, csv_of

from ledger.artifacts.contracts import contract_abi
from ledger.chain import anvil, deployment
from ledger.chain.logs import logs_between
from ledger.chain.node import Node
from ledger.chain.sender import Sender
from ledger.intake.keys import Keyring, read_keys
from ledger.intake.onboarding import onboard
from ledger.intake.partners_check import read_partners_file
from ledger.intake.partners_file import PartnersFile
from ledger.intake.prepare import ImportPlan, prepare
from ledger.intake.reports import Reports, read_reports
from ledger.intake.sending import Sent, send
from ledger.journal.events import decode_log, journal_topics
from ledger.journal.payments import payments_in
from ledger.rules.payment import Payment
from ledger.terms.deployment import Deployment

PARTNERS = {"vendor": 1, "north": 2, "south": 3}
"""Number of anvil's account by partner."""
DAY = 86_400
DEAL, AGREEMENT = "opportunity_id (metadata)", "agreement (metadata)"


class Desk:
    """A partner manager's folder, and the chain it imports into."""

    def __init__(self, folder: Path, node: Node, deployed: Deployment, *, conflicts: str = "wait") -> None:
        self.folder, self.node, self.deployment = folder, node, deployed
        self.partners_path, self.keys_path = folder / "partners.yaml", folder / "keys.yaml"
        self.opportunities, self.billing = folder / "opportunities.csv", folder / "billing.csv"
        self.partners_path.write_text(_partners(conflicts))
        self.write_keys(PARTNERS)
        deployment.save(deployed, folder / "deployment.json")

    @property
    def partners(self) -> PartnersFile:
        return read_partners_file(self.partners_path)

    @property
    def keyring(self) -> Keyring:
        return read_keys(self.keys_path, self.partners, lambda _: "")

    def write_keys(self, signing: Sequence[str] | Mapping[str, int]) -> None:
        """A keys file with everybody's import keys, and the signing keys of some."""
        lines = ["accounts:"]
        for name, number in PARTNERS.items():
            lines += [f"  {name}:", f'    import_key: "0x{number:064x}"']
            if name in signing:
                lines.append(f'    private_key: "0x{bytes(anvil.wallet(number).key).hex()}"')
        lines += ["epoch_keys:", f'  1: "0x{7:064x}"']
        self.keys_path.write_text("\n".join(lines) + "\n")
        self.keys_path.chmod(0o600)

    def account(self, partner: str) -> str:
        return str(anvil.wallet(PARTNERS[partner]).address)

    def onboard(self) -> None:
        onboard(self.node, self.deployment, self.partners, self.keyring)

    def fund(self, dollars: int) -> None:
        token = self.node.contract_at(self.deployment.tokens["tUSD"], contract_abi("TestDollar"))
        Sender(self.node, anvil.wallet(0)).send(token.functions.mint(self.account("vendor"), dollars * 10**6))

    def write_deals(self, *rows: Mapping[str, str]) -> None:
        self.opportunities.write_text(csv_of([{**OPPORTUNITY, **row} for row in rows]))

    def write_charges(self, *rows: Mapping[str, str]) -> None:
        self.billing.write_text(csv_of([{**CHARGE, **row} for row in rows]))

    def reports(self) -> Reports:
        opportunities = self.opportunities if self.opportunities.exists() else None
        billing = self.billing if self.billing.exists() else None
        return read_reports(self.partners, opportunities, billing, self.keyring)

    def plan(self, only: str | None = None) -> ImportPlan:
        return prepare(self.node, self.deployment, self.reports(), self.keyring, only=only)

    def run(self) -> Sent:
        return send(self.plan(), self.node, self.keyring)

    def command(self, *options: str) -> list[str]:
        program = [sys.executable, "-c", "from ledger.cli.main import main; main()", "import"]
        return [*program, str(self.partners_path), "--keys", str(self.keys_path), *options]

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PLEDGER_RPC_URL": self.node.url,
            "PLEDGER_DEPLOYMENT": str(self.folder / "deployment.json"),
        }

    def pledger(self, *options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*options),
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def payments(self) -> list[tuple[bytes, int]]:
        """Reference and amount of every payment on chain."""
        return [(each.invoice_ref, each.amount) for each in self.paid()]

    def paid(self) -> list[Payment]:
        """Every payment on chain, as it was made."""
        asked = {"address": self.deployment.address("RevenueLedger")}
        logs = logs_between(self.node, asked, self.deployment.block, self.node.newest().number)
        journal = [
            log for log in logs if bytes.fromhex(log["topics"][0][2:]) in journal_topics("RevenueLedger")
        ]
        return [each for log in journal for each in payments_in(decode_log(self.deployment, log))]


def charges(count: int) -> list[dict[str, str]]:
    """Charges of 1.00, 1.01, 1.02 … dollars."""
    return [
        {
            "id": f"txn_{number}",
            "Source": f"ch_{number}",
            "Amount": f"{1 + number / 100:.2f}",
            "Fee": "0",
            "Net": f"{1 + number / 100:.2f}",
        }
        for number in range(count)
    ]


def _partners(conflicts: str) -> str:
    lines = ["partners:"]
    for name, number in PARTNERS.items():
        address = anvil.wallet(number).address
        lines.append(f'  {name}: {{name: {name.title()} Ltd, account: "{address}"}}')
    return "\n".join(lines) + _REST.replace("CONFLICTS", conflicts)


_REST = """
programme: {owner: vendor, number: 1, name: Programme}
currencies:
  usd: {token: tUSD, decimals: 6}
agreements:
  resale:
    parties: [vendor, north]
    shares: {vendor: 70%, north: 30%}
    currencies: [usd]
    valid_from: 2025-01-01
  alliance:
    parties: [vendor, south]
    shares: {vendor: 60%, south: 40%}
    currencies: [usd]
    valid_from: 2025-01-01
opportunities:
  columns: {partner: Partner Account, customer: Website}
  customer_kind: domain
  dates: M/D/YYYY
  conflicts: CONFLICTS
billing:
  source: stripe:vendor
  payer: vendor
  amount: gross
  columns: {opportunity: opportunity_id (metadata), agreement: agreement (metadata)}
"""
