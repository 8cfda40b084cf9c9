"""Draw bars for days, weeks or months."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.charts.axes import date_axis, date_range, moment, value_axis
from services.charts.chart import Bars
from services.charts.frame import Margins, card, figure, heading_height, legend_on_top
from services.charts.steps import DAY, HALF_A_DAY, Step, Timeline, narrowest, runs, widening
from services.charts.theme import MARKED, MARKED_BACKGROUND, VALUE, Figure, font
from services.charts.wording import escaped, fitted, number

# More bars than this are thinner than what a screen can show.
MOST_BARS = 400
_MOST_NUMBERED = 16
_MOST_WITH_GAPS = 150


def draw_bars(chart: Bars) -> Figure:
    """Return the figure of a bar chart."""
    margins = Margins(top=heading_height(chart.title, chart.subtitle, has_legend=True))
    timeline, values, name = _steps(chart)
    is_numbered = len(values) <= _MOST_NUMBERED
    layout = card(chart.title, chart.subtitle, margins)
    layout["xaxis"] = date_axis(timeline, chart.language)
    layout["yaxis"] = value_axis(max(values, default=0), chart.language, room=1.16 if is_numbered else 1.06)
    layout["legend"] = legend_on_top(margins)
    layout["showlegend"] = True
    layout["barmode"] = "overlay"
    layout["shapes"] = _backgrounds(chart, timeline)
    is_marked = [timeline.step is Step.DAY and start in chart.marked for start in timeline.starts]
    data = [_trace(chart, timeline, values, name, [not marked for marked in is_marked], VALUE, is_numbered=is_numbered)]
    if chart.marked & set(chart.starts):
        data.append(_trace(chart, timeline, values, chart.marked_name, is_marked, MARKED, is_numbered=is_numbered))
    return figure(data, layout)


def _steps(chart: Bars) -> tuple[Timeline, tuple[int, ...], str]:
    given = Step.WEEK if chart.is_weekly else Step.DAY
    step = narrowest(chart.starts, is_weekly=chart.is_weekly, most=MOST_BARS)
    if chart.wider is None or step is given:
        return Timeline(given, chart.starts), chart.values, chart.value_name
    wide = widening(chart.starts, step)
    return Timeline(step, wide.starts), wide.add_up(chart.values), chart.wider.week if step is Step.WEEK else chart.wider.month


def _trace(
    chart: Bars,
    timeline: Timeline,
    values: Sequence[int],
    name: str,
    wanted: Sequence[bool],
    colour: str,
    *,
    is_numbered: bool,
) -> dict[str, Any]:
    """Return the bars that are wanted; at least one empty one, so that the legend names the colour."""
    gap = 0.2 if len(values) <= _MOST_WITH_GAPS else 0.0
    places: list[datetime] = []
    widths: list[float] = []
    heights: list[int] = []
    days: list[str] = []
    for start, value, is_wanted in zip(timeline.starts, values, wanted, strict=True):
        if is_wanted or not any(wanted):
            begins, ends = timeline.span(start)
            places.append(begins + (ends - begins) * gap / 2)
            widths.append((ends - begins) / timedelta(milliseconds=1) * (1 - gap))
            heights.append(value if is_wanted else 0)
            days.append(start.isoformat())
    return {
        "type": "bar",
        "name": escaped(fitted(name, 19, 400)),
        "x": [moment(place) for place in places],
        "y": heights,
        "customdata": days,
        "width": widths,
        "offset": 0,
        "marker": {"color": colour, "line": {"width": 0}, "cornerradius": 3 if len(values) <= _MOST_WITH_GAPS else 0},
        "text": [number(height, chart.language) if height else "" for height in heights] if is_numbered else None,
        "textposition": "outside" if is_numbered else "none",
        "textangle": 0,
        "textfont": font(19),
        "cliponaxis": False,
    }


def _backgrounds(chart: Bars, timeline: Timeline) -> list[dict[str, Any]]:
    """Return the red ground of marked days: most of them have no requests, so no bar could show them."""
    begins, ends = date_range(timeline)
    found: list[dict[str, Any]] = []
    for first, last in runs(sorted(chart.marked & set(chart.starts))):
        left, right = max(begins, _midnight(first) - HALF_A_DAY), min(ends, _midnight(last + DAY) - HALF_A_DAY)
        area = {"type": "rect", "xref": "x", "yref": "paper", "x0": moment(left), "x1": moment(right), "line": {"width": 0}}
        found.append(area | {"y0": 0, "y1": 1, "fillcolor": MARKED_BACKGROUND, "layer": "below"})
        found.append(area | {"y0": 0, "y1": 0.018, "fillcolor": MARKED})
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001
