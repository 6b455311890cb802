"""What the partners do: they register, sign, bring deals and are paid. All through the library."""

import json

from ledger.actions import form
from ledger.chain.authorization import Authorization, random_nonce
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.stage import EXAMPLES, Stage
from ledger.cli.importing import ImportFiles, run_import
from ledger.intake.keys import Keyring, read_keys
from ledger.intake.onboarding import onboard
from ledger.intake.sending import Progress
from ledger.terms.agreement import Terms
from ledger.terms.contracts import DEALS, PARTNERS
from ledger.terms.units import DAY

UNVERIFIED = "ostrava"
"""The partner that the consortium has not looked at yet: what it says of others counts nothing."""


def keyring(stage: Stage) -> Keyring:
    """The partners' keys, from the keys file."""
    return read_keys(stage.keys, stage.partners, lambda _: "")


def sign_up(stage: Stage) -> None:
    """Partners register and sign their agreements, the Safe by ERC-1271; the consortium attests them."""
    partners = stage.chain.node.contract(stage.deployment, PARTNERS)
    own = stage.partners.partners[actors.SAFE_PARTNER]
    stage.safe.execute(stage.safe_relayer, partners.functions.register(own.account, own.name, own.uri))
    stage.console.print(f"  registered {own.name} (a Safe)")
    _sign(stage)
    until = stage.chain.node.timestamp() + 365 * DAY
    attested = [key for key in stage.partners.partners if key != UNVERIFIED]
    for key in attested:
        attested_of = {"account": stage.partners.partners[key].account, "evidence": actors.evidence(key)}
        stage.act(stage.consortium, "attest", **attested_of, level=1, expires_at=until)
    stage.console.print(
        f"  attested {len(attested)} partners; not yet {stage.partners.partners[UNVERIFIED].name}"
    )


def amend(stage: Stage) -> None:
    """The partners of one agreement agree on other shares: those of both versions sign, the Safe too."""
    stage.amend()
    _sign(stage)


def _sign(stage: Stage) -> None:
    def safe_signature(account: str, terms: Terms) -> Authorization:
        deadline = stage.chain.node.timestamp() + DAY
        return stage.safe.sign(
            form(
                stage.deployment,
                "accept_agreement",
                account=account,
                terms=terms,
                nonce=random_nonce(),
                deadline=deadline,
            )
        )

    signers = {actors.SAFE_PARTNER: safe_signature}
    outcome = onboard(stage.chain.node, stage.deployment, stage.partners, keyring(stage), signers)
    for line in [*outcome.done, *outcome.missing]:
        stage.console.print(f"  {line}")


def import_files(stage: Stage, progress: Progress | None = None) -> None:
    """``pledger import`` on the sample files."""
    run_import(stage.settings, _files(stage), stage.console, progress=progress)


def import_for_the_safe(stage: Stage) -> None:
    """The same for the partner whose wallet is a contract: its transactions as a file, made by the Safe."""
    path = stage.settings.home / "safe-batch.json"
    files = ImportFiles(stage.file, stage.keys, EXAMPLES / "opportunities.csv", unsigned=path)
    run_import(stage.settings, files, stage.console, wallet=actors.SAFE_PARTNER)
    registry = stage.chain.node.contract(stage.deployment, DEALS)
    relayer = stage.safe_relayer
    transactions = json.loads(path.read_text())["transactions"]
    for transaction in transactions:
        function, arguments = registry.decode_function_input(transaction["data"])
        stage.safe.execute(relayer, function(**arguments))
    stage.console.print(f"  the Safe made {len(transactions)} transactions from {path.name}")


def _files(stage: Stage) -> ImportFiles:
    return ImportFiles(stage.file, stage.keys, EXAMPLES / "opportunities.csv", EXAMPLES / "billing.csv")
