"""Draw how a number changed, held against thresholds."""

from typing import Any

from services.charts.axes import date_axis, moment, value_axis
from services.charts.chart import Curve, Threshold
from services.charts.frame import Margins, card, figure, heading_height, legend_on_top
from services.charts.steps import Step, Timeline
from services.charts.theme import CARD, HEIGHT, LEGEND_SIZE, LOWER, UPPER, VALUE, WIDTH, Figure, font
from services.charts.wording import escaped, fitted, number, width_of

# With more points the dots would touch.
MOST_WITH_DOTS = 31
# A threshold so many times higher than everything would press the curve flat; it is only named then.
_HIGHEST_THRESHOLD = 6
_LABEL_SIZE = 18
_LABEL_HEIGHT = 30


def draw_curve(chart: Curve) -> Figure:
    """Return the figure of one line with thresholds."""
    margins = Margins(top=heading_height(chart.title, chart.subtitle, has_legend=True))
    timeline = Timeline(Step.WEEK if chart.is_weekly else Step.DAY, chart.starts)
    peak = max(chart.values, default=0)
    shown = [threshold for threshold in chart.thresholds if threshold.value <= max(peak, 1) * _HIGHEST_THRESHOLD]
    hidden = [threshold for threshold in chart.thresholds if threshold not in shown]
    highest = max([peak * (1.2 if hidden else 1), *(threshold.value * 1.08 for threshold in shown)])
    layout = card(chart.title, chart.subtitle, margins)
    layout["xaxis"] = date_axis(timeline, chart.language)
    layout["yaxis"] = value_axis(highest, chart.language, room=1.1)
    layout["legend"] = legend_on_top(margins)
    layout["showlegend"] = True
    layout["shapes"] = [_threshold_line(threshold) for threshold in shown]
    labels = _Labels(
        chart, WIDTH - margins.left - margins.right, HEIGHT - margins.top - margins.bottom, layout["yaxis"]["range"][1]
    )
    layout["annotations"] += [labels.place(threshold) for threshold in shown]
    layout["annotations"] += [labels.out_of_sight(at, threshold) for at, threshold in enumerate(hidden)]
    trace = line(chart.value_name, timeline, chart.values, {"color": VALUE, "width": _width(len(chart.values))})
    trace |= {"fill": "tozeroy", "fillcolor": "rgba(95,176,255,0.20)"}
    return figure([trace], layout)


def line(name: str, timeline: Timeline, values: tuple[int, ...], style: dict[str, Any]) -> dict[str, Any]:
    """Return the trace of a line, with dots where they have room."""
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(values) <= MOST_WITH_DOTS else "lines",
        "name": escaped(fitted(name, LEGEND_SIZE, WIDTH - 120)),
        "x": [moment(timeline.middle(start)) for start in timeline.starts],
        "y": list(values),
        "customdata": [start.isoformat() for start in timeline.starts],
        "line": style,
        "marker": {"size": 14 if len(values) == 1 else 8, "color": style["color"]},
        "cliponaxis": False,
    }


def _width(points: int) -> float:
    """Return how thick a line may be that does not fill what is between its peaks."""
    return 3.2 if points <= 130 else 2.2 if points <= 400 else 1.4


def _colour(threshold: Threshold) -> str:
    return UPPER if threshold.is_upper else LOWER


def _threshold_line(threshold: Threshold) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": threshold.value,
        "y1": threshold.value,
        "line": {"color": _colour(threshold), "width": 2.6, "dash": "10px,6px"},
    }


class _Labels:
    """Puts the names of thresholds at their lines, where they cover the least of the curve and of each other."""

    def __init__(self, chart: Curve, width: float, height: float, top: float) -> None:
        self._language = chart.language
        self._width = width
        self._height = height
        self._pixels_of_one = height / top
        count = max(1, len(chart.values) - 1)
        self._points = [(at * width / count, value * self._pixels_of_one) for at, value in enumerate(chart.values)]
        self._lines = [threshold.value * self._pixels_of_one for threshold in chart.thresholds]
        self._taken: list[tuple[float, float, float, float]] = []

    def place(self, threshold: Threshold) -> dict[str, Any]:
        text = self._text(threshold)
        length = width_of(text, _LABEL_SIZE)
        level = threshold.value * self._pixels_of_one
        sides = [(is_above, is_right) for is_above in (threshold.is_upper, not threshold.is_upper) for is_right in (True, False)]
        boxes = [
            (self._width - length if is_right else 0, level if is_above else level - _LABEL_HEIGHT, length)
            for is_above, is_right in sides
        ]
        best = min(range(len(boxes)), key=lambda at: self._badness(*boxes[at]))
        left, bottom, _ = boxes[best]
        self._taken.append((left, bottom, left + length, bottom + _LABEL_HEIGHT))
        is_above, is_right = sides[best]
        return _label(text, threshold) | {
            "yref": "y",
            "x": 1 if is_right else 0,
            "y": threshold.value,
            "xanchor": "right" if is_right else "left",
            "yanchor": "bottom" if is_above else "top",
            "yshift": 2 if is_above else -2,
        }

    def out_of_sight(self, at: int, threshold: Threshold) -> dict[str, Any]:
        place = {"yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "top", "yshift": -at * _LABEL_HEIGHT}
        return _label(f"{self._text(threshold)} ↑", threshold) | place

    def _text(self, threshold: Threshold) -> str:
        return f"{fitted(threshold.name, _LABEL_SIZE, 330)} · {number(threshold.value, self._language)}"

    def _badness(self, left: float, bottom: float, length: float) -> float:
        right, top = left + length, bottom + _LABEL_HEIGHT
        outside = bottom < 0 or top > self._height
        others = sum(a < right and c > left and b < top and d > bottom for a, b, c, d in self._taken)
        lines = sum(bottom + 3 < level < top - 3 for level in self._lines)
        inside = sum(left - 8 <= x <= right + 8 and bottom - 4 <= y <= top + 4 for x, y in self._points)
        return outside * 1e6 + others * 1e5 + lines * 1e4 + inside


def _label(text: str, threshold: Threshold) -> dict[str, Any]:
    return {
        "text": escaped(text),
        "font": font(_LABEL_SIZE, _colour(threshold), is_bold=True),
        "showarrow": False,
        "xref": "paper",
        "bgcolor": CARD,
        "opacity": 0.9,
        "borderpad": 1,
    }
