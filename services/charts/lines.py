"""Draw one line for each person, with their names and totals in a table below."""

from datetime import timedelta
from typing import Any

from services.charts.axes import date_axis, date_range, moment, value_axis
from services.charts.chart import Lines, Series
from services.charts.curves import line
from services.charts.frame import Margins, card, figure, heading_height
from services.charts.steps import Step, Timeline, narrowest, widening
from services.charts.theme import EDGE, HEIGHT, LEGEND_SIZE, QUIET, REST, WIDTH, Figure, font, line_style
from services.charts.wording import clean, escaped, fitted, number, width_of

# With more points several lines become one tangle.
MOST_POINTS = 130
# The first ones stand out where there are many.
_MOST_BOLD = 4
_ROW = 32
_AXIS = 62
_KEY = 44
_COLUMN = (WIDTH - 2 * EDGE) / 2
_GAP = 26
# Bold figures are wider by about so much.
_BOLD = 1.2


def draw_lines(chart: Lines) -> Figure:
    """Return the figure of several lines."""
    is_crowded = len(chart.series) > _MOST_BOLD
    rows = (len(chart.series) + 1) // 2
    below = _AXIS + rows * _ROW + EDGE
    margins = Margins(top=heading_height(chart.title, chart.subtitle, has_legend=True), bottom=below)
    timeline, values, name = _steps(chart)
    layout = card(chart.title, chart.subtitle, margins, HEIGHT + below - _AXIS + (60 if is_crowded else 0))
    layout["xaxis"] = date_axis(timeline, chart.language)
    layout["yaxis"] = value_axis(max((max(own, default=0) for own in values), default=0), chart.language, room=1.08)
    layout["annotations"].append(_axis_name(name, margins))
    layout["shapes"] = []
    data: list[dict[str, Any]] = []
    for at, (series, own) in enumerate(zip(chart.series, values, strict=True)):
        style = {"color": REST, "dash": "2px,4px"} if series.is_rest else line_style(at)
        style |= {"width": 3.2 if at < _MOST_BOLD else 2.4}
        if len(own) == 1:
            data.append(_single((at, len(chart.series)), series.name, timeline, own[0], style, chart.language))
        else:
            # The busiest lie on top of the others; dots of many lines would be confetti.
            no_dots = {"mode": "lines"} if is_crowded else {}
            data.append(line(series.name, timeline, own, style) | {"zorder": len(chart.series) - at} | no_dots)
        shapes, annotations = _table_cell(at, series, style, margins, chart.language)
        layout["shapes"] += shapes
        layout["annotations"] += annotations
    return figure(data, layout)


def _single(
    place: tuple[int, int], name: str, timeline: Timeline, value: int, style: dict[str, Any], language: str
) -> dict[str, Any]:
    """Return a bar instead of a line that would be a dot: side by side they do not hide each other."""
    begins, ends = date_range(timeline)
    width = (ends - begins) * 0.94 / place[1]
    left = begins + (ends - begins) * 0.03 + width * place[0]
    return {
        "type": "bar",
        "name": escaped(clean(name)),
        "x": [moment(left + width * 0.1)],
        "y": [value],
        "customdata": [timeline.starts[0].isoformat()],
        "width": width * 0.8 / timedelta(milliseconds=1),
        "offset": 0,
        "marker": {"color": style["color"], "pattern": {"shape": "" if style["dash"] == "solid" else "/", "solidity": 0.3}},
        "text": [number(value, language)],
        "textposition": "outside",
        "textangle": 0,
        "textfont": font(LEGEND_SIZE),
        "cliponaxis": False,
    }


def _steps(chart: Lines) -> tuple[Timeline, list[tuple[int, ...]], str]:
    given = Step.WEEK if chart.is_weekly else Step.DAY
    step = narrowest(chart.starts, is_weekly=chart.is_weekly, most=MOST_POINTS)
    if chart.wider is None or step is given:
        return Timeline(given, chart.starts), [series.values for series in chart.series], chart.value_name
    wide = widening(chart.starts, step)
    values = [wide.add_up(series.values) for series in chart.series]
    return Timeline(step, wide.starts), values, chart.wider.week if step is Step.WEEK else chart.wider.month


def _axis_name(name: str, margins: Margins) -> dict[str, Any]:
    look = {"text": escaped(fitted(name, LEGEND_SIZE, WIDTH - 2 * EDGE)), "font": font(LEGEND_SIZE, QUIET)}
    return _text(EDGE - margins.left, 8, "left") | look | {"y": 1, "yanchor": "bottom"}


def _table_cell(
    at: int, series: Series, style: dict[str, Any], margins: Margins, language: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a piece of the line, the name and the total."""
    left = EDGE - margins.left + (at % 2) * (_COLUMN + _GAP / 2)
    right = left + _COLUMN - _GAP / 2
    middle = -_AXIS - (at // 2 + 0.5) * _ROW
    total = number(sum(series.values), language)
    name = fitted(series.name, LEGEND_SIZE, right - left - _KEY - 12 - width_of(total, LEGEND_SIZE) * _BOLD)
    key: dict[str, Any] = {
        "type": "line",
        "xref": "paper",
        "yref": "paper",
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xanchor": 0,
        "yanchor": 0,
        "x0": left,
        "x1": left + _KEY - 12,
        "y0": middle,
        "y1": middle,
        "line": style | {"width": 4},
    }
    texts = [
        _text(left + _KEY, middle, "left") | {"text": escaped(name), "font": font(LEGEND_SIZE)},
        _text(right, middle, "right") | {"text": escaped(total), "font": font(LEGEND_SIZE, is_bold=True)},
    ]
    return [key], texts


def _text(x: float, y: float, anchor: str) -> dict[str, Any]:
    return {
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        # The anchor of a text is where its own edge is: left and right count from the left side of the area both.
        "x": 0,
        "y": 0,
        "xanchor": anchor,
        "yanchor": "middle",
        "xshift": x,
        "yshift": y,
        "borderpad": 0,
    }
