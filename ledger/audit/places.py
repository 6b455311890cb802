"""Where on the chain an entry stands: what its journal does not bind, and its block's header does.

An entry's block, the time of that, its transaction and its number among the block's logs are a node's word,
until the block's header has been hashed and its transactions and receipts have been made into the roots that
stand in it. Where that cannot be done, they are compared with the node's word again, and are unverified.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.audit.mirrored import Placed
from ledger.chain.node import Node, RpcRefused
from ledger.keccak import keccak
from ledger.proof import contents, header, trie
from ledger.proof.contents import KindUnknown
from ledger.proof.errors import ProofInvalid

_FEW = 3
"""After so many refusals of several blocks in a row, each is asked for alone."""
MOST_REASONS, LONGEST_REASON, OTHER = 20, 200, "other reasons"
AT_ONCE = 20
"""Blocks in one request: of a busy chain, each has megabytes."""
_MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Misplaced:
    """The first entry that stands elsewhere on the chain, and how. ``contract`` is its address."""

    contract: bytes
    seq: int
    why: str


@dataclass(frozen=True)
class Unverified:
    """Blocks of which the same could not be verified for the same reason. ``first`` is the first of them."""

    why: str
    blocks: int
    entries: int
    first: int


@dataclass(frozen=True)
class PlacesVerdict:
    """``blocks`` that carry ``entries`` were looked at, from the ``first`` to the ``last`` (0: none): the
    newest ones or all; ``unverified`` of them for a reason each.
    """

    blocks: int
    entries: int
    first: int
    last: int
    misplaced: Misplaced | None
    unverified: Sequence[Unverified]


@dataclass(frozen=True)
class Log:
    """A log as its block's receipts have it, and its transaction."""

    address: bytes
    topics: Sequence[bytes]
    data: bytes
    transaction: int
    transaction_hash: bytes


def _nobody(_done: int) -> None:
    """Nobody listens."""


def check(
    node: Node, blocks: Iterable[Sequence[Placed]], told: Callable[[int], None] = _nobody
) -> PlacesVerdict:
    """Compares entries, block by block, with the receipts and transactions of their blocks; ``told`` hears
    how many blocks are done. Ends at the first that differs.

    Raises NodeUnreachable; what a node refuses to say is unverified.
    """
    asked = _Asked(node)
    reasons: dict[str, Unverified] = {}
    done = entries = first = last = 0
    for some in _batched(blocks, AT_ONCE):
        for (shown, receipts), carried in zip(asked.blocks(some), some, strict=True):
            done, entries = done + 1, entries + len(carried)
            last = carried[0].block_number
            first = first or last
            misplaced, why = _compared(shown, receipts, carried)
            if misplaced is not None:
                return PlacesVerdict(done, entries, first, last, misplaced, list(reasons.values()))
            if why is not None:
                _count(reasons, why[:LONGEST_REASON], carried)
        told(done)
    return PlacesVerdict(done, entries, first, last, None, list(reasons.values()))


def proved_logs(node: Node, number: int, block_hash: bytes) -> Sequence[Log] | str:
    """The logs of a block, proved by the roots in its header; or in words why they are not."""
    asked = _Asked(node)
    shown = node.rpc("eth_getBlockByNumber", [hex(number), True])
    receipts = asked.receipts(hex(number), shown)
    if not isinstance(receipts, list) or None in receipts:
        return receipts if isinstance(receipts, str) else "the node has not all of its receipts any more"
    try:
        logs = list(_logs(shown, receipts))
        if bytes.fromhex(shown["hash"][2:]) != block_hash:
            return "the chain moved while it was read"
    except _MALFORMED as error:
        return f"the node's receipts are none ({error!r})"
    return _unproved(shown, receipts) or logs


def _batched(blocks: Iterable[Sequence[Placed]], size: int) -> Iterator[Sequence[Sequence[Placed]]]:
    some: list[Sequence[Placed]] = []
    for block in blocks:
        some.append(block)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _count(reasons: dict[str, Unverified], why: str, carried: Sequence[Placed]) -> None:
    """Adds a block to those of the same reason; what a node makes up could be another for each."""
    if why not in reasons and len(reasons) == MOST_REASONS:
        why = OTHER
    before = reasons.get(why, Unverified(why, 0, 0, carried[0].block_number))
    reasons[why] = replace(before, blocks=before.blocks + 1, entries=before.entries + len(carried))


def _compared(shown: Any, receipts: Any, carried: Sequence[Placed]) -> tuple[Misplaced | None, str | None]:
    """The first entry of a block that stands elsewhere; or why none of them could be verified, if so."""
    first = carried[0]
    if shown is None:
        return _misplaced(first, f"the chain has no block {first.block_number}"), None
    try:
        block_hash, timestamp = bytes.fromhex(shown["hash"][2:]), int(shown["timestamp"], 16)
    except _MALFORMED as error:
        return None, f"the node's block is not a block ({error!r})"
    for each in carried:
        if each.block_hash != block_hash:
            here, there = each.block_hash.hex(), block_hash.hex()
            why = f"its block {each.block_number} is 0x{here} here, 0x{there} on the chain"
            return _misplaced(each, why), None
        if each.block_timestamp != timestamp:
            why = f"its block's time is {each.block_timestamp} here, {timestamp} on the chain"
            return _misplaced(each, why), None
    if isinstance(receipts, str):
        return None, receipts
    if receipts is None or (isinstance(receipts, list) and None in receipts):
        return None, "the node has not all of its receipts any more"
    try:
        logs = list(_logs(shown, receipts))
    except _MALFORMED as error:
        return None, f"the node's receipts are none ({error!r})"
    for each in carried:
        if unlike := _unlike(each, logs):
            return _misplaced(each, unlike), None
    return None, _unproved(shown, receipts)


def _unlike(entry: Placed, logs: Sequence[Log]) -> str | None:
    """How an entry stands elsewhere than where the mirror has it."""
    log = logs[entry.log_index] if entry.log_index < len(logs) else None
    if log is None or not _is_of(log, entry):
        place = next((at for at, each in enumerate(logs) if _is_of(each, entry)), None)
        if place is None:
            return f"block {entry.block_number} has no such log on the chain"
        return f"it is log {entry.log_index} of its block here, {place} on the chain"
    if entry.transaction_index != log.transaction:
        return f"its transaction is number {entry.transaction_index} here, {log.transaction} on the chain"
    if entry.transaction_hash != log.transaction_hash:
        here, there = entry.transaction_hash.hex(), log.transaction_hash.hex()
        return f"its transaction is 0x{here} here, 0x{there} on the chain"
    return None


def _is_of(log: Log, entry: Placed) -> bool:
    same = (log.address, log.data) == (entry.contract, entry.data)
    return same and [*log.topics] == [*entry.topics]


def _logs(shown: Any, receipts: Any) -> Iterator[Log]:
    """A block's logs, counted as its receipts have them: their own numbers are in no root."""
    transactions = shown["transactions"]
    if len(transactions) != len(receipts):
        raise ValueError(f"{len(receipts)} receipts of {len(transactions)} transactions")
    for number, (transaction, receipt) in enumerate(zip(transactions, receipts, strict=True)):
        for log in receipt["logs"]:
            yield Log(
                bytes.fromhex(log["address"][2:]),
                [bytes.fromhex(topic[2:]) for topic in log["topics"]],
                bytes.fromhex(log["data"][2:]),
                number,
                bytes.fromhex(transaction["hash"][2:]),
            )


def _unproved(shown: Any, receipts: Any) -> str | None:
    """Why the block's hash does not stand for its transactions and receipts; None where it does."""
    try:
        header.encode(shown)
        transactions = shown["transactions"]
        envelopes = [*map(contents.transaction, transactions)]
        for envelope, each in zip(envelopes, transactions, strict=True):
            if keccak(envelope).hex() != each["hash"][2:].lower():
                return "a transaction's fields do not make its hash"
        if trie.root_of_list(envelopes).hex() != shown["transactionsRoot"][2:].lower():
            return "its transactions do not make the root in its header"
        if trie.root_of_list([*map(contents.receipt, receipts)]).hex() != shown["receiptsRoot"][2:].lower():
            return "its receipts do not make the root in its header"
    except ProofInvalid as error:
        return f"its header cannot be hashed: {error.why}"
    except KindUnknown as error:
        return str(error)
    except _MALFORMED as error:
        return f"what the node says of it is malformed ({error!r})"
    return None


def _misplaced(entry: Placed, why: str) -> Misplaced:
    return Misplaced(entry.contract, entry.seq, why)


class _Asked:
    """Blocks with their transactions and receipts, many in one request where the node lets one."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._refusals = 0
        self._whole_receipts = True

    def blocks(self, some: Sequence[Sequence[Placed]]) -> Iterator[tuple[Any, Any]]:
        """Each block as ``eth_getBlockByNumber`` has it, and its receipts; or in words why there are none."""
        numbers = [hex(carried[0].block_number) for carried in some]
        if self._refusals < _FEW and self._whole_receipts:
            calls = [("eth_getBlockByNumber", [number, True]) for number in numbers]
            calls += [("eth_getBlockReceipts", [number]) for number in numbers]
            try:
                answers = self._node.rpc_batch(calls)
            except RpcRefused:
                self._refusals += 1  # too much at once, or of one block: one by one shows which
            else:
                self._refusals = 0
                yield from zip(answers[: len(numbers)], answers[len(numbers) :], strict=True)
                return
        for number in numbers:
            block = self._node.rpc("eth_getBlockByNumber", [number, True])
            yield block, self.receipts(number, block)

    def receipts(self, number: str, block: Any) -> Any:
        """Not every node gives all of a block's receipts at once."""
        if self._whole_receipts:
            try:
                return self._node.rpc("eth_getBlockReceipts", [number])
            except RpcRefused:
                pass
        try:
            found = [
                self._node.rpc("eth_getTransactionReceipt", [each["hash"]]) for each in block["transactions"]
            ]
            self._whole_receipts = False
            return found
        except RpcRefused as error:
            return f"the node does not give its receipts: {error.message}"
        except (KeyError, TypeError) as error:
            return f"what the node says of it is malformed ({error!r})"
