"""Where the contracts keep what bundles prove: as the compiler says, and as other verifiers are told."""

import re

import pytest

from ledger.artifacts.contracts import slot
from ledger.checkout import ROOT
from ledger.journal.heads import unpack_slot
from ledger.terms.contracts import AGREEMENTS, JOURNALS, REVENUE
from ledger.verify.anchor import JOURNAL_SLOT

PLACES = [
    (REVENUE, "_books", "at(book, {})"),
    (REVENUE, "_released", "at(period, at(book, {}))"),
    (REVENUE, "_claimed", "at(account, at(total, {}))"),
    (REVENUE, "_settled", "at(total, {})"),
    (REVENUE, "_through", "at(total, {})"),
    (REVENUE, "_held", "at(day, at(book, {}))"),
    (REVENUE, "_heldDays", "at(day / 256, at(book, {}))"),
    (REVENUE, "_owing", "at(book, {})"),
    (REVENUE, "_agreed", "at(book, {})"),
    (REVENUE, "_payments", "at(invoice, at(payer, {}))"),
    (REVENUE, "_refundDue", "at(invoice, at(payer, {}))"),
    (AGREEMENTS, "_newBooks", "at(agreement, {})"),
]


def test_the_document_gives_the_slots_that_the_compiler_gave() -> None:
    cells = re.findall(r"^\| [^|]+ \| (at\([^|]+\)) \|", (ROOT / "docs" / "bundle.md").read_text(), re.M)
    assert sorted(cells) == sorted(form.format(slot(name, variable)) for name, variable, form in PLACES)


def test_every_contract_keeps_its_journal_in_the_first_slot() -> None:
    assert [slot(name, "_journal") for name in JOURNALS] == [int.from_bytes(JOURNAL_SLOT)] * len(JOURNALS)
    assert unpack_slot((7).to_bytes(32)) == (7, bytes(24))


def test_a_variable_that_is_none_is_named() -> None:
    with pytest.raises(LookupError, match=r"there is no RevenueLedger\._gone in the contracts"):
        slot(REVENUE, "_gone")
