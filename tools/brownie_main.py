"""Brownie, which is given all of contracts/ whenever it compiles any of it.

By itself it leaves out files that have no contract in them, and those that did not change: the compiler reads
what is imported all the same, but numbers it otherwise, and the optimizer's result depends on these numbers.
Then Brownie's bytecode may be another than the one that forge and ledger/chain have.
"""

from typing import Any

from brownie._cli.__main__ import main
from brownie.project.main import Project

_changed = Project._get_changed_contracts


def _all_if_any(project: Any, interfaces: dict[str, str]) -> dict[str, str]:
    return dict(project._sources._contract_sources) if _changed(project, interfaces) else {}


Project._get_changed_contracts = _all_if_any

if __name__ == "__main__":
    main()
