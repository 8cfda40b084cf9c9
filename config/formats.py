"""Days and numbers as a language writes them, where Discord does not do it: in reports, whose days are those of the server."""

from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent


def say_day(day: date, language: str) -> str:
    """Return a day in words, such as "Nov 21, 2026"."""
    return format_date(day, "medium", locale=_locale(language))


def say_average(total: int, count: int, language: str) -> str:
    """Return an average with one digit behind the point; of nothing it is zero."""
    return format_decimal(total / count if count else 0, "#,##0.0", locale=_locale(language))


def say_share(part: int, whole: int, language: str) -> str:
    """Return a share in per cent; of nothing it is zero."""
    return format_percent(part / whole if whole else 0, locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
