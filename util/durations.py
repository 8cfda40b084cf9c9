"""Durations as people type them: `1q2m4d`, `0`, `inf`, and `+1w` or `-3d` for changes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

_SECONDS: Final[dict[str, int]] = {
    "y": 365 * 86_400,
    "q": 90 * 86_400,
    "m": 30 * 86_400,
    "w": 7 * 86_400,
    "d": 86_400,
    "h": 3_600,
    "min": 60,
    "s": 1,
}
_ENDLESS = "inf"
# Phones and word processors turn a typed hyphen into one of these.
_SIGNS: Final[dict[str, int]] = {"+": 1, "-": -1, "\N{MINUS SIGN}": -1, "\N{EN DASH}": -1}
_TERM = re.compile(r"([0-9]+)\s*([^\W\d_]+)\s*")
_NUMBER = re.compile(r"[0-9]+")
# More digits than this are out of range in every unit, and int() refuses very long ones.
_MOST_DIGITS = 15

LONGEST: Final = datetime(9999, 12, 31, tzinfo=UTC) - datetime(2100, 1, 1, tzinfo=UTC)
"""The longest finite duration: counted from any moment of this century, its end is still a date Python can hold."""


class BadDurationReason(StrEnum):
    """Why a text is not a duration."""

    EMPTY = "empty"
    MALFORMED = "malformed"
    MISSING_UNIT = "missing_unit"
    UNKNOWN_UNIT = "unknown_unit"
    REPEATED_UNIT = "repeated_unit"
    TOO_LONG = "too_long"
    SIGN_NOT_ALLOWED = "sign_not_allowed"
    ENDLESS_CHANGE = "endless_change"


class BadDuration(ValueError):
    """A duration that cannot be taken; `reason` says why, the words for it live in the texts."""

    def __init__(self, reason: BadDurationReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of whole seconds from zero up to `LONGEST`, or an endless one (`span` is None).

    Raises `BadDuration` for a span beyond `LONGEST`, `ValueError` for a negative or fractional one.
    """

    span: timedelta | None

    def __post_init__(self) -> None:
        if self.span is None:
            return
        if self.span < timedelta() or self.span.microseconds:
            raise ValueError(f"a duration is made of whole seconds from zero up, not {self.span!r}")
        if self.span > LONGEST:
            raise BadDuration(BadDurationReason.TOO_LONG)

    @property
    def is_endless(self) -> bool:
        """Whether it never ends."""
        return self.span is None

    @property
    def is_zero(self) -> bool:
        """Whether it is over as soon as it starts."""
        return self.span == timedelta()

    def end_after(self, start: datetime) -> datetime | None:
        """Return the moment it ends when it begins at `start`, None for an endless one.

        Raises `BadDuration` when that moment is beyond what a date can hold.
        """
        return None if self.span is None else _shift(start, self.span)


ENDLESS: Final = Duration(None)
ZERO: Final = Duration(timedelta())


@dataclass(frozen=True, slots=True)
class RelativeDuration:
    """An extension (positive) or a contraction (negative) of something that ends already."""

    change: timedelta

    @property
    def is_extension(self) -> bool:
        """Whether the end moves later (or stays)."""
        return self.change >= timedelta()

    def applied_to(self, end: datetime) -> datetime:
        """Return the moved end. Raises `BadDuration` when it is beyond what a date can hold."""
        return _shift(end, self.change)


CooldownChange = Duration | RelativeDuration
"""What `/usercd update` and `/levelcd update` take: a new duration, or a change of the present one."""


def parse_duration(text: str) -> Duration:
    """Read an absolute duration: amounts with units in any order, `0`, or `inf`.

    Units are `s min h d w m(30 d) q(90 d) y(365 d)`, in either case, with or without spaces, each at most once.
    Raises `BadDuration`.
    """
    stripped = text.strip()
    if stripped[:1] in _SIGNS:
        raise BadDuration(BadDurationReason.SIGN_NOT_ALLOWED)
    if stripped.lower() == _ENDLESS:
        return ENDLESS
    return Duration(timedelta(seconds=_parse_seconds(stripped)))


def parse_cooldown_change(text: str) -> CooldownChange:
    """Read a duration that may carry a sign in front, which makes it relative.

    Raises `BadDuration`, also for `+inf` and `-inf`: there is no changing by an endless amount.
    """
    stripped = text.strip()
    sign = _SIGNS.get(stripped[:1])
    if sign is None:
        return parse_duration(stripped)
    amount = stripped[1:].strip()
    if amount.lower() == _ENDLESS:
        raise BadDuration(BadDurationReason.ENDLESS_CHANGE)
    return RelativeDuration(timedelta(seconds=sign * _parse_seconds(amount)))


def encode_duration(duration: Duration) -> str:
    """Write a duration with the largest units first (`1q2m4d`); `parse_duration` reads the same one back."""
    if duration.span is None:
        return _ENDLESS
    return _encode_seconds(duration.span // timedelta(seconds=1))


def encode_cooldown_change(change: CooldownChange) -> str:
    """Write a change with its sign (`+1w`), or a duration; `parse_cooldown_change` reads the same one back."""
    if isinstance(change, Duration):
        return encode_duration(change)
    seconds = change.change // timedelta(seconds=1)
    return f"{'-' if seconds < 0 else '+'}{_encode_seconds(abs(seconds))}"


def _parse_seconds(text: str) -> int:
    if not text:
        raise BadDuration(BadDurationReason.EMPTY)
    if _NUMBER.fullmatch(text):
        if text.strip("0"):
            raise BadDuration(BadDurationReason.MISSING_UNIT)
        return 0
    total, position = 0, 0
    seen: set[str] = set()
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None:
            raise BadDuration(_why_no_term(text[position:]))
        unit = term[2].lower()
        if unit not in _SECONDS:
            raise BadDuration(BadDurationReason.UNKNOWN_UNIT)
        if unit in seen:
            raise BadDuration(BadDurationReason.REPEATED_UNIT)
        seen.add(unit)
        digits = term[1].lstrip("0")
        if len(digits) > _MOST_DIGITS:
            raise BadDuration(BadDurationReason.TOO_LONG)
        total += int(digits or "0") * _SECONDS[unit]
        position = term.end()
    if total > LONGEST.total_seconds():
        raise BadDuration(BadDurationReason.TOO_LONG)
    return total


def _why_no_term(rest: str) -> BadDurationReason:
    return BadDurationReason.MISSING_UNIT if _NUMBER.fullmatch(rest) else BadDurationReason.MALFORMED


def _encode_seconds(seconds: int) -> str:
    terms: list[str] = []
    for unit, length in _SECONDS.items():
        amount, seconds = divmod(seconds, length)
        if amount:
            terms.append(f"{amount}{unit}")
    return "".join(terms) or "0"


def _shift(moment: datetime, change: timedelta) -> datetime:
    try:
        return moment + change
    except OverflowError:
        raise BadDuration(BadDurationReason.TOO_LONG) from None
