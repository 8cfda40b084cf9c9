"""What a chart shows, in plain values: every word in it is already in the reader's language."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Bars:
    """One bar for each day or week. `marked`: bars drawn in red (days on which the queue was closed), named by `marked_name`."""

    title: str
    subtitle: str
    starts: tuple[date, ...]
    values: tuple[int, ...]
    value_name: str
    is_weekly: bool = False
    marked: frozenset[date] = frozenset()
    marked_name: str = ""


@dataclass(frozen=True)
class Threshold:
    """A horizontal line that values are held against."""

    name: str
    value: int
    is_upper: bool


@dataclass(frozen=True)
class Curve:
    """How a number changed, with thresholds."""

    title: str
    subtitle: str
    starts: tuple[date, ...]
    values: tuple[int, ...]
    value_name: str
    is_weekly: bool = False
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True)
class Series:
    """One of several lines."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Lines:
    """One line for each person, the busiest first. The renderer draws them in this order; grouping is the caller's."""

    title: str
    subtitle: str
    starts: tuple[date, ...]
    series: tuple[Series, ...]
    value_name: str
    is_weekly: bool = False


@dataclass(frozen=True)
class Slice:
    """A part of a donut; `tone` chooses its colour."""

    name: str
    value: int
    tone: str
    """One of `good`, `bad`, `later`, `idle`."""


@dataclass(frozen=True)
class Donut:
    """Parts of a whole. `centre`: what stands in the hole, the total for instance."""

    title: str
    subtitle: str
    slices: tuple[Slice, ...]
    centre: str


Chart = Bars | Curve | Lines | Donut
