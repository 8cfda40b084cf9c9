"""Moments as people type them: every form, and a refusal with its reason for all else."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from util.moments import BadMoment, BadMomentReason, parse_moment

BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2024, 6, 13, 10, 30, 15, tzinfo=UTC)
"""A Thursday; half past twelve in Berlin."""


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2024-06-01", berlin(2024, 6, 1)),
        ("2024/6/1", berlin(2024, 6, 1)),
        (" 2024-06-01  18:05 ", berlin(2024, 6, 1, 18, 5)),
        ("2024-06-01 18:05:09", berlin(2024, 6, 1, 18, 5, 9)),
        ("2024-06-01, 18:05", berlin(2024, 6, 1, 18, 5)),
        ("2024-06-01T18:05", berlin(2024, 6, 1, 18, 5)),
        ("2024-06-01T18:05:09Z", datetime(2024, 6, 1, 18, 5, 9, tzinfo=UTC)),
        ("2024-06-01T18:05:09.250Z", datetime(2024, 6, 1, 18, 5, 9, 250_000, tzinfo=UTC)),
        ("2024-06-01T18:05+03:00", datetime(2024, 6, 1, 15, 5, tzinfo=UTC)),
        ("2024-06-01 18:05 -0330", datetime(2024, 6, 1, 21, 35, tzinfo=UTC)),
        ("2024-06-01 18:05 UTC+3", datetime(2024, 6, 1, 15, 5, tzinfo=UTC)),
        ("2024-06-01 18:05 utc", datetime(2024, 6, 1, 18, 5, tzinfo=UTC)),
        ("2024-06-01 6:05 pm", berlin(2024, 6, 1, 18, 5)),
        ("2024-06-01 at 12am", berlin(2024, 6, 1)),
        ("01.06.2024", berlin(2024, 6, 1)),
        ("1.6.2024 18:05", berlin(2024, 6, 1, 18, 5)),
        ("1 June 2024", berlin(2024, 6, 1)),
        ("Jun 1st, 2024 18:05", berlin(2024, 6, 1, 18, 5)),
        ("1 июня 2024 года", berlin(2024, 6, 1)),
        ("1 июня 2024 в 18:05", berlin(2024, 6, 1, 18, 5)),
        ("09:15", berlin(2024, 6, 13, 9, 15)),
        ("в 9:15", berlin(2024, 6, 13, 9, 15)),
        ("9pm", berlin(2024, 6, 13, 21)),
        ("1718272800", datetime(2024, 6, 13, 10, tzinfo=UTC)),
        ("<t:1718272800>", datetime(2024, 6, 13, 10, tzinfo=UTC)),
        ("<t:1718272800:R>", datetime(2024, 6, 13, 10, tzinfo=UTC)),
        ("<t:0>", datetime(1970, 1, 1, tzinfo=UTC)),
        ("now", NOW),
        ("Сейчас", NOW),
        ("today", berlin(2024, 6, 13)),
        ("сегодня", berlin(2024, 6, 13)),
        ("Yesterday", berlin(2024, 6, 12)),
        ("вчера в 18:00", berlin(2024, 6, 12, 18)),
        ("yesterday at 6pm", berlin(2024, 6, 12, 18)),
        ("позавчера", berlin(2024, 6, 11)),
        ("tomorrow", berlin(2024, 6, 14)),
        ("завтра 07:00", berlin(2024, 6, 14, 7)),
        ("last monday", berlin(2024, 6, 10)),
        ("last thursday", berlin(2024, 6, 6)),
        ("next thursday", berlin(2024, 6, 20)),
        ("next fri 10:00", berlin(2024, 6, 14, 10)),
        ("в прошлую среду", berlin(2024, 6, 12)),
        ("прошлое воскресенье 12:00", berlin(2024, 6, 9, 12)),
        ("-3d", NOW - timedelta(days=3)),
        ("\N{MINUS SIGN}1w2d", NOW - timedelta(days=9)),
        ("+2h30min", NOW + timedelta(hours=2, minutes=30)),
        ("2h ago", NOW - timedelta(hours=2)),
        ("1d12h ago", NOW - timedelta(hours=36)),
        ("5 min ago", NOW - timedelta(minutes=5)),
        ("3 days ago", NOW - timedelta(days=3)),
        ("a week ago", NOW - timedelta(days=7)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("1 day and 2 hours ago", NOW - timedelta(hours=26)),
        ("a month ago", berlin(2024, 5, 13, 12, 30, 15)),
        ("4 months ago", berlin(2024, 2, 13, 12, 30, 15)),
        ("in 2 days", NOW + timedelta(days=2)),
        ("3 дня назад", NOW - timedelta(days=3)),
        ("неделю назад", NOW - timedelta(days=7)),
        ("2 часа 5 минут назад", NOW - timedelta(hours=2, minutes=5)),
        ("3ч назад", NOW - timedelta(hours=3)),
        ("через 30 минут", NOW + timedelta(minutes=30)),
        ("год назад", berlin(2023, 6, 13, 12, 30, 15)),
    ],
)
def test_a_typed_moment_is_understood_in_the_zone(typed: str, moment: datetime) -> None:
    assert parse_moment(typed, BERLIN, NOW) == moment
    assert parse_moment(typed.upper(), BERLIN, NOW) == moment


R = BadMomentReason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", R.EMPTY),
        ("  \n", R.EMPTY),
        *((text, R.UNKNOWN) for text in ("a", "to", "//", "soon", "2024", "20240613", "06-2024", "monday", "last", "3 ago")),
        *(
            (text, R.UNKNOWN)
            for text in ("of a", "yesterday evening", "inf", "-3", "-inf", "ago", "in", "in ago", "10", "1:2", "<t:>")
        ),
        *((text, R.UNKNOWN) for text in ("2024-06/13", "2024-06-13 18", "2024-06-13T", "2024-06-13Z", "2024-06-13 18:00 MSK")),
        *((text, R.UNKNOWN) for text in ("3 days 2 days ago", "٢٠٢٤-٠٦-١٣", "x" * 5_000, "1 smarch 2024", "now 10:00")),
        *((text, R.AMBIGUOUS_DATE) for text in ("01/02/2024", "1-2-2024", "13/06/24", "01.02.24", "01/02/2024 10:00")),
        *((text, R.NO_DIRECTION) for text in ("3d", "1w 2d", "5min")),
        *(
            (text, R.NO_SUCH_DATE)
            for text in ("2024-02-30", "2023-02-29", "31.06.2024", "2024-13-01", "2024-00-10", "30 feb 2024")
        ),
        *(
            (text, R.NO_SUCH_TIME)
            for text in ("24:00", "2024-06-13 18:60", "10:00:60", "13pm", "0 am", "10:00+15:00", "10:00+03:60")
        ),
        *((text, R.OUT_OF_RANGE) for text in ("1969-12-31", "0001-01-01", "1970-01-01", "9999999999999", "<t:-1>", "-9000y")),
        *(
            (text, R.OUT_OF_RANGE)
            for text in (f"<t:{'9' * 20}>", f"{'9' * 40} days ago", "99999999999 years ago", "inf ago", "99999y ago")
        ),
    ],
)
def test_anything_else_is_refused_with_its_reason(typed: str, reason: BadMomentReason) -> None:
    with pytest.raises(BadMoment) as refused:
        parse_moment(typed, BERLIN, NOW)
    assert refused.value.reason is reason


def test_a_time_that_the_clocks_skip_moves_on_by_what_they_skip() -> None:
    assert parse_moment("2024-03-31 02:30", BERLIN, NOW) == berlin(2024, 3, 31, 3, 30)
    assert parse_moment("2024-03-31", ZoneInfo("Asia/Beirut"), NOW) == datetime(2024, 3, 30, 22, tzinfo=UTC)


def test_a_time_that_the_clocks_show_twice_is_the_first() -> None:
    assert parse_moment("2024-10-27 02:30", BERLIN, NOW) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


def test_days_ago_in_words_keep_the_time_on_the_wall_and_durations_count_hours() -> None:
    after_the_change = datetime(2024, 3, 31, 10, tzinfo=UTC)
    assert parse_moment(
        "1 day ago 10:00".removesuffix(" 10:00").replace("1 day", "one day"), BERLIN, after_the_change
    ) == datetime(2024, 3, 30, 11, tzinfo=UTC)
    assert parse_moment("-1d", BERLIN, after_the_change) == datetime(2024, 3, 30, 10, tzinfo=UTC)


def test_the_day_is_that_of_the_zone() -> None:
    late = datetime(2024, 6, 13, 23, 30, tzinfo=UTC)
    assert parse_moment("today", BERLIN, late) == berlin(2024, 6, 14)
    assert parse_moment("today", UTC_ZONE, late) == datetime(2024, 6, 13, tzinfo=UTC)


START = datetime(1970, 1, 2, tzinfo=UTC)
moments = st.integers(0, (datetime(9999, 12, 30, tzinfo=UTC) - START) // timedelta(seconds=1)).map(
    lambda seconds: START + timedelta(seconds=seconds)
)
WORDS = (
    "now last next monday in ago 3 99999999999 0 days month years назад через неделю в at 10:00 25:61 pm T Z + - . / : "
    "2024-06-13 31.12.9999 1970-01-01 9999-12-31 23:59 +14:00 <t: > 1718272800 3d 9000y inf июня"
)
words = st.lists(st.sampled_from(WORDS.split()), max_size=6)


@given(
    st.one_of(st.text(), words.map(" ".join), words.map("".join)),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "Asia/Beirut"]),
)
@example("9999-12-31 23:59", "America/New_York")
@example("9999-12-31", "Europe/Berlin")
@example("1970-01-01", "Europe/Berlin")
def test_no_text_does_anything_but_give_a_moment_or_a_refusal(typed: str, zone: str) -> None:
    try:
        moment = parse_moment(typed, ZoneInfo(zone), NOW)
    except BadMoment:
        return
    assert moment.utcoffset() == timedelta()
    assert 1970 <= moment.year <= 9999


@given(
    moments,
    st.sampled_from(["{:%Y-%m-%d %H:%M:%S}", "{:%Y-%m-%dT%H:%M:%SZ}", "{:%d.%m.%Y %H:%M:%S}", "{:%Y-%m-%d %H:%M:%S+00:00}"]),
)
def test_every_form_gives_back_what_was_written(moment: datetime, form: str) -> None:
    year = f"{moment.year:04d}"
    typed = form.replace("%Y", year).format(moment)
    assert parse_moment(typed, UTC_ZONE, NOW) == moment


@given(moments, st.integers(-14, 14))
def test_offsets_and_unix_seconds_name_the_same_moment(moment: datetime, hours: int) -> None:
    unix = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    assert parse_moment(f"<t:{unix}:F>", BERLIN, NOW) == moment
    shown = moment.astimezone(timezone(timedelta(hours=hours))) if 1970 < moment.year < 9999 else moment
    assert parse_moment(shown.isoformat(), BERLIN, NOW) == moment
