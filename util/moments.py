"""Moments as people type them: dates and times in several forms, Unix seconds, Discord's timestamps, and words.

A grammar of our own and not the library dateparser, which takes nearly anything for a date (its issues 330, 582, 655) and needs
up to seconds for what is none (426, 564): here a text is understood as a whole or refused.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from util.durations import BadDuration, BadDurationReason, RelativeDuration, parse_cooldown_change, parse_duration
from util.moment_words import DAYS, MONTHS, NEXT, NOW, PAST, UNITS, WEEKDAYS, Unit

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TEXT = 100
# Fewer digits look like a year or a date written without separators, more lie beyond the year 9999.
_UNIX = re.compile(r"[0-9]{9,12}")
_NUMBER = re.compile(r"[0-9]+")
_DISCORD = re.compile(r"<t:(-?[0-9]{1,20})(?::[a-z])?>")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_AMBIGUOUS = re.compile(r"[0-9]{1,2}([-/])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}")
_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? ([^\W\d_]+)\.?,? ([0-9]{4})(?: года| г\.?)?")
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,6}))?)?"
    r"(?: ?(?P<half>am|pm))?| ?(?P<hour_half>am|pm))"
    r"(?: ?(?P<offset>z|(?:utc|gmt)(?![+-])"
    r"|(?:utc|gmt)?(?P<sign>[+-])(?P<offset_hours>[0-9]{1,2})(?::?(?P<offset_minutes>[0-9]{2}))?))?"
)
_DAY_AND_TIME = re.compile(rf"(?P<day>.+?)(?:(?<=[0-9])t(?=[0-9])|,? (?:at|в) |, ?| ){_TIME}")
_TIME_ONLY = re.compile(rf"(?:(?:at|в) )?{_TIME}")
_AGO = re.compile(r"(?P<amount>.+?) (?:ago|назад)")
_AHEAD = re.compile(r"(?:in|через) (?P<amount>.+)")
_TERM = re.compile(r"(?:([0-9]+|an?|one|один|одну) ?)?([^\W\d_]+)(?: (?:and|и))?(?: |$)")


class BadMomentReason(StrEnum):
    """Why a text is not a moment."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    AMBIGUOUS_DATE = "ambiguous_date"
    NO_DIRECTION = "no_direction"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_TIME = "no_such_time"
    OUT_OF_RANGE = "out_of_range"


class BadMoment(ValueError):
    """A moment that cannot be taken; `reason` says why, the words for it live in the texts."""

    def __init__(self, reason: BadMomentReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment that a text means, in UTC. Raises `BadMoment`.

    Taken are dates `2024-06-13`, `13.06.2024`, `13 June 2024` and words for days (their first moment, unless a time follows,
    with or without an offset), a time alone (today), Unix seconds, `<t:…>`, `-3d` and `+2h` of the durations' syntax, and
    `3 days ago`, in English and Russian. What names no offset is of `zone`; a time that the clocks skip is moved on by what they
    skip, one that they show twice is the first. Years are 1970 to 9999.
    """
    if len(text) > _LONGEST_TEXT:
        raise BadMoment(BadMomentReason.UNKNOWN)
    typed = " ".join(text.split()).casefold().replace("ё", "е")
    if not typed:
        raise BadMoment(BadMomentReason.EMPTY)
    try:
        moment = _read(typed, zone, now).astimezone(UTC)
    except OverflowError as error:
        raise BadMoment(BadMomentReason.OUT_OF_RANGE) from error
    if moment < EARLIEST:
        raise BadMoment(BadMomentReason.OUT_OF_RANGE)
    return moment


def _read(typed: str, zone: ZoneInfo, now: datetime) -> datetime:
    local = now.astimezone(zone)
    found = _absolute(typed) or _relative(typed, zone, now)
    if found is not None:
        return found
    match = _TIME_ONLY.fullmatch(typed)
    if match is not None:
        return _at(local.date(), match, zone)
    day = _day(typed, local.date())
    if day is not None:
        return datetime.combine(day, time(), zone)
    match = _DAY_AND_TIME.fullmatch(typed)
    day = _day(match["day"], local.date()) if match is not None else None
    if match is not None and day is not None:
        return _at(day, match, zone)
    raise BadMoment(_why_unknown(typed if match is None else match["day"]))


def _absolute(typed: str) -> datetime | None:
    """Read what names a moment without a zone: Unix seconds and Discord's form."""
    discord = _DISCORD.fullmatch(typed)
    if discord is None and _NUMBER.fullmatch(typed) is None:
        return None
    digits = discord[1] if discord is not None else typed
    if discord is None and not _UNIX.fullmatch(typed):
        raise BadMoment(BadMomentReason.OUT_OF_RANGE if len(typed) > 12 else BadMomentReason.UNKNOWN)
    return EARLIEST + timedelta(seconds=int(digits))


def _relative(typed: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Read what counts from now: the word for it, a signed duration, `… ago`, `in …`."""
    if typed in NOW:
        return now
    if typed[0] in "+-\N{MINUS SIGN}\N{EN DASH}":
        try:
            change = parse_cooldown_change(typed)
        except BadDuration as error:
            raise BadMoment(_why_no_change(error)) from error
        return now + change.change if isinstance(change, RelativeDuration) else None
    for pattern, sign in ((_AGO, -1), (_AHEAD, 1)):
        match = pattern.fullmatch(typed)
        if match is not None:
            return _counted(match["amount"], sign, zone, now)
    return None


def _why_no_change(error: BadDuration) -> BadMomentReason:
    return BadMomentReason.OUT_OF_RANGE if error.reason is BadDurationReason.TOO_LONG else BadMomentReason.UNKNOWN


def _counted(amount: str, sign: int, zone: ZoneInfo, now: datetime) -> datetime:
    try:
        span = parse_duration(amount).span
    except BadDuration as error:
        if error.reason is BadDurationReason.TOO_LONG:
            raise BadMoment(BadMomentReason.OUT_OF_RANGE) from error
        return _counted_in_words(amount, sign, zone, now)
    if span is None:
        raise BadMoment(BadMomentReason.OUT_OF_RANGE)
    return now + sign * span


def _counted_in_words(amount: str, sign: int, zone: ZoneInfo, now: datetime) -> datetime:
    """Move by words: months and years by the calendar, days and weeks by the clock on the wall, the rest exactly."""
    months, days, rest = 0, 0, timedelta()
    seen: set[Unit] = set()
    position = 0
    while position < len(amount):
        term = _TERM.match(amount, position)
        unit = UNITS.get(term[2]) if term is not None else None
        if term is None or unit is None or unit in seen:
            raise BadMoment(BadMomentReason.UNKNOWN)
        seen.add(unit)
        digits = term[1] or "1"
        if len(digits.lstrip("0")) > 12 and digits.isdigit():
            raise BadMoment(BadMomentReason.OUT_OF_RANGE)
        count = int(digits) if digits.isdigit() else 1
        months += count * unit.months
        days += count * unit.days
        rest += count * timedelta(seconds=unit.seconds)
        position = term.end()
    local = now.astimezone(zone)
    day = _months_later(local.date(), sign * months) + timedelta(days=sign * days)
    moved = datetime.combine(day, local.time(), zone).astimezone(UTC) if months or days else now
    return moved + sign * rest


def _months_later(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not EARLIEST.year <= year <= 9999:
        raise BadMoment(BadMomentReason.OUT_OF_RANGE)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(typed: str, today: date) -> date | None:
    """Read a date, or a word that names a day as seen from today."""
    if typed in DAYS:
        return today + timedelta(days=DAYS[typed])
    if match := _YEAR_FIRST.fullmatch(typed):
        return _date(int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.fullmatch(typed):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if (match := _DAY_MONTH.fullmatch(typed)) and match[2] in MONTHS:
        return _date(int(match[3]), MONTHS[match[2]], int(match[1]))
    if (match := _MONTH_DAY.fullmatch(typed)) and match[1] in MONTHS:
        return _date(int(match[3]), MONTHS[match[1]], int(match[2]))
    return _weekday(typed, today)


def _weekday(typed: str, today: date) -> date | None:
    """Read `last Monday` and `next Monday`: the nearest one before or after today, never today."""
    which, _, name = typed.removeprefix("в ").removeprefix("во ").removeprefix("on ").partition(" ")
    weekday = WEEKDAYS.get(name)
    if weekday is None:
        return None
    if which in PAST:
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1) if which in NEXT else None


def _date(year: int, month: int, day: int) -> date:
    if not EARLIEST.year <= year <= 9999:
        raise BadMoment(BadMomentReason.OUT_OF_RANGE)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadMoment(BadMomentReason.NO_SUCH_DATE) from error


def _at(day: date, match: re.Match[str], zone: ZoneInfo) -> datetime:
    """Put the time of a match of `_TIME` on a day, in its own offset or the zone."""
    hour, half = int(match["hour"]), match["half"] or match["hour_half"]
    if half is not None:
        if not 1 <= hour <= 12:
            raise BadMoment(BadMomentReason.NO_SUCH_TIME)
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = int((match["fraction"] or "0").ljust(6, "0"))
    try:
        clock = time(hour, int(match["minute"] or 0), int(match["second"] or 0), fraction)
    except ValueError as error:
        raise BadMoment(BadMomentReason.NO_SUCH_TIME) from error
    return datetime.combine(day, clock, _offset(match) or zone)


def _offset(match: re.Match[str]) -> tzinfo | None:
    if match["offset"] is None:
        return None
    if match["sign"] is None:
        return UTC
    hours, minutes = int(match["offset_hours"]), int(match["offset_minutes"] or 0)
    if hours > 14 or minutes > 59:
        raise BadMoment(BadMomentReason.NO_SUCH_TIME)
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if match["sign"] == "-" else span)


def _why_unknown(typed: str) -> BadMomentReason:
    """Say what is wrong with a text that no form fits: near misses get their own reason."""
    if _AMBIGUOUS.fullmatch(typed):
        return BadMomentReason.AMBIGUOUS_DATE
    try:
        duration = parse_duration(typed)
    except BadDuration:
        return BadMomentReason.UNKNOWN
    return BadMomentReason.UNKNOWN if duration.is_endless else BadMomentReason.NO_DIRECTION
