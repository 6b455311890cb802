"""Steps that make, amend and end agreements, open programmes and epochs, and rotate wallets."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from eth_utils.address import to_checksum_address
from forms import form_of
from ledger_world import DAY

from ledger import signing as typed_data
from ledger.chain.authorization import random_nonce, sign
from ledger.rules import plan
from ledger.terms.agreement import OPEN_ENDED, Payee, Terms, Tranche
from ledger.terms.ids import AgreementId
from ledger.terms.reasons import reason_code
from ledger.terms.units import WHOLE
from model.accounts import ZERO, By
from model.agreements import NO_ID, Version
from model.history import History, Step
from model.whole import AGREEMENTS, PARTNERS, Model

BREACH = reason_code("BREACH")


def create_programme(history: History, dice: Random) -> Step | None:
    if len(history.model.programmes.all) > 2 and dice.random() < 0.9:
        return None  # deals meet in the same ones
    by = history.by(dice, history.vendor)
    number, rule = dice.choice((history.number(), history.number(), 1)), dice.choice((1, 1, 2, 3, 0))
    args = (history.vendor, number, "Programme", rule)
    data = partial(form_of("CreateProgramme"), history.world.deployment, *args)
    now = history.now

    def action(model: Model) -> None:
        model.programmes.create(now, by, history.vendor, number, "Programme", rule)

    return history.acted(f"{number} of rule {rule}", AGREEMENTS, "createProgramme", args, by, data, action)


def open_epoch(history: History, dice: Random) -> Step | None:
    if not history.model.programmes.all:
        return None
    programme = dice.choice(list(history.model.programmes.all))
    owner = dice.choice((history.vendor, history.vendor, history.accounts[1]))
    by, grace = history.by(dice, owner), dice.choice((DAY, 9 * DAY, 60 * DAY, DAY - 1, 60 * DAY + 1))
    args, now = (owner, programme, grace), history.now
    data = partial(form_of("OpenEpoch"), history.world.deployment, *args)

    def action(model: Model) -> None:
        model.programmes.open_epoch(now, by, owner, programme, grace)

    return history.acted(f"{programme[-1]}, grace {grace}", AGREEMENTS, "openEpoch", args, by, data, action)


def activate(history: History, dice: Random) -> Step:
    terms = _terms(history, dice)
    agreement = typed_data.agreement_id(history.world.deployment, terms)
    signed, now = history.all_sign(dice, terms.parties), history.now
    acceptances = _acceptances(history, terms, terms.parties, signed)

    def action(model: Model) -> None:
        model.agreements.activate(now, agreement, terms, signed)

    args = (terms.to_abi(), acceptances)
    return Step(_terms_line(agreement, terms), AGREEMENTS, "activate", args, history.relayer, action)


def amend(history: History, dice: Random) -> Step | None:
    version = _some_version(history, dice)
    if version is None:
        return None
    terms = replace(
        _terms(history, dice), predecessor=AgreementId(version.id), clawback=dice.choice((0, 1, 2, 3, 3))
    )
    if dice.random() < 0.5:  # the same deals go on
        terms = replace(terms, programme=version.terms.programme)
    agreement = typed_data.agreement_id(history.world.deployment, terms)
    gone = [account for account in version.terms.parties if account not in terms.parties]
    signed, leaving = history.all_sign(dice, terms.parties), history.all_sign(dice, gone)
    now = history.now

    def action(model: Model) -> None:
        model.agreements.amend(now, agreement, terms, signed, leaving)

    args = (
        terms.to_abi(),
        _acceptances(history, terms, terms.parties, signed),
        plan.opening_of(version.terms),
        _acceptances(history, terms, gone, leaving),
    )
    says = f"{version.id.hex()[:8]} by {_terms_line(agreement, terms)}"
    return Step(says, AGREEMENTS, "amend", args, history.relayer, action)


def end_by_consent(history: History, dice: Random) -> Step | None:
    version = _some_version(history, dice)
    if version is None:
        return None
    ends_at, parties, now = _ends_at(history, dice, version), version.terms.parties, history.now
    signed = history.all_sign(dice, parties)
    consents = [
        history.signature(
            by,
            partial(form_of("EndAgreement"), history.world.deployment, account, version.id, ends_at),
        ).to_abi()
        for account, by in zip(parties, signed, strict=True)
    ]

    def action(model: Model) -> None:
        model.agreements.end_by_consent(now, version.id, ends_at, signed)

    args = (version.id, ends_at, plan.opening_of(version.terms), consents)
    says = f"{version.id.hex()[:8]} at {ends_at}"
    return Step(says, AGREEMENTS, "endByConsent", args, history.relayer, action)


def give_notice(history: History, dice: Random) -> Step | None:
    version = _some_version(history, dice)
    if version is None:
        return None
    account, now = dice.choice(history.accounts), history.now
    by = history.by(dice, account)
    data = partial(form_of("GiveNotice"), history.world.deployment, account, version.id)

    def action(model: Model) -> None:
        model.agreements.give_notice(now, by, account, version.id)

    args = (account, version.id, plan.opening_of(version.terms))
    return history.acted(version.id.hex()[:8], AGREEMENTS, "giveNotice", args, by, data, action)


def rule_end(history: History, dice: Random) -> Step | None:
    version = _some_version(history, dice)
    if version is None:
        return None
    arbiter, now = dice.choice((history.arbiter, history.arbiter, history.vendor)), history.now
    by, ends_at = history.by(dice, arbiter), _ends_at(history, dice, version)
    data = partial(form_of("RuleEnd"), history.world.deployment, arbiter, version.id, ends_at, BREACH)

    def action(model: Model) -> None:
        model.agreements.rule_end(now, by, arbiter, version.id, ends_at, BREACH)

    args = (arbiter, version.id, ends_at, BREACH, plan.opening_of(version.terms))
    says = f"{version.id.hex()[:8]} at {ends_at}"
    return history.acted(says, AGREEMENTS, "ruleEnd", args, by, data, action)


def rotate(history: History, dice: Random) -> Step:
    account = dice.choice(history.accounts)
    wallet = dice.choice([each.sender.address for each in (*history.spare, *history.all_wallets)])
    owner = history.model.accounts.wallet_of(account)
    by = owner if dice.random() < 0.9 else dice.choice(list(history.keys))
    data = form_of("AcceptWallet")(
        history.world.deployment, account, wallet, nonce=random_nonce(), deadline=history.now
    )

    def action(model: Model) -> None:
        model.accounts.rotate(by, account, wallet)

    args = (account, wallet, sign(data, history.keys[wallet]).to_abi())
    says = f"{account[:8]} to {wallet[:8]} by {by[:8]}"
    return Step(says, PARTNERS, "rotate", args, by, action)


def _some_version(history: History, dice: Random) -> Version | None:
    versions = list(history.model.agreements.versions.values())
    return dice.choice(versions) if versions else None


def _ends_at(history: History, dice: Random, version: Version) -> int:
    return history.now + dice.choice((0, 0, -1, dice.randint(1, 20 * DAY), 400 * DAY))


def _terms(history: History, dice: Random) -> Terms:
    """Terms in order, and now and then with something wrong."""
    payees = sorted(dice.sample(history.accounts[:3], dice.randint(1, 3)), key=str.lower)
    parties = sorted({history.vendor, *dice.sample(history.accounts[1:3], dice.randint(1, 2))}, key=str.lower)
    bounds = sorted(dice.sample(range(1, 20_000), dice.choice((0, 0, 1, 2))))
    period = dice.choice((0, 0, 3 * DAY))
    tranches = (*(Tranche(bound, period) for bound in bounds), Tranche(period_seconds=period))
    columns = [_weights(dice, len(payees)) for _ in tranches]
    programmes = [NO_ID, *history.model.programmes.all]
    starts = history.now + dice.choice((-DAY, -DAY, 0, 2 * DAY))
    terms = history.world.terms(
        history.partners[:1],
        tranches=tranches,
        programme=programmes[-1] if dice.random() < 0.8 else dice.choice(programmes),
        decision_seconds=dice.choice((0, 2 * DAY)),
        exclusivity_seconds=dice.choice((5 * DAY, 30 * DAY)),
        hold_seconds=dice.choice((0, DAY, 3 * DAY, 7 * DAY)),
        clawback=dice.choice((0, 1, 1)),
        arbiter=dice.choice((history.arbiter, history.arbiter, history.arbiter, ZERO)),
        valid_from=starts,
        valid_until=dice.choice((OPEN_ENDED, OPEN_ENDED, history.now + 30 * DAY)),
        notice_seconds=dice.choice((0, 2 * DAY)),
        after_end=dice.choice((0, 1, 2)),
        territories=(NORTH, SOUTH),
    )
    rows = zip(*columns, strict=True)
    listed = tuple(Payee(account, row) for account, row in zip(payees, rows, strict=True))
    return _spoilt(
        replace(terms, parties=tuple(map(to_checksum_address, parties)), payees=listed), history, dice
    )


NORTH, SOUTH = b"N" * 32, b"S" * 32


def _spoilt(terms: Terms, history: History, dice: Random) -> Terms:
    if dice.random() > 0.12:
        return terms
    wrong: dict[str, Any] = dice.choice(
        (
            {"parties": terms.parties[::-1]},
            {"hold_seconds": DAY + 1},
            {"clawback": 4},
            {"after_end": 3},
            {"valid_until": history.now - 1, "valid_from": 1},
            {"predecessor": NO_ID[:-1] + b"\1"},
            {"programme": bytes.fromhex(history.vendor[2:]) + (10**9).to_bytes(12)},
            {"parties": (history.accounts[1],)},
        )
    )
    return replace(terms, **wrong)


def _weights(dice: Random, payees: int) -> list[int]:
    cuts = sorted(dice.choice((0, WHOLE, WHOLE // 2, dice.randint(0, WHOLE))) for _ in range(payees - 1))
    return [upper - lower for lower, upper in zip([0, *cuts], [*cuts, WHOLE], strict=True)]


def _acceptances(
    history: History, terms: Terms, accounts: Sequence[str], signed: Sequence[By]
) -> list[tuple[Any, ...]]:
    return [
        history.signature(
            by, partial(form_of("Acceptance"), history.world.deployment, account, terms)
        ).to_abi()
        for account, by in zip(accounts, signed, strict=True)
    ]


def _terms_line(agreement: bytes, terms: Terms) -> str:
    hold, boundaries = terms.hold_seconds // DAY, [tranche.up_to for tranche in terms.tranches[:-1]]
    return (
        f"{agreement.hex()[:8]}: {len(terms.parties)} parties, tranches {boundaries}"
        f" of {terms.tranches[0].period_seconds // DAY} days, hold {hold} days, clawback {terms.clawback},"
        f" from {terms.valid_from} to {terms.valid_until}"
    )


STEPS = (
    activate,
    activate,
    amend,
    end_by_consent,
    give_notice,
    rule_end,
    create_programme,
    open_epoch,
    rotate,
)
