"""What a chart shows, in plain values: every word in it is already in the reader's language.

Values follow each other without gaps. Text is shown as it is written, whatever it contains. `language` (a code such as `ru`)
is for the names of months and for the form of numbers.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Wider:
    """What `value_name` becomes in a picture that cannot hold a bar for each day and therefore adds up weeks or months."""

    week: str
    month: str


@dataclass(frozen=True)
class Bars:
    """One bar for each day or week. `marked`: days drawn in red (the queue was closed), named by `marked_name`."""

    title: str
    subtitle: str
    starts: tuple[date, ...]
    values: tuple[int, ...]
    value_name: str
    is_weekly: bool = False
    marked: frozenset[date] = frozenset()
    marked_name: str = ""
    wider: Wider | None = None
    language: str = "en"


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
    language: str = "en"


@dataclass(frozen=True)
class Series:
    """One of several lines. `is_rest`: many persons together, drawn in grey."""

    name: str
    values: tuple[int, ...]
    is_rest: bool = False


@dataclass(frozen=True)
class Lines:
    """One line for each person, the busiest first. They are drawn in this order; the caller groups them (up to 12 read well)."""

    title: str
    subtitle: str
    starts: tuple[date, ...]
    series: tuple[Series, ...]
    value_name: str
    is_weekly: bool = False
    wider: Wider | None = None
    language: str = "en"


@dataclass(frozen=True)
class Slice:
    """A part of a donut; `tone` chooses its colour."""

    name: str
    value: int
    tone: str
    """One of `good`, `bad`, `later`, `idle`."""


@dataclass(frozen=True)
class Donut:
    """Parts of a whole. `centre`: what stands in the hole, the total for instance; `centre_name`: what that is."""

    title: str
    subtitle: str
    slices: tuple[Slice, ...]
    centre: str
    centre_name: str = ""
    language: str = "en"


Chart = Bars | Curve | Lines | Donut
