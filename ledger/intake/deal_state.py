"""Opportunities as goals, and what the registry already has of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.chain.tags import commitment, customer_of, deal_id, tag
from ledger.chain.views import DEAL_OF, Deal
from ledger.errors import LedgerError
from ledger.intake.agreements import territory_code
from ledger.intake.chain_state import ChainState
from ledger.intake.deals import OPEN, Goal, Registration
from ledger.intake.keys import Keyring
from ledger.intake.opportunities import Opportunity
from ledger.intake.partners_file import PartnersFile
from ledger.intake.references import deal_salt
from ledger.intake.report_sections import OpportunityReport
from ledger.terms.contracts import DEALS
from ledger.terms.deals import REVEAL_SECONDS, Rule, State
from ledger.terms.ids import CustomerId, DealId
from ledger.terms.solidity import ZERO_BYTES32

_MOST_ATTEMPTS = 100
_NOT_FOR_GOOD = OPEN | {State.APPROVED}


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a reveal shows: known here only when the partner's import key is. ``agreement``: the version's
    key.
    """

    agreement: str
    commitment: bytes
    tag: bytes
    salt: bytes


@dataclass(frozen=True)
class DealState:
    """Goals in order of priority, what they reveal by opportunity, the registry's deals by customer, and the
    tag of each opportunity's customer under the newest key. ``missed``: opportunities that were committed to
    before and not revealed in time, or whose deal was not tagged again, so that they are registered anew.
    """

    goals: Sequence[Goal]
    secrets: Mapping[str, Secrets]
    registrations: Sequence[tuple[bytes, Registration]]
    tags: Mapping[str, bytes]
    missed: Collection[str] = ()


def read_deals(
    state: ChainState,
    file: PartnersFile,
    config: OpportunityReport,
    opportunities: Iterable[Opportunity],
    keyring: Keyring,
    doubts: Mapping[str, str] | None = None,
) -> DealState:
    """Reads what the registry has of each opportunity and of its customer.

    Opportunities come in order of creation, then id: the order in which their commitments are made.
    ``doubts``: why nothing is to be done about a customer, by its canonical id. Raises LedgerError when the
    programme's tag key is missing.
    """
    ordered = sorted(opportunities, key=lambda opportunity: (opportunity.created, opportunity.id))
    if not ordered:
        return DealState([], {}, [], {})
    epoch_key = keyring.epoch_keys.get(state.epoch)
    if epoch_key is None:
        raise LedgerError(
            f"The keys file has no tag key of epoch {state.epoch}, by which customers are compared.",
            "Ask the programme's owner for it, and write it under epoch_keys.",
        )
    keys = {epoch: key for epoch, key in keyring.epoch_keys.items() if epoch <= state.epoch}
    tags = {
        epoch: {own.id: tag(key, config.customer_kind, own.customer) for own in ordered}
        for epoch, key in sorted(keys.items(), reverse=True)
    }
    newest = tags[state.epoch]
    attempts, made, missed = _own_deals(state, file, ordered, keyring, tags)
    # A deal of an earlier key epoch stands in that epoch's queue, until it is tagged again.
    customers = {
        own.id: made[own.id].customer
        if own.id in made and any(made[own.id].customer)
        else customer_of(state.programme, state.epoch, newest[own.id])
        for own in ordered
    }
    goals = [
        _goal(state, file, own, customers[own.id], attempts.get(own.id), (doubts or {}).get(own.customer, ""))
        for own in ordered
    ]
    queues = _queues(state, sorted({goal.customer for goal in goals}))
    known = {found.deal for _, found in queues}
    queues += [
        (goal.customer, made[goal.opportunity])
        for goal in goals
        if goal.opportunity in made and made[goal.opportunity].deal not in known
    ]
    return DealState(goals, attempts, queues, newest, missed)


def _goal(
    state: ChainState,
    file: PartnersFile,
    own: Opportunity,
    customer: CustomerId,
    secrets: Secrets | None,
    doubt: str,
) -> Goal:
    version = state.agreements[state.current(own.agreement)]
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
        exclusivity_seconds=version.terms.exclusivity_seconds,
        valid_from=version.terms.valid_from,
        valid_until=version.ends_at,
        after_end=version.terms.after_end,
        deal=None if secrets is None else deal_id(account, secrets.commitment),
        territory=territory_code(own.territory) if own.territory else ZERO_BYTES32,
        doubt=doubt,
    )


def _own_deals(
    state: ChainState,
    file: PartnersFile,
    ordered: Sequence[Opportunity],
    keyring: Keyring,
    tags: Mapping[int, Mapping[str, bytes]],
) -> tuple[dict[str, Secrets], dict[str, Registration], set[str]]:
    """The commitment of each opportunity whose partner's import key is at hand, its record where there is
    one, and which were lost before.

    A deal stays what it is when its agreement is amended; one that is not yet committed is so under the
    current version. A commitment that lapsed unrevealed, or whose agreement was amended meanwhile, is lost,
    and so is a deal that was not tagged again in time; the next attempt has another salt.
    """
    chosen: dict[str, Secrets] = {}
    made: dict[str, Registration] = {}
    missed: set[str] = set()
    open_ones = [own for own in ordered if own.partner in keyring.import_keys]
    for attempt in range(_MOST_ATTEMPTS):
        candidates = [
            (own, epoch, _secrets(state, file, own, keyring, of_epoch[own.id], version, attempt))
            for own in open_ones
            for epoch, of_epoch in tags.items()
            for version in state.versions(own.agreement)
        ]
        deals = [
            deal_id(file.partners[own.partner].account, secrets.commitment) for own, _, secrets in candidates
        ]
        lost: set[str] = set()
        for (own, epoch, secrets), found in zip(candidates, records(state, deals), strict=True):
            is_current = epoch == state.epoch and secrets.agreement == state.current(own.agreement)
            if found.state == State.NONE:
                if is_current:
                    chosen.setdefault(own.id, secrets)
            elif found.untagged or (
                found.state == State.COMMITTED and (not is_current or _has_lapsed(found, state.now))
            ):
                lost.add(own.id)
            else:
                chosen[own.id], made[own.id] = secrets, found
        missed |= lost
        open_ones = [own for own in open_ones if own.id in lost and own.id not in made]
        if not open_ones:
            break
    return chosen, made, missed - made.keys()


def _has_lapsed(found: Registration, now: int) -> bool:
    return now > found.since + REVEAL_SECONDS


def _secrets(
    state: ChainState,
    file: PartnersFile,
    own: Opportunity,
    keyring: Keyring,
    own_tag: bytes,
    version: str,
    attempt: int,
) -> Secrets:
    salt = deal_salt(keyring.import_keys[own.partner], own.id, attempt)
    deployment = state.deployment
    made = commitment(
        deployment.chain_id,
        deployment.address(DEALS),
        file.partners[own.partner].account,
        state.agreements[version].id,
        own_tag,
        salt,
    )
    return Secrets(version, made, own_tag, salt)


def _queues(state: ChainState, customers: Sequence[CustomerId]) -> list[tuple[bytes, Registration]]:
    """Every registration of these customers."""
    heads = state.questions.ask(DEALS, "firstOf", [[customer] for customer in customers])
    at = [(customer, deal) for customer, deal in zip(customers, heads, strict=True) if any(deal)]
    found: list[tuple[CustomerId, DealId]] = []
    while at:
        found += at
        following = state.questions.ask(DEALS, "nextOf", [[deal] for _, deal in at])
        at = [(customer, deal) for (customer, _), deal in zip(at, following, strict=True) if any(deal)]
    made = records(state, [deal for _, deal in found])
    return [(customer, record) for (customer, _), record in zip(found, made, strict=True)]


def records(state: ChainState, deals: Sequence[DealId]) -> list[Registration]:
    """What the registry has of these deals now."""
    kept = DEAL_OF.of_each(state.questions, [[deal] for deal in deals])
    found = [_record(state, deal, own) for deal, own in zip(deals, kept, strict=True)]
    in_territories = [index for index, own in enumerate(kept) if own.rule is Rule.TERRITORY]
    territories = state.questions.ask(DEALS, "territoryOf", [[deals[index]] for index in in_territories])
    for index, territory in zip(in_territories, territories, strict=True):
        found[index] = replace(found[index], territory=territory)
    return found


def _record(state: ChainState, deal: DealId, kept: Deal) -> Registration:
    could_be_tagged = state.epoch - (state.now <= state.grace_until)
    is_behind = kept.rule is not Rule.OPEN and 0 < kept.epoch < could_be_tagged
    return Registration(
        deal,
        kept.account,
        kept.state,
        kept.since,
        kept.priority,
        exclusive_until=kept.exclusive_until,
        agreement=kept.agreement,
        customer=kept.customer,
        epoch=kept.epoch,
        untagged=is_behind and kept.state in _NOT_FOR_GOOD,
    )
