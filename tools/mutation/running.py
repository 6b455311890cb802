"""All of them, and what is known of each from this run and from earlier ones."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tools.mutation.mutants import Mutant
from tools.mutation.trying import COPIED, KILLED, ROOT, SURVIVED, WORK, Alone, Together


class Found:
    """What is known of mutants from this run and earlier ones over the same contracts and tests."""

    def __init__(self) -> None:
        digest = hashlib.sha256()
        for name in COPIED:
            for file in sorted((ROOT / name).rglob("*.sol")) if (ROOT / name).is_dir() else [ROOT / name]:
                digest.update(file.read_bytes())
        self._file = WORK / f"found-{digest.hexdigest()[:16]}.jsonl"
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        self.outcomes: dict[str, str] = {one["mutant"]: one["outcome"] for one in map(json.loads, lines)}

    def add(self, mutant: Mutant, outcome: str) -> None:
        """Kept at once."""
        self.outcomes[mutant.name] = outcome
        with self._file.open("a") as file:
            file.write(json.dumps({"mutant": mutant.name, "outcome": outcome}) + "\n")


def run(chosen: list[Mutant], jobs: int, *, alone_too: bool) -> dict[Mutant, str]:
    """The outcomes of the chosen mutants, in their order; without `alone_too` not of all, and what is missed
    may turn out to be the same bytecode."""
    WORK.mkdir(parents=True, exist_ok=True)
    found = Found()
    left = [mutant for mutant in chosen if mutant.name not in found.outcomes]
    if len(left) < len(chosen):
        print(f"mutate: {len(chosen) - len(left)} of {len(chosen)} are known from a run before", flush=True)
    if any(mutant.places for mutant in left):
        print("mutate: compiling the faults together, which takes minutes", flush=True)
        together = Together(left, jobs)
        switched = [mutant for mutant in left if mutant.name in together.numbers]

        def note(mutant: Mutant, outcome: str) -> None:
            if outcome == KILLED or not alone_too:  # whether it is a fault at all is seen alone
                found.add(mutant, outcome)

        each("together", switched, jobs, together.outcome, note)
    left = [mutant for mutant in left if mutant.name not in found.outcomes]
    if left and alone_too:
        print(f"mutate: {len(left)} are compiled alone", flush=True)
        each("alone", left, jobs, Alone(jobs).outcome, found.add)
    return {mutant: found.outcomes[mutant.name] for mutant in chosen if mutant.name in found.outcomes}


def each(
    title: str,
    mutants: list[Mutant],
    jobs: int,
    outcome_of: Callable[[Mutant], str],
    note: Callable[[Mutant, str], None],
) -> None:
    """Every mutant's outcome, noted as soon as it is known; shows how far it is."""
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    with (
        Progress(
            *columns, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(elapsed_when_finished=True)
        ) as bar,
        ThreadPoolExecutor(jobs) as pool,
    ):
        task = bar.add_task(title, total=len(mutants))
        outcomes = pool.map(outcome_of, mutants)
        for mutant, outcome in zip(mutants, outcomes, strict=True):
            note(mutant, outcome)
            bar.advance(task)
            if outcome == SURVIVED or not bar.console.is_terminal:  # where there is no bar, each is a line
                bar.console.print(f"{outcome}: {mutant.name}", markup=False, highlight=False, soft_wrap=True)
