"""The checks that the demonstration ends with, each really run: what fails is told, and the exit is not 0."""

from dataclasses import dataclass
from typing import Any

from ledger.chain.plan import share_of
from ledger.cli.demonstration.server import Portal
from ledger.cli.demonstration.stage import Stage
from ledger.intake.chain_state import ChainState, read_chain


@dataclass(frozen=True)
class Check:
    """A promise, and whether it held."""

    holds: bool
    line: str


def check_all(stage: Stage, portal: Portal, audit: Any) -> list[Check]:
    """Journals by the audit, money by the contracts' own numbers, balances by API and contracts."""
    state = read_chain(stage.chain.node, stage.deployment, stage.partners)
    return [journals(audit), conservation(state, audit), balances(stage, portal, state)]


def journals(audit: Any) -> Check:
    """Whether every journal of the audit ends where its contract's does."""
    entries = sum(journal["mirror"]["seq"] for journal in audit["journals"])
    wrong = [journal for journal in audit["journals"] if journal["verdict"] != "match"]
    if wrong or not entries:
        return Check(False, f"journals: {audit['first_difference'] or 'there are no entries'}")
    return Check(True, f"journals: every head matches ({entries} entries)")


def conservation(state: ChainState, audit: Any) -> Check:
    """By the contracts: released = claimed + claimable + carry in each book, and the tokens are there."""
    if audit["money"]["verdict"] != "match" or not audit["money"]["replayed"]:
        return Check(False, f"conservation: {audit['money']['violation'] or audit['money']['unlike']}")
    ledger = state.deployment.address("RevenueLedger")
    for currency, token in state.tokens.items():
        owed = 0
        for key, agreement in state.agreements.items():
            (book,) = state.questions.ask("RevenueLedger", "bookOf", [[agreement.id, token]])
            payees = [payee.account for payee in agreement.terms.payees]
            claimed = state.questions.ask(
                "RevenueLedger", "claimedOf", [[agreement.id, token, payee] for payee in payees]
            )
            shares = [share_of(agreement.terms, agreement.id, payee) for payee in payees]
            claimable = state.questions.ask(
                "RevenueLedger",
                "claimableOf",
                [[payee, token, share] for payee, share in zip(payees, shares, strict=True)],
            )
            released = book[0]
            carry = released - sum(claimed) - sum(claimable)
            if not 0 <= carry < len(payees):
                return Check(False, f"conservation: {key} in {currency} is off by {carry} base units")
            owed += released - sum(claimed)
        held = state.questions.ask_token(token, "balanceOf", ledger)
        if held != owed:
            return Check(False, f"conservation: the ledger holds {held} of {currency} and owes {owed}")
    return Check(True, "conservation: exact")


def balances(stage: Stage, portal: Portal, state: ChainState) -> Check:
    """Each balance by an HTTP request of its own kind, against ``claimableOf`` and ``claimedOf``."""
    agreements = {f"0x{own.id.hex()}": own for own in state.agreements.values()}
    compared = 0
    for partner in stage.partners.partners.values():
        body = portal.get(f"/v1/partners/{partner.account}/balances", limit=100)
        for line in body["balances"]:
            agreement = agreements[line["agreement"]]
            token = line["token"]["address"]
            share = share_of(agreement.terms, agreement.id, partner.account)
            (claimable,) = state.questions.ask(
                "RevenueLedger", "claimableOf", [[partner.account, token, share]]
            )
            (claimed,) = state.questions.ask(
                "RevenueLedger", "claimedOf", [[agreement.id, token, partner.account]]
            )
            said = (int(line["claimable"]["units"]), int(line["claimed"]["units"]))
            if said != (claimable, claimed):
                return Check(
                    False, f"balances: of {partner.name} the API says {said}, {(claimable, claimed)} is true"
                )
            compared += 1
    expected = sum(len(own.terms.payees) * len(own.terms.tokens) for own in state.agreements.values())
    if compared != expected:
        return Check(False, f"balances: the API has {compared} of {expected}")
    return Check(True, f"balances: API equals contracts ({compared} compared)")
