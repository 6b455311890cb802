"""The checks that the demonstration ends with, each really run: what fails is told, and the exit is not 0."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from ledger.chain.checked_entries import checked_entries
from ledger.cli.demonstration.server import Portal
from ledger.cli.demonstration.stage import Stage
from ledger.intake.chain_state import ChainState, read_chain
from ledger.journal.payments import RECEIVED, payments_in
from ledger.journal.payouts import payouts_in
from ledger.rules.plan import share_of
from ledger.signing import agreement_id
from ledger.terms.agreement import Terms
from ledger.terms.ids import AgreementId

_OUT = frozenset({"Claimed", "ClaimedAcross", "Distributed", "Refunded", "RefundPaid", "DebtPaid"})
_BESIDES = ("held", "disputed", "refunded", "netted")


Payee = tuple[bytes, str, str]
"""An agreement, a token and an account."""


@dataclass(frozen=True)
class Check:
    """A promise, and whether it held."""

    holds: bool
    line: str


@dataclass(frozen=True)
class Agreed:
    """An agreement as the API shows it, its terms held against its id."""

    id: AgreementId
    terms: Terms
    books: Sequence[Any]


def check_all(stage: Stage, portal: Portal, audit: Any) -> list[Check]:
    """Journals by the audit, money by the contracts' own numbers, balances by API and contracts."""
    state = read_chain(stage.chain.node, stage.deployment, stage.partners)
    agreed = {f"0x{each.id.hex()}": each for each in _agreements(stage, portal)}
    return [
        journals(audit),
        conservation(state, agreed, audit),
        balances(stage, portal, state, agreed),
    ]


def _agreements(stage: Stage, portal: Portal) -> list[Agreed]:
    found = []
    for summary in portal.every("/v1/agreements", "agreements"):
        detail = portal.get(f"/v1/agreements/{summary['agreement']}")
        terms = Terms.from_json(detail["terms"])
        found.append(Agreed(agreement_id(stage.deployment, terms), terms, detail["books"]))
    return found


def journals(audit: Any) -> Check:
    """Whether every journal of the audit ends where its contract's does."""
    entries = sum(journal["mirror"]["seq"] for journal in audit["journals"])
    wrong = [journal for journal in audit["journals"] if journal["verdict"] != "match"]
    if wrong or not entries:
        return Check(False, f"journals: {audit['first_difference'] or 'there are no entries'}")
    return Check(True, f"journals: every head matches ({entries} entries)")


def conservation(state: ChainState, agreed: Mapping[str, Agreed], audit: Any) -> Check:
    """received = claimed + claimable + held + disputed + refunded + netted + carry in each book, by the
    contracts; and what came in less what went out is there.
    """
    if audit["money"]["verdict"] != "match" or not audit["money"]["replayed"]:
        return Check(False, f"conservation: {audit['money']['violation'] or audit['money']['unlike']}")
    paid = _paid(state)
    for name, agreement in agreed.items():
        for book in agreement.books:
            token = to_checksum_address(book["token"]["address"])
            positions = _positions(state, agreement, token, paid)
            besides = {part: int(book[part]["units"]) for part in _BESIDES}
            carry = int(book["received"]["units"]) - sum(map(sum, positions)) - sum(besides.values())
            if not 0 <= carry < len(positions):
                return Check(False, f"conservation: {name} is off by {carry} base units")
            days = [[agreement.id, token, day["matures_at"]] for day in book["held_until"]]
            held = sum(state.questions.ask("RevenueLedger", "heldUntil", days))
            if held != besides["held"]:
                return Check(False, f"conservation: {name} holds {held}, the API says {besides['held']}")
    for coin, moved in _moved(state).items():
        there = state.questions.ask_token(
            to_checksum_address(coin), "balanceOf", state.deployment.address("RevenueLedger")
        )
        if there != moved:
            return Check(False, f"conservation: the ledger has {there} of {coin}, and should have {moved}")
    return Check(True, "conservation: exact")


def _positions(
    state: ChainState, agreement: Agreed, token: str, paid: Mapping[Payee, int]
) -> list[tuple[int, int]]:
    """What each payee was paid and can claim, as the ledger's own entries and views say."""
    payees = [payee.account for payee in agreement.terms.payees]
    shares = [share_of(agreement.terms, agreement.id, payee) for payee in payees]
    claimed = [paid.get((agreement.id, token, payee), 0) for payee in payees]
    claimable = state.questions.ask(
        "RevenueLedger",
        "claimableOf",
        [[payee, token, share] for payee, share in zip(payees, shares, strict=True)],
    )
    return list(zip(claimed, claimable, strict=True))


def _paid(state: ChainState) -> dict[Payee, int]:
    """What payees were paid, as the ledger's events have it."""
    paid: dict[Payee, int] = {}
    questions = state.questions
    for event in checked_entries(questions.node, state.deployment, "RevenueLedger", questions.at):
        for each in payouts_in(event):
            payee = to_checksum_address(each.account)
            key = (each.agreement, to_checksum_address(each.token), payee)
            paid[key] = paid.get(key, 0) + each.amount
    return paid


def _moved(state: ChainState) -> dict[str, int]:
    """What came in less what went out, by token, as the ledger's events have it."""
    moved: dict[str, int] = {}
    questions = state.questions
    for event in checked_entries(questions.node, state.deployment, "RevenueLedger", questions.at):
        if event.name not in RECEIVED | _OUT:
            continue
        token = to_checksum_address(event.args["token"])
        if event.name in RECEIVED:
            amount = sum(each.amount for each in payments_in(event))
        else:
            amount = -(sum(each.amount for each in payouts_in(event)) or int(event.args["amount"]))
        moved[token] = moved.get(token, 0) + amount
    return moved


def balances(stage: Stage, portal: Portal, state: ChainState, agreed: Mapping[str, Agreed]) -> Check:
    """Each balance by an HTTP request of its own kind, against ``claimableOf`` and the ledger's entries."""
    compared, paid = 0, _paid(state)
    for partner in stage.partners.partners.values():
        known = portal.get(f"/v1/partners/{partner.account}/balances", limit=100)
        for line in known["balances"]:
            agreement = agreed[line["agreement"]]
            token = to_checksum_address(line["token"]["address"])
            payees = [payee.account for payee in agreement.terms.payees]
            claimed, claimable = _positions(state, agreement, token, paid)[payees.index(partner.account)]
            said = (int(line["claimable"]["units"]), int(line["claimed"]["units"]))
            if said != (claimable, claimed):
                return Check(
                    False, f"balances: of {partner.name} the API says {said}, {(claimable, claimed)} is true"
                )
            compared += 1
    expected = sum(len(own.terms.payees) * len(own.terms.tokens) for own in agreed.values())
    if compared != expected:
        return Check(False, f"balances: the API has {compared} of {expected}")
    return Check(True, f"balances: API equals contracts ({compared} compared)")
