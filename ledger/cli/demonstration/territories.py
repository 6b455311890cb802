"""A second programme, by territory: two partners bring the same customer in one country, a third in
another.
"""

from ledger.actions import form
from ledger.chain.agreements import Registry
from ledger.chain.authorization import random_nonce, sign
from ledger.chain.tags import commitment, deal_id, tag
from ledger.cli.demonstration import actors
from ledger.cli.demonstration.stage import FieldDeal, Stage
from ledger.intake.agreements import programme_id, territory_code
from ledger.terms.agreement import Payee, Terms
from ledger.terms.contracts import DEALS
from ledger.terms.deals import Rule
from ledger.terms.ids import AgreementId, DealId
from ledger.terms.reasons import reason_code
from ledger.terms.units import DAY, WHOLE

CUSTOMER = "birchwood-rail.example"
_NUMBER = 2
_VENDOR = "halyard"
_BROUGHT = (("nordhaus", "DE"), ("ostrava", "DE"), ("lumenoak", "CZ"))
"""Who registers the customer where, in this order."""


def register(stage: Stage) -> list[FieldDeal]:
    """The vendor opens the programme, all sign one agreement under it, and three register the customer."""
    node, accounts = stage.chain.node, stage.partners.partners
    vendor, registry = accounts[_VENDOR].account, Registry(node, stage.deployment)
    programme = {"owner": vendor, "number": _NUMBER, "name": "Halyard Field Programme"}
    stage.act(stage.sender(_VENDOR), "create_programme", **programme, rule=Rule.TERRITORY)
    terms = _terms(stage)
    acceptances = []
    keys = {accounts[partner].account: stage.sender(partner).key for partner in _partners()}
    for account in terms.parties:
        when = {"nonce": random_nonce(), "deadline": node.timestamp() + DAY}
        data = form(stage.deployment, "accept_agreement", account=account, terms=terms, **when)
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
        own, sender = {"vendor": vendor, "deal": each.deal}, stage.sender(_VENDOR)
        is_taken = each.territory in taken
        if is_taken:
            stage.act(sender, "reject_deal", **own, reason=reason_code("EARLIER_DEAL"))
        else:
            stage.act(sender, "approve_deal", **own)
        name = stage.partners.partners[each.partner].name
        stage.console.print(f"  {name} in {each.territory}: {'rejected' if is_taken else 'approved'}")
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


def _register(stage: Stage, partner: str, territory: str, agreement: AgreementId, terms: Terms) -> DealId:
    account = stage.partners.partners[partner].account
    own_tag = tag(actors.epoch_key(), "domain", CUSTOMER)
    salt = actors.evidence(f"{partner} in {territory}")
    address = stage.deployment.address(DEALS)
    made = commitment(stage.deployment.chain_id, address, account, agreement, own_tag, salt)
    sender = stage.sender(partner)
    stage.act(sender, "commit_deal", account=account, commitment=made)
    shown = {"tag": own_tag, "salt": salt, "territory": territory_code(territory), "epoch": 1}
    stage.act(sender, "reveal_deal", account=account, agreement=agreement, terms=terms, **shown)
    return deal_id(account, made)
