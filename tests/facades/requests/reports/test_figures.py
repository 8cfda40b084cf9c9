"""What reports count, against the same counted one by one, on SQLite and PostgreSQL, in zones with all sorts of clocks."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db.queries import reports
from facades.requests.reports.asked import Asked, NothingToShow, ReportKind
from facades.requests.reports.collect_figures import collect_figures
from facades.requests.reports.figures import NewRequests, PendingRequests, ReviewActivity, ReviewerOpinions
from tests.facades.requests.reports.history import History, Judged, by_weeks, days
from tests.facades.requests.world import OTHER_GUILD, RequestWorld, person
from tests.fakes.clock import SteerableClock
from util.identifiers import Flag, Parameter, Stage, Verdict
from util.local_days import Granularity, start_of_day

VIEWER = person(70, Flag.REPORT_VIEWER)
ZONES = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Pacific/Apia", "Asia/Kathmandu", "America/New_York")
# Clocks go back and forth in these weeks; midnight is missing in São Paulo on 4 November 2018.
FIRSTS = (date(2018, 10, 29), date(2026, 3, 6), date(2026, 3, 25), date(2026, 10, 22), date(2026, 10, 29))
LENGTH = 12
SPAN = LENGTH * 24 * 60 * 60
LOOKED_AT = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
SECONDS = st.integers(-SPAN // 3, SPAN + SPAN // 3)
REQUESTS = st.lists(st.tuples(SECONDS, st.none() | st.integers(0, SPAN)), max_size=25)
JUDGED = st.lists(
    st.tuples(SECONDS, st.sampled_from([5, 6, 7]), st.sampled_from(Stage), st.sampled_from(Verdict), st.booleans()), max_size=25
)
SWITCHES = st.lists(SECONDS, max_size=5, unique=True)


@pytest.fixture
async def world(any_address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RequestWorld]:
    # So that days of one report are asked for in several slices.
    monkeypatch.setattr(reports, "SLICE", 5)
    made = RequestWorld(any_address)
    await made.routes()
    yield made
    await made.app.database.close()


async def _stand(world: RequestWorld, zone: str, now: datetime) -> None:
    # Examples go back and forth in time.
    world.app.clock = SteerableClock(now)
    await world.set({Parameter.GUILD_TIME_ZONE: zone})


def _daily(figures: NewRequests | PendingRequests | ReviewActivity) -> list[tuple[date, int]]:
    return [(bucket.first, value) for bucket, value in zip(figures.buckets, figures.values, strict=True)]


@LOOKED_AT
@given(st.sampled_from(ZONES), st.sampled_from(FIRSTS), REQUESTS, SWITCHES, st.booleans(), st.integers(0, LENGTH * 24))
@example("America/Sao_Paulo", FIRSTS[0], [(6 * 86_400 - 1, None), (6 * 86_400, 1)], [0], True, 200)
@example("America/Havana", FIRSTS[4], [(3 * 86_400 + 3_600, None)], [], False, 1)
async def test_requests_are_counted_by_the_days_and_weeks_of_the_zone(
    world: RequestWorld,
    name: str,
    first: date,
    requests: list[tuple[int, int | None]],
    switches: list[int],
    begins_closed: bool,
    hours: int,
) -> None:
    zone, start = ZoneInfo(name), start_of_day(first, ZoneInfo(name))
    now = start + timedelta(hours=hours)
    made = [(start + timedelta(seconds=at), took) for at, took in requests if start + timedelta(seconds=at) <= now]
    resolved = [(at, None if took is None else min(now, at + timedelta(seconds=took))) for at, took in made]
    # To the minute, because the reference looks at minutes.
    times = sorted({start + timedelta(minutes=at // 60) for at in switches if start + timedelta(seconds=at) <= now})
    history = History(resolved, (), [(at, (number % 2 == 0) != begins_closed) for number, at in enumerate(times)])
    await history.write(world.app.database)
    await _stand(world, name, now)
    last = min(first + timedelta(days=LENGTH - 1), now.astimezone(zone).date())
    range_ = days(first, last)
    created = [(day, history.created_on(day, zone)) for day in range_]
    for granularity in Granularity:
        asked = Asked(ReportKind.NEW_REQUESTS, first, last, granularity)
        if not any(value for _, value in created):
            with pytest.raises(NothingToShow):
                await collect_figures(world.app, actor=VIEWER, asked=asked)
            continue
        figures = await collect_figures(world.app, actor=VIEWER, asked=asked)
        assert isinstance(figures, NewRequests)
        assert _daily(figures) == (created if granularity is Granularity.DAY else by_weeks(created))
        if granularity is Granularity.DAY:
            assert figures.closed == {day for day in range_ if history.is_closed_all_day(day, zone, now)}
    if any(at < start_of_day(last + timedelta(days=1), zone) for at, _ in resolved):
        for granularity in Granularity:
            asked = Asked(ReportKind.PENDING_REQUESTS, first, last, granularity)
            figures = await collect_figures(world.app, actor=VIEWER, asked=asked)
            assert isinstance(figures, PendingRequests)
            ends = [bucket.last for bucket in figures.buckets]
            assert list(figures.values) == [history.pending_after(day, zone) for day in ends]


@LOOKED_AT
@given(st.sampled_from(ZONES), st.sampled_from(FIRSTS), JUDGED)
async def test_reviews_and_opinions_are_counted_for_each_reviewer(
    world: RequestWorld, name: str, first: date, judged: list[tuple[int, int, Stage, Verdict, bool]]
) -> None:
    zone, start = ZoneInfo(name), start_of_day(first, ZoneInfo(name))
    last = first + timedelta(days=LENGTH - 1)
    history = History(judged=[Judged(start + timedelta(seconds=at), *rest) for at, *rest in judged])
    await history.write(world.app.database)
    await _stand(world, name, start + timedelta(days=400))
    world.discord.names = {5: "Five", 6: "Six", 7: "Seven"}
    range_ = days(first, last)
    expected = {who: [(day, history.reviews_on(day, zone, who)) for day in range_] for who in world.discord.names}
    for granularity in Granularity:
        asked = Asked(ReportKind.REVIEW_ACTIVITY, first, last, granularity)
        if not any(value for daily in expected.values() for _, value in daily):
            with pytest.raises(NothingToShow):
                await collect_figures(world.app, actor=VIEWER, asked=asked)
            continue
        figures = await collect_figures(world.app, actor=VIEWER, asked=asked)
        assert isinstance(figures, ReviewActivity)
        found = {one.name: list(one.values) for one in figures.reviewers}
        shown = {who: daily if granularity is Granularity.DAY else by_weeks(daily) for who, daily in expected.items()}
        wanted = {world.discord.names[who]: [value for _, value in daily] for who, daily in shown.items()}
        assert found == {name: values for name, values in wanted.items() if any(values)}
        assert [one.total for one in figures.reviewers] == sorted((one.total for one in figures.reviewers), reverse=True)
        assert sum(figures.values) == sum(one.total for one in figures.reviewers)
    for who in world.discord.names:
        inside = [
            one.verdict
            for one in history.judged
            if one.author_id == who and one.stage is Stage.REVIEWER and first <= one.at.astimezone(zone).date() <= last
        ]
        asked = Asked(ReportKind.REVIEWER_OPINIONS, first, last, reviewer_id=who)
        if not inside:
            with pytest.raises(NothingToShow):
                await collect_figures(world.app, actor=VIEWER, asked=asked)
            continue
        counted = await collect_figures(world.app, actor=VIEWER, asked=asked)
        assert isinstance(counted, ReviewerOpinions)
        rejections = inside.count(Verdict.REJECT)
        assert (counted.approvals, counted.rejections) == (len(inside) - rejections, rejections)


async def test_other_guilds_do_not_count(world: RequestWorld) -> None:
    await _stand(world, "UTC", datetime(2026, 3, 10, 12, tzinfo=UTC))
    at = datetime(2026, 3, 9, tzinfo=UTC)
    await History([(at, None)], [Judged(at, 5)]).write(world.app.database)
    for guild_id in (OTHER_GUILD + 1, OTHER_GUILD):
        actor = person(70, Flag.REPORT_VIEWER, guild_id=guild_id)
        for kind in ReportKind:
            asked = Asked(kind, at.date(), at.date(), reviewer_id=5)
            if guild_id == OTHER_GUILD:
                assert await collect_figures(world.app, actor=actor, asked=asked)
            else:
                with pytest.raises(NothingToShow):
                    await collect_figures(world.app, actor=actor, asked=asked)


@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2026, 2, 27)], ids=["counted forwards", "counted backwards"])
async def test_what_is_pending_is_the_same_counted_from_either_side(world: RequestWorld, first: date) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    await _stand(world, "UTC", now)
    requests = [
        (now - timedelta(days=number), None if number % 3 else now - timedelta(days=number - 2)) for number in range(2, 70)
    ]
    history = History(requests)
    await history.write(world.app.database)
    asked = Asked(ReportKind.PENDING_REQUESTS, first, first + timedelta(days=1))
    figures = await collect_figures(world.app, actor=VIEWER, asked=asked)
    assert isinstance(figures, PendingRequests)
    assert not figures.is_now
    assert list(figures.values) == [history.pending_after(day, ZoneInfo("UTC")) for day in days(asked.first, asked.last)]


async def test_red_days_reach_only_as_far_back_as_events_are_kept(world: RequestWorld) -> None:
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    await _stand(world, "UTC", now)
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    asked = Asked(ReportKind.NEW_REQUESTS, at.date(), now.date())
    # The queue was open until now, and before that closed for as long as anybody knows.
    await History([(at, None)], switches=[(now - timedelta(days=2), False)]).write(world.app.database)
    figures = await collect_figures(world.app, actor=VIEWER, asked=asked)
    assert isinstance(figures, NewRequests)
    assert figures.closed == set(days(date(2026, 3, 1), date(2026, 3, 17)))
    await world.set({Parameter.RETENTION_EVENTS: "5d"})
    figures = await collect_figures(world.app, actor=VIEWER, asked=asked)
    assert isinstance(figures, NewRequests)
    assert figures.closed == set(days(date(2026, 3, 16), date(2026, 3, 17)))
