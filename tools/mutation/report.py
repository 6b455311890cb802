"""The page that says how many were noticed, and why the others were not."""

import re
import tomllib
from collections import Counter
from pathlib import Path

from tools.mutation.mutants import Mutant
from tools.mutation.trying import BROKEN, KILLED, SAME, SURVIVED

AT_LEAST_PERCENT = 90


class Reasons:
    """Why mutants may be missed: by their name, or by a pattern that the whole name fits."""

    def __init__(self, file: Path) -> None:
        entries = tomllib.loads(file.read_text())["survivor"] if file.exists() else []
        self.patterns = [
            (re.compile(entry.get("pattern") or re.escape(entry["mutant"])), entry["reason"])
            for entry in entries
        ]

    def of(self, mutant: Mutant) -> str | None:
        """The first reason that is given for it."""
        return next((reason for pattern, reason in self.patterns if pattern.fullmatch(mutant.name)), None)


def report(outcomes: dict[Mutant, str], of: int, seed: int, known: Reasons, *, alone_too: bool) -> str:
    """The page of bench/mutants.md."""
    without = (
        "" if alone_too else " between which a contract can choose (not those of constants that others read)"
    )
    whole = len(outcomes) == of
    rows = []
    for file in dict.fromkeys(mutant.file for mutant in outcomes):
        count = Counter(outcome for mutant, outcome in outcomes.items() if mutant.file == file)
        rows.append(
            f"| {file} | {' | '.join(str(count[kind]) for kind in (KILLED, SURVIVED, SAME, BROKEN))} |"
        )
    missed = [mutant for mutant, outcome in outcomes.items() if outcome == SURVIVED]
    lines = [
        "# Mutants",
        "",
        "Written by `make mutate`: small faults put into the contracts one at a time, and whether the tests",
        "notice them. A fault that gives the same bytecode is none, one that does not compile not counted.",
        "",
        f"{'All' if whole else f'A sample (seed {seed}) of {len(outcomes)} of the'} {of} mutants{without}: "
        f"**{score(outcomes):.1f} % noticed**; at least {AT_LEAST_PERCENT} % are demanded.",
        "",
        f"| file | {KILLED} | {SURVIVED} | {SAME} | {BROKEN} |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "## Missed, and why",
        "",
        *(
            [f"- `{mutant.name}`: {known.of(mutant) or '**no reason given**'}" for mutant in missed]
            or ["None."]
        ),
        "",
    ]
    return "\n".join(lines)


def score(outcomes: dict[Mutant, str]) -> float:
    """Percentage of the counted mutants that the tests noticed."""
    count = Counter(outcomes.values())
    counted = count[KILLED] + count[SURVIVED]
    return 100 * count[KILLED] / counted if counted else 100.0
