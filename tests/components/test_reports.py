"""Reports in words, as tables and as files: they fit, they add up, and names in them do nothing."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.actions import CUSTOM_ID_LENGTH
from components.reports.buttons import report_buttons
from components.reports.table import MOST_ROWS, report_table
from components.reports.words import DESCRIPTION_LENGTH, picture_description, report_words
from config.guild_settings import GuildSettings
from facades.requests.reports.asked import MOST_DAYS, Asked, ReportKind
from facades.requests.reports.charts import chart_of
from facades.requests.reports.csv_file import csv_of, safe_cell
from facades.requests.reports.figures import (
    MOST_NAMED,
    Figures,
    NewRequests,
    PendingRequests,
    ReviewActivity,
    Reviewer,
    ReviewerOpinions,
)
from services.charts import Bars, Curve, Donut, Lines
from util.local_days import Granularity, buckets

SETTINGS = GuildSettings(1)
LAST = date(2026, 11, 21)
UTC = ZoneInfo("UTC")
HOSTILE = (
    "@everyone",
    "<@123456789012345678>",
    "``` # x",
    "**bold**",
    "=1+1",
    "x" * 32,
    "漢字の名前です",
    "[a](https://e.example)",
)
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])
LENGTHS = pytest.mark.parametrize("days", [1, 2, 24, 25, 31, 366, 5 * 365, MOST_DAYS])


def every_report(days: int, granularity: Granularity, reviewers: int = 40) -> list[Figures]:
    """Make one report of each kind."""
    first = LAST - timedelta(days=days - 1)
    split = buckets(first, LAST, granularity, UTC)
    values = tuple(number * 7 % 13 for number in range(1, len(split) + 1))
    people = [
        Reviewer(
            HOSTILE[number] if number < len(HOSTILE) else f"Reviewer {number}", tuple(value * (60 - number) for value in values)
        )
        for number in range(reviewers)
    ]

    def asked(kind: ReportKind) -> Asked:
        return Asked(kind, first, LAST, granularity, 2**63 - 1)

    return [
        NewRequests(
            asked(ReportKind.NEW_REQUESTS), split, values, frozenset({first}) if granularity is Granularity.DAY else frozenset()
        ),
        PendingRequests(asked(ReportKind.PENDING_REQUESTS), split, values, True, 50, True, 30, False),
        ReviewActivity(asked(ReportKind.REVIEW_ACTIVITY), split, tuple(people)),
        ReviewerOpinions(asked(ReportKind.REVIEWER_OPINIONS), HOSTILE[0], 3, 1),
    ]


@LENGTHS
@LANGUAGES
@pytest.mark.parametrize("granularity", Granularity)
def test_every_report_fits_into_a_message_with_its_table(days: int, granularity: Granularity, language: str) -> None:
    for figures in every_report(days, granularity):
        words = report_words(figures, SETTINGS, language)
        table = report_table(figures, SETTINGS, language, 1900 - len(words))
        assert len(words) + len(table) <= 1900
        assert table.count("```") == 2, figures.asked
        assert 2 <= len(table.strip("`\n").split("\n")) <= MOST_ROWS + 1
        assert len(picture_description(figures, SETTINGS, language)) <= DESCRIPTION_LENGTH
        for text in (words, table):
            assert "@everyone" not in text
            assert "<@1" not in text


@LENGTHS
@pytest.mark.parametrize("granularity", Granularity)
def test_a_condensed_table_adds_up(days: int, granularity: Granularity) -> None:
    new, pending, activity, _ = every_report(days, granularity)
    for figures in (new, pending, activity):
        rows = [line.split() for line in report_table(figures, SETTINGS, "en", 4000).strip("`\n").split("\n")[1:]]
        assert not isinstance(figures, ReviewerOpinions)
        column = -5 if isinstance(figures, ReviewActivity) else -1
        shown = [int(row[column]) for row in rows]
        if isinstance(figures, PendingRequests):
            assert shown[-1] == figures.values[-1]
        else:
            assert sum(shown) == sum(figures.values)


def test_a_table_without_room_is_left_out() -> None:
    for figures in every_report(30, Granularity.DAY):
        assert report_table(figures, SETTINGS, "en", 10) == ""
        assert len(report_table(figures, SETTINGS, "en", 200)) <= 200


@LANGUAGES
def test_forty_reviewers_become_nine_and_the_others(language: str) -> None:
    activity = every_report(30, Granularity.DAY)[2]
    assert isinstance(activity, ReviewActivity)
    chart = chart_of(activity, SETTINGS, language)
    assert isinstance(chart, Lines)
    assert len(chart.series) == MOST_NAMED
    assert [one.is_rest for one in chart.series] == [False] * 9 + [True]
    assert "31" in chart.series[-1].name
    assert [sum(column) for column in zip(*(one.values for one in chart.series), strict=True)] == list(activity.values)
    ten = every_report(30, Granularity.DAY, reviewers=10)[2]
    assert isinstance(ten, ReviewActivity)
    assert not any(one.is_rest for one in chart_of(ten, SETTINGS, language).series)  # pyright: ignore[reportAttributeAccessIssue]


@LANGUAGES
@pytest.mark.parametrize("granularity", Granularity)
def test_each_report_is_its_kind_of_chart(granularity: Granularity, language: str) -> None:
    charts: list[Any] = [chart_of(figures, SETTINGS, language) for figures in every_report(60, granularity)]
    assert [type(chart) for chart in charts] == [Bars, Curve, Lines, Donut]
    for chart in charts[:3]:
        assert chart.is_weekly is (granularity is Granularity.WEEK)
        if chart.is_weekly:
            assert {day.weekday() for day in chart.starts} == {0}
        steps = {following - day for day, following in zip(chart.starts, chart.starts[1:], strict=False)}
        assert steps == {timedelta(weeks=1) if chart.is_weekly else timedelta(days=1)}
    closes, reopens = charts[1].thresholds
    assert (closes.value, closes.is_upper, reopens.value, reopens.is_upper) == (50, True, 30, False)
    # The picture writes the numbers behind the names.
    assert "50" not in closes.name
    assert reopens.name.endswith(")")


@LANGUAGES
@pytest.mark.parametrize("granularity", Granularity)
def test_the_file_has_a_row_for_each_day_or_week(granularity: Granularity, language: str) -> None:
    for figures in every_report(40, granularity)[:3]:
        assert not isinstance(figures, ReviewerOpinions)
        written = csv_of(figures, SETTINGS, language).decode("utf-8-sig")
        assert written.count("\r\n") == written.count("\n")
        head, *rows = csv.reader(io.StringIO(written, newline=""))
        labels = 1 if granularity is Granularity.DAY else 2
        assert [row[:labels] for row in rows] == [
            [bucket.first.isoformat()] if labels == 1 else [bucket.first.isoformat(), bucket.last.isoformat()]
            for bucket in figures.buckets
        ]
        numbers = [[int(cell) for cell in row[labels:]] for row in rows]
        if isinstance(figures, ReviewActivity):
            assert len(head) == labels + 40
            assert [sum(row) for row in numbers] == list(figures.values)
        else:
            assert [row[0] for row in numbers] == list(figures.values)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1", "﹣1", "|calc", "%0"])
def test_a_name_that_would_be_a_formula_is_quoted(name: str) -> None:
    assert safe_cell(name) == f"'{name}"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_no_cell_begins_like_a_formula(name: str) -> None:
    assert not safe_cell(name).lstrip().startswith(("=", "+", "-", "@"))
    assert safe_cell(name) in (name, f"'{name}")


def test_the_state_of_the_buttons_fits() -> None:
    for figures in every_report(MOST_DAYS, Granularity.WEEK):
        for item in report_buttons(figures.asked, SETTINGS, "ru").children:
            assert len(getattr(item, "custom_id", "")) in range(1, CUSTOM_ID_LENGTH + 1)
