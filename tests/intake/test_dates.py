"""Dates are read in the form that is stated, and nothing else is a date."""

import re
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.dates import DateFormat, to_date, to_past_date, to_seconds


@given(st.dates(date(1980, 1, 1), date(2200, 1, 1)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    for form in get_args(DateFormat):
        pattern = re.sub(
            r"Y+|M+|D+", lambda part: "%" + {"Y": "Y", "M": "m", "D": "d"}[part.group()[0]], form
        )
        wide = day.strftime(pattern)
        assert to_date(wide, form) == to_past_date(wide, form, today=day) == day
        assert to_date(f"{wide} 23:59", form) == day
    assert to_date(f"{day.month}/{day.day}/{day.year}", "M/D/YYYY") == day
    assert to_date(f"{day.day}.{day.month}.{day.year}", "D.M.YYYY") == day


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-11-14T15:04:00.000Z", "YYYY-MM-DD", date(2026, 11, 14)),
        ("2026-11-14T15:04:00.000+0000", "YYYY-MM-DD", date(2026, 11, 14)),
        ("2026-11-14T23:04:00-05:00", "YYYY-MM-DD", date(2026, 11, 15)),
        ("2026-11-14 15:04", "YYYY-MM-DD", date(2026, 11, 14)),
        ("11/14/2026, 3:04 PM", "M/D/YYYY", date(2026, 11, 14)),
        ("11/14/2026 12:04\u202fAM", "M/D/YYYY", date(2026, 11, 14)),
        ("14/11/2026, 15:04", "D/M/YYYY", date(2026, 11, 14)),
        ("14.11.2026, 15:04", "D.M.YYYY", date(2026, 11, 14)),
    ],
)
def test_the_time_beside_a_day_is_read_too(text: str, form: DateFormat, day: date) -> None:
    assert to_date(text, form) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("11/15/2030", r"in the future \(2030-11-15, read as M/D/YYYY\); workbooks that count from 1904"),
        ("12/2/2026", r"in the future"),
        ("1/1/1904", r"where a clock begins"),
        ("1/1/1970", r"where a clock begins"),
    ],
)
def test_a_day_on_which_nothing_can_have_been_done_is_refused(text: str, reason: str) -> None:
    assert to_past_date("12/1/2026", "M/D/YYYY", today=date(2026, 11, 30)) == date(2026, 12, 1)
    with pytest.raises(ValueError, match=reason):
        to_past_date(text, "M/D/YYYY", today=date(2026, 11, 30))


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))
def test_every_moment_is_read_as_utc(moment: datetime) -> None:
    seconds = int(moment.replace(tzinfo=UTC, microsecond=0).timestamp())
    assert to_seconds(f"{moment:%Y-%m-%d %H:%M:%S}") == seconds
    assert to_seconds(f"{moment:%Y-%m-%dT%H:%M:%S}Z") == seconds
    assert to_seconds(f"{moment:%Y-%m-%d %H:%M}") == seconds - moment.second
    assert to_seconds(f"{moment:%d.%m.%Y %H:%M:%S} +02:00", "D.M.YYYY") == seconds - 7200


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("", "M/D/YYYY", "is empty"),
        ("13/1/2025", "M/D/YYYY", "no day of the calendar"),
        ("2/30/2025", "M/D/YYYY", "no day of the calendar"),
        ("2025-02-03", "M/D/YYYY", "not a date of the form"),
        ("1/2/25", "M/D/YYYY", "not a date of the form"),
        ("2025-2-3", "YYYY-MM-DD", "not a date of the form"),
        ("2025-02-03 25:00", "YYYY-MM-DD", "no time of the calendar"),
        ("2025-02-03 13:00 PM", "YYYY-MM-DD", "no time of the calendar"),
        ("9999-12-31 23:00 -05:00", "YYYY-MM-DD", "no time of the calendar"),
        ("46340", "YYYY-MM-DD", "looks like a spreadsheet's number of a day"),
        ("2025-02-03 noon", "YYYY-MM-DD", "not a date of the form"),
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
        ("2025-02-03", "not a time like YYYY-MM-DD 12:00"),
    ],
)
def test_bad_times_say_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        to_seconds(text)
