"""Opportunities as goals, and what the registry already has of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from ledger.chain.states import State
from ledger.chain.tags import commitment, customer_of, deal_id, tag
from ledger.errors import LedgerError
from ledger.intake.chain_state import ChainState
from ledger.intake.deals import REVEAL_SECONDS, Goal, Registration
from ledger.intake.keys import Keyring
from ledger.intake.opportunities import Opportunity
from ledger.intake.partners_file import OpportunityReport, PartnersFile
from ledger.intake.references import deal_salt

_MOST_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a reveal shows: known here only when the partner's import key is."""

    commitment: bytes
    tag: bytes
    salt: bytes


@dataclass(frozen=True)
class DealState:
    """Goals in order of priority, what they reveal by opportunity, and the registry's deals by customer."""

    goals: Sequence[Goal]
    secrets: Mapping[str, Secrets]
    registrations: Sequence[tuple[bytes, Registration]]


def read_deals(
    state: ChainState,
    file: PartnersFile,
    config: OpportunityReport,
    opportunities: Iterable[Opportunity],
    keyring: Keyring,
) -> DealState:
    """Reads what the registry has of each opportunity and of its customer.

    Opportunities come in order of creation, then id: the order in which their commitments are made. Raises
    LedgerError when the programme's tag key is missing.
    """
    ordered = sorted(opportunities, key=lambda opportunity: (opportunity.created, opportunity.id))
    if not ordered:
        return DealState([], {}, [])
    epoch_key = keyring.epoch_keys.get(state.epoch)
    if epoch_key is None:
        raise LedgerError(
            f"The keys file has no tag key of epoch {state.epoch}, by which customers are compared.",
            "Ask the programme's owner for it, and write it under epoch_keys.",
        )
    tags = {own.id: tag(epoch_key, config.customer_kind, own.customer) for own in ordered}
    attempts, made = _own_deals(state, file, ordered, keyring, tags)
    goals = [
        _goal(state, file, own, customer_of(state.programme, state.epoch, tags[own.id]), attempts.get(own.id))
        for own in ordered
    ]
    queues = _queues(state, sorted({goal.customer for goal in goals}))
    known = {found.deal for _, found in queues}
    queues += [
        (goal.customer, made[goal.opportunity])
        for goal in goals
        if goal.opportunity in made and made[goal.opportunity].deal not in known
    ]
    return DealState(goals, attempts, queues)


def _goal(
    state: ChainState, file: PartnersFile, own: Opportunity, customer: bytes, secrets: Secrets | None
) -> Goal:
    terms = state.agreements[own.agreement].terms
    account = file.partners[own.partner].account
    return Goal(
        line=own.line,
        opportunity=own.id,
        partner=own.partner,
        account=account,
        agreement=own.agreement,
        customer=customer,
        target=own.target,
        value=own.value,
        currency=own.currency,
        exclusivity_seconds=terms.exclusivity_seconds,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        deal=None if secrets is None else deal_id(account, secrets.commitment),
    )


def _own_deals(
    state: ChainState,
    file: PartnersFile,
    ordered: Sequence[Opportunity],
    keyring: Keyring,
    tags: Mapping[str, bytes],
) -> tuple[dict[str, Secrets], dict[str, Registration]]:
    """The commitment of each opportunity whose partner's import key is at hand, and its record where there
    is one.

    A commitment that lapsed unrevealed is lost; the next attempt has another salt.
    """
    chosen: dict[str, Secrets] = {}
    made: dict[str, Registration] = {}
    open_ones = [own for own in ordered if own.partner in keyring.import_keys]
    for attempt in range(_MOST_ATTEMPTS):
        secrets = {own.id: _secrets(state, file, own, keyring, tags[own.id], attempt) for own in open_ones}
        deals = [deal_id(file.partners[own.partner].account, secrets[own.id].commitment) for own in open_ones]
        lapsed = []
        for own, found in zip(open_ones, _records(state, deals), strict=True):
            if found.state == State.COMMITTED and state.now > found.since + REVEAL_SECONDS:
                lapsed.append(own)
                continue
            chosen[own.id] = secrets[own.id]
            if found.state != State.NONE:
                made[own.id] = found
        open_ones = lapsed
        if not open_ones:
            break
    return chosen, made


def _secrets(
    state: ChainState, file: PartnersFile, own: Opportunity, keyring: Keyring, own_tag: bytes, attempt: int
) -> Secrets:
    salt = deal_salt(keyring.import_keys[own.partner], own.id, attempt)
    deployment = state.deployment
    made = commitment(
        deployment.chain_id,
        deployment.address("DealRegistry"),
        file.partners[own.partner].account,
        state.agreements[own.agreement].id,
        own_tag,
        salt,
    )
    return Secrets(made, own_tag, salt)


def _queues(state: ChainState, customers: Sequence[bytes]) -> list[tuple[bytes, Registration]]:
    """Every registration of these customers."""
    heads = state.questions.ask("DealRegistry", "firstOf", [[customer] for customer in customers])
    at = [(customer, deal) for customer, deal in zip(customers, heads, strict=True) if any(deal)]
    found: list[tuple[bytes, bytes]] = []
    while at:
        found += at
        following = state.questions.ask("DealRegistry", "nextOf", [[deal] for _, deal in at])
        at = [(customer, deal) for (customer, _), deal in zip(at, following, strict=True) if any(deal)]
    records = _records(state, [deal for _, deal in found])
    return [(customer, record) for (customer, _), record in zip(found, records, strict=True)]


def _records(state: ChainState, deals: Sequence[bytes]) -> list[Registration]:
    answers = state.questions.ask("DealRegistry", "dealOf", [[deal] for deal in deals])
    return [_record(deal, answer) for deal, answer in zip(deals, answers, strict=True)]


def _record(deal: bytes, answer: tuple[Any, ...]) -> Registration:
    account, state, since, priority, _, _, _, exclusivity, *_ = answer
    return Registration(deal, to_checksum_address(account), State(state), since, priority, exclusivity)
