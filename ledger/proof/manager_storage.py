"""The storage of an OpenZeppelin AccessManager, as what it knows makes it, and the root of that.

The manager keeps no journal. But the root of its storage stands in each block's state, and all that is stored
follows from its events: whoever makes the same root from them has missed none that still has a say.

Where it keeps what, the compiler says of the source that OpenZeppelin publishes; ``_executionId`` is nothing
between two transactions.
"""

import rlp

from ledger.artifacts.contracts import field
from ledger.artifacts.contracts import slot as slot_of
from ledger.proof import storage, trie
from ledger.rules.powers import Membership, Operation, Powers, Role, Target
from ledger.terms.contracts import MANAGER

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
    return storage.of_mapping(address, _variable("_targets"))


def role_slot(number: int) -> bytes:
    """Where a role begins."""
    return storage.of_mapping(number.to_bytes(8), _variable("_roles"))


def operation_slot(operation: bytes) -> bytes:
    """Where an operation is."""
    return storage.of_mapping(operation, _variable("_schedules"))


def packed_operation(operation: Operation) -> int:
    """What is stored of an operation."""
    return _packed("Schedule", timepoint=operation.due, nonce=operation.nonce)


def packed_membership(membership: Membership) -> int:
    """What is stored of an account's role."""
    return _packed("Access", since=membership.since, delay=membership.delay.packed)


def role_word(role: Role, slot: bytes) -> tuple[bytes, int]:
    """Where a role that begins at a slot has its admin, guardian and delay of granting, and what is there."""
    packed = _packed("Role", admin=role.admin, guardian=role.guardian, grantDelay=role.grant_delay.packed)
    return _after(slot, field("AccessManager.Role", "admin").word), packed


def target_word(target: Target, slot: bytes) -> tuple[bytes, int]:
    """Where a target that begins at a slot has its delay, and whether it is closed, and what is there."""
    packed = _packed("TargetConfig", adminDelay=target.admin_delay.packed, closed=target.closed)
    return _after(slot, field("AccessManager.TargetConfig", "closed").word), packed


def _packed(struct: str, **values: int) -> int:
    """The word of a struct that has these fields."""
    return sum(field(f"AccessManager.{struct}", name).put(value) for name, value in values.items())


def _after(slot: bytes, words: int) -> bytes:
    return (int.from_bytes(slot) + words).to_bytes(32)


def _variable(name: str) -> bytes:
    return slot_of(MANAGER, name).to_bytes(32)
