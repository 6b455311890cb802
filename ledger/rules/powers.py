"""Who may do what, as the events of an OpenZeppelin AccessManager make it: a pure fold over them.

The events say everything that the manager stores, so that whoever has all of them has its whole storage; what
one says of those before it (a nonce, a new member, a time of effect) is held against them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.errors import LedgerError
from ledger.rules.delays import NO_DELAY, Delay
from ledger.rules.labels import shown
from ledger.terms.units import DAY

ADMIN = 0
PUBLIC = 2**64 - 1
"""The role that everybody has, and that nobody can be given."""
_FIXED = {ADMIN: "ADMIN", PUBLIC: "everybody"}
SETBACK_SECONDS = 5 * DAY
"""How far ahead delays of granting and of targets' administration are changed at least (``minSetback``)."""
EXPIRES_AFTER_SECONDS = 7 * DAY
"""How long an operation can be executed once its time has come (``expiration``)."""


class PowersBroken(LedgerError):
    """An event of the access manager does not follow from those before it: one is missing or altered."""

    def __init__(self, change: "Change", why: str) -> None:
        super().__init__(f"{change.event} in block {change.block}: {why}.")
        self.change = change
        self.why = why


@dataclass(frozen=True, slots=True)
class Change:
    """One event of the access manager: its arguments in snake case, and the block and time it happened at."""

    event: str
    args: Mapping[str, Any]
    block: int
    at: int


@dataclass(frozen=True, slots=True)
class Membership:
    """That an account has a role from the second ``since`` on: its orders wait ``delay`` in public.

    ``granted_at`` and ``block``: when that was said; ``changed_at`` when its delay was last.
    """

    since: int
    delay: Delay
    granted_at: int
    changed_at: int
    block: int


@dataclass(slots=True)
class Role:
    """``admin`` is the role that gives and takes this one, ``guardian`` the one that cancels its operations.

    ``grant_delay``: how long a new member waits before it has the role. ``former`` members lost it at a time.
    """

    label: str | None = None
    admin: int = ADMIN
    guardian: int = ADMIN
    grant_delay: Delay = NO_DELAY
    members: dict[bytes, Membership] = field(default_factory=dict)
    former: dict[bytes, int] = field(default_factory=dict)


@dataclass(slots=True)
class Target:
    """A contract that asks the manager. ``roles``: who may call which function, by its selector.

    ``closed``: nobody may call anything. ``admin_delay``: how long the admin's orders about it wait.
    """

    closed: bool = False
    admin_delay: Delay = NO_DELAY
    roles: dict[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """An order that waits in public, or waited: ``due`` from that second on, 0 once executed or cancelled.

    ``nonce`` counts how often this same order was scheduled; ``data`` are its calldata.
    """

    nonce: int
    due: int
    caller: bytes
    target: bytes
    data: bytes
    scheduled_at: int
    block: int
    ended: str | None = None
    ended_at: int | None = None

    def state(self, now: int) -> str:
        """``waiting``, ``ready``, ``expired``, ``executed`` or ``cancelled`` at a time."""
        if self.ended is not None:
            return self.ended
        if now < self.due:
            return "waiting"
        return "ready" if now < self.due + EXPIRES_AFTER_SECONDS else "expired"


@dataclass(slots=True)
class Powers:
    """All that an access manager knows, by role, target and operation; ``changes`` made it."""

    roles: dict[int, Role] = field(default_factory=dict)
    targets: dict[bytes, Target] = field(default_factory=dict)
    operations: dict[bytes, Operation] = field(default_factory=dict)
    changes: int = 0

    def take(self, change: Change) -> None:
        """Adds an event. Raises PowersBroken when those before it say that it cannot be."""
        _TAKES[change.event](self, change)
        self.changes += 1

    def role(self, number: int) -> Role:
        """A role, made where nothing was said of it yet."""
        return self.roles.setdefault(number, Role())

    def target(self, address: bytes) -> Target:
        """A target, made where nothing was said of it yet."""
        return self.targets.setdefault(address, Target())

    def name_of(self, role: int) -> str:
        """A role as it is called: by its label, which the admin chose, else by its number; by both where
        another role is called the same.
        """
        if role in _FIXED:
            return _FIXED[role]
        known = self.roles.get(role)
        if known is None or not known.label:
            return f"role {role}"
        name = shown(known.label)
        alike = [*_FIXED.values(), *(shown(each.label) for each in self.roles.values() if each.label)]
        return name if alike.count(name) == 1 else f"{name} (role {role})"

    def holds(self, role: int, account: bytes, now: int) -> Membership | None:
        """An account's membership that is in effect at a time."""
        found = self.roles[role].members.get(account) if role in self.roles else None
        return found if found is not None and found.since <= now else None

    def waiting(self, now: int) -> list[tuple[bytes, Operation]]:
        """Operations that wait, or can be executed, at a time: the first due first."""
        some = [each for each in self.operations.items() if each[1].state(now) in ("waiting", "ready")]
        return sorted(some, key=lambda each: (each[1].due, each[0]))

    def _granted(self, change: Change) -> None:
        args, role = change.args, self.role(change.args["role"])
        known = role.members.get(args["account"])
        if args["new_member"] != (known is None):
            raise PowersBroken(change, f"{_hex(args['account'])} {'had' if known else 'had not'} the role")
        if known is None:
            delay, since = Delay(after=args["delay"]), change.at + role.grant_delay.at(change.at)
            made = Membership(since, delay, change.at, change.at, change.block)
        else:
            delay = known.delay.changed(args["delay"], change.at, 0)
            since, made = delay.effect, replace(known, delay=delay, changed_at=change.at)
        _require(change, "takes effect at", args["effective_at"], since)
        role.members[args["account"]] = made
        role.former.pop(args["account"], None)

    def _revoked(self, change: Change) -> None:
        account, role = change.args["account"], self.role(change.args["role"])
        if role.members.pop(account, None) is None:
            raise PowersBroken(change, f"{_hex(account)} had not the role")
        role.former[account] = change.at

    def _role_admin(self, change: Change) -> None:
        self.role(change.args["role"]).admin = change.args["other_role"]

    def _role_guardian(self, change: Change) -> None:
        self.role(change.args["role"]).guardian = change.args["other_role"]

    def _grant_delay(self, change: Change) -> None:
        role = self.role(change.args["role"])
        role.grant_delay = role.grant_delay.changed(change.args["delay"], change.at, SETBACK_SECONDS)
        _require(change, "takes effect at", change.args["effective_at"], role.grant_delay.effect)

    def _label(self, change: Change) -> None:
        self.role(change.args["role"]).label = change.args["label"]

    def _closed(self, change: Change) -> None:
        self.target(change.args["target"]).closed = change.args["closed"]

    def _function_role(self, change: Change) -> None:
        self.target(change.args["target"]).roles[change.args["selector"]] = change.args["role"]

    def _admin_delay(self, change: Change) -> None:
        target = self.target(change.args["target"])
        target.admin_delay = target.admin_delay.changed(change.args["delay"], change.at, SETBACK_SECONDS)
        _require(change, "takes effect at", change.args["effective_at"], target.admin_delay.effect)

    def _scheduled(self, change: Change) -> None:
        args = change.args
        known = self.operations.get(args["operation"])
        _require(change, "has the nonce", args["nonce"], known.nonce + 1 if known else 1)
        if known is not None and known.state(change.at) in ("waiting", "ready"):
            raise PowersBroken(change, f"operation {_hex(args['operation'])} was scheduled already")
        parts = args["nonce"], args["effective_at"], args["caller"], args["target"], args["calldata"]
        self.operations[args["operation"]] = Operation(*parts, scheduled_at=change.at, block=change.block)

    def _executed(self, change: Change) -> None:
        known = self.operations.get(change.args["operation"])
        if known is not None and known.state(change.at) != "ready":
            raise PowersBroken(
                change, f"operation {_hex(change.args['operation'])} could not be executed then"
            )
        self._ended(change, "executed")

    def _cancelled(self, change: Change) -> None:
        self._ended(change, "cancelled")

    def _ended(self, change: Change, how: str) -> None:
        operation = change.args["operation"]
        known = self.operations.get(operation)
        if known is None or known.ended is not None:
            raise PowersBroken(change, f"operation {_hex(operation)} was not scheduled")
        _require(change, "has the nonce", change.args["nonce"], known.nonce)
        self.operations[operation] = replace(known, due=0, ended=how, ended_at=change.at)


def _require(change: Change, what: str, said: int, made: int) -> None:
    if said != made:
        raise PowersBroken(change, f"it {what} {said}, where what came before makes {made}")


def _hex(value: bytes) -> str:
    return "0x" + value.hex()


_TAKES = {
    "RoleGranted": Powers._granted,
    "RoleRevoked": Powers._revoked,
    "RoleAdminChanged": Powers._role_admin,
    "RoleGuardianChanged": Powers._role_guardian,
    "RoleGrantDelayChanged": Powers._grant_delay,
    "RoleLabel": Powers._label,
    "TargetClosed": Powers._closed,
    "TargetFunctionRoleUpdated": Powers._function_role,
    "TargetAdminDelayUpdated": Powers._admin_delay,
    "OperationScheduled": Powers._scheduled,
    "OperationExecuted": Powers._executed,
    "OperationCanceled": Powers._cancelled,
}
EVENTS = frozenset(_TAKES)
"""The manager's events, all of which change what it knows."""
