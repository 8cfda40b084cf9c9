"""Draw parts of a whole."""

from typing import Any

from services.charts.chart import Donut
from services.charts.frame import Margins, card, figure, heading_height
from services.charts.theme import CARD, EDGE, GRID, HEIGHT, QUIET, REST, TONES, WIDTH, Figure, font
from services.charts.wording import clean, escaped, fitted, number, shares, width_of

_RING = 0.66
# The names beside it need the rest.
_WIDEST = 340
_NAME_SIZE = 24
_SHARE_SIZE = 40
_MOST_PARTS_WITH_BIG_SHARES = 3


def draw_donut(chart: Donut) -> Figure:
    """Return the figure of a donut with its parts named beside it."""
    top = heading_height(chart.title, chart.subtitle, has_legend=False)
    diameter = min(_WIDEST, HEIGHT - top - EDGE)
    margins = Margins(left=EDGE, right=WIDTH - EDGE - diameter, top=top, bottom=HEIGHT - top - diameter)
    layout = card(chart.title, chart.subtitle, margins)
    layout["annotations"] += _centre(chart, diameter) + _names(chart, diameter)
    layout["shapes"] = _keys(chart, diameter)
    is_empty = not any(part.value for part in chart.slices)
    trace: dict[str, Any] = {
        "type": "pie",
        "hole": _RING,
        "labels": [escaped(clean(part.name)) for part in chart.slices] or [""],
        "values": [1] if is_empty else [part.value for part in chart.slices],
        "marker": {
            "colors": [GRID] if is_empty else [TONES.get(part.tone, REST) for part in chart.slices],
            "line": {"color": CARD, "width": 0 if sum(part.value > 0 for part in chart.slices) < 2 else 4},
        },
        "sort": False,
        "direction": "clockwise",
        "textinfo": "none",
        "hoverinfo": "skip" if is_empty else "label+value+percent",
    }
    if is_empty:
        trace["labels"] = [""]
    return figure([trace], layout)


def _centre(chart: Donut, diameter: int) -> list[dict[str, Any]]:
    room = diameter * _RING * 0.8
    size = 64
    while size > 24 and width_of(chart.centre, size) > room:
        size -= 4
    found = [_text(fitted(chart.centre, size, room), font(size, is_bold=True), 0.5, "center", 14 if chart.centre_name else 0)]
    if chart.centre_name:
        found.append(_text(fitted(chart.centre_name, 20, room), font(20, QUIET), 0.5, "center", -28))
    return found


def _rows(chart: Donut) -> tuple[float, bool]:
    """Return the height of a row beside the ring, and whether the shares are big there."""
    is_big = len(chart.slices) <= _MOST_PARTS_WITH_BIG_SHARES
    return (94.0 if is_big else 70.0), is_big


def _names(chart: Donut, diameter: int) -> list[dict[str, Any]]:
    height, is_big = _rows(chart)
    room = WIDTH - 2 * EDGE - diameter - 66
    found: list[dict[str, Any]] = []
    percentages = shares([part.value for part in chart.slices], chart.language)
    for at, (part, share) in enumerate(zip(chart.slices, percentages, strict=True)):
        middle = ((len(chart.slices) - 1) / 2 - at) * height
        size = _SHARE_SIZE if is_big else 30
        count = number(part.value, chart.language)
        upper = _text(escaped(share), font(size, is_bold=True), 1, "left", middle + height * 0.2)
        lower_text = f"{fitted(part.name, _NAME_SIZE, room - width_of(f' · {count}', _NAME_SIZE))} · {count}"
        lower = _text(lower_text, font(_NAME_SIZE, QUIET), 1, "left", middle - height * 0.22)
        found += [upper | {"xshift": 66}, lower | {"xshift": 66}]
    return found


def _keys(chart: Donut, diameter: int) -> list[dict[str, Any]]:
    """Return a coloured bar before each name."""
    height, _ = _rows(chart)
    found: list[dict[str, Any]] = []
    for at, part in enumerate(chart.slices):
        middle = ((len(chart.slices) - 1) / 2 - at) * height
        found.append(
            {
                "type": "rect",
                "xref": "paper",
                "yref": "paper",
                "xsizemode": "pixel",
                "ysizemode": "pixel",
                "xanchor": 1,
                "yanchor": 0.5,
                "x0": 42,
                "x1": 50,
                "y0": middle - height * 0.38,
                "y1": middle + height * 0.38,
                "fillcolor": TONES.get(part.tone, REST),
                "line": {"width": 0},
            }
        )
    return found


def _text(text: str, look: dict[str, Any], x: float, anchor: str, shift: float) -> dict[str, Any]:
    return {
        "text": escaped(text),
        "font": look,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": 0.5,
        "xanchor": anchor,
        "yanchor": "middle",
        "yshift": shift,
        "borderpad": 0,
    }
