"""Dates are read in the form that is stated, and nothing else is a date."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.dates import DateFormat, to_date, to_seconds


@given(st.dates(date(1970, 1, 1), date(2200, 1, 1)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    assert to_date(day.isoformat(), "YYYY-MM-DD") == day
    assert to_date(f"{day.month}/{day.day}/{day.year}", "M/D/YYYY") == day
    assert to_date(f"{day.day}/{day.month}/{day.year}", "D/M/YYYY") == day
    assert to_date(f"{day.day:02}.{day.month:02}.{day.year}", "D.M.YYYY") == day


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))
def test_every_moment_is_read_as_utc(moment: datetime) -> None:
    seconds = int(moment.replace(tzinfo=UTC, microsecond=0).timestamp())
    assert to_seconds(f"{moment:%Y-%m-%d %H:%M:%S}") == seconds
    assert to_seconds(f"{moment:%Y-%m-%d %H:%M}") == seconds - moment.second


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("", "M/D/YYYY", "is empty"),
        ("13/1/2025", "M/D/YYYY", "no day of the calendar"),
        ("2/30/2025", "M/D/YYYY", "no day of the calendar"),
        ("2025-02-03", "M/D/YYYY", "not a date of the form"),
        ("1/2/25", "M/D/YYYY", "not a date of the form"),
        ("2025-2-3", "YYYY-MM-DD", "not a date of the form"),
    ],
)
def test_bad_days_say_why(text: str, form: DateFormat, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        to_date(text, form)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("8/6/2026 12:00", "spreadsheet programs rewrite dates"),
        ("2025-02-30 10:00", "no time of the calendar"),
        ("2025-02-03 25:00", "no time of the calendar"),
        ("2025-02-03", "not a time like"),
    ],
)
def test_bad_times_say_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        to_seconds(text)
