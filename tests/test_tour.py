"""What the documents say of the tree is so."""

import re

from ledger.checkout import ROOT

TOUR = (ROOT / "docs" / "tour.md").read_text()


def test_the_tour_names_every_room_and_where_to_begin() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| `(\w+\.py)` \|$", TOUR, re.M))
    rooms = {path.parent.name for path in (ROOT / "ledger").glob("*/__init__.py")}
    assert sorted(rooms - rows.keys()) == []
    assert [room for room in sorted(rooms) if not (ROOT / "ledger" / room / rows[room]).is_file()] == []


def test_the_tour_and_the_decisions_lead_to_what_exists() -> None:
    named = set(re.findall(r"`((?:ledger|contracts|api|tests|docs)/[\w./]+)`", TOUR))
    named |= {
        f"docs/decisions/{link}"
        for link in re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "docs/decisions/README.md").read_text())
    }
    assert len(named) > 15
    assert sorted(path for path in named if not (ROOT / path).exists()) == []
