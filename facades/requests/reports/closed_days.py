"""Which days the queue was closed from beginning to end."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from db.queries.reports import QueueSwitch
from util.local_days import Bucket

_EVER = datetime.min.replace(tzinfo=UTC)


def closed_days(
    days: Sequence[Bucket], switches: Sequence[QueueSwitch], *, now: datetime, closed_now: bool, known_since: datetime | None
) -> frozenset[date]:
    """Return the days that lie within the times in which the queue was closed; of today, what there has been of it.

    Before the first switch the queue was what that switch ended; without any, it has always been what it is now. Neither is said
    of the time before `known_since`: events older than that have been removed.
    """
    found: set[date] = set()
    times = _closed_times(switches, now=now, closed_now=closed_now, known_since=known_since or _EVER)
    since, until = next(times, (now, now))
    for day in days:
        end = min(day.until, now)
        while until < end and since < now:
            since, until = next(times, (now, now))
        if since <= day.since < end <= until:
            found.add(day.first)
    return frozenset(found)


def _closed_times(
    switches: Sequence[QueueSwitch], *, now: datetime, closed_now: bool, known_since: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times in which the queue was closed, in order."""
    closed = not switches[0].closed if switches else closed_now
    since = known_since
    for switch in switches:
        if closed and not switch.closed:
            yield since, switch.at
        if not closed and switch.closed:
            since = switch.at
        closed = switch.closed
    if closed:
        yield since, now
