"""The measured part of docs/reputation.md."""

from pathlib import Path
from typing import Any

_BEGIN, _END = "<!-- measured by make bench-scores -->", "<!-- end of what was measured -->"


def written(page: Path, result: dict[str, Any]) -> str:
    """Puts what was measured in its place on the page, and returns it."""
    parts = [_columns(result), *([_mirror(result["mirror"])] if "mirror" in result else [])]
    tables = "\n\n".join(parts)
    before, rest = page.read_text().split(_BEGIN)
    page.write_text(f"{before}{_BEGIN}\n{tables}\n{_END}{rest.split(_END)[1]}")
    return tables


def _columns(result: dict[str, Any]) -> str:
    seconds, batch, peers = result["seconds"], result["batch"], result["peers"]
    rows = [
        ("all scores, from columns", seconds["all"]),
        ("of that, the trust walk", seconds["walk"]),
        (f"a batch of {batch['events']:,} events more", batch["seconds"]),
        *(
            (
                f"the walk by {name} in floats, its ω off by {peer['omega_off_by']:.0e} at most",
                peer["walk_seconds"],
            )
            for name, peer in peers.items()
        ),
    ]
    return (
        f"{result['partners']:,} partners, {result['deals']:,} won deals, {result['events']:,} events, "
        f"{result['edges']:,} ordered pairs; {result['peak_mebibytes']:,} MiB. Seconds of work of one core "
        f"({result['machine']}):\n\n" + _table("", "seconds", [(what, f"{each:.2f}") for what, each in rows])
    )


def _mirror(result: dict[str, Any]) -> str:
    rows = [
        ("the day's trust, once a day, read and walked", result["trust_seconds"] * 1_000),
        ("all scores, read and computed", result["all_seconds"] * 1_000),
        ("50 scores", result["fifty_milliseconds"]),
        *(
            (f"one score, of {result[name]['events']:,} events", result[name]["score_milliseconds"])
            for name in ("partner", "large_vendor")
        ),
    ]
    return (
        f"Out of a mirror of {result['partners']:,} partners and {result['deals']:,} won deals, with the "
        "work of the database:\n\n"
        + _table("", "milliseconds", [(what, f"{each:,.0f}") for what, each in rows])
    )


def _table(first: str, second: str, rows: list[tuple[str, str]]) -> str:
    return "\n".join([f"| {first} | {second} |", "|---|--:|", *(f"| {a} | {b} |" for a, b in rows)])
