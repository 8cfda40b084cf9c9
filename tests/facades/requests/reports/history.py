"""Histories of a guild for the tests of reports: what happened when, and what a report of it must say, counted one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from db.engine import Database
from db.models import Event, Opinion, ParameterOverride, Request, Review
from db.upsert import upsert
from tests.db.factories import a_request, a_review, an_opinion
from tests.facades.requests.world import GUILD, OTHER_GUILD
from util.identifiers import EventType, Parameter, RequestStatus, Stage, Verdict
from util.local_days import DAY

Days = dict[date, int]


@dataclass(frozen=True)
class Judged:
    """An opinion, perhaps with a review."""

    at: datetime
    author_id: int
    stage: Stage = Stage.REVIEWER
    verdict: Verdict = Verdict.APPROVE
    with_review: bool = True


@dataclass(frozen=True)
class History:
    """What happened in a guild: requests with when they were made and resolved, judgements, closings (True) and openings."""

    requests: Sequence[tuple[datetime, datetime | None]] = ()
    judged: Sequence[Judged] = ()
    switches: Sequence[tuple[datetime, bool]] = field(default_factory=tuple[tuple[datetime, bool], ...])

    async def write(self, database: Database) -> None:
        """Make this the only history in the database; another guild has the same."""
        async with database.transaction() as session:
            for model in (Review, Opinion, Request, Event):
                await session.exec(delete(model))
            closed = bool(self.switches and self.switches[-1][1])
            for guild_id in (GUILD, OTHER_GUILD):
                key = {"guild_id": guild_id, "key": Parameter.QUEUE_BLOCKED}
                await upsert(session, ParameterOverride, key, {"value": "true" if closed else "false"})
                for number, (created, resolved) in enumerate(self.requests):
                    status = RequestStatus.PENDING if resolved is None else RequestStatus.RESOLVED
                    values = {"created_at": created, "resolved_at": resolved, "status": status}
                    session.add(a_request(guild_id=guild_id, level_id=1000 + number, **values))
                for one in self.judged:
                    subject = a_request(
                        guild_id=guild_id, level_id=10, status=RequestStatus.RESOLVED, created_at=FAR, resolved_at=FAR
                    )
                    session.add(subject)
                    await session.flush()
                    values = {"guild_id": guild_id, "author_id": one.author_id, "stage": one.stage, "verdict": one.verdict}
                    opinion = an_opinion(subject.id, created_at=one.at, **values)
                    session.add(opinion)
                    await session.flush()
                    if one.with_review:
                        session.add(a_review(subject.id, opinion.id, created_at=one.at, **values))
                for at, is_closed in self.switches:
                    kind = EventType.QUEUE_CLOSED if is_closed else EventType.QUEUE_OPENED
                    session.add(Event(guild_id=guild_id, type=kind, actor_id=1, at=at, fields={}))  # pyright: ignore[reportCallIssue]
                    await session.flush()

    def created_on(self, day: date, zone: ZoneInfo) -> int:
        """Count the requests that were made on a day."""
        return sum(created.astimezone(zone).date() == day for created, _ in self.requests)

    def pending_after(self, day: date, zone: ZoneInfo) -> int:
        """Count the requests that were pending when a day was over."""
        return sum(
            created.astimezone(zone).date() <= day and (resolved is None or resolved.astimezone(zone).date() > day)
            for created, resolved in self.requests
        )

    def reviews_on(self, day: date, zone: ZoneInfo, author_id: int) -> int:
        """Count the reviews that a reviewer wrote on a day."""
        return sum(
            one.with_review
            and one.stage is Stage.REVIEWER
            and one.author_id == author_id
            and one.at.astimezone(zone).date() == day
            for one in self.judged
        )

    def is_closed_at(self, moment: datetime) -> bool:
        """Tell whether the queue was closed at a moment."""
        if not self.switches:
            return False
        before = [closed for at, closed in self.switches if at <= moment]
        return before[-1] if before else not self.switches[0][1]

    def is_closed_all_day(self, day: date, zone: ZoneInfo, now: datetime) -> bool:
        """Tell whether the queue was closed in every minute of a day, as far as that has gone."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
        moments = [noon.astimezone(now.tzinfo) + timedelta(minutes=minutes) for minutes in range(-26 * 60, 26 * 60)]
        inside = [moment for moment in moments if moment.astimezone(zone).date() == day and moment < now]
        return bool(inside) and all(self.is_closed_at(moment) for moment in inside)


FAR = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
"""When the requests that judgements are about were made: before all that is asked for."""


def days(first: date, last: date) -> list[date]:
    """Return all days from one to another."""
    return [first + DAY * number for number in range((last - first).days + 1)]


def by_weeks(values: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Add up days to weeks from Monday; a week is called by its first day that is there."""
    weeks: dict[tuple[int, int], tuple[date, int]] = {}
    for day, value in values:
        year, week, _ = day.isocalendar()
        first, sum_so_far = weeks.get((year, week), (day, 0))
        weeks[year, week] = (first, sum_so_far + value)
    return list(weeks.values())
