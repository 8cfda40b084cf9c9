"""Days begin where the calendar of their zone says, whatever the clocks do at that midnight."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.values import time_zones
from util.local_days import DAY, Granularity, buckets, start_of_day

ZONES = sorted(time_zones().values())
DATES = st.dates(date(1970, 1, 2), date(2037, 12, 30))


def _hours(day: date, zone: str) -> float:
    return (start_of_day(day + DAY, ZoneInfo(zone)) - start_of_day(day, ZoneInfo(zone))) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("UTC", date(2026, 3, 29), 24),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        # Midnight does not exist.
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Africa/Cairo", date(2026, 4, 24), 23),
        # Midnight comes twice.
        ("America/Havana", date(2026, 11, 1), 25),
        # The day before ends twice: once at midnight, once an hour later.
        ("America/Sao_Paulo", date(2018, 2, 17), 25),
        # A whole day does not exist.
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Pacific/Kwajalein", date(1993, 8, 21), 0),
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_show(zone: str, day: date, hours: float) -> None:
    assert _hours(day, zone) == hours


def test_a_midnight_that_the_clocks_skip_is_the_moment_at_which_they_do() -> None:
    # 23:30 was followed by 00:30.
    assert start_of_day(date(1919, 3, 31), ZoneInfo("America/Toronto")) == datetime(1919, 3, 31, 4, 30, tzinfo=UTC)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(ZONES), DATES, st.integers(0, 86_400 * 3))
@example("America/St_Johns", date(2010, 11, 6), 86_400)
@example("Pacific/Apia", date(2011, 12, 29), 86_400)
def test_a_moment_lies_in_the_day_that_its_clock_shows(name: str, day: date, seconds: int) -> None:
    zone = ZoneInfo(name)
    moment = start_of_day(day, zone) + timedelta(seconds=seconds)
    shown = moment.astimezone(zone).date()
    # Where the clocks go back over midnight, a few minutes of a day come before the rest of the day before.
    shown_soon = {(moment + timedelta(minutes=minutes)).astimezone(zone).date() for minutes in range(1, 61)}
    counted = next(one for one in (shown - DAY, shown) if start_of_day(one, zone) <= moment < start_of_day(one + DAY, zone))
    assert counted == shown or counted in shown_soon


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), DATES, st.integers(0, 400), st.sampled_from(Granularity))
def test_buckets_follow_each_other_without_gaps(name: str, first: date, days: int, granularity: Granularity) -> None:
    zone, last = ZoneInfo(name), min(first + timedelta(days=days), date(2037, 12, 30))
    split = buckets(first, last, granularity, zone)
    assert (split[0].first, split[-1].last) == (first, last)
    assert (split[0].since, split[-1].until) == (start_of_day(first, zone), start_of_day(last + DAY, zone))
    for one, following in itertools.pairwise(split):
        assert (one.last + DAY, one.until) == (following.first, following.since)
        assert following.first.weekday() == 0 or granularity is Granularity.DAY
    assert all(one.since <= one.until for one in split)
    longest = 1 if granularity is Granularity.DAY else 7
    assert all(1 <= (one.last - one.first).days + 1 <= longest for one in split)
