"""Which charge a row is about: by its own words only, never by likeness."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_CHARGEBACK = re.compile(r"Chargeback (?:withdrawal|reversal) for ((?:ch|py)_\w+)\.?")
"""Stripe's own words on the row of a dispute, whose source is the dispute."""
_OF_A_CHARGE = re.compile(r"(?:ch|py|re|pyr|du|dp)_\w+")
"""Ids of what is done with a charge: the charge itself, a refund, a dispute."""


class Named(NamedTuple):
    """The id of the charge's row, or why there is none."""

    charge: str = ""
    why: str = ""


class ChargeNames:
    """The charges of a report by what other rows call them: the id of the charge (``Source``), or of its row.

    ``named_by`` says in words how a row can name a charge.
    """

    def __init__(self, charges: Iterable[tuple[str, str]], named_by: str) -> None:
        """``charges``: row id and source of each, also of those that cannot be used."""
        self._named_by = named_by
        self._known: dict[str, set[str]] = {}
        self._refunds: dict[str, set[str]] = {}
        for row, source in charges:
            for name in {row, source} - {""}:
                self._known.setdefault(name, set()).add(row)

    def find(self, named: str, source: str, description: str) -> Named:
        """The charge of a row whose column names ``named``, and whose source is ``source``."""
        chargeback = _CHARGEBACK.fullmatch(description.strip())
        names = [name for name in (named, source, chargeback.group(1) if chargeback else "") if name]
        found = [self._known[name] for name in names if name in self._known]
        if not found:
            found = [self._refunds[name] for name in names if name in self._refunds]
        if named and named not in self._known:
            found = []
        if found:
            meant = set.intersection(*found)
            if len(meant) == 1:
                return Named(meant.pop())
            could_be = ", ".join(sorted(set().union(*found)))
            return Named(why=f"{' and '.join(map(repr, names))} could be any of {could_be}: {self._named_by}")
        charge = named or (chargeback.group(1) if chargeback else "")
        if charge or source.startswith(("ch_", "py_")):
            return Named(why=f"its charge {charge or source!r} is not in this report")
        by = f" (its source is {source!r})" if source else ""
        return Named(why=f"it names no charge of this report{by}: {self._named_by}")

    def add_refund(self, source: str, charge: str) -> None:
        """Remembers by which name a refund of a charge goes: its failure names it in its turn."""
        if source and source not in self._known:
            self._refunds.setdefault(source, set()).add(charge)

    def is_about_a_charge(self, named: str, source: str, description: str) -> bool:
        """Whether a row of a type that can be anything is about a charge, known here or not."""
        if named or source in self._known or source in self._refunds:
            return True
        words = description.casefold()
        return not re.search(r"\bfees?\b", words) and bool(
            _OF_A_CHARGE.fullmatch(source) or re.search(r"\b(chargeback|dispute|refund)", words)
        )
