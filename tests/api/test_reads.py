"""Every route and page asks a constant number of statements, and reads no more the more others do."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from many_rows import fill
from pydantic import BaseModel
from sqlalchemy import text
from starlette.testclient import TestClient

from api.app import create_app
from api.deals.schemas import DealList
from api.entries.schemas import EntryList
from api.partners.schemas import PartnerList
from api.portal import journal_pages, ledger_pages, list_pages
from ledger.settings import Settings
from ledger.store.database import Database

SMALL, LARGE, MILLION = 3, 60, 2_900
"""Copies of the business: in a large mirror other partners do as much again nineteen times, or until there
are a million entries.
"""
MAX_STATEMENTS = 85
"""Of the page that shows most."""
MAX_TIMES = 9
"""As often the sections of one page may ask the same."""
SKIPPED = 6
"""Statements that are left out where there is nothing to ask about."""
NOT_LEDGER = (
    "/v1/agreements/drafts",
    "/v1/audit",
    "/v1/checkpoint",
    "/audit",
    "/v1/session",
    "/v1/members",
    "/v1/keys",
    "/v1/passkeys",
    "/v1/relays",
    "/v1/actions",
)
"""What is about the mirror itself or who is signed in, or asks the node; and what was never mirrored."""
COUNTED = {
    "/v1/partners//reputation?block=1399": "walks everybody's trust as of an earlier day",
    "/v1/reputation?block=1399": "walks everybody's trust as of an earlier day, and ranks all",
}
"""What these read grows with the ledger."""


WRITTEN: dict[str, type[BaseModel]] = {
    "/v1/partners": PartnerList,
    "/v1/deals": DealList,
    "/v1/entries": EntryList,
}
"""Answers that are written without their model."""


class Mirror:
    """A filled database and the API over it."""

    def __init__(self, database: Database, copies: int) -> None:
        fill(database, copies)
        self.database = database
        settings = Settings(_env_file=None, rpc_url="http://127.0.0.1:9", finality="immediate")
        self.client = TestClient(create_app(settings, database))
        with database.engine.connect() as connection:
            self.known = {
                name: "0x"
                + connection.scalar(text(f"SELECT {column} FROM chain.{table} {order} LIMIT 1")).hex()
                for name, (column, table, order) in THINGS.items()
            } | {"contract": "RevenueLedger", "seq": "100"}
            self.block = connection.scalar(text("SELECT max(number) FROM chain.block WHERE number < 1400"))

    def paths(self) -> list[str]:
        """Of every operation and page that shows the ledger, each about something, now and at a block."""
        found = [f"/v1/entries?about={self.known['agreement']}", f"/v1/deals?account={self.known['address']}"]
        operations = self.client.get("/openapi.json").json()["paths"]
        for path, methods in operations.items():
            if "get" in methods and path.startswith("/v1") and not path.startswith(NOT_LEDGER):
                takes = {each["name"] for each in methods["get"].get("parameters", [])}
                about = path.format_map(self.known)
                found += [about, f"{about}?block={self.block}"] if "block" in takes else [about]
        for pages in (ledger_pages, list_pages, journal_pages):
            found += [route.path.format_map(self.known) for route in pages.router.routes]
        return [path for path in found if not path.startswith(NOT_LEDGER) and "/reputation/" not in path]

    def asked(self, path: str, query: str = "") -> list[tuple[str, Any]]:
        """The statements behind an answer."""
        with statements() as found:
            answer = self.client.get(path + (query and ("&" if "?" in path else "?") + query))
        assert answer.status_code in (200, 422), (path, answer.text[:500])
        return found

    def rows_read(self, asked: list[tuple[str, Any]]) -> Counter[str]:
        """How many rows of each table statements look at; all of them only where no index helps."""
        found: Counter[str] = Counter()
        with self.database.engine.connect() as connection:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            for sql, given in asked:
                plan: Any = connection.exec_driver_sql(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given
                ).scalar()
                count(plan[0]["Plan"], found)
        return found


THINGS = {
    "address": (
        "account",
        "agreement_payee",
        "WHERE account IN (SELECT account FROM chain.deal) ORDER BY seq",
    ),
    "agreement": ("agreement", "payment", "ORDER BY seq"),
    "deal": ("deal", "deal", "WHERE tag IS NOT NULL ORDER BY seq"),
}


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What the driver is given, by whomever."""
    found: list[tuple[str, Any]] = []
    execute = psycopg.Cursor.execute

    def noting(cursor: Any, sql: Any, given: Any = None, **how: Any) -> Any:
        if str(sql).lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((str(sql), given))
        return execute(cursor, sql, given, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting)
        yield found


def count(node: dict[str, Any], found: Counter[str]) -> None:
    if "Relation Name" in node and node["Actual Loops"]:
        table = re.sub(r"^entry_\d+_\d+$", "entry", node["Relation Name"])
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        found[table] += round(read * node["Actual Loops"])
        if node["Node Type"] == "Seq Scan":
            found[f"{table}, whole"] += 1
    for below in node.get("Plans", []):
        count(below, found)


def about(path: str) -> str:
    """The path without what it is about."""
    return re.sub(r"0x[0-9a-f]+", "", path)


def shape(sql: str) -> str:
    """Lists of another length are the same question."""
    return re.sub(r"IN \([^()]*(\([^()]*\)[^()]*)*\)", "IN ()", sql)


@pytest.fixture
def small(database: Database) -> Mirror:
    return Mirror(database, SMALL)


@pytest.mark.parametrize(
    "copies", [LARGE, pytest.param(MILLION, marks=[pytest.mark.long, pytest.mark.timeout(1_800)])]
)
def test_answers_ask_and_read_as_much_whatever_others_do(
    small: Mirror, other_database: Database, copies: int
) -> None:
    large = Mirror(other_database, copies)
    with small.client, large.client:
        found: list[tuple[str, str, Any]] = []
        paths = large.paths()
        assert len(paths) > 40, paths
        for path in paths:
            before, after, many = (
                mirror.asked(path, f"limit={limit}") or mirror.asked(path)
                for mirror, limit in ((small, 2), (large, 2), (large, 200))
            )
            (repeated,) = Counter(shape(sql) for sql, _ in many).most_common(1) or [("", 0)]
            once, again = small.rows_read(before), large.rows_read(after)
            grown = {
                table: (once[table], read)
                for table, read in again.items()
                if read > 2 * once[table] + 200 and about(path) not in COUNTED
            }
            faults = {
                "too many": len(many) > MAX_STATEMENTS,
                "more for a longer page": len(many) > len(before) + SKIPPED,
                "the same too often": repeated[1] > MAX_TIMES,
                "reads what others do": bool(grown),
            }
            figures = (len(before), len(many), repeated, grown)
            found += [(path, what, figures) for what, is_so in faults.items() if is_so]
        assert not found, "\n".join(map(str, found))


def test_answers_that_no_model_wrote_are_as_the_document_says(small: Mirror) -> None:
    with small.client:
        for path, model in WRITTEN.items():
            answer = small.client.get(path.format_map(small.known)).json()
            assert len(answer[next(name for name in answer if isinstance(answer[name], list))]) > 1, path
            assert model.model_validate(answer).model_dump(mode="json") == answer, path
