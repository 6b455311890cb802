"""Answer one query of halmos: `unsat` is proved, `sat` is a counterexample, `unknown` is neither.

Usage: .venv-assurance/bin/python tools/smt_solver.py QUERY.smt2

halmos has products and quotients as unknown functions first, and asks again with their meaning when that was
not enough. Here both are tried at once: yices on the query as it came, which is enough for most paths; then
cvc5,
which reads the bits as integers and so proves lines about products and quotients at their full width, against
yices, which works on bits and finds counterexamples.
"""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import cvc5

YICES = [str(Path(sys.executable).with_name("yices-smt2")), "--smt2-model-format", "--bvconst-in-decimal"]
AT_FIRST_SECONDS = 1
UNKNOWN_FUNCTION = re.compile(
    r"\(declare-fun f_evm_(bvmul|bvudiv|bvurem)_(\d+) "
    r"\(\(_ BitVec \d+\) \(_ BitVec \d+\)\) \(_ BitVec \d+\)\)"
)


def with_meaning(query: str) -> str:
    """The query with products, quotients and remainders as the EVM has them: by zero they are zero."""

    def define(match: re.Match[str]) -> str:
        operator, width = match.groups()
        word = f"(_ BitVec {width})"
        term = f"({operator} x y)"
        if operator != "bvmul":
            term = f"(ite (= y (_ bv0 {width})) (_ bv0 {width}) {term})"
        return f"(define-fun f_evm_{operator}_{width} ((x {word}) (y {word})) {word} {term})"

    return UNKNOWN_FUNCTION.sub(define, query)


def ask_cvc5(file: Path) -> str:
    """`unsat`, or nothing: counterexamples are for yices to give."""
    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setOption("solve-bv-as-int", "sum")
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, str(file))
    names = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        if str(command.invoke(solver, names)).strip() == "unsat":
            return "unsat\n"
        if command.getCommandName() == "check-sat":
            break
    return ""


def race(file: Path) -> str:
    """What the first solver says that knows; nothing when none does."""
    solvers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for command in ([*YICES, str(file)], [sys.executable, __file__, "--cvc5", str(file)])
    ]
    try:
        with ThreadPoolExecutor(len(solvers)) as pool:
            answers = [pool.submit(lambda one: one.communicate()[0], solver) for solver in solvers]
            for answer in as_completed(answers):
                if answer.result().startswith(("sat", "unsat")):
                    for solver in solvers:
                        solver.kill()
                    return str(answer.result())
    finally:
        for solver in solvers:
            solver.kill()
    return ""


def solve(query: Path) -> str:
    """The answer, and after `sat` the model."""
    try:
        first = subprocess.run(
            [*YICES, str(query)], capture_output=True, text=True, timeout=AT_FIRST_SECONDS, check=False
        ).stdout
    except subprocess.TimeoutExpired:
        first = ""
    if first.startswith("unsat"):
        return first
    full = query.with_suffix(".full.smt2")
    full.write_text(with_meaning(query.read_text()))
    return race(full) or "unknown\n"


if __name__ == "__main__":
    sys.stdout.write(ask_cvc5(Path(sys.argv[2])) if sys.argv[1] == "--cvc5" else solve(Path(sys.argv[1])))
