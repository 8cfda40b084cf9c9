"""Days and weeks of a time zone as stretches of time: where each begins, whatever the clocks do at that midnight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class Granularity(StrEnum):
    """What a report counts by."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True)
class Bucket:
    """Days that are counted together, both ends included, and the time they take: from `since`, before `until` (UTC)."""

    first: date
    last: date
    since: datetime
    until: datetime


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) from which on it is this day, or a later one, in a zone.

    Where the clocks skip midnight, or the whole day, that is when they skip it. Where they show midnight twice, it is the first
    time, unless the day before comes back in between.
    """
    earlier, later = sorted(datetime.combine(day, time(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    if earlier == later:
        return earlier
    change = _change_between(earlier, later, zone)
    skipped = earlier.astimezone(zone).date() < day
    if skipped:
        return change
    return later if change.astimezone(zone).date() < day else earlier


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, to the second, at which the clocks change between two moments; they change once there."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def buckets(first: date, last: date, granularity: Granularity, zone: ZoneInfo) -> Sequence[Bucket]:
    """Split days, both ends included, into days or into weeks from Monday to Sunday; what lies outside belongs to no bucket."""
    starts = [first]
    step = DAY if granularity is Granularity.DAY else timedelta(weeks=1)
    following = first + (DAY if granularity is Granularity.DAY else timedelta(days=7 - first.weekday()))
    while following <= last:
        starts.append(following)
        following += step
    starts.append(last + DAY)
    edges = [start_of_day(day, zone) for day in starts]
    return [
        Bucket(starts[number], starts[number + 1] - DAY, edges[number], edges[number + 1]) for number in range(len(starts) - 1)
    ]
