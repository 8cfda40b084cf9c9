"""What all charts share: the card, the heading and the legend."""

from dataclasses import dataclass
from typing import Any

from services.charts.theme import (
    CARD,
    EDGE,
    HEIGHT,
    LEGEND_SIZE,
    QUIET,
    SUBTITLE_SIZE,
    TEXT,
    TITLE_SIZE,
    WIDTH,
    Figure,
    font,
)
from services.charts.wording import escaped, fitted, wrapped

_TITLE_LINE = 38
_SUBTITLE_LINE = 28
_LEGEND_LINE = 34
_ROOM = WIDTH - 2 * EDGE


@dataclass(frozen=True)
class Margins:
    """Pixels between the card's edges and the area of the values."""

    left: int = 76
    right: int = EDGE
    top: int = 0
    bottom: int = 64


def heading_height(title: str, subtitle: str, *, has_legend: bool) -> int:
    """Return the pixels that heading and legend take at the top."""
    lines = len(wrapped(title, TITLE_SIZE, _ROOM, 2)) if title else 0
    return 16 + lines * _TITLE_LINE + (_SUBTITLE_LINE if subtitle else 0) + (_LEGEND_LINE if has_legend else 0) + 16


def card(title: str, subtitle: str, margins: Margins, height: int = HEIGHT) -> dict[str, Any]:
    """Return the layout of an empty card with its heading; its size is the picture's."""
    return {
        "width": WIDTH,
        "height": height,
        "paper_bgcolor": CARD,
        "plot_bgcolor": CARD,
        "font": font(LEGEND_SIZE),
        "margin": {"l": margins.left, "r": margins.right, "t": margins.top, "b": margins.bottom, "pad": 0},
        "annotations": _heading(title, subtitle, margins),
        "showlegend": False,
        "hoverlabel": {"bgcolor": "#2b3140", "bordercolor": QUIET, "font": font(16), "namelength": -1},
        "dragmode": "zoom",
        "separators": ".,",
    }


def _heading(title: str, subtitle: str, margins: Margins) -> list[dict[str, Any]]:
    lines = wrapped(title, TITLE_SIZE, _ROOM, 2) if title else []
    found = [_line(line, margins, 12 + at * _TITLE_LINE, font(TITLE_SIZE, is_bold=True)) for at, line in enumerate(lines)]
    if subtitle:
        text = fitted(subtitle, SUBTITLE_SIZE, _ROOM)
        found.append(_line(text, margins, 16 + len(lines) * _TITLE_LINE, font(SUBTITLE_SIZE, QUIET)))
    return found


def _line(text: str, margins: Margins, top: int, look: dict[str, Any]) -> dict[str, Any]:
    """Put a line of text at so many pixels from the card's top, flush with its left edge."""
    return {
        "text": escaped(text),
        "font": look,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "xshift": EDGE - margins.left,
        "yshift": margins.top - top,
        "borderpad": 0,
    }


def legend_on_top(margins: Margins, height: int = HEIGHT) -> dict[str, Any]:
    """Return a legend in one row between heading and values."""
    return {
        "orientation": "h",
        "font": font(LEGEND_SIZE, TEXT),
        "xref": "container",
        "yref": "container",
        "x": (EDGE - 6) / WIDTH,
        "y": 1 - (margins.top - 10) / height,
        "xanchor": "left",
        "yanchor": "bottom",
        "bgcolor": "rgba(0,0,0,0)",
        "itemclick": False,
        "itemdoubleclick": False,
    }


def figure(data: list[dict[str, Any]], layout: dict[str, Any]) -> Figure:
    """Put traces and layout together. No template: plotly.js would bring its own look otherwise."""
    return {"data": data, "layout": layout}
