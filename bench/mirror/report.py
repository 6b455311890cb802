"""The figures as a page, and as a document for machines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bench.mirror.meter import Taken

PONDER_LIVE_MS = 164
"""Ponder's median from block to row at a poll of 200 ms, as measured when this project was designed."""


@dataclass(frozen=True)
class Result:
    """What one run measured; live waits in seconds."""

    events: int
    blocks: int
    taken: Mapping[str, Taken]
    live_p50: float
    live_p99: float
    machine: str

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
            "measured": {
                name: {**asdict(took), "events_per_second": round(self.events / took.seconds)}
                for name, took in self.taken.items()
            },
            "ours_over_best_ponder": self.best_peer and round(self.best_peer / self.taken["ours"].seconds, 2),
            "ours_over_raw_limit": round(self.taken["raw limit"].seconds / self.taken["ours"].seconds, 2),
            "live_block_to_row_ms": {
                "p50": round(self.live_p50 * 1000),
                "p99": round(self.live_p99 * 1000),
            },
        }


def page(result: Result) -> str:
    """Markdown."""
    ours = result.taken["ours"].seconds
    lines = [
        "# The mirror, measured",
        "",
        f"`make bench-mirror`: {result.events:,} entries of our contracts in {result.blocks:,} blocks, from",
        "the start of a process until all rows can be read, one after the other in one run on one machine",
        f"({result.machine}), on which the chain (anvil) and PostgreSQL run too. Ponder is 0.16.10",
        "with the same tables (bench/ponder). The raw limit downloads the same logs, parses the JSON and",
        "copies a line for each; it checks and decodes nothing.",
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
        "Live, from the mined block to the row, polling every 200 ms: median",
        f"{result.live_p50 * 1000:.0f} ms, 99th percentile {result.live_p99 * 1000:.0f} ms (Ponder:",
        f"{PONDER_LIVE_MS} ms median, measured when this was designed).",
        "",
    ]
    return "\n".join(lines)
