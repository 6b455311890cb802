"""What a node means by an error: each kind of node says the same in other words.

Gathered from geth, reth, Erigon, Nethermind, Besu, OpenEthereum, Hardhat, Anvil and the large providers.
Words are hints: whoever does not know an error takes it for "not known", never for an answer.
"""

import re
from email.utils import parsedate_to_datetime
from typing import Any, Final

_LIMITED_CODES: Final = (429, -32005, -32029, -32016)
_LIMITED = re.compile(
    r"rate.?limit|too many requests|request limit|requests? per|per second|throughput|throttl|capacity"
    r"|compute units|quota|credits|slow down|limit (has been )?exceeded|exceeded .*limit|(daily|usage) limit",
    re.IGNORECASE,
)
_TOO_MUCH = re.compile(r"\brange|\blogs?\b|result|response size|too large|too wide|blocks?\b", re.IGNORECASE)
"""Refuses this one question, whoever asks and whenever: for fewer blocks, it answers."""
_REVERTED = re.compile(
    r"revert|out ?of ?gas|opcode|bad instruction|invalid ?jump|jump dest|stack (under|over)flow|stack limit"
    r"|write protection|return ?data ?out|invalid code|vm execution error|vm exception|evm error"
    r"|gas uint64 overflow|invalid_operation|insufficient_gas|illegal_state_change",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"already.?known|known transaction|already imported|already in (the )?(mem|tx)?pool|already exists"
    r"|same hash|already in the system",
    re.IGNORECASE,
)
_SPENT = re.compile(
    r"nonce (is )?too low|old ?nonce|invalid nonce|correct nonce|nonce too small|minimum expected nonce",
    re.IGNORECASE,
)
_REPLACES = re.compile(r"replacement|replace existing|same nonce|fee ?too ?low ?to ?compete", re.IGNORECASE)
_CHEAP = re.compile(
    r"underpriced|less than block base fee|fee ?too ?low|gas price (is )?(too low|below)|below.*minimum gas",
    re.IGNORECASE,
)
_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


def limits_rate(method: str, code: Any, message: str) -> bool:
    """Whether it was asked too often: the same question is answered later."""
    if method == "eth_getLogs" and _TOO_MUCH.search(message):
        return False  # -32005 is both: too many requests, and too many logs
    return _whole(code) in _LIMITED_CODES or _LIMITED.search(message) is not None


def reverted(code: Any, message: str) -> bool:
    """Whether it was the contract that refused a call, and not the node."""
    return _whole(code) == 3 or _REVERTED.search(message) is not None


def known_already(message: str) -> bool:
    """Whether the node has the very transaction already."""
    return _KNOWN.search(message) is not None and not _REPLACES.search(message)


def nonce_spent(message: str) -> bool:
    """Whether another transaction has, or is about to take, the number (nonce) of this one."""
    return _SPENT.search(message) is not None or _REPLACES.search(message) is not None


def too_cheap(message: str) -> bool:
    """Whether it offers less for gas than is asked now."""
    return _CHEAP.search(message) is not None and not _REPLACES.search(message)


def revert_data(data: Any) -> str:
    """What the contract gave as reason, 0x hex, wherever the node put it; empty when it gave none."""
    if isinstance(data, str):
        found = _HEX.findall(data)  # some write "Reverted 0x…"
        return max(found, key=len, default="") if len(data) < 1 << 16 else ""
    if isinstance(data, dict):
        return next(filter(None, (revert_data(each) for each in data.values() if isinstance(each, str))), "")
    return ""


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds to wait by an HTTP header ``Retry-After``: a number or a date; None when it says neither."""
    if header is None:
        return None
    try:
        return max(0.0, float(header)) if float(header) < 1 << 31 else None
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError, TypeError):
        return None


def _whole(code: Any) -> int | None:
    try:
        return int(code)
    except (TypeError, ValueError, OverflowError):
        return None
