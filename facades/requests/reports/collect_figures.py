"""Collect the figures of a report from the database."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from config.guild_settings import GuildSettings
from db.queries.reports import (
    Stretch,
    count_created,
    count_flow,
    count_opinions,
    count_reviews,
    first_request_at,
    hold_still,
    queue_switches,
)
from facades.app import App
from facades.requests.queue_state import is_queue_closed
from facades.requests.reports.asked import Asked, NothingToShow, ReportKind
from facades.requests.reports.closed_days import closed_days
from facades.requests.reports.figures import (
    Figures,
    NewRequests,
    PendingRequests,
    ReviewActivity,
    Reviewer,
    ReviewerOpinions,
)
from facades.requests.reports.names import names_of
from util.actor import Actor
from util.identifiers import Flag, Parameter, Verdict
from util.local_days import Bucket, Granularity, buckets
from util.phrases import user_mention
from util.texts import Text

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


async def collect_figures(app: App, *, actor: Actor, asked: Asked) -> Figures:
    """Return the figures of a report, names in the actor's language. Raises `Forbidden` or `NothingToShow`."""
    actor.require(Flag.REPORT_VIEWER)
    settings = await app.guild(actor.guild_id)
    if asked.kind is ReportKind.REVIEWER_OPINIONS:
        return await _reviewer_opinions(app, actor, settings, asked)
    # Twenty years of days take longer than everybody else should wait.
    split = await asyncio.to_thread(buckets, asked.first, asked.last, asked.granularity, settings.time_zone)
    match asked.kind:
        case ReportKind.NEW_REQUESTS:
            return await _new_requests(app, actor, settings, asked, split)
        case ReportKind.PENDING_REQUESTS:
            return await _pending_requests(app, actor, settings, asked, split)
        case _:
            return await _review_activity(app, actor, settings, asked, split)


def _stretches(split: Sequence[Bucket]) -> list[Stretch]:
    return [(bucket.since, bucket.until) for bucket in split]


def _nothing(key: Text, actor: Actor, settings: GuildSettings, asked: Asked) -> NothingToShow:
    return NothingToShow(key, period=asked.period(settings.time_zone, actor.language))


async def _new_requests(app: App, actor: Actor, settings: GuildSettings, asked: Asked, split: Sequence[Bucket]) -> NewRequests:
    async with app.reading() as session:
        values = await count_created(session, actor.guild_id, _stretches(split))
        if not any(values):
            raise _nothing(Text.REPORT_REFUSED_NO_REQUESTS, actor, settings, asked)
        if asked.granularity is not Granularity.DAY:
            return NewRequests(asked, split, values, frozenset())
        switches = await queue_switches(session, actor.guild_id, (split[0].since, split[-1].until))
        closed_now = await is_queue_closed(session, actor.guild_id)
    kept, now = settings.duration(Parameter.RETENTION_EVENTS).span, app.now()
    known_since = None if kept is None else now - kept
    closed = await asyncio.to_thread(closed_days, split, switches, now=now, closed_now=closed_now, known_since=known_since)
    return NewRequests(asked, split, values, closed)


async def _pending_requests(
    app: App, actor: Actor, settings: GuildSettings, asked: Asked, split: Sequence[Bucket]
) -> PendingRequests:
    now = app.now()
    async with app.reading() as session:
        await hold_still(session)
        first = await first_request_at(session, actor.guild_id)
        if first is None or first >= split[-1].until:
            raise _nothing(Text.REPORT_REFUSED_NO_PENDING, actor, settings, asked)
        values = await _pending_at_ends(session, actor.guild_id, split, first, now)
    return PendingRequests(
        asked,
        split,
        values,
        is_now=asked.last >= now.astimezone(settings.time_zone).date(),
        block_at=settings.number(Parameter.QUEUE_BLOCK_AT),
        block_enabled=settings.flag_value(Parameter.QUEUE_BLOCK_ENABLED),
        unblock_at=settings.number(Parameter.QUEUE_UNBLOCK_AT),
        unblock_enabled=settings.flag_value(Parameter.QUEUE_UNBLOCK_ENABLED),
    )


async def _pending_at_ends(
    session: AsyncSession, guild_id: int, split: Sequence[Bucket], first: datetime, now: datetime
) -> tuple[int, ...]:
    """Count forwards from the first request or backwards from now, whichever has less to read beside the range itself."""
    forwards = split[0].since - first < now - split[-1].until
    if forwards:
        flow = await count_flow(session, guild_id, [(_EVER, split[0].since), *_stretches(split)])
    else:
        flow = await count_flow(session, guild_id, [*_stretches(split), (split[-1].until, _NEVER)])
    changes = [created - resolved for created, resolved in zip(flow.created, flow.resolved, strict=True)]
    pending = 0 if forwards else flow.pending - sum(changes)
    found: list[int] = []
    for change in changes:
        pending += change
        found.append(pending)
    return tuple(found[1:] if forwards else found[:-1])


async def _review_activity(
    app: App, actor: Actor, settings: GuildSettings, asked: Asked, split: Sequence[Bucket]
) -> ReviewActivity:
    async with app.reading() as session:
        counted = await count_reviews(session, actor.guild_id, _stretches(split))
    if not counted:
        raise _nothing(Text.REPORT_REFUSED_NO_REVIEWS, actor, settings, asked)
    busiest = sorted(counted, key=lambda user_id: (-sum(counted[user_id].values()), user_id))
    names = await names_of(app, settings, busiest, actor.language)

    def spread() -> ReviewActivity:
        numbers = range(len(split))
        spread_out = [Reviewer(names[one], tuple(counted[one].get(number, 0) for number in numbers)) for one in busiest]
        return ReviewActivity(asked, split, tuple(spread_out))

    return await asyncio.to_thread(spread)


async def _reviewer_opinions(app: App, actor: Actor, settings: GuildSettings, asked: Asked) -> ReviewerOpinions:
    async with app.reading() as session:
        counted = await count_opinions(session, actor.guild_id, asked.reviewer_id, asked.stretch(settings.time_zone))
    if not counted:
        period = asked.period(settings.time_zone, actor.language)
        raise NothingToShow(Text.REPORT_REFUSED_NO_OPINIONS, who=user_mention(asked.reviewer_id), period=period)
    names = await names_of(app, settings, [asked.reviewer_id], actor.language)
    rejections = counted.get(Verdict.REJECT, 0)
    return ReviewerOpinions(asked, names[asked.reviewer_id], sum(counted.values()) - rejections, rejections)
