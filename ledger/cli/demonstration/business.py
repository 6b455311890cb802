"""What the partners do: they register, sign, bring deals, are paid and claim. All through the library."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from eth_account import Account

from ledger.chain.authorization import Authorization, random_nonce
from ledger.chain.plan import share_of
from ledger.chain.sender import Sender
from ledger.chain.terms import Terms
from ledger.chain.typed_data import acceptance
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.stage import DAY, EXAMPLES, Stage
from ledger.cli.importing import ImportFiles, run_import
from ledger.intake.chain_state import ChainState, read_chain
from ledger.intake.keys import Keyring, read_keys
from ledger.intake.onboarding import onboard
from ledger.intake.sending import Progress

UNVERIFIED = "ostrava"
"""The partner that the consortium has not looked at yet: what it says of others counts nothing."""


def keyring(stage: Stage) -> Keyring:
    """The partners' keys, from the keys file."""
    return read_keys(stage.keys, stage.partners, lambda _: "")


def sign_up(stage: Stage) -> None:
    """Partners register and sign their agreements, the Safe by ERC-1271; the consortium attests them."""

    def safe_signature(account: str, terms: Terms) -> Authorization:
        deadline = stage.chain.node.timestamp() + DAY
        return stage.safe.sign(
            acceptance(stage.deployment, account, terms, nonce=random_nonce(), deadline=deadline)
        )

    partners = stage.chain.node.contract(stage.deployment, "PartnerRegistry")
    own = stage.partners.partners[actors.SAFE_PARTNER]
    stage.safe.execute(stage.safe_relayer, partners.functions.register(own.account, own.name, own.uri))
    signers = {actors.SAFE_PARTNER: safe_signature}
    outcome = onboard(stage.chain.node, stage.deployment, stage.partners, keyring(stage), signers)
    for line in [f"registered {own.name} (a Safe)", *outcome.done, *outcome.missing]:
        stage.console.print(f"  {line}")
    until = stage.chain.node.timestamp() + 365 * DAY
    attested = [key for key in stage.partners.partners if key != UNVERIFIED]
    for key in attested:
        account = stage.partners.partners[key].account
        stage.consortium.send(partners.functions.attest(account, 1, until, actors.evidence(key)))
    stage.console.print(
        f"  attested {len(attested)} partners; not yet {stage.partners.partners[UNVERIFIED].name}"
    )


def import_files(stage: Stage, progress: Progress | None = None) -> None:
    """``pledger import`` on the sample files."""
    run_import(stage.settings, _files(stage), stage.console, progress=progress)


def import_for_the_safe(stage: Stage) -> None:
    """The same for the partner whose wallet is a contract: its transactions as a file, made by the Safe."""
    path = stage.settings.home / "safe-batch.json"
    files = ImportFiles(EXAMPLES / "partners.yaml", stage.keys, EXAMPLES / "opportunities.csv", unsigned=path)
    run_import(stage.settings, files, stage.console, wallet=actors.SAFE_PARTNER)
    registry = stage.chain.node.contract(stage.deployment, "DealRegistry")
    relayer = stage.safe_relayer
    transactions = json.loads(path.read_text())["transactions"]
    for transaction in transactions:
        function, arguments = registry.decode_function_input(transaction["data"])
        stage.safe.execute(relayer, function(**arguments))
    stage.console.print(f"  the Safe made {len(transactions)} transactions from {path.name}")


@dataclass(frozen=True)
class ClaimMade:
    """A claim, for the summary."""

    partner: str
    agreements: Sequence[str]
    how: str


def claim(stage: Stage) -> list[ClaimMade]:
    """Some claim for themselves, some are claimed for, one has it sent elsewhere; others leave it."""
    node, files = stage.chain.node, stage.partners
    state = read_chain(node, stage.deployment, files)
    keys = keyring(stage)
    treasury = Account.from_key(actors.import_key("treasury")).address
    made = [
        ClaimMade("halyard", list(files.agreements), "itself, five agreements in one transfer"),
        ClaimMade("tessellate", ["north-america", "data-alliance"], "itself, two agreements in one transfer"),
        ClaimMade("nordhaus", ["nordic-resale"], "the consortium for it, to its wallet"),
        ClaimMade("atelier", ["france-iberia"], "the consortium for it, to its wallet"),
        ClaimMade("fjordlink", ["nordic-resale"], "the consortium for it, to its Safe"),
        ClaimMade("bluewater", ["uk-resale"], "itself, to its treasury"),
    ]
    ledger = node.contract(stage.deployment, "RevenueLedger").functions
    token = state.token("usd")
    for own in made:
        account = files.partners[own.partner].account
        shares = _shares(state, own.agreements, account)
        signer = keys.signer(account)
        if own.how.startswith("itself") and signer is not None:
            to_treasury = ledger.claimTo(account, treasury, token, shares)
            call = to_treasury if "treasury" in own.how else ledger.claimAcross(account, token, shares)
            Sender(node, signer).send(call)
        else:
            stage.consortium.send(ledger.claimAcross(account, token, shares))
        stage.console.print(f"  {files.partners[own.partner].name}: {own.how}")
    return made


def _shares(state: ChainState, agreements: Sequence[str], account: str) -> list[object]:
    return [share_of(state.agreements[key].terms, state.agreements[key].id, account) for key in agreements]


def _files(stage: Stage) -> ImportFiles:
    return ImportFiles(
        EXAMPLES / "partners.yaml", stage.keys, EXAMPLES / "opportunities.csv", EXAMPLES / "billing.csv"
    )
