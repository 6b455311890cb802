"""Scores out of a mirror: its tables filled with made-up business, and read as the product reads them."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from bench.scores.business import VENDORS
from bench.scores.timing import Timed
from ledger.checkout import ROOT
from ledger.reputation.configuration import Configuration
from ledger.reputation.gathering import newest
from ledger.reputation.ranking import ranking, scores_of
from ledger.reputation.standing import standing_of
from ledger.reputation.trust_of_day import trust_of_day
from ledger.settings import Settings
from ledger.store import partitions
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.store.tables import Deployment
from ledger.terms.contracts import AGREEMENTS, DEALS, MANAGER, PARTNERS, REVENUE

_FILL = Path(__file__).with_name("fill.sql")
_HOME = ROOT / "build" / "bench" / "scores"
_CHAIN = 31_337
_NOW = 20_000 * 86_400 + 3_600
_LARGE = 20_000
"""Deals of the first vendor."""
_DEALS_EACH = 20
_PAGE = 50
_PARTNERS, _AGREEMENTS, _DEALS, _LEDGER = (bytes([number]) * 20 for number in range(1, 5))


def measure(deals: int, timed: Timed) -> dict[str, Any]:
    """Fills a mirror with so many won deals, a twentieth as many partners, and asks it, on one core."""
    shutil.rmtree(_HOME, ignore_errors=True)
    partners = deals // _DEALS_EACH
    try:
        with Database.open(Settings(_env_file=None, home=_HOME)) as database:
            _fill(database, partners, deals)
            with snapshot(database) as session:
                session.execute(text("SET max_parallel_workers_per_gather = 0"))
                server = session.scalar(text("SELECT pg_backend_pid()"))
                about = {"partners": partners, "deals": deals}
                return about | _ask(read(session), partners, timed.beside(server))
    finally:
        shutil.rmtree(_HOME, ignore_errors=True)


def _ask(reading: Reading, partners: int, timed: Timed) -> dict[str, Any]:
    configuration, account = Configuration(), _account(partners // VENDORS)
    trusting, trust = timed("the day's trust, read and walked", lambda: trust_of_day(reading, configuration))
    _ = trust.omega
    scoring, ranked = timed("all scores, read and computed", lambda: ranking(reading).scores)
    result: dict[str, Any] = {"trust_seconds": trusting, "all_seconds": scoring, "scored": len(ranked)}
    listed = [each.account for each in ranked[:_PAGE]]
    known = {each.account: each.score for each in ranked}
    for name, about in (("large_vendor", _account(0)), ("partner", account)):
        for _ in range(3):  # the last time counts: plans and pages are there
            took, standing = timed(f"score: {name}", partial(standing_of, reading, about))
        paging, _page = timed(f"events: {name}", partial(newest, reading, about, configuration, _PAGE, None))
        assert standing.record.score == known[about]  # noqa: S101 - a bench of something else would be no bench
        result[name] = {
            "events": standing.record.events_in_all,
            "score_milliseconds": round(took * 1_000),
            "page_milliseconds": round(paging * 1_000),
        }
    took, some = timed(f"scores of {_PAGE}", lambda: scores_of(reading, listed))
    assert some == {each: known[each] for each in listed}  # noqa: S101 - as above
    result["fifty_milliseconds"] = round(took * 1_000)
    return result


def _account(number: int) -> bytes:
    return number.to_bytes(8) + bytes(12)


def _fill(database: Database, partners: int, deals: int) -> None:
    contracts = {
        PARTNERS: _PARTNERS,
        AGREEMENTS: _AGREEMENTS,
        DEALS: _DEALS,
        REVENUE: _LEDGER,
        MANAGER: bytes([5]) * 20,
    }
    file = {"contracts": {name: "0x" + address.hex() for name, address in contracts.items()}}
    given = {
        "chain": _CHAIN,
        "partners": _PARTNERS,
        "agreements": _AGREEMENTS,
        "dealsof": _DEALS,
        "ledger": _LEDGER,
        "now": _NOW,
        "count": partners,
        "vendors": max(2, partners // VENDORS),
        "deals": deals,
        "large": min(_LARGE, deals // 10),
    }
    with database.engine.begin() as connection:
        partitions.make_room(connection, _CHAIN, [1])
        connection.execute(
            insert(Deployment).values(chain_id=_CHAIN, ledger=_LEDGER, json=file, start_block=1)
        )
        for statement in _FILL.read_text().split(";\n"):
            connection.execute(text(statement), given)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
