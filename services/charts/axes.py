"""The axes: few, round, readable labels."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from babel.dates import format_date, format_skeleton

from services.charts.steps import Step, Timeline, labelled_days
from services.charts.theme import GRID, QUIET, TICK_SIZE, font
from services.charts.wording import locale_of, number

MOST_DATES: Final = 7
_INTERVALS: Final = 4
# Fewer bars than this do not fill the picture: a single day would be a wall.
_FEWEST_STEPS: Final = 7


def moment(value: datetime) -> str:
    """Write a moment for plotly.js."""
    return value.strftime("%Y-%m-%d %H:%M")


def round_step(highest: float) -> int:
    """Return the distance between marks on the axis of values: 1, 2 or 5 and zeros, never a fraction."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor * _INTERVALS >= highest:
                return size * factor
        size *= 10


def value_axis(highest: float, language: str, *, room: float = 1.06) -> dict[str, Any]:
    """Describe the axis of values from zero to at least `highest` with some room above it."""
    step = round_step(max(highest, 1))
    top = max(highest * room, step * _INTERVALS if highest <= 0 else step)
    marks = list(range(0, int(top) + 1, step))
    return {
        "range": [0, max(top, marks[-1] * 1.02)],
        "tickmode": "array",
        "tickvals": marks,
        "ticktext": [f"{number(mark, language)} " for mark in marks],
        "tickfont": font(TICK_SIZE, QUIET),
        "gridcolor": GRID,
        "zerolinecolor": QUIET,
        "zerolinewidth": 1.5,
        "fixedrange": True,
    }


def date_range(timeline: Timeline) -> tuple[datetime, datetime]:
    """Return where the axis of dates begins and ends: with room at both sides when there are only few steps."""
    begins, ends = timeline.span(timeline.starts[0])[0], timeline.span(timeline.starts[-1])[1]
    missing = _FEWEST_STEPS - len(timeline.starts)
    if missing > 0:
        length = timeline.span(timeline.starts[0])
        room = (length[1] - length[0]) * missing / 2
        begins, ends = begins - room, ends + room
    return begins, ends


def date_axis(timeline: Timeline, language: str) -> dict[str, Any]:
    """Describe the axis of dates with labels in the reader's language."""
    begins, ends = date_range(timeline)
    last = timeline.end(timeline.starts[-1]) - timedelta(days=1)
    step, days = labelled_days(timeline.starts[0], last, timeline.step, MOST_DATES)
    if len(timeline.starts) == 1:
        days = [timeline.starts[0]]
    places = [timeline.middle(day) if step is timeline.step else datetime(day.year, day.month, day.day) for day in days]  # noqa: DTZ001
    return {
        "type": "date",
        "range": [moment(begins), moment(ends)],
        "tickmode": "array",
        "tickvals": [moment(place) for place in places],
        "ticktext": date_labels(days, step, language),
        "tickfont": font(TICK_SIZE, QUIET),
        "tickangle": 0,
        "ticks": "outside",
        "ticklen": 7,
        "tickcolor": GRID,
        "showgrid": False,
    }


def date_labels(days: Sequence[date], step: Step, language: str) -> list[str]:
    """Write the labels of days. Of months, and where there are several years, a second line has the year when it changes."""
    locale = locale_of(language)
    if step is Step.MONTH and all(day.month == 1 for day in days):
        return [str(day.year) for day in days]
    pattern = "LLL" if step is Step.MONTH else "MMMd"
    names = [
        format_date(day, pattern, locale=locale) if step is Step.MONTH else format_skeleton(pattern, day, locale=locale)
        for day in days
    ]
    if len({day.year for day in days}) == 1 and step is not Step.MONTH:
        return names
    is_new_year = [True, *(day.year != before.year for before, day in pairwise(days))]
    return [f"{name}<br>{day.year}" if shown else name for name, day, shown in zip(names, days, is_new_year, strict=True)]
