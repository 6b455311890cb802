"""Measures scores of made-up business, beside networkx and scipy and from a mirror; see bench/scores.json.

make bench-scores [PARTNERS=100000 DEALS=2000000 MIRRORED=500000]
"""

import argparse
import json
import os
import platform
import resource
from typing import Any

from bench.scores import mirrored, peers, report
from bench.scores.business import TODAY, business
from bench.scores.timing import Timed
from ledger.checkout import ROOT
from ledger.reputation.all_scores import Score, Scoreboard, graph_of
from ledger.reputation.columns import Columns, Ints, sums
from ledger.reputation.configuration import Configuration
from ledger.reputation.walk import trusted

_BATCH = 10_000
_RESULT = ROOT / "bench" / "scores.json"


def main() -> None:
    """Prints what is measured as it is there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--partners", type=int, default=100_000)
    parser.add_argument("--deals", type=int, default=2_000_000)
    parser.add_argument(
        "--mirrored", type=int, default=500_000, help="deals in the mirror; 0: as measured before"
    )
    asked = parser.parse_args()
    result: dict[str, Any] = {
        "partners": asked.partners,
        "deals": asked.deals,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
    }
    timed = Timed()
    columns, verified = business(asked.partners, asked.deals)
    result["events"] = len(columns)
    result |= _from_columns(columns, verified, timed)
    if asked.mirrored:
        result["mirror"] = mirrored.measure(asked.mirrored, timed)
    elif _RESULT.exists():
        result["mirror"] = json.loads(_RESULT.read_text())["mirror"]
    result["peak_mebibytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    result["load"] = round(os.getloadavg()[1], 1)
    _RESULT.write_text(json.dumps(result, indent=1) + "\n")
    print(report.written(ROOT / "docs" / "reputation.md", result))


def _from_columns(columns: Columns, verified: Ints, timed: Timed) -> dict[str, Any]:
    configuration = Configuration()
    graphing, graph = timed("graph", lambda: graph_of(columns, configuration))
    walking, trust = timed("trust walk", lambda: trusted(graph, verified, configuration))
    summing, found = timed("sums", lambda: sums(columns, TODAY, configuration))
    adding, board = timed(
        "what each pair adds", lambda: Scoreboard.of(columns.accounts, found, trust, configuration)
    )
    scoring, made = timed("scores", board.scores)
    result: dict[str, Any] = {
        "edges": len(graph.giver),
        "pairs": len(found),
        "scored": len(made),
        "seconds": {"graph": graphing, "walk": walking, "sums": summing, "pairs": adding, "scores": scoring},
    }
    result["seconds"]["all"] = round(sum(result["seconds"].values()), 3)
    batch, before = columns_of(columns, slice(0, _BATCH)), columns_of(columns, slice(_BATCH, None))
    was = Scoreboard.of(columns.accounts, sums(before, TODAY, configuration), trust, configuration)

    def add() -> tuple[Scoreboard, list[Score]]:
        more = sums(batch, TODAY, configuration)
        now = was.with_batch(more)
        return now, now.scores(more.account)

    took, (now, touched) = timed(f"batch of {_BATCH:,} events", add)
    anew = {each.account: each for each in made}
    result["batch"] = {
        "events": _BATCH,
        "accounts": len(touched),
        "seconds": took,
        "identical": now.scores() == made and all(anew[each.account] == each for each in touched),
    }
    result["peers"] = peers.measure(graph, verified, trust, timed)
    return result


def columns_of(columns: Columns, which: slice) -> Columns:
    """Some of the rows."""
    return Columns(
        columns.accounts,
        columns.account[which],
        columns.counterparty[which],
        columns.kind[which],
        columns.rating[which],
        columns.day[which],
        columns.count[which],
    )


if __name__ == "__main__":
    main()
