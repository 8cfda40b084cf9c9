"""Charts as pictures and as interactive files."""

from services.charts.chart import Bars, Chart, Curve, Donut, Lines, Series, Slice, Threshold
from services.charts.service import ChartService, ChartUnavailable

__all__ = [
    "Bars",
    "Chart",
    "ChartService",
    "ChartUnavailable",
    "Curve",
    "Donut",
    "Lines",
    "Series",
    "Slice",
    "Threshold",
]
