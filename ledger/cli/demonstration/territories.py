"""A second programme, by territory: two partners bring the same customer in one country, a third in
another.
"""

from ledger.chain.agreements import Registry
from ledger.chain.authorization import random_nonce, sign
from ledger.chain.calls import encode_call
from ledger.chain.tags import commitment, deal_id, tag
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.stage import FieldDeal, Stage
from ledger.intake.agreements import programme_id, territory_code
from ledger.rules.plan import opening_of
from ledger.signing import acceptance
from ledger.terms.agreement import Payee, Terms
from ledger.terms.deals import Rule, State
from ledger.terms.reasons import reason_code
from ledger.terms.units import DAY, WHOLE

CUSTOMER = "birchwood-rail.example"
_NUMBER = 2
_ZERO = "0x" + "00" * 20
_VENDOR = "halyard"
_BROUGHT = (("nordhaus", "DE"), ("ostrava", "DE"), ("lumenoak", "CZ"))
"""Who registers the customer where, in this order."""


def register(stage: Stage) -> list[FieldDeal]:
    """The vendor opens the programme, all sign one agreement under it, and three register the customer."""
    node, accounts = stage.chain.node, stage.partners.partners
    vendor, registry = accounts[_VENDOR].account, Registry(node, stage.deployment)
    agreements = node.contract(stage.deployment, "AgreementRegistry").functions
    name = "Halyard Field Programme"
    stage.sender(_VENDOR).send(agreements.createProgramme(vendor, _NUMBER, name, Rule.TERRITORY))
    terms = _terms(stage)
    acceptances = []
    keys = {accounts[partner].account: stage.sender(partner).key for partner in _partners()}
    for account in terms.parties:
        data = acceptance(
            stage.deployment, account, terms, nonce=random_nonce(), deadline=node.timestamp() + DAY
        )
        acceptances.append(sign(data, keys[account]))
    registry.activate(stage.consortium, terms, acceptances)
    agreement, found = registry.agreement_id(terms), []
    for partner, territory in _BROUGHT:
        found.append(FieldDeal(partner, territory, _register(stage, partner, territory, agreement, terms)))
        stage.console.print(f"  {accounts[partner].name} registers a customer in {territory}")
    return found


def decide(stage: Stage) -> None:
    """The first in each territory is approved; the second in the same one is refused, as the registry
    demands.
    """
    vendor = stage.partners.partners[_VENDOR].account
    taken: set[str] = set()
    for each in stage.field_deals:
        outcome = State.REJECTED if each.territory in taken else State.APPROVED
        reason = reason_code("EARLIER_DEAL") if outcome is State.REJECTED else bytes(32)
        decision = (each.deal, outcome, reason, 0, _ZERO)
        data = encode_call("DealRegistry", "decide", vendor, decision)
        address = stage.deployment.address("DealRegistry")
        stage.sender(_VENDOR).transact(address, data, action=f"decide on a deal in {each.territory}")
        name = stage.partners.partners[each.partner].name
        stage.console.print(f"  {name} in {each.territory}: {outcome.name.lower()}")
        taken.add(each.territory)


def _partners() -> tuple[str, ...]:
    return (_VENDOR, *(partner for partner, _ in _BROUGHT))


def _terms(stage: Stage) -> Terms:
    accounts = [stage.partners.partners[partner].account for partner in _partners()]
    parties = tuple(sorted(accounts, key=str.lower))
    vendor = stage.partners.partners[_VENDOR].account
    weights = {account: WHOLE * 7 // 10 if account == vendor else WHOLE // 10 for account in parties}
    return Terms(
        parties=parties,
        payees=tuple(Payee(account, (weights[account],)) for account in parties),
        tokens=(stage.deployment.tokens["tUSD"],),
        programme=programme_id(vendor, _NUMBER),
        territories=tuple(sorted({territory_code(territory) for _, territory in _BROUGHT})),
        decision_seconds=14 * DAY,
        exclusivity_seconds=90 * DAY,
    )


def _register(stage: Stage, partner: str, territory: str, agreement: bytes, terms: Terms) -> bytes:
    account = stage.partners.partners[partner].account
    own_tag = tag(actors.epoch_key(), "domain", CUSTOMER)
    salt = actors.evidence(f"{partner} in {territory}")
    address = stage.deployment.address("DealRegistry")
    made = commitment(stage.deployment.chain_id, address, account, agreement, own_tag, salt)
    sender = stage.sender(partner)
    sender.transact(address, encode_call("DealRegistry", "commit", account, made), action="commit")
    reveal = (account, agreement, own_tag, salt, territory_code(territory), 1)
    data = encode_call("DealRegistry", "reveal", reveal, opening_of(terms))
    sender.transact(address, data, action="reveal")
    return deal_id(account, made)
