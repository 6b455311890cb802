"""Random terms: any values that fit the types, or terms that a contract puts in force."""

from dataclasses import replace
from typing import Any

from eth_utils.address import to_checksum_address
from hypothesis import strategies as st

from ledger.terms.agreement import TERMS_FIELDS, Payee, Terms, Tranche
from ledger.terms.solidity import snake
from ledger.terms.units import WHOLE

addresses = st.binary(min_size=20, max_size=20).map(to_checksum_address)
words = st.binary(min_size=32, max_size=32)


def unsigned(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


def _plain(kind: str) -> st.SearchStrategy[Any]:
    if kind.endswith("[]"):
        return st.lists(_plain(kind[:-2]), max_size=4).map(tuple)
    if kind == "Payee":
        weights = st.lists(unsigned(64), max_size=3).map(tuple)
        return st.builds(Payee, addresses, weights)
    if kind == "Tranche":
        return st.builds(Tranche, unsigned(256), unsigned(32))
    if kind.startswith("uint"):
        return unsigned(int(kind[4:]))
    return {"address": addresses, "bytes32": words, "string": st.text(max_size=40)}[kind]


def any_terms() -> st.SearchStrategy[Terms]:
    """Terms with any values that their types can hold, valid or not."""
    return st.fixed_dictionaries({snake(name): _plain(kind) for name, kind in TERMS_FIELDS}).map(
        lambda fields: Terms(**fields)
    )


@st.composite
def payees(draw: st.DrawFn, most: int = 17, tranches: int = 1) -> tuple[Payee, ...]:
    """Payees in ascending order whose weights sum to one whole in each tranche."""
    accounts = draw(st.sets(st.binary(min_size=20, max_size=20), min_size=1, max_size=most)) - {bytes(20)}
    accounts = accounts or {b"\1" * 20}
    by_tranche = [_shares(draw, len(accounts)) for _ in range(tranches)]
    return tuple(
        Payee(to_checksum_address(account), weights)
        for account, weights in zip(sorted(accounts), zip(*by_tranche, strict=True), strict=True)
    )


def _shares(draw: st.DrawFn, count: int) -> list[int]:
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=count - 1, max_size=count - 1)))
    return [upper - lower for lower, upper in zip([0, *cuts], [*cuts, WHOLE], strict=True)]


@st.composite
def terms_with_an_id(draw: st.DrawFn) -> Terms:
    """Terms of any values, but that their payees' weights sum up: the contract gives no id to others."""
    terms = draw(any_terms())
    tranches = tuple(draw(st.lists(st.builds(Tranche, unsigned(256), unsigned(32)), min_size=1, max_size=3)))
    return replace(terms, tranches=tranches, payees=draw(payees(most=5, tranches=len(tranches))))
