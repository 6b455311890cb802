"""The vendor's wallet is rotated: a new key acts for the same account, and has the money."""

from ledger.actions import form
from ledger.artifacts.contracts import contract_abi
from ledger.chain import anvil
from ledger.chain.authorization import random_nonce, sign
from ledger.chain.sender import Sender
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.stage import Stage
from ledger.terms.contracts import TEST_DOLLAR
from ledger.terms.units import DAY


def rotate(stage: Stage, partner: str) -> None:
    """The old wallet hands over, with the new one's signed acceptance, and sends it the tokens that it
    holds.
    """
    node, old, new = stage.chain.node, stage.sender(partner), anvil.wallet(actors.ROTATED)
    account = stage.partners.partners[partner].account
    own, when = {"account": account, "wallet": new.address}, node.timestamp() + DAY
    consent = form(stage.deployment, "accept_wallet", **own, nonce=random_nonce(), deadline=when)
    stage.act(old, "rotate_wallet", **own, consent=sign(consent, new))
    token = node.contract_at(stage.deployment.tokens["tUSD"], contract_abi(TEST_DOLLAR)).functions
    old.send(token.transfer(new.address, token.balanceOf(old.address).call()))
    stage.rotate(partner, actors.ROTATED)
    name = stage.partners.partners[partner].name
    stage.console.print(f"  {name} ({account}) now acts with {Sender(node, new).address}")
