"""Who holds which power: in lines that a person reads, and as a document for machines."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from eth_utils.address import to_checksum_address

from ledger.chain.power_lines import DelayLine, HolderLine, OperationLine, PowersView, RoleLine
from ledger.terms.units import DAY, HOUR, MINUTE

_UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))
_ADDRESSES = ("account", "caller", "target")
_OPEN = ("waiting", "ready")


def powers_lines(view: PowersView) -> Iterator[str]:
    """Each role with what it may do and who holds it, then what is scheduled."""
    for role in view.roles:
        yield from _role(role)
    for target in view.targets:
        name = target.contract or to_checksum_address(target.target)
        if target.closed:
            yield f"{name} is closed: nobody may call what the access manager guards"
        if target.admin_delay.seconds or target.admin_delay.becomes is not None:
            yield f"orders of the admin about {name} {_waits(target.admin_delay)}"
    open_ones = [each for each in view.operations if each.state in _OPEN]
    for operation in open_ones:
        yield from _operation(operation)
    if not open_ones:
        yield "nothing is scheduled"


def powers_document(view: PowersView) -> dict[str, Any]:
    """Times in seconds since 1970, bytes in hexadecimal, numbers of roles as decimal texts."""
    document: dict[str, Any] = _plain(asdict(view))
    for role in document["roles"]:
        role["number"] = str(role["number"])
    return document


def moment(seconds: int) -> str:
    """A time as people and programs read it."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, ValueError):
        return f"second {seconds:,}"


def duration(seconds: int) -> str:
    """Seconds in the largest units that say them exactly, as ``2 days 1 hour``."""
    parts, left = [], seconds
    for size, name in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,} {name}{'' if count == 1 else 's'}")
    return " ".join(parts) or "0 seconds"


def _role(role: RoleLine) -> Iterator[str]:
    yield f"{role.name} ({role.number}): {'; '.join(role.may) or 'may call nothing'}"
    if role.admin != "ADMIN" or role.guardian != "ADMIN":
        yield f"    given and taken by {role.admin}; what it schedules, {role.guardian} cancels"
    if role.grant_delay.seconds or role.grant_delay.becomes is not None:
        yield f"    new holders have it only after a while: who is given it {_waits(role.grant_delay)}"
    for holder in role.holders:
        yield f"    {to_checksum_address(holder.account)} {_held(holder)}"
    if not role.holders:
        yield "    nobody holds it" if role.name != "everybody" else "    whoever calls"


def _held(holder: HolderLine) -> str:
    verb = "since" if holder.in_effect else "NOT YET, from"
    return f"{verb} {moment(holder.since)} on; its orders {_waits(holder.delay)}"


def _waits(delay: DelayLine) -> str:
    now = f"wait {duration(delay.seconds)}" if delay.seconds else "do not wait"
    if delay.becomes is None or delay.changes_at is None:
        return now
    return f"{now}, {duration(delay.becomes)} from {moment(delay.changes_at)} on"


def _operation(operation: OperationLine) -> Iterator[str]:
    what = (
        operation.what if operation.contract else f"{to_checksum_address(operation.target)} {operation.what}"
    )
    yield f"scheduled: {what}"
    yield f"    by {to_checksum_address(operation.caller)}, operation 0x{operation.operation.hex()}"
    if operation.due is not None and operation.expires_at is not None:
        ready = "may run now" if operation.state == "ready" else f"may run from {moment(operation.due)} on"
        yield f"    {ready}, until {moment(operation.expires_at - 1)}"


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _plain(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, name) for each in value]
    if isinstance(value, bytes):
        return to_checksum_address(value) if name in _ADDRESSES else "0x" + value.hex()
    return value
