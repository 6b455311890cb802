"""A mirror's status in the text format that Prometheus reads."""

from collections.abc import Iterable, Iterator, Sequence

from ledger.indexer.status import Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, float | int | None]
"""Further labels as they are written, or nothing; and the value, None when it is not known."""


def exposition(statuses: Sequence[Status]) -> str:
    """All metrics of all deployments: a help line and a type for each, then its samples."""
    lines = []
    for name, kind, about in _METRICS:
        samples = [
            f"{name}{{{_labels(status, labels)}}} {value:.15g}"
            for status in statuses
            for labels, value in _samples(status, name)
            if value is not None
        ]
        if samples:
            lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}", *samples]
    return "".join(f"{line}\n" for line in lines)


_METRICS = (
    ("pledger_ready", "gauge", "1 when the mirror is known to be close to the chain, and whole."),
    ("pledger_mirror_block", "gauge", "Newest mirrored block."),
    ("pledger_mirror_timestamp_seconds", "gauge", "Time of the newest mirrored block."),
    ("pledger_chain_block", "gauge", "Newest block of the chain."),
    ("pledger_lag_blocks", "gauge", "Blocks that the mirror is behind the chain."),
    ("pledger_lag_seconds", "gauge", "Seconds that the mirror is behind the chain, by block time."),
    ("pledger_entries", "gauge", "Number of a journal's newest mirrored entry."),
    ("pledger_indexer_running", "gauge", "1 while an indexer holds the right to write."),
    ("pledger_indexer_seen_timestamp_seconds", "gauge", "When the indexer last heard from a node."),
    ("pledger_entries_read_total", "counter", "Entries written since the database was made."),
    ("pledger_entries_taken_back_total", "counter", "Entries taken back again."),
    ("pledger_blocks_read_total", "counter", "Blocks looked through since the database was made."),
    ("pledger_entries_per_second", "gauge", "Rate of the last reading that brought entries."),
    ("pledger_blocks_unverified", "gauge", "Blocks whose times are a node's word alone."),
    ("pledger_incidents_total", "counter", "What the indexer met, by kind."),
    ("pledger_incidents_unresolved", "gauge", "Incidents after which the mirror has not been whole yet."),
)


def _samples(status: Status, name: str) -> Iterator[Sample]:
    state, lag = status.state, status.lag
    match name:
        case "pledger_entries":
            yield from _by("contract", status.entries.items())
        case "pledger_incidents_total":
            yield from _by("kind", status.incidents.items())
        case _:
            values: dict[str, float | int | None] = {
                "pledger_ready": status.is_ready,
                "pledger_mirror_block": status.as_of.number,
                "pledger_mirror_timestamp_seconds": status.as_of.timestamp,
                "pledger_chain_block": status.head.number if status.head else None,
                "pledger_lag_blocks": lag.blocks if lag else None,
                "pledger_lag_seconds": lag.seconds if lag else None,
                "pledger_indexer_running": status.is_indexing,
                "pledger_indexer_seen_timestamp_seconds": state.seen_at if state else None,
                "pledger_entries_read_total": state.entries_read if state else None,
                "pledger_entries_taken_back_total": state.entries_taken_back if state else None,
                "pledger_blocks_read_total": state.blocks_read if state else None,
                "pledger_entries_per_second": status.entries_per_second,
                "pledger_blocks_unverified": status.unverified.blocks,
                "pledger_incidents_unresolved": status.unresolved,
            }
            yield "", values[name]


def _by(label: str, values: Iterable[tuple[str, int]]) -> Iterator[Sample]:
    for name, value in values:
        yield f',{label}="{name}"', value


def _labels(status: Status, further: str) -> str:
    return f'chain_id="{status.chain_id}",ledger="0x{status.ledger.hex()}"{further}'
