"""The storage of an OpenZeppelin AccessManager, as what it knows makes it, and the root of that.

The manager keeps no journal. But the root of its storage stands in each block's state, and all that is stored
follows from its events: whoever makes the same root from them has missed none that still has a say.

Layout of AccessManager 5.x: ``_targets``, ``_roles``, ``_schedules``, ``_executionId`` (nothing between two
transactions) in the slots 0 to 3; structs are packed from the right.
"""

import rlp

from ledger.proof import storage, trie
from ledger.rules.powers import Membership, Operation, Powers, Role, Target

_TARGETS, _ROLES, _SCHEDULES = (number.to_bytes(32) for number in range(3))
_TIME_BITS, _ROLE_BITS, _DELAY_BITS = 48, 64, 112

Words = dict[bytes, int]
"""What is stored, by its slot: zeros are not."""


def words(powers: Powers) -> Words:
    """All that the manager stores."""
    found: Words = {}
    for address, target in powers.targets.items():
        slot = target_slot(address)
        for selector, role in target.roles.items():
            found[storage.of_mapping(selector.ljust(32, b"\0"), slot)] = role
        found.update([target_word(target, slot)])
    for number, held in powers.roles.items():
        slot = role_slot(number)
        for account, membership in held.members.items():
            found[storage.of_mapping(account, slot)] = packed_membership(membership)
        found.update([role_word(held, slot)])
    for operation, schedule in powers.operations.items():
        found[operation_slot(operation)] = packed_operation(schedule)
    return {slot: word for slot, word in found.items() if word}


def root(stored: Words) -> bytes:
    """Root of the storage that holds this and nothing else."""
    return trie.root_of_mapping({slot: bytes(rlp.encode(word)) for slot, word in stored.items()})


def target_slot(address: bytes) -> bytes:
    """Where a target begins."""
    return storage.of_mapping(address, _TARGETS)


def role_slot(number: int) -> bytes:
    """Where a role begins."""
    return storage.of_mapping(number.to_bytes(8), _ROLES)


def operation_slot(operation: bytes) -> bytes:
    """Where an operation is."""
    return storage.of_mapping(operation, _SCHEDULES)


def packed_operation(operation: Operation) -> int:
    """What is stored of an operation."""
    return (operation.nonce << _TIME_BITS) | operation.due


def packed_membership(membership: Membership) -> int:
    """What is stored of an account's role."""
    return (membership.delay.packed << _TIME_BITS) | membership.since


def role_word(role: Role, slot: bytes) -> tuple[bytes, int]:
    """Where a role that begins at a slot has its admin, guardian and delay of granting, and what is there."""
    packed = (role.grant_delay.packed << 2 * _ROLE_BITS) | (role.guardian << _ROLE_BITS) | role.admin
    return _after(slot), packed


def target_word(target: Target, slot: bytes) -> tuple[bytes, int]:
    """Where a target that begins at a slot has its delay, and whether it is closed, and what is there."""
    return _after(slot), (target.closed << _DELAY_BITS) | target.admin_delay.packed


def _after(slot: bytes) -> bytes:
    return (int.from_bytes(slot) + 1).to_bytes(32)
