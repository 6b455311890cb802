"""Steps that commit to customers, reveal, decide, extend and tag deals again."""

import hashlib
from dataclasses import astuple
from functools import partial
from random import Random

from forms import form_of
from ledger_world import DAY

from ledger.actions import ACTIONS
from ledger.actions.structs import struct_data
from ledger.chain import tags
from ledger.rules import plan
from ledger.signing import TypedData
from ledger.terms.ids import AgreementId
from ledger.terms.reasons import reason_code
from model.accounts import ZERO
from model.agreements import NO_ID
from model.deals import OPEN, REVEAL_SECONDS, UNDECIDED, Deal, Reveal, State
from model.history import History, Step
from model.steps_agreements import NORTH, SOUTH
from model.steps_money import some_version
from model.whole import DEALS, Model

REASON = reason_code("EXISTING_CUSTOMER")
LIVE = (*UNDECIDED, State.APPROVED)
DECIDE = str(ACTIONS["approve_deal"].struct)
CUSTOMERS = ("acme", "globex")


def commit(history: History, dice: Random) -> Step | None:
    if _waiting(history) and dice.random() < 0.8:
        return reveal(history, dice)
    versions = [
        version
        for version in history.model.agreements.versions.values()
        if version.in_force(history.now) and version.terms.programme in history.model.programmes.all
    ]
    if not versions or dice.random() < 0.05:
        version = some_version(history, dice) if dice.random() < 0.1 else None
    else:
        version = dice.choice(versions[-3:])
    if version is None:
        return None
    account, now = dice.choice(history.accounts[1:3] * 8 + [history.vendor]), history.now
    programme = history.model.programmes.all.get(version.terms.programme)
    territory = dice.choice((NORTH, SOUTH)) if programme and programme.rule == 2 else NO_ID
    if dice.random() < 0.04:
        territory = b"E" * 32
    epoch = max(1, (programme.epoch if programme else 1) - (dice.random() < 0.15))
    tag = _tag(dice, epoch)
    secret = Reveal(account, version.id, tag, history.unique("deal"), territory, epoch)
    chain = history.chain
    commitment = tags.commitment(
        history.world.node.chain_id,
        chain.addresses[DEALS],
        account,
        AgreementId(version.id),
        tag,
        secret.salt,
    )
    history.secrets[tags.deal_id(account, commitment)] = secret
    by = history.by(dice, account)
    data = partial(form_of("Commit"), history.world.deployment, account, commitment)

    def action(model: Model) -> None:
        model.deals.commit(now, by, account, commitment)

    says = (
        f"{tags.deal_id(account, commitment).hex()[:8]} {version.id.hex()[:8]} {tag.hex()[:4]} epoch {epoch}"
    )
    return history.acted(says, DEALS, "commit", (account, commitment), by, data, action)


def reveal(history: History, dice: Random) -> Step | None:
    waiting = _waiting(history) if dice.random() < 0.95 else list(history.secrets)
    if not waiting:
        return None
    chosen = dice.choice(waiting)
    secret, now = history.secrets[chosen], history.now
    by = history.by(dice, secret.account)
    terms = history.model.agreements.versions[secret.agreement].terms
    data = partial(form_of("Reveal"), history.world.deployment, *astuple(secret))

    def action(model: Model) -> None:
        model.deals.reveal(now, by, chosen, secret)

    args = (astuple(secret), plan.opening_of(terms))
    return history.acted(chosen.hex()[:8], DEALS, "reveal", args, by, data, action)


def decide(history: History, dice: Random) -> Step | None:
    deal = _some_deal(history, dice, *LIVE)
    if deal is None:
        return None
    vendor = history.vendor if dice.random() < 0.95 else history.accounts[1]
    likely = {State.REGISTERED: (3, 3, 3, 4, 5), State.RETURNED: (3, 3, 5), State.APPROVED: (6, 6, 7)}
    outcome = dice.choice(likely.get(deal.state, (3,))) if dice.random() < 0.85 else dice.choice(range(1, 9))
    reason = REASON if outcome in (State.RETURNED, State.REJECTED) and dice.random() < 0.9 else NO_ID
    value, token = (1_000, history.token) if outcome == State.WON else (0, ZERO)
    by, now = history.by(dice, vendor), history.now
    what = {"outcome": outcome, "reason": reason, "value": value, "token": token}

    def data(*, nonce: int, deadline: int) -> TypedData:
        said = {"vendor": vendor, "deal": deal.id, **what, "nonce": nonce, "deadline": deadline}
        return struct_data(history.world.deployment, DEALS, DECIDE, said)

    def action(model: Model) -> None:
        model.decisions.decide(now, by, vendor, deal, outcome, reason, value, token)

    args = (vendor, (deal.id, outcome, reason, value, token))
    return history.acted(f"{_line(deal)}: {outcome}", DEALS, "decide", args, by, data, action)


def withdraw(history: History, dice: Random) -> Step | None:
    deal = _some_deal(history, dice, *LIVE)
    if deal is None:
        return None
    account, now = deal.account if dice.random() < 0.95 else history.accounts[1], history.now
    by = history.by(dice, account)
    data = partial(form_of("Withdraw"), history.world.deployment, account, deal.id)

    def action(model: Model) -> None:
        model.decisions.withdraw(now, by, account, deal)

    return history.acted(_line(deal), DEALS, "withdraw", (account, deal.id), by, data, action)


def approve_by_default(history: History, dice: Random) -> Step | None:
    deal = _some_deal(history, dice, *UNDECIDED)
    if deal is None:
        return None
    now = history.now

    def action(model: Model) -> None:
        model.decisions.approve_by_default(now, history.relayer, deal)

    return Step(_line(deal), DEALS, "approveByDefault", (deal.id,), history.relayer, action)


def extend(history: History, dice: Random) -> Step | None:
    deal = _some_deal(history, dice, State.APPROVED)
    if deal is None or deal.state is State.COMMITTED:
        return None
    now, until = history.now, history.now + dice.choice((1, DAY, 40 * DAY, 4_000 * DAY))
    signed = history.all_sign(dice, (deal.account, deal.vendor))
    consents = [
        history.signature(
            by, partial(form_of("ExtendDeal"), history.world.deployment, account, deal.id, until)
        ).to_abi()
        for account, by in zip((deal.account, deal.vendor), signed, strict=True)
    ]

    def action(model: Model) -> None:
        model.decisions.extend(now, deal, until, signed)

    args = (deal.id, until, *consents)
    return Step(f"{_line(deal)} until {until}", DEALS, "extend", args, history.relayer, action)


def retag(history: History, dice: Random) -> Step | None:
    deal = _some_deal(history, dice, behind=True)
    if deal is None:
        return None
    account, now = deal.account, history.now
    by, tag = history.by(dice, account), _tag(dice, deal.epoch + 1)
    data = partial(form_of("Retag"), history.world.deployment, account, deal.id, tag)

    def action(model: Model) -> None:
        model.decisions.retag(now, by, account, deal, tag)

    says = f"{_line(deal)} {tag.hex()[:4]}"
    return history.acted(says, DEALS, "retag", (account, deal.id, tag), by, data, action)


def retag_won(history: History, dice: Random) -> Step | None:
    deal = _some_deal(history, dice, behind=True, won=True)
    if deal is None:
        return None
    now, tag = history.now, _tag(dice, deal.epoch + 1)
    by = history.by(dice, history.vendor)
    data = partial(form_of("RetagWonDeals"), history.world.deployment, history.vendor, [deal.id, tag])

    def action(model: Model) -> None:
        model.decisions.retag_won(now, by, history.vendor, [(deal, tag)])

    args = (history.vendor, [(deal.id, tag)])
    return history.acted(f"{_line(deal)} {tag.hex()[:4]}", DEALS, "retagWon", args, by, data, action)


def _waiting(history: History) -> list[bytes]:
    """Commitments that can still be revealed."""
    return [
        deal.id
        for deal in history.model.deals.all.values()
        if deal.state is State.COMMITTED and history.now <= deal.since + REVEAL_SECONDS
    ]


def _some_deal(
    history: History, dice: Random, *states: State, behind: bool = False, won: bool = False
) -> Deal | None:
    """Rather one of the last in one of these states; or one whose tag is of an earlier key."""
    deals = history.model.deals
    known = list(deals.all.values())
    shown = [deal for deal in known if deal.state is not State.COMMITTED]
    if behind:
        late = [deal for deal in shown if deal.epoch < deals.programme_of(deal).epoch]
        if dice.random() < 0.9:
            late = [
                deal for deal in late if deal.state in ((State.WON,) if won else LIVE) and deal.rule != OPEN
            ]
        chosen = late
    elif dice.random() < 0.85:
        chosen = [deal for deal in shown if deal.state in states][-4:]
    else:
        chosen = shown if dice.random() < 0.7 else known
    return dice.choice(chosen) if chosen else None


def _tag(dice: Random, epoch: int) -> bytes:
    """Of one of few customers, so that they meet."""
    key = hashlib.sha256(f"key of epoch {epoch}".encode()).digest()
    return tags.tag(key, "domain", f"{dice.choice(CUSTOMERS)}.example")


def _line(deal: Deal) -> str:
    return f"{deal.id.hex()[:8]} {deal.state.name.lower()} until {deal.exclusive_until}"


STEPS = (
    *(commit, commit, commit, reveal, reveal, reveal, reveal, decide, decide, decide, decide),
    *(withdraw, approve_by_default, extend, retag, retag, retag, retag_won),
)
