"""What readers ask most, asked of the API itself: how long it takes, and the plans of its statements."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import event, text
from starlette.testclient import TestClient

from api.app import create_app
from ledger.settings import Settings
from ledger.store.database import Database

_REPEATS = 5
_TOO_LONG = 1_000
"""Milliseconds of an answer that is not asked for again."""


@dataclass(frozen=True)
class Statement:
    """One statement of an answer: what it cost, and how its plan reads its tables."""

    sql: str
    milliseconds: float
    blocks: int
    plan: str


@dataclass(frozen=True)
class Answered:
    """An answer: median of its repetitions in ms, and the statements that took longest."""

    name: str
    path: str
    milliseconds: float
    statements: int
    slowest: list[Statement]


def ask_all(settings: Settings, database: Database) -> Iterator[Answered]:
    """Asks each question some times, and explains the statements of the last time."""
    with TestClient(create_app(settings, database)) as client:
        for name, path in _questions(database):
            took: list[float] = []
            while not took or (len(took) < _REPEATS and took[-1] < _TOO_LONG):
                with _statements(database) as statements:
                    began = time.perf_counter()
                    answer = client.get(path)
                    took.append((time.perf_counter() - began) * 1_000)
                if answer.status_code != 200:
                    raise SystemExit(f"{path} was answered with {answer.status_code}: {answer.text[:300]}")
            explained = sorted(
                (_explained(database, *statement) for statement in statements),
                key=lambda each: -each.milliseconds,
            )
            yield Answered(name, path, median(took), len(statements), explained[:2])


def _questions(database: Database) -> list[tuple[str, str]]:
    """Of the parties with most business, the worst there are; and of a place in the middle."""
    with database.engine.connect() as connection:
        one = connection.scalar
        agreement = "0x" + one(text(_MOST.format(column="agreement", table="payment"))).hex()
        payee = "0x" + one(text(_MOST.format(column="account", table="agreement_payee"))).hex()
        vendor = "0x" + one(text(_MOST.format(column="owner", table="programme"))).hex()
        partner = "0x" + one(text(_MOST.format(column="account", table="deal"))).hex()
        deal = "0x" + one(text(_SOME_DEAL)).hex()
        seq = one(text("SELECT max(seq) / 2 FROM chain.payment"))
        block = one(text(_EARLIER))
    return [
        ("a payee's statement", f"/v1/partners/{payee}/payouts"),
        ("a payee's balances", f"/v1/partners/{payee}/balances"),
        ("a payee's balances, as of an earlier block", f"/v1/partners/{payee}/balances?block={block}"),
        ("payments of an agreement", f"/v1/agreements/{agreement}/payments"),
        ("an agreement", f"/v1/agreements/{agreement}"),
        ("newest entries", "/v1/entries"),
        ("newest entries of a contract", "/v1/entries?contract=RevenueLedger"),
        ("an entry by number", f"/v1/entries?contract=RevenueLedger&seq={seq}"),
        ("entries about a deal", f"/v1/entries?contract=DealRegistry&about={deal}"),
        ("entries about an agreement", f"/v1/entries?about={agreement}"),
        ("a deal and its queue", f"/v1/deals/{deal}"),
        ("a partner's deals", f"/v1/deals?account={partner}"),
        ("a partner's score", f"/v1/partners/{partner}/reputation"),
        ("a vendor's score", f"/v1/partners/{vendor}/reputation"),
        ("partners", "/v1/partners"),
    ]


_EARLIER = """
SELECT number FROM chain.block WHERE number <= (SELECT max(number) * 9 / 10 FROM chain.block)
ORDER BY number DESC LIMIT 1
"""
_SOME_DEAL = "SELECT deal FROM chain.deal ORDER BY seq LIMIT 1 OFFSET (SELECT count(*) / 10 FROM chain.deal)"
_MOST = "SELECT {column} FROM chain.{table} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Statements sent meanwhile, with what they were given."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")) and not many:
            found.append((statement, given))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _explained(database: Database, sql: str, given: Any) -> Statement:
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", given).scalar()
    explained = (json.loads(rows) if isinstance(rows, str) else rows)[0]
    root = explained["Plan"]
    blocks = root.get("Shared Hit Blocks", 0) + root.get("Shared Read Blocks", 0)
    spent = explained["Planning Time"] + explained["Execution Time"]
    return Statement(" ".join(sql.split()), spent, blocks, "; ".join(_scans(root)))


def _scans(node: dict[str, Any]) -> list[str]:
    """How the plan reads tables: partitions of a table as one, those never begun left out."""
    found: dict[str, list[float]] = {}

    def look(each: dict[str, Any]) -> None:
        if "Relation Name" in each and each["Actual Loops"]:
            table = re.sub(r"^entry_\d+_\d+$", "entry", each["Relation Name"])
            index = re.sub(r"_\d+_\d+(?=_)", "", each.get("Index Name", "")).removeprefix(f"{table}_")
            what = f"{each['Node Type']} of {table}" + (f" by {index}" if index else "")
            read = found.setdefault(what, [0, 0])
            read[0] += 1
            read[1] += (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"]
        for below in each.get("Plans", []):
            look(below)

    look(node)
    return [
        f"{what}{f' × {parts:.0f}' if parts > 1 else ''} ({rows:,.0f} rows)"
        for what, (parts, rows) in found.items()
    ]
