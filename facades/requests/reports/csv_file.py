"""The figures of a report as CSV: RFC 4180, in UTF-8 with a byte order mark, without which Excel takes Cyrillic for Latin."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from config.guild_settings import GuildSettings
from facades.requests.reports.figures import Figures, NewRequests, PendingRequests, ReviewActivity, ReviewerOpinions
from util.local_days import Bucket, Granularity
from util.texts import Text

Cell = str | int
_FORMULA: Final = ("=", "+", "-", "@", "|", "%")
"""What a spreadsheet takes for the beginning of a formula or a command, also in its wide forms."""


def csv_of(figures: Figures, settings: GuildSettings, language: str) -> bytes:
    """Return the file: days as ISO dates, and every reviewer in a column of their own."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    for row in _rows(figures, settings, language):
        writer.writerow([cell if isinstance(cell, int) else safe_cell(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet calculates: a quote before what would be a formula (OWASP, CSV injection)."""
    beginning = unicodedata.normalize("NFKC", text).lstrip()
    is_formula = beginning.startswith(_FORMULA) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if is_formula else text


def _rows(figures: Figures, settings: GuildSettings, language: str) -> Iterator[Sequence[Cell]]:
    def words(key: Text) -> str:
        return settings.label(key, language)

    asked = figures.asked
    if isinstance(figures, ReviewerOpinions):
        yield [words(key) for key in (*_FROM_TO, Text.REPORT_CHART_COLUMN_REVIEWER, *_OPINIONS)]
        yield [asked.first.isoformat(), asked.last.isoformat(), figures.name, figures.approvals, figures.rejections]
        return
    is_daily = asked.granularity is Granularity.DAY
    days = [words(Text.REPORT_CHART_COLUMN_DATE)] if is_daily else [words(key) for key in _FROM_TO]
    match figures:
        case NewRequests():
            closed = [words(Text.REPORT_CHART_QUEUE_CLOSED)] if is_daily else []
            yield [*days, words(Text.REPORT_CHART_COLUMN_REQUESTS), *closed]
            columns: Sequence[Sequence[int]] = [figures.values]
            if is_daily:
                columns = [figures.values, [int(bucket.first in figures.closed) for bucket in figures.buckets]]
        case PendingRequests():
            yield [*days, words(Text.REPORT_CHART_COLUMN_PENDING)]
            columns = [figures.values]
        case ReviewActivity():
            yield [*days, *(one.name for one in figures.reviewers)]
            columns = [one.values for one in figures.reviewers]
    for bucket, values in zip(figures.buckets, zip(*columns, strict=True), strict=True):
        yield [*_days(bucket, is_daily=is_daily), *values]


_FROM_TO: Final = (Text.REPORT_CHART_COLUMN_FROM, Text.REPORT_CHART_COLUMN_TO)
_OPINIONS: Final = (Text.REPORT_CHART_APPROVALS, Text.REPORT_CHART_REJECTIONS)


def _days(bucket: Bucket, *, is_daily: bool) -> list[str]:
    return [bucket.first.isoformat()] if is_daily else [bucket.first.isoformat(), bucket.last.isoformat()]
