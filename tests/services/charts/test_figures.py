"""What pictures show, judged by their figures."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import pytest

from services.charts import Bars, Chart, Curve, Donut, Lines, Series, Slice, Threshold, Wider
from services.charts.axes import MOST_DATES
from services.charts.figures import draw
from services.charts.theme import LINE_COLOURS, TONES, line_style
from services.charts.wording import fitted, shares, width_of, wrapped
from tests.services.charts.examples import activity, all_examples, pending, requests

MONDAY = date(2026, 11, 16)
DAY = timedelta(days=1)


def bars(*values: int, first: date = MONDAY, language: str = "en", **more: Any) -> Bars:
    days = tuple(first + DAY * at for at in range(len(values)))
    return Bars("Requests", "November", days, values, "per day", language=language, **more)


def texts(chart: Chart) -> str:
    return json.dumps(draw(chart), ensure_ascii=False)


@pytest.mark.parametrize("name", all_examples())
def test_plotly_knows_everything_that_a_figure_says(name: str) -> None:
    """plotly.js passes over what it does not know; plotly's own classes do not."""
    go.Figure(draw(all_examples()[name]))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 15, 31, 45, 60, 92, 150, 366, 500, 800, 1826, 4000])
@pytest.mark.parametrize("is_weekly", [False, True])
def test_dates_on_the_axis_are_few_and_stand_in_sight(count: int, is_weekly: bool) -> None:
    first = date(2015, 6, 1)
    starts = tuple(first + DAY * at * (7 if is_weekly else 1) for at in range(count))
    for chart in (
        Bars("A", "B", starts, (1,) * count, "C", is_weekly, wider=Wider("w", "m")),
        Curve("A", "B", starts, (1,) * count, "C", is_weekly),
    ):
        axis = draw(chart)["layout"]["xaxis"]
        assert 1 <= len(axis["tickvals"]) <= MOST_DATES
        assert len(axis["tickvals"]) == len(axis["ticktext"])
        if count > 2:
            assert len(axis["tickvals"]) >= 2
        assert all(axis["range"][0] <= place <= axis["range"][1] for place in axis["tickvals"])


def test_months_have_their_names_in_the_readers_language() -> None:
    assert draw(bars(1, 2, 3, language="ru"))["layout"]["xaxis"]["ticktext"][0] == "16 нояб."
    assert draw(bars(1, 2, 3))["layout"]["xaxis"]["ticktext"][0] == "Nov 16"
    assert draw(requests("ru", 366))["layout"]["xaxis"]["ticktext"][:2] == ["янв.<br>2026", "март"]


@pytest.mark.parametrize("highest", [0, 1, 2, 3, 5, 9, 14, 49, 50, 51, 999, 1_000_000])
def test_the_axis_of_values_has_whole_numbers_and_room_for_all(highest: int) -> None:
    axis = draw(bars(0, highest))["layout"]["yaxis"]
    assert axis["range"][1] > highest
    assert all(isinstance(mark, int) for mark in axis["tickvals"])
    assert 2 <= len(axis["tickvals"]) <= 6


def test_large_numbers_are_written_as_in_the_readers_language() -> None:
    assert "1,000 " in draw(bars(2000))["layout"]["yaxis"]["ticktext"]
    assert "1\u00a0000 " in draw(bars(2000, language="ru"))["layout"]["yaxis"]["ticktext"]


def test_closed_days_are_red_even_without_any_request() -> None:
    figure = draw(bars(3, 0, 0, 5, 1, marked=frozenset({MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 4 * DAY}), marked_name="closed"))
    open_days, closed_days = figure["data"]
    assert open_days["y"] == [3, 5]
    assert closed_days["y"] == [0, 0, 1]
    assert closed_days["name"] == "closed"
    grounds = [(shape["x0"], shape["x1"]) for shape in figure["layout"]["shapes"] if shape["y1"] == 1]
    assert grounds == [("2026-11-16 12:00", "2026-11-18 12:00"), ("2026-11-19 12:00", "2026-11-20 12:00")]


def test_five_years_of_days_become_weeks_with_the_same_sum_and_say_so() -> None:
    chart = requests("en", 1826)
    trace = draw(chart)["data"][0]
    assert trace["name"] == "requests per week"
    assert 255 < len(trace["y"]) < 270
    assert sum(trace["y"]) == sum(chart.values)
    assert draw(replace(chart, wider=None))["data"][0]["name"] == "requests per day"


def test_five_years_of_persons_become_months() -> None:
    chart = activity("en", 1826)
    figure = draw(chart)
    assert "reviews per month" in json.dumps(figure["layout"])
    assert [sum(trace["y"]) for trace in figure["data"]] == [sum(series.values) for series in chart.series]


def test_lines_differ_in_colour_or_pattern() -> None:
    styles = [json.dumps(line_style(at)) for at in range(21)]
    assert len(set(styles)) == 21
    assert len(set(LINE_COLOURS)) == 7


def test_every_person_has_a_row_with_name_and_total() -> None:
    chart = activity("ru", 30)
    said = [note["text"] for note in draw(chart)["layout"]["annotations"]]
    for series in chart.series:
        assert str(sum(series.values)) in said
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; brave" in said


def test_names_are_shown_as_they_are() -> None:
    evil = '<b>x</b> &amp; <a href="javascript:alert(1)">'
    shown = "&lt;b&gt;x&lt;/b&gt; &amp;amp; &lt;a"
    days = (MONDAY, MONDAY + DAY)
    charts: list[Chart] = [
        Bars(evil, evil, days, (1, 2), evil, marked=frozenset(days[:1]), marked_name=evil),
        Curve(evil, evil, days, (1, 2), evil, thresholds=(Threshold(evil, 2, True), Threshold(evil, 900, False))),
        Lines(evil, evil, days, (Series(evil, (1, 2)),), evil),
        Lines(evil, evil, days[:1], (Series(evil, (1,)),), evil),
        Donut(evil, evil, (Slice(evil, 1, "good"),), evil, evil),
    ]
    for chart in charts:
        said = texts(chart)
        assert shown in said
        assert "<b>x" not in said
        assert "<a" not in said


def test_long_texts_are_cut_to_the_room_there_is() -> None:
    name = "Очень длинное имя " * 20
    assert fitted(name, 20, 300).endswith("…")
    assert width_of(fitted(name, 20, 300), 20) <= 300
    assert fitted("kurz", 20, 300) == "kurz"
    lines = wrapped(name, 30, 600, 2)
    assert len(lines) == 2
    assert all(width_of(line, 30) <= 600 for line in lines)
    assert wrapped("x" * 500, 30, 600, 2)[0].endswith("…")


def test_names_cannot_disturb_their_neighbours() -> None:
    assert fitted("a\u202eb\n\tc\x00", 20, 300) == "ab c"
    assert fitted("o" + "\u0301" * 50, 20, 300) == "o\u0301\u0301"
    assert fitted("", 20, 300) == ""


def test_thresholds_have_their_names_apart_from_each_other() -> None:
    figure = draw(pending("en"))
    labels = [note for note in figure["layout"]["annotations"] if note.get("yref") == "y"]
    assert [label["text"] for label in labels] == ["Queue closes · 50", "Queue opens · 30"]
    close = replace(pending("en"), thresholds=(Threshold("One", 31, True), Threshold("Two", 30, False)))
    one, two = (note for note in draw(close)["layout"]["annotations"] if note.get("yref") == "y")
    assert (one["x"], one["yanchor"]) != (two["x"], two["yanchor"])


def test_a_threshold_far_above_everything_is_named_without_pressing_the_curve_flat() -> None:
    chart = replace(pending("en"), thresholds=(Threshold("Queue closes", 10_000, True),))
    layout = draw(chart)["layout"]
    assert layout["yaxis"]["range"][1] < 100
    assert layout["shapes"] == []
    assert "Queue closes · 10,000 ↑" in [note["text"] for note in layout["annotations"]]


@pytest.mark.parametrize("values", [(1, 1, 1), (2, 3, 3), (0, 0, 5), (1, 999, 0), (7, 7, 7, 7, 7, 7)])
def test_shares_add_up_to_a_hundred(values: tuple[int, ...]) -> None:
    assert sum(int(share.rstrip("%")) for share in shares(values, "en")) == 100


def test_a_donut_of_nothing_is_an_empty_ring() -> None:
    chart = Donut("A", "B", (Slice("yes", 0, "good"), Slice("no", 0, "bad")), "0")
    figure = draw(chart)
    assert figure["data"][0]["values"] == [1]
    assert figure["data"][0]["marker"]["colors"] != [TONES["good"]]
    assert [note["text"] for note in figure["layout"]["annotations"]].count("0%") == 2


def test_single_days_of_several_persons_stand_side_by_side() -> None:
    places = [trace["x"][0] for trace in draw(activity("en", 1))["data"]]
    assert places == sorted(set(places))
