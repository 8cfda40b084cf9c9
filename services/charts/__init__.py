"""Charts as pictures and as interactive files."""

from services.charts.chart import Bars, Chart, Curve, Donut, Lines, Series, Slice, Threshold, Wider
from services.charts.service import ChartCounts, ChartService, ChartState, ChartUnavailable

__all__ = [
    "Bars",
    "Chart",
    "ChartCounts",
    "ChartService",
    "ChartState",
    "ChartUnavailable",
    "Curve",
    "Donut",
    "Lines",
    "Series",
    "Slice",
    "Threshold",
    "Wider",
]
