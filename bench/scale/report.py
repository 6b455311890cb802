"""The measured tables of docs/scale.md."""

from pathlib import Path
from typing import Any

_BEGIN, _END = "<!-- measured by make bench-scale -->", "<!-- end of what was measured -->"
_SMALL = 1 << 20
_MANY = 1_000_000_000


def written(page: Path, result: dict[str, Any]) -> str:
    """Puts the tables in their place on the page, and returns them."""
    parts = (_about, _sizes, _answers, _plans, _many)
    tables = "\n\n".join(part(result) for part in parts)
    before, rest = page.read_text().split(_BEGIN)
    page.write_text(f"{before}{_BEGIN}\n{tables}\n{_END}{rest.split(_END)[1]}")
    return tables


def _about(result: dict[str, Any]) -> str:
    copy, rebuild = result["copy"], result["rebuild"]
    return (
        f"{result['entries']:,} entries in {result['partitions']} partitions, {result['agreements']:,} "
        f"agreements, {result['partners']:,} partners, {result['blocks']:,} blocks. PostgreSQL "
        f"{result['postgresql']}, shared_buffers {result['shared_buffers']}; {result['machine']}.\n\n"
        f"- COPY of {copy['rows']:,} entries: {copy['rows'] / copy['plain']:,.0f}/s into a plain table, "
        f"{copy['rows'] / copy['partitioned']:,.0f}/s into a partitioned one, × {copy['ratio']:.3f} "
        "of the time.\n"
        f"- Digest of everything: {result['digest']['seconds']:.0f} s.\n"
        f"- `pledger rebuild`: {_rate(rebuild):,.0f} entries/s, of {rebuild['entries']:,}."
    )


def _sizes(result: dict[str, Any]) -> str:
    lines = ["| table | rows | table | indexes | bytes a row |", "|---|--:|--:|--:|--:|"]
    for size in result["sizes"]:
        both = size["table_bytes"] + size["index_bytes"]
        if both > _SMALL:
            cells = (
                size["table"],
                f"{size['rows']:,}",
                _mib(size["table_bytes"]),
                _mib(size["index_bytes"]),
                f"{both / max(1, size['rows']):,.0f}",
            )
            lines.append(_row(cells))
    lines.append(_row(("all", "", _mib(_whole(result)), "", f"{_an_entry(result):,.0f} an entry")))
    return "\n".join(lines)


def _answers(result: dict[str, Any]) -> str:
    lines = [
        "| asked of the API | median of the answer | statements | slowest statement | blocks it reads |",
        "|---|--:|--:|--:|--:|",
    ]
    for each in result["answers"]:
        slowest = each["slowest"][0]
        cells = (
            each["name"],
            f"{each['milliseconds']:,.1f} ms",
            str(each["statements"]),
            f"{slowest['milliseconds']:,.2f} ms",
            f"{slowest['blocks']:,}",
        )
        lines.append(_row(cells))
    return "\n".join(lines)


def _plans(result: dict[str, Any]) -> str:
    lines = ["How the slowest statement of each reads its tables:", ""]
    lines += [f"- {each['name']}: {each['slowest'][0]['plan']}" for each in result["answers"]]
    return "\n".join(lines)


def _many(result: dict[str, Any]) -> str:
    """Computed from the above: what grows with the rows, times as many."""
    times = _MANY / result["entries"]
    copied = result["copy"]["rows"] / result["copy"]["partitioned"]
    rows = (
        ("disk, all tables and indexes", f"{_an_entry(result) * _MANY / 1e12:,.1f} TB"),
        ("COPY of the entries alone", f"{_MANY / copied / 3_600:,.0f} h"),
        ("rebuild from the entries, one process", f"{_MANY / _rate(result['rebuild']) / 3_600:,.0f} h"),
        ("digest of everything", f"{result['digest']['seconds'] * times / 3_600:,.1f} h"),
    )
    lines = ["| a thousand million entries, at this machine's rates | |", "|---|--:|"]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def _rate(rebuild: dict[str, float]) -> float:
    return rebuild["entries"] / rebuild["seconds"]


def _whole(result: dict[str, Any]) -> int:
    return sum(size["table_bytes"] + size["index_bytes"] for size in result["sizes"])


def _an_entry(result: dict[str, Any]) -> float:
    return _whole(result) / float(max(1, result["entries"]))


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _mib(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB"
