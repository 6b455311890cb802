"""Brownie's compiler settings give the bytecode that ledger/chain deploys."""

import brownie
import pytest

from ledger.artifacts.contracts import bytecode
from ledger.artifacts.sources import SOURCES


@pytest.mark.parametrize("name", SOURCES)
def test_brownie_and_py_solc_x_compile_to_the_same_bytecode(name: str) -> None:
    assert "0x" + getattr(brownie, name).bytecode == bytecode(name)
