"""The figures of a report as a table of text, for when no picture can be drawn: long ranges are put together in longer steps."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from config.formats import say_share
from config.guild_settings import GuildSettings
from facades.requests.reports.figures import Figures, NewRequests, PendingRequests, ReviewActivity, ReviewerOpinions
from util.local_days import Bucket
from util.markdown import code_block, shorten
from util.texts import Text

MOST_ROWS: Final = 24
MOST_COLUMNS: Final = 4
NAME_WIDTH: Final = 10
Row = Sequence[str]


def report_table(figures: Figures, settings: GuildSettings, language: str, room: int) -> str:
    """Return a block of code of at most `room` characters; with hardly any room, an empty text."""
    rows = MOST_ROWS
    while rows:
        made = code_block(_aligned(_table(figures, settings, language, rows)))
        if len(made) <= room:
            return made
        rows //= 2
    return ""


def _table(figures: Figures, settings: GuildSettings, language: str, most_rows: int) -> list[Row]:
    def words(key: Text) -> str:
        return settings.label(key, language)

    date_column = words(Text.REPORT_CHART_COLUMN_DATE)
    match figures:
        case NewRequests():
            head = [date_column, words(Text.REPORT_CHART_COLUMN_REQUESTS)]
            return [head, *_steps(figures.buckets, [figures.values], sum, most_rows)]
        case PendingRequests():
            head = [date_column, words(Text.REPORT_CHART_COLUMN_PENDING)]
            return [head, *_steps(figures.buckets, [figures.values], lambda values: values[-1], most_rows)]
        case ReviewActivity():
            shown = figures.reviewers[:MOST_COLUMNS]
            head = [date_column, words(Text.REPORT_CHART_COLUMN_ALL), *(shorten(one.name, NAME_WIDTH) for one in shown)]
            columns = [figures.values, *(one.values for one in shown)]
            return [head, *_steps(figures.buckets, columns, sum, most_rows)]
        case ReviewerOpinions():
            return [
                [words(name), str(count), say_share(count, figures.total, language)]
                for name, count in (
                    (Text.REPORT_CHART_APPROVALS, figures.approvals),
                    (Text.REPORT_CHART_REJECTIONS, figures.rejections),
                )
            ]


def _steps(
    buckets: Sequence[Bucket], columns: Sequence[Sequence[int]], put_together: Callable[[Sequence[int]], int], most_rows: int
) -> list[Row]:
    """Return a row for each step, in the shortest steps that give few enough rows; of the longest ones the newest are left."""
    steps: list[list[int]] = []
    for step in _STEPS:
        steps = [list(numbers) for _, numbers in groupby(range(len(buckets)), key=lambda number: step(buckets[number].first))]
        if len(steps) <= most_rows:
            break
    return [
        [
            _span(buckets[numbers[0]].first, buckets[numbers[-1]].last),
            *(str(put_together(column[numbers[0] : numbers[-1] + 1])) for column in columns),
        ]
        for numbers in steps[-most_rows:]
    ]


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


_STEPS: Final[tuple[Callable[[date], object], ...]] = (
    lambda day: day,
    _week,
    lambda day: (day.year, day.month),
    lambda day: (day.year, (day.month - 1) // 3),
    lambda day: day.year,
)
"""Days (or weeks, where the report has weeks), weeks, months, quarters, years."""


def _span(first: date, last: date) -> str:
    if first == last:
        return first.isoformat()
    return f"{first.isoformat()} … {last.isoformat() if first.year != last.year else f'{last:%m-%d}'}"


def _aligned(rows: Sequence[Row]) -> str:
    """Put rows into columns: the first to the left, numbers to the right."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines: list[str] = []
    for first, *rest in rows:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join(cells))
    return "\n".join(lines)


def _width(text: str) -> int:
    """Return how many places a text takes where all letters are equally wide."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(bool(unicodedata.combining(char)) for char in text)
