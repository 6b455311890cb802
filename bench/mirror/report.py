"""The figures as a page, and as a document for machines."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any, Self

from bench.mirror.meter import Taken

PONDER_LIVE_MS = 164
"""Ponder's median from block to row at a poll of 200 ms, as measured when this project was designed."""


@dataclass(frozen=True)
class Waits:
    """From block to row, in milliseconds: the median, and what 99 of 100 are below."""

    p50: int
    p99: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """Of so many waits."""
        percent = quantiles(seconds, n=100)
        return cls(round(percent[49] * 1000), round(percent[98] * 1000))


@dataclass(frozen=True)
class Result:
    """What one run measured. ``load``: how many processes wanted the machine just before."""

    events: int
    blocks: int
    taken: Mapping[str, Taken]
    live: Mapping[str, Waits]
    machine: str
    load: float

    @property
    def best_peer(self) -> float | None:
        """Seconds of Ponder's best configuration."""
        peers = [took.seconds for name, took in self.taken.items() if name.startswith("ponder")]
        return min(peers) if peers else None

    def to_json(self) -> dict[str, Any]:
        """Keyed by plain names."""
        return {
            "events": self.events,
            "blocks": self.blocks,
            "machine": self.machine,
            "load_before": round(self.load, 1),
            "measured": {
                name: {**asdict(took), "events_per_second": round(self.events / took.seconds)}
                for name, took in self.taken.items()
            },
            "ours_over_best_ponder": self.best_peer and round(self.best_peer / self.taken["ours"].seconds, 2),
            "ours_over_raw_limit": round(self.taken["raw limit"].seconds / self.taken["ours"].seconds, 2),
            "live_block_to_row_ms": {name: asdict(waits) for name, waits in self.live.items()},
        }


def page(result: Result) -> str:
    """Markdown."""
    ours = result.taken["ours"].seconds
    lines = [
        "# The mirror, measured",
        "",
        f"`make bench-mirror`: {result.events:,} entries of our contracts in {result.blocks:,} blocks, from",
        "the start of a process until all rows can be read, one after the other in one run on one machine",
        f"({result.machine}; load before the run: {result.load:.1f}), on which the chain (anvil)",
        "and PostgreSQL run too. Ponder is 0.16.10 with the same tables (bench/ponder). The raw limit",
        "downloads the same logs, parses the JSON and copies each log as one line into a table without key",
        "or index; it decodes and checks nothing.",
        "",
        "| | events/s | seconds | CPU seconds | peak memory | ours is |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, took in result.taken.items():
        lines.append(
            f"| {name} | {result.events / took.seconds:,.0f} | {took.seconds:.1f} | {took.cpu_seconds:.1f} | "
            f"{took.memory / 2**20:,.0f} MiB | {took.seconds / ours:.2f} × as fast |"
        )
    lines += [
        "",
        "| live, from the mined block to the row | median | 99th percentile |",
        "|---|---:|---:|",
        *(f"| {name} | {waits.p50} ms | {waits.p99} ms |" for name, waits in result.live.items()),
        f"| Ponder, polling every 200 ms, measured when this was designed | {PONDER_LIVE_MS} ms | |",
        "",
    ]
    return "\n".join(lines)
