"""What the access manager stores beside what its events make of it: the first that differs, by name."""

from collections.abc import Iterator

from eth_utils.address import to_checksum_address

from ledger.chain.node import Node, RpcRefused
from ledger.chain.state import BlockState
from ledger.proof import manager_storage, storage
from ledger.rules.powers import Membership, Powers, Role, Target


def first_unlike(sight: BlockState, manager: str, powers: Powers) -> str | None:
    """In words; None where all that is known is stored just so. Raises as `BlockState.word` does."""
    known = list(_words(powers))
    stored = sight.words(manager, [slot for _, slot, _ in known])
    for (what, _, made), word in zip(known, stored, strict=True):
        if int.from_bytes(word) != made:
            return f"{what}: the events make 0x{made:x}, the access manager has 0x{word.hex().lstrip('0')}"
    return None


def counts_what_is_empty(node: Node) -> bool:
    """Whether a node says of itself that it is anvil: its roots of storage count slots that are empty, once
    somebody has read them.
    """
    try:
        return str(node.rpc("web3_clientVersion")).lower().startswith("anvil")
    except RpcRefused:
        return False


def _words(powers: Powers) -> Iterator[tuple[str, bytes, int]]:
    """(what it is, where it is stored, what must be there) of everything that an event was ever about."""
    for number, role in sorted(powers.roles.items()):
        yield from _of_role(powers.name_of(number), role, manager_storage.role_slot(number))
    for address, target in sorted(powers.targets.items()):
        yield from _of_target(to_checksum_address(address), target, manager_storage.target_slot(address))
    for operation, schedule in sorted(powers.operations.items()):
        what = f"the operation 0x{operation.hex()}"
        yield what, manager_storage.operation_slot(operation), manager_storage.packed_operation(schedule)


def _of_role(name: str, role: Role, slot: bytes) -> Iterator[tuple[str, bytes, int]]:
    held: dict[bytes, Membership | None] = {**dict.fromkeys(role.former), **role.members}
    for account, membership in sorted(held.items()):
        made = 0 if membership is None else manager_storage.packed_membership(membership)
        yield f"{name} of {to_checksum_address(account)}", storage.of_mapping(account, slot), made
    yield f"who gives and guards {name}", *manager_storage.role_word(role, slot)


def _of_target(name: str, target: Target, slot: bytes) -> Iterator[tuple[str, bytes, int]]:
    for selector, role in sorted(target.roles.items()):
        where = storage.of_mapping(selector.ljust(32, b"\0"), slot)
        yield f"who may call 0x{selector.hex()} of {name}", where, role
    yield f"whether {name} is closed", *manager_storage.target_word(target, slot)
