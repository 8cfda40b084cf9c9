"""Turn a description into the figure of a picture."""

from services.charts.bars import draw_bars
from services.charts.chart import Bars, Chart, Curve, Donut, Lines
from services.charts.curves import draw_curve
from services.charts.donuts import draw_donut
from services.charts.lines import draw_lines
from services.charts.theme import Figure


def draw(chart: Chart) -> Figure:
    """Return the figure of any chart, sized for the picture."""
    match chart:
        case Bars():
            return draw_bars(chart)
        case Curve():
            return draw_curve(chart)
        case Lines():
            return draw_lines(chart)
        case Donut():
            return draw_donut(chart)
