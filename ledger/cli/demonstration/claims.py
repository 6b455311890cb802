"""Payees take out what they earned."""

from collections.abc import Sequence
from dataclasses import dataclass

from eth_account import Account

from ledger.cli.demonstration import actors
from ledger.cli.demonstration.stage import Stage
from ledger.intake.chain_state import ChainState, read_chain
from ledger.rules.plan import share_of

_NORDIC = ["nordic-resale", "nordic-resale-2026"]


@dataclass(frozen=True)
class ClaimMade:
    """A claim, for the summary."""

    partner: str
    agreements: Sequence[str]
    how: str


def claim(stage: Stage) -> list[ClaimMade]:
    """Some claim for themselves, some are claimed for, one has it sent elsewhere; others leave it."""
    files = stage.partners
    state = read_chain(stage.chain.node, stage.deployment, files)
    treasury = Account.from_key(actors.import_key("treasury")).address
    made = [
        ClaimMade("halyard", list(files.agreements), "itself, six agreements in one transfer"),
        ClaimMade("tessellate", ["north-america", "data-alliance"], "itself, two agreements in one transfer"),
        ClaimMade("nordhaus", ["nordic-resale-2026"], "the consortium for it, to its wallet"),
        ClaimMade(
            "atelier", ["france-iberia"], "the consortium for it, with all payees of its agreement at once"
        ),
        ClaimMade("fjordlink", _NORDIC, "the consortium for it, to its Safe"),
        ClaimMade("bluewater", ["uk-resale"], "itself, to its treasury"),
    ]
    token = state.token("usd")
    for own in made:
        account = files.partners[own.partner].account
        shares = _shares(state, own.agreements, account)
        sender = stage.sender(own.partner) if own.how.startswith("itself") else stage.consortium
        if "all payees" in own.how:
            agreement = state.agreements[own.agreements[0]]
            stage.act(sender, "distribute", agreement=agreement.id, terms=agreement.terms, token=token)
        else:
            recipient = treasury if "treasury" in own.how else None
            stage.act(sender, "claim", account=account, token=token, shares=shares, recipient=recipient)
        stage.console.print(f"  {files.partners[own.partner].name}: {own.how}")
    return made


def _shares(state: ChainState, agreements: Sequence[str], account: str) -> list[object]:
    return [share_of(state.agreements[key].terms, state.agreements[key].id, account) for key in agreements]
