"""Find out what report somebody wants, before anything of it is made."""

from datetime import date, datetime

from config.formats import say_day
from config.guild_settings import GuildSettings
from db.queries.reports import first_opinion_at, first_request_at, first_review_at
from facades.app import App
from facades.requests.reports.asked import MOST_YEARS, Asked, NothingToShow, ReportKind
from facades.typed_moment import read_moment
from util.actor import Actor
from util.errors import BadInput, NotFound
from util.identifiers import Flag
from util.local_days import Granularity
from util.phrases import Raw, user_mention
from util.texts import Text


async def prepare_report(
    app: App,
    *,
    actor: Actor,
    kind: ReportKind,
    date_from: str | None = None,
    date_to: str | None = None,
    granularity: Granularity = Granularity.DAY,
    reviewer_id: int = 0,
) -> Asked:
    """Return the report that typed options mean: by default from the first data until today.

    Raises `Forbidden`, `MomentRefused` for what is no moment, `BadInput` for a range that is reversed, lies ahead, is too long
    or ends before the first data, or `NothingToShow` when there is no data at all. An end that lies ahead becomes today.
    """
    actor.require(Flag.REPORT_VIEWER)
    settings = await app.guild(actor.guild_id)
    now = app.now()
    today = now.astimezone(settings.time_zone).date()
    last = today if date_to is None else _day(date_to, settings, now)
    if date_from is None:
        last = min(last, today)
        first = await _first_day(app, actor, kind, reviewer_id, settings)
        if first > last:
            raise BadInput(Text.REPORT_REFUSED_BEFORE_DATA, **_days(actor, first=first, last=last))
    else:
        first = _day(date_from, settings, now)
        if date_to is not None and first > last:
            raise BadInput(Text.REPORT_REFUSED_REVERSED, **_days(actor, first=first, last=last))
        if first > today:
            raise BadInput(Text.REPORT_REFUSED_FUTURE, **_days(actor, first=first, today=today))
    asked = Asked(kind, first, min(last, today), granularity, reviewer_id)
    if asked.is_too_long:
        raise BadInput(Text.REPORT_REFUSED_LONG, years=MOST_YEARS, **_days(actor, first=asked.first, last=asked.last))
    return asked


async def check_asked(app: App, *, actor: Actor, asked: Asked) -> Asked:
    """Return a report as a button names it, its end today at the latest. Raises `Forbidden`, or `NotFound` for a forged one."""
    actor.require(Flag.REPORT_VIEWER)
    settings = await app.guild(actor.guild_id)
    today = app.now().astimezone(settings.time_zone).date()
    last = min(asked.last, today)
    if asked.first > last or asked.is_too_long or asked.first.year < 1970:
        raise NotFound(Text.ERROR_UNKNOWN_ACTION)
    return Asked(asked.kind, asked.first, last, asked.granularity, asked.reviewer_id)


def _day(typed: str, settings: GuildSettings, now: datetime) -> date:
    return read_moment(typed, settings, now).astimezone(settings.time_zone).date()


def _days(actor: Actor, **days: date) -> dict[str, Raw]:
    return {name: Raw(say_day(day, actor.language)) for name, day in days.items()}


async def _first_day(app: App, actor: Actor, kind: ReportKind, reviewer_id: int, settings: GuildSettings) -> date:
    """Return the day of the first data that a report is about. Raises `NothingToShow`."""
    async with app.reading() as session:
        match kind:
            case ReportKind.REVIEWER_OPINIONS:
                first = await first_opinion_at(session, actor.guild_id, reviewer_id)
                nothing = NothingToShow(Text.REPORT_REFUSED_NO_OPINIONS_YET, who=user_mention(reviewer_id))
            case ReportKind.REVIEW_ACTIVITY:
                first = await first_review_at(session, actor.guild_id)
                nothing = NothingToShow(Text.REPORT_REFUSED_NO_REVIEWS_YET)
            case _:
                first = await first_request_at(session, actor.guild_id)
                nothing = NothingToShow(Text.REPORT_REFUSED_NO_REQUESTS_YET)
    if first is None:
        raise nothing
    return first.astimezone(settings.time_zone).date()
