"""``pledger status``: how far the mirror is behind the chain, how fast it reads, what went wrong."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from eth_utils.address import to_checksum_address

from ledger.chain.node import Node, connect_any
from ledger.cli.reading import reading_mirror
from ledger.errors import LedgerError
from ledger.indexer.status import Status, status_of
from ledger.settings import Settings
from ledger.store.tables import Incident

NOT_READY = 1


@dataclass(frozen=True)
class _Head:
    number: int
    timestamp: int


def status_command(
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")] = False,
) -> None:
    """Shows how far the mirror is behind the chain, and what its indexer met.

    Exits with 1 when the mirror is stale, stopped, or no node says how far the chain is.
    """
    settings = Settings()
    head, trouble = None, ""
    try:
        head = _head(connect_any(settings.nodes))
    except LedgerError as error:
        trouble = error.what
    with reading_mirror(settings) as reading:
        status = status_of(reading, head)
        if as_json:
            print(json.dumps(_document(status)))
        else:
            print("\n".join(_lines(status, trouble)))
    if not status.is_ready:
        raise typer.Exit(NOT_READY)


def _head(node: Node) -> _Head:
    block = node.newest()
    return _Head(block.number, block.timestamp)


def _lines(status: Status, trouble: str) -> list[str]:
    lag, state = status.lag, status.state
    verdict = "ready" if status.is_ready else "stopped" if status.stop else "stale" if lag else "unknown"
    behind = f"{lag.blocks:,} blocks and {lag.seconds:,} s behind the chain" if lag else trouble
    journals = ", ".join(f"{name} {seq:,}" for name, seq in status.entries.items())
    kinds = ", ".join(f"{count} {kind}" for kind, count in status.incidents.items() if count)
    lines = [
        f"{verdict}: chain {status.chain_id}, ledger {to_checksum_address(status.ledger)}",
        f"block {status.as_of.number:,} of {_time(status.as_of.timestamp)}: {behind}",
        f"entries {sum(status.entries.values()):,}: {journals}",
    ]
    if state is not None:
        heard = max(0, int(time.time()) - state.seen_at)
        running = "indexing" if status.is_indexing else "no indexer runs; the last one"
        lines.append(f"{running} from {state.node}, heard from {heard:,} s ago")
        lines.append(
            f"read {state.entries_read:,} entries in {state.blocks_read:,} blocks"
            + (f", took {state.entries_taken_back:,} back" if state.entries_taken_back else "")
            + (f"; last {status.entries_per_second:,.0f} entries/s" if status.entries_per_second else "")
            + (f", {status.blocks_per_second:,.0f} blocks/s" if status.blocks_per_second else "")
        )
    if status.unverified.first is not None:
        lines.append(
            f"times of {status.unverified.blocks:,} blocks are unverified, from block "
            f"{status.unverified.first:,} on: their hashes could not be made from their headers"
        )
    lines.append(f"incidents: {kinds or 'none'}" + (f"; {status.unresolved} open" * bool(status.unresolved)))
    lines += [f"  {_time(each.at)} {each.kind}{_open(each)}: {each.what}" for each in status.newest]
    return lines


def _open(incident: Incident) -> str:
    return " (open)" if incident.resolved_at is None else ""


def _document(status: Status) -> dict[str, Any]:
    lag, state = status.lag, status.state
    return {
        "ready": status.is_ready,
        "chain_id": status.chain_id,
        "ledger": "0x" + status.ledger.hex(),
        "block": status.as_of.number,
        "block_hash": "0x" + status.as_of.hash.hex(),
        "timestamp": status.as_of.timestamp,
        "lag": lag and {"blocks": lag.blocks, "seconds": lag.seconds},
        "entries": dict(status.entries),
        "indexing": status.is_indexing,
        "node": state and state.node,
        "seen_at": state and state.seen_at,
        "entries_per_second": status.entries_per_second,
        "blocks_per_second": status.blocks_per_second,
        "incidents": dict(status.incidents),
        "unresolved": status.unresolved,
        "unverified_blocks": status.unverified.blocks,
        "first_unverified": status.unverified.first,
        "newest": [
            {
                "at": each.at,
                "kind": each.kind,
                "block": each.block,
                "contract": each.contract and "0x" + each.contract.hex(),
                "seq": each.seq,
                "node": each.node,
                "what": each.what,
                "resolved_at": each.resolved_at,
            }
            for each in status.newest
        ],
    }


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
