"""Who holds which power, in words, as of a moment: what the command line, the API and the portal all show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.chain.power_words import ADMIN_DOES, function_words, order_words
from ledger.rules.delays import Delay
from ledger.rules.powers import ADMIN, EXPIRES_AFTER_SECONDS, PUBLIC, Membership, Operation, Powers, Role

MOST_ENDED = 20
"""Operations that are over, of which so many are shown, the newest first."""


@dataclass(frozen=True)
class DelayLine:
    """``seconds`` now; from the second ``changes_at`` on it is ``becomes``, both None where it stays."""

    seconds: int
    becomes: int | None
    changes_at: int | None


@dataclass(frozen=True)
class HolderLine:
    """An account that has a role from ``since`` on, by a grant at ``granted_at`` in a block."""

    account: bytes
    since: int
    in_effect: bool
    delay: DelayLine
    granted_at: int
    block: int


@dataclass(frozen=True)
class RoleLine:
    """A role. ``may``: what its holders do, in words; ``admin`` gives and takes it, ``guardian`` cancels what
    its holders schedule, both by name; a new holder waits ``grant_delay`` before it has the role.
    """

    number: int
    name: str
    may: Sequence[str]
    admin: str
    guardian: str
    grant_delay: DelayLine
    holders: Sequence[HolderLine]


@dataclass(frozen=True)
class OperationLine:
    """A scheduled order, in words. ``due``: from when on it may run, and ``expires_at`` until when."""

    operation: bytes
    nonce: int
    state: str
    caller: bytes
    target: bytes
    contract: str | None
    what: str
    calldata: bytes
    scheduled_at: int
    block: int
    due: int | None
    expires_at: int | None
    ended_at: int | None


@dataclass(frozen=True)
class TargetLine:
    """A contract that is closed, or about which the admin's own orders wait."""

    target: bytes
    contract: str | None
    closed: bool
    admin_delay: DelayLine


@dataclass(frozen=True)
class PowersView:
    """``changes``: events of the access manager so far, from which all of it follows."""

    roles: Sequence[RoleLine]
    operations: Sequence[OperationLine]
    targets: Sequence[TargetLine]
    changes: int


def view_of(powers: Powers, contracts: Mapping[str, bytes], now: int) -> PowersView:
    """As of a second; ``contracts`` are the deployment's, by name."""
    names = {address: name for name, address in contracts.items()}
    return PowersView(
        roles=[_role(powers, names, number, role, now) for number, role in _shown(powers)],
        operations=[_operation(names, *each, now) for each in _ordered(powers, now)],
        targets=[
            TargetLine(address, names.get(address), target.closed, _delay(target.admin_delay, now))
            for address, target in sorted(powers.targets.items())
            if target.closed or target.admin_delay != Delay()
        ],
        changes=powers.changes,
    )


def _shown(powers: Powers) -> list[tuple[int, Role]]:
    """Roles with a name or a holder, and those that may call something, such as everybody's."""
    named = {role for target in powers.targets.values() for role in target.roles.values()}
    return [(number, powers.roles.get(number, Role())) for number in sorted({*powers.roles, *named})]


def _role(powers: Powers, names: Mapping[bytes, str], number: int, role: Role, now: int) -> RoleLine:
    return RoleLine(
        number=number,
        name=powers.name_of(number),
        may=list(_may(powers, names, number)),
        admin=powers.name_of(role.admin),
        guardian=powers.name_of(role.guardian),
        grant_delay=_delay(role.grant_delay, now),
        holders=[_holder(account, each, now) for account, each in sorted(role.members.items())],
    )


def _may(powers: Powers, names: Mapping[bytes, str], number: int) -> Iterator[str]:
    if number == ADMIN:
        yield from ADMIN_DOES
    for address, target in sorted(powers.targets.items()):
        for selector, caller in sorted(target.roles.items()):
            if caller == number and number != ADMIN:
                yield function_words(names.get(address), selector)
    for other, role in sorted(powers.roles.items()):
        if number == ADMIN or other in (ADMIN, PUBLIC):
            continue
        if role.admin == number:
            yield f"gives and takes the role {powers.name_of(other)}"
        if role.guardian == number:
            yield f"cancels what {powers.name_of(other)} has scheduled"


def _holder(account: bytes, membership: Membership, now: int) -> HolderLine:
    return HolderLine(
        account,
        membership.since,
        membership.since <= now,
        _delay(membership.delay, now),
        membership.granted_at,
        membership.block,
    )


def _delay(delay: Delay, now: int) -> DelayLine:
    pending = delay.pending(now)
    if pending is None or pending[0] == delay.at(now):
        return DelayLine(delay.at(now), None, None)
    return DelayLine(delay.at(now), *pending)


def _ordered(powers: Powers, now: int) -> list[tuple[bytes, Operation]]:
    """What may still run, the first due first; then what is over, the newest first."""
    open_ones = powers.waiting(now)
    over = [each for each in powers.operations.items() if each not in open_ones]
    over.sort(key=lambda each: (-each[1].scheduled_at, each[0]))
    return open_ones + over[:MOST_ENDED]


def _operation(names: Mapping[bytes, str], key: bytes, operation: Operation, now: int) -> OperationLine:
    contract = names.get(operation.target)
    due = operation.due or None
    return OperationLine(
        operation=key,
        nonce=operation.nonce,
        state=operation.state(now),
        caller=operation.caller,
        target=operation.target,
        contract=contract,
        what=order_words(contract, operation.data),
        calldata=operation.data,
        scheduled_at=operation.scheduled_at,
        block=operation.block,
        due=due,
        expires_at=None if due is None else due + EXPIRES_AFTER_SECONDS,
        ended_at=operation.ended_at,
    )
