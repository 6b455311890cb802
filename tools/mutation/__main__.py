"""Put small faults into the contracts, one at a time, and count how many the contract tests notice.

Usage: .venv/bin/python -m tools.mutation [--sample N] [--seed S] [--together] [--keep] [--jobs J] [FILE...]

All faults between which a contract can choose as it runs are compiled at once (switched.py) and tested
one after the other. The others, and those that the tests miss, are compiled alone as the contracts are
released, in copies of the project under build/mutants/: one that gives the same bytecode is none, one that
does not compile is not counted. What was found is kept there, so that a run that was broken off goes on.
Writes bench/mutants.md, or for a sample or some files build/mutants/mutants.md. Fails when the tests notice
fewer than 90 %, or miss one that tests/contracts/mutants.toml gives no reason for.
"""

import argparse
import os
import random
import sys

from tools.mutation.mutants import mutants_of
from tools.mutation.report import AT_LEAST_PERCENT, Reasons, report, score
from tools.mutation.running import run
from tools.mutation.trying import ROOT, SURVIVED, WORK

REPORT = ROOT / "bench" / "mutants.md"
REPORT_OF_SOME = WORK / "mutants.md"  # a sample does not overwrite what a whole run found
REASONS = ROOT / "tests" / "contracts" / "mutants.toml"
FILES = [
    "contracts/revenue/libraries/Entitlement.sol",
    "contracts/agreements/libraries/Plan.sol",
    "contracts/revenue/libraries/PaymentHash.sol",
    "contracts/revenue/libraries/PaymentRecord.sol",
    "contracts/revenue/libraries/DaySet.sol",
    "contracts/revenue/libraries/RulingHash.sol",
    "contracts/shared/base/Authorizations.sol",
    "contracts/revenue/base/RevenueBooks.sol",
    "contracts/revenue/base/Payments.sol",
    "contracts/revenue/base/Refunds.sol",
    "contracts/revenue/base/SignedRefunds.sol",
    "contracts/revenue/base/Claims.sol",
    "contracts/revenue/base/RevenueViews.sol",
    "contracts/revenue/base/Disputes.sol",
    "contracts/revenue/base/Debts.sol",
    "contracts/revenue/base/RevenueEntries.sol",
    "contracts/shared/base/NonceCancelling.sol",
    "contracts/revenue/RevenueLedger.sol",
]


def main() -> None:
    """Make the mutants, run them, write the report, and exit with 1 when the tests are not good enough."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument(
        "files", nargs="*", metavar="FILE", help="default: split, claim, refund and signatures"
    )
    arguments.add_argument("--sample", type=int, help="run this many of them, chosen by the seed")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--together", action="store_true", help="leave out what can only be compiled alone, which takes hours"
    )
    arguments.add_argument("--keep", action="store_true", help="write bench/mutants.md for a sample too")
    arguments.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="copies of the project at work"
    )
    given = arguments.parse_args()
    missing = [file for file in given.files if not (ROOT / file).is_file()]
    if missing:
        sys.exit(
            f"mutate: there is no {', '.join(missing)}: name files as contracts/revenue/RevenueLedger.sol"
        )
    for name, number in (("sample", given.sample), ("jobs", given.jobs)):
        if number is not None and number < 1:
            sys.exit(f"mutate: --{name} must be at least 1")
    mutants = mutants_of(ROOT, given.files or FILES)
    chosen = mutants
    if given.sample and given.sample < len(mutants):
        drawn = set(random.Random(given.seed).sample(range(len(mutants)), given.sample))  # noqa: S311 - no secret
        chosen = [mutant for index, mutant in enumerate(mutants) if index in drawn]
    if given.together:
        mutants = [mutant for mutant in mutants if mutant.places]
        chosen = [mutant for mutant in chosen if mutant.places]
    outcomes = run(chosen, min(given.jobs, len(chosen)), alone_too=not given.together)
    known = Reasons(REASONS)
    is_some = bool(given.files) or len(chosen) < len(mutants)
    page = REPORT_OF_SOME if is_some and not given.keep else REPORT
    page.write_text(report(outcomes, len(mutants), given.seed, known, alone_too=not given.together))
    unexplained = [m.name for m, outcome in outcomes.items() if outcome == SURVIVED and not known.of(m)]
    print(f"mutate: {score(outcomes):.1f} % noticed, see {page.relative_to(ROOT)}")
    if unexplained:
        sys.exit(
            f"mutate: write a test for each, or its reason into {REASONS.relative_to(ROOT)}:\n"
            + "\n".join(unexplained)
        )
    if score(outcomes) < AT_LEAST_PERCENT:
        sys.exit(f"mutate: the tests must notice at least {AT_LEAST_PERCENT} %")


if __name__ == "__main__":
    main()
