"""A chart as one HTML file: all values, to point at and to zoom into, without a network."""

import html
import json
import secrets
from dataclasses import replace
from datetime import date
from typing import Any, Final

from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from services.charts.browser import plotly_js
from services.charts.chart import Chart, Donut, Lines
from services.charts.figures import draw
from services.charts.theme import CARD, FONTS, QUIET, TEXT, Figure, font
from services.charts.wording import clean, escaped, locale_of

_HEIGHT: Final = 520
_FONT_SIZE: Final = 15
# Week days as JavaScript counts them, from Sunday.
_WEEK: Final = (6, 0, 1, 2, 3, 4, 5)
_LABELS_BY_ZOOM: Final = (
    {"dtickrange": [None, "M1"], "value": "%-d %b"},
    {"dtickrange": ["M1", "M12"], "value": "%b<br>%Y"},
    {"dtickrange": ["M12", None], "value": "%Y"},
)


def page(chart: Chart) -> bytes:
    """Return the file, in UTF-8. Nothing runs in it but plotly.js and the one call of it, whatever the names contain."""
    nonce = secrets.token_urlsafe(16)
    config = {"responsive": True, "displayModeBar": False, "showTips": False, "locale": chart.language}
    call = f"Plotly.register({_script(_locale(chart.language))});" + _call(_for_screens(chart), config)
    before = f'{_head(chart, nonce)}<script nonce="{nonce}">'
    after = f'</script>\n<script nonce="{nonce}">{call}</script>\n</body>\n</html>\n'
    return b"".join((before.encode(), plotly_js().read_bytes(), after.encode()))


def _head(chart: Chart, nonce: str) -> str:
    title, subtitle = html.escape(clean(chart.title)), html.escape(clean(chart.subtitle))
    policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data: blob:"
    return f"""<!DOCTYPE html>
<html lang="{html.escape(chart.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0 auto; padding: 24px 16px; max-width: 1400px; background: {CARD}; color: {TEXT}; font-family: {FONTS}; }}
h1 {{ margin: 0 12px; font-size: 26px; overflow-wrap: anywhere; }}
p {{ margin: 4px 12px 12px; font-size: 17px; color: {QUIET}; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{subtitle}</p>
<div id="chart"></div>
"""


def _call(figure: Figure, config: dict[str, Any]) -> str:
    return f'Plotly.newPlot("chart", {_script(figure["data"])}, {_script(figure["layout"])}, {_script(config)});'


def _script(value: object) -> str:
    """Write a value into a script. No text of it can end the script: it has no `<`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _locale(language: str) -> dict[str, Any]:
    """Return what plotly.js has to know of a language; the file it comes with knows English only."""
    locale = locale_of(language)
    days = {width: get_day_names(width, locale=locale) for width in ("wide", "abbreviated")}
    months = {width: get_month_names(width, locale=locale) for width in ("wide", "abbreviated")}
    return {
        "moduleType": "locale",
        "name": language,
        "dictionary": {},
        "format": {
            "days": [days["wide"][day] for day in _WEEK],
            "shortDays": [days["abbreviated"][day] for day in _WEEK],
            "months": [months["wide"][month] for month in range(1, 13)],
            "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
            # plotly.js asks for these too; nothing here shows them.
            "periods": ["AM", "PM"],
            "dateTime": "%x %X",
            "date": "%Y-%m-%d",
            "time": "%H:%M:%S",
            "year": "%Y",
            "month": "%b %Y",
            "dayMonth": "%-d %b",
            "dayMonthYear": "%-d %b %Y",
        },
    }


def _for_screens(chart: Chart) -> Figure:
    """Return the figure for a window of any size: the heading is outside of it, every value is there and can be pointed at."""
    bare: Chart = replace(chart, title="", subtitle="")
    if not isinstance(bare, Donut) and hasattr(bare, "wider"):
        bare = replace(bare, wider=None)  # pyright: ignore[reportCallIssue] - Bars and Lines have it
    figure = draw(bare)
    layout = figure["layout"]
    locale = locale_of(chart.language)
    del layout["width"]
    layout |= {"height": _HEIGHT, "autosize": True, "hovermode": "closest"}
    layout["separators"] = get_decimal_symbol(locale) + get_group_symbol(locale)
    layout["font"] = font(_FONT_SIZE)
    if isinstance(chart, Donut):
        _open_donut(figure)
    else:
        _open_axes(figure, chart.language)
    if isinstance(chart, Lines):
        layout |= {"showlegend": True, "shapes": [], "annotations": layout["annotations"][:1]}
        layout["height"] = _HEIGHT + 15 * len(chart.series)
    return figure


def _open_axes(figure: Figure, language: str) -> None:
    layout = figure["layout"]
    for key in ("tickmode", "tickvals", "ticktext"):
        del layout["xaxis"][key]
    layout["xaxis"] |= {
        "tickformatstops": list(_LABELS_BY_ZOOM),
        "tickfont": font(_FONT_SIZE, QUIET),
        "nticks": 6,
        "minallowed": layout["xaxis"]["range"][0],
        "maxallowed": layout["xaxis"]["range"][1],
    }
    layout["yaxis"]["tickfont"] = font(_FONT_SIZE, QUIET)
    layout["margin"] = {"l": 56, "r": 20, "t": 56, "b": 60}
    layout["legend"] = {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.14, "yanchor": "top", "font": font(_FONT_SIZE)}
    for trace in figure["data"]:
        trace["customdata"] = [_day(day, language) for day in trace["customdata"]]
        trace["hovertemplate"] = "%{customdata}<br>%{fullData.name}: <b>%{y:,d}</b><extra></extra>"


def _day(day: str, language: str) -> str:
    return escaped(format_date(date.fromisoformat(day), "long", locale=locale_of(language)))


def _open_donut(figure: Figure) -> None:
    layout = figure["layout"]
    layout["annotations"] = layout["annotations"][:1]
    layout["shapes"] = []
    layout["margin"] = {"l": 20, "r": 20, "t": 20, "b": 60}
    layout["showlegend"] = True
    layout["legend"] = {"orientation": "h", "x": 0.5, "xanchor": "center", "font": font(17)}
    trace = figure["data"][0]
    trace |= {"textinfo": "value+percent", "textposition": "inside", "insidetextorientation": "horizontal"}
    trace["textfont"] = {"size": 17, "color": CARD}
