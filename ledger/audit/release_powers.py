"""Are the powers on a chain those that this release deploys with? Who holds a role is the deployment's own
choice: it is compared with what one expects, where one says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from ledger.chain.deploy import ADMIN, ALLOWED, GUARDED, GUARDIAN, LABELS
from ledger.rules.powers import Powers
from ledger.terms.deployment import Deployment

ROLES = {ADMIN: "ADMIN", **LABELS}
DELAYED = (ADMIN, *GUARDED)
"""Roles whose orders wait in public, outside a local chain."""


@dataclass(frozen=True)
class Expected:
    """Who must hold a role, and how many seconds its orders must wait; None: whoever, however long."""

    holder: str | None = None
    delay: int | None = None


def differences(
    deployment: Deployment, powers: Powers, expected: Mapping[int, Expected], now: int, *, local: bool
) -> Iterator[str]:
    """In words, by name."""
    yield from _functions(deployment, powers)
    yield from _roles(powers)
    for role in ROLES:
        yield from _holders(powers, role, expected.get(role, Expected()), now, local=local)


def _functions(deployment: Deployment, powers: Powers) -> Iterator[str]:
    wanted = {
        (to_canonical_address(deployment.address(contract)), keccak(text=each)[:4]): (role, contract, each)
        for contract, role, signatures in ALLOWED
        for each in signatures
    }
    said = {
        (target, selector): role
        for target, of in powers.targets.items()
        for selector, role in of.roles.items()
    }
    for key, (role, contract, signature) in wanted.items():
        has = said.get(key, ADMIN)
        if has != role:
            yield f"{contract}.{signature} may be called by {powers.name_of(has)}, expected {ROLES[role]}"
    for (target, selector), role in sorted(said.items()):
        if (target, selector) not in wanted and role != ADMIN:
            name = deployment.kind_of(target) or to_checksum_address(target)
            yield f"{name}.0x{selector.hex()} may be called by {powers.name_of(role)}, expected ADMIN alone"
    for target, state in sorted(powers.targets.items()):
        if state.closed:
            name = deployment.kind_of(target) or to_checksum_address(target)
            yield f"{name} is closed: nobody may call what the access manager guards"


def _roles(powers: Powers) -> Iterator[str]:
    for number, role in sorted(powers.roles.items()):
        name = powers.name_of(number)
        guardian = GUARDIAN if number in GUARDED else ADMIN
        if role.admin != ADMIN:
            yield f"{name} is given and taken by {powers.name_of(role.admin)}, expected ADMIN"
        if role.guardian != guardian:
            by = powers.name_of(role.guardian)
            yield f"what {name} schedules is cancelled by {by}, expected {ROLES[guardian]}"
        if number not in ROLES and role.members:
            holder = to_checksum_address(sorted(role.members)[0])
            yield f"role {number} is none of this release's, and {holder} holds it"
    for number, label in LABELS.items():
        known = powers.roles.get(number)
        if known is None or known.label != label:
            yield f"role {number} is called {known.label if known else None!r}, expected {label!r}"


def _holders(powers: Powers, number: int, expected: Expected, now: int, *, local: bool) -> Iterator[str]:
    name, role = ROLES[number], powers.roles.get(number)
    members = {} if role is None else role.members
    if not members:
        yield f"nobody holds {name}"
    for account, membership in sorted(members.items()):
        holder, delay = to_checksum_address(account), membership.delay.at(now)
        if expected.holder is not None and holder != expected.holder:
            yield f"{name} is held by {holder}, expected {expected.holder}"
        if expected.delay is not None and delay != expected.delay:
            yield f"{name} of {holder} waits {delay:,} seconds, expected {expected.delay:,}"
        elif not delay and number in DELAYED and not local:
            yield f"{name} of {holder} waits 0 seconds, expected a delay outside a local chain"
    if expected.holder is not None and members and to_canonical_address(expected.holder) not in members:
        yield f"{name} is not held by {expected.holder}"
