"""A day is red when the queue was closed from its first moment to its last, and not a moment less."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.queries.reports import QueueSwitch
from facades.requests.reports.closed_days import closed_days
from util.local_days import Granularity, buckets

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 6)
DAYS = buckets(FIRST, LAST, Granularity.DAY, ZoneInfo("UTC"))
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def red(*switches: tuple[datetime, bool], closed_now: bool = False, known_since: datetime | None = None) -> set[int]:
    """Return the numbers of the red days."""
    made = [QueueSwitch(moment, closed) for moment, closed in switches]
    return {day.day for day in closed_days(DAYS, made, now=NOW, closed_now=closed_now, known_since=known_since)}


@pytest.mark.parametrize(
    ("closed", "opened", "expected"),
    [
        (at(2), at(3), {2}),
        (at(2) + MOMENT, at(4), {3}),
        (at(2), at(4) - MOMENT, {2}),
        (at(2, 5), at(2, 6), set()),
        (at(2, 5), at(3, 6), set()),
        (at(1), at(6, 12), {1, 2, 3, 4, 5, 6}),
        (at(5), at(6, 11), {5}),
    ],
)
def test_a_day_is_red_from_midnight_to_midnight(closed: datetime, opened: datetime, expected: set[int]) -> None:
    assert red((closed, True), (opened, False)) - {1} == expected - {1}
    # Before the first switch it was open.
    assert (1 in red((closed, True), (opened, False))) is (1 in expected)


def test_today_is_red_as_far_as_it_has_gone() -> None:
    assert red((at(5, 20), True)) == {6}
    assert red((at(6), True)) == {6}
    assert red((at(6) + MOMENT, True)) == set()


def test_before_the_first_switch_it_was_what_that_ended() -> None:
    assert red((at(4), False)) == {1, 2, 3}
    assert red((at(4), True)) == {4, 5, 6}
    assert red((at(4), False), known_since=at(2, 1)) == {3}
    assert red((at(4), False), known_since=at(2)) == {2, 3}


def test_what_an_event_says_holds_however_old_it_is() -> None:
    assert red((at(1), True), (at(4), False), known_since=at(3)) == {1, 2, 3}


def test_without_events_it_was_always_what_it_is_now() -> None:
    assert red(closed_now=True) == {1, 2, 3, 4, 5, 6}
    assert red(closed_now=True, known_since=at(4, 1)) == {5, 6}
    assert red(closed_now=False) == set()


def test_several_times_in_one_day_are_not_the_whole_day() -> None:
    assert red((at(2), True), (at(2, 10), False), (at(2, 10) + MOMENT, True), (at(4), False)) == {3}
    # Twice in the same state, as after a loaded snapshot.
    assert red((at(2), True), (at(3), True), (at(4), False)) == {2, 3}


def test_a_day_that_does_not_exist_is_not_red() -> None:
    days = buckets(date(2011, 12, 29), date(2011, 12, 31), Granularity.DAY, ZoneInfo("Pacific/Apia"))
    found = closed_days(days, [], now=NOW, closed_now=True, known_since=None)
    assert found == {date(2011, 12, 29), date(2011, 12, 31)}
