"""What a party reads is what it signs: complete, exact, and safe to read."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.drafts.amending import changes
from api.drafts.fields import signed_fields
from api.drafts.wording import Names, summarise
from api.portal.shares import share_parts
from api.portal.visible import visible
from ledger.chain.anvil import wallet
from ledger.terms.agreement import OPEN_ENDED, TERMS_FIELDS, UNBOUNDED, Payee, Terms, Tranche
from ledger.terms.quantities import duration, moment, percent
from ledger.terms.units import WHOLE

VENDOR, AGENCY, SILENT = (wallet(index).address for index in (1, 2, 3))
TOKEN = wallet(8).address
NAMES = Names({VENDOR: "Nordwind GmbH", AGENCY: "Agentur Süd"}, {TOKEN: "tUSD"}, {})


def terms(**fields: Any) -> Terms:
    return Terms(
        **{
            "parties": (AGENCY, VENDOR),
            "payees": (Payee(AGENCY, (WHOLE // 3,)), Payee(VENDOR, (WHOLE - WHOLE // 3,))),
            "tokens": (TOKEN,),
        }
        | fields
    )


def text_of(agreed: Terms, names: Names = NAMES) -> str:
    return " ".join(sentence.text for sentence in summarise(agreed, names).terms)


@given(st.integers(0, WHOLE))
def test_percentages_are_exact(weight: int) -> None:
    shown = percent(weight)
    assert Decimal(shown.removesuffix(" %")) * 10**16 == weight
    assert "E" not in shown


@given(st.integers(0, 2**32 - 1))
def test_durations_are_exact(seconds: int) -> None:
    units = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
    words = duration(seconds).replace(",", "").split()
    if words == ["none"]:
        assert seconds == 0
    else:
        pairs = zip(words[::2], words[1::2], strict=True)
        assert sum(int(count) * units[unit.rstrip("s")] for count, unit in pairs) == seconds


@given(st.integers(0, OPEN_ENDED))
def test_every_time_that_can_be_signed_has_words(seconds: int) -> None:
    assert moment(seconds)


@given(st.lists(st.integers(1, WHOLE), min_size=1, max_size=20))
def test_the_bar_is_as_wide_as_the_shares(weights: list[int]) -> None:
    parts = share_parts([(VENDOR, weight) for weight in weights], {})
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Decimal(part.width) - Decimal(weight) / 10**16) <= Decimal("0.0001")


def test_shares_are_said_exactly_and_by_name() -> None:
    said = text_of(terms())
    assert "Agentur Süd (0x3C44…93BC) gets 33.3333333333333333 %" in said
    assert "Nordwind GmbH (0x7099…79C8) gets 66.6666666666666667 %" in said
    assert "tUSD" in said


def test_who_signs_without_a_share_and_who_is_paid_without_signing_is_said() -> None:
    said = text_of(terms(payees=(Payee(VENDOR, (WHOLE // 2,)), Payee(SILENT, (WHOLE // 2,)))))
    assert f"{SILENT} is paid without signing." in said
    assert "Agentur Süd (0x3C44…93BC) signs and gets no share." in said


def test_times_deals_and_document_are_said() -> None:
    programme = bytes.fromhex(VENDOR[2:]) + (7).to_bytes(12)
    said = text_of(
        terms(
            programme=programme,
            decision_seconds=14 * 86_400,
            exclusivity_seconds=90 * 86_400,
            payment_seconds=30 * 86_400,
            valid_from=1_767_225_600,
            valid_until=1_798_761_599,
            document_hash=b"\x5f" * 32,
            uri="https://vendor.example/terms.pdf",
        ),
        Names(NAMES.partners, NAMES.tokens, {programme: "Referral 2026"}),
    )
    assert "From 1 January 2026, 00:00:00 UTC, until 31 December 2026, 23:59:59 UTC." in said
    assert "“Referral 2026”, number 7 of Nordwind GmbH (0x7099…79C8)" in said
    assert "within 14 days" in said
    assert "for 90 days" in said
    assert "within 30 days of the win" in said
    assert "0x" + "5f" * 32 in said
    assert "https://vendor.example/terms.pdf" in said


@pytest.mark.parametrize(
    "unavailable",
    [
        {"list_root": b"\1" * 32},
        {"list_hash": b"\1" * 32},
        {"list_count": 1},
        {"clawback": 4},
        {"after_end": 3},
    ],
)
def test_nothing_is_signed_unseen(unavailable: dict[str, Any]) -> None:
    assert "not offered by this version" in text_of(terms(**unavailable))


def test_a_waterfall_is_said_band_by_band_in_whole_tokens() -> None:
    said = text_of(
        terms(
            tranches=(
                Tranche(20_000_000_000, 365 * 86_400),
                Tranche(80_000_000_000, 365 * 86_400),
                Tranche(UNBOUNDED, 365 * 86_400),
            ),
            payees=(
                Payee(AGENCY, (0, 3 * WHOLE // 10, WHOLE // 2)),
                Payee(VENDOR, (WHOLE, 7 * WHOLE // 10, WHOLE // 2)),
            ),
        ),
        Names(NAMES.partners, NAMES.tokens, {}, {TOKEN: 6}),
    )
    assert (
        "Of the first revenue, up to 20,000.00 tUSD in total, Nordwind GmbH (0x7099…79C8) gets 100 %." in said
    )
    assert "Of revenue above 20,000.00 tUSD in total, up to 80,000.00 tUSD, Agentur Süd" in said
    assert (
        "Of revenue above 80,000.00 tUSD in total, without limit, Agentur Süd (0x3C44…93BC) gets 50 %" in said
    )
    assert "starts anew every 365 days" in said


def test_holds_disputes_clawback_and_the_end_are_said() -> None:
    said = text_of(
        terms(
            hold_seconds=30 * 86_400,
            clawback=3,
            arbiter=SILENT,
            notice_seconds=90 * 86_400,
            programme=bytes.fromhex(VENDOR[2:]) + bytes(12),
            after_end=1,
            territories=(b"DE".ljust(32, b"\0"),),
            predecessor=b"\7" * 32,
        )
    )
    assert "held for at least 30 days" in said
    assert f"Any party can dispute a held payment; {SILENT} rules on it." in said
    assert f"all payees together, or {SILENT} alone," in said
    assert "what the agreement that it amends still owes" in said
    assert "by a notice of 90 days" in said
    assert f"{SILENT} can end it by a ruling." in said
    assert "approved deals can still be won as long as they are exclusive" in said
    assert "registered in DE" in said
    assert "takes the place of the agreement 0x" + "07" * 32 in said
    plain = text_of(terms())
    assert "released at once" in plain
    assert "No party can end it alone." in plain
    assert "not offered" not in said + plain


def test_an_amendment_says_what_it_changes_and_nothing_else() -> None:
    before = terms(hold_seconds=86_400, salt=b"\1" * 32)
    after = terms(parties=(VENDOR,), hold_seconds=2 * 86_400, predecessor=b"\7" * 32, salt=b"\2" * 32)
    found = changes(before, after, NAMES)
    assert [(each.label, each.before, each.after) for each in found] == [
        ("Who signs", ("Agentur Süd", "Nordwind GmbH"), ("Nordwind GmbH",)),
        ("Hold before revenue is released", ("1 day",), ("2 days",)),
    ]


def test_every_signed_field_is_shown_with_its_value() -> None:
    agreed = terms(hold_seconds=5, salt=b"\x11" * 32)
    shown = signed_fields(agreed, NAMES)
    assert [field.name for field in shown] == [name for name, _ in TERMS_FIELDS]
    values = {field.name: [line.value for line in field.lines] for field in shown}
    assert values["parties"] == [AGENCY, VENDOR]
    assert values["payees"][0] == f"{AGENCY} · {WHOLE // 3}"
    assert values["holdSeconds"] == ["5"]
    assert values["salt"] == ["0x" + "11" * 32]
    used = {field.name for field in shown if field.used}
    assert used == {"parties", "payees", "tranches", "tokens", "holdSeconds", "validUntil", "salt"}


def test_a_name_hides_nothing_and_turns_round_nothing_that_stands_beside_it() -> None:
    assert visible("Nordwind\u202e GmbH\n") == "Nordwind\ufffd GmbH\ufffd"
    for unseen in (
        "\u200b",
        "\u00ad",
        "\u2060",
        "\ufeff",
        "\u3164",
        "\u2800",
        "\u200d",
        "\ufe0f",
        "\U000e0041",
    ):
        assert visible(f"Nord{unseen}wind") == "Nord\ufffdwind", ascii(unseen)
    assert visible("Z" + "\u0301" * 9) == "Z" + "\u0301" * 4 + "\ufffd" * 5
    for whole in (
        "Агентство Süd 株式会社 👩\u200d💻",
        "\u0645\u06cc\u200c\u062e\u0648",
        "क्\u200dष",
        "❤️ 1️⃣ 👩🏽\u200d🚀",
        "Zo\u0308e שלום",
    ):
        assert visible(whole) == whole
