"""Words and numbers on a chart: cleaned, escaped, cut to the room there is, in the reader's form."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, format_percent

_SPACES = re.compile(r"\s+")
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
_MOST_MARKS = 2
_NARROW = frozenset("iljtfrI.,:;'!|()[]-·іїј ")
_BROAD = frozenset("mwMWOQGDШЩЖМЮФДЫшщжмюфы@%—…")
_SIGNS = frozenset("<>=+~&#$")


@lru_cache
def locale_of(language: str) -> Locale:
    """Return Babel's data of a language, English where it knows none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def clean(text: str) -> str:
    """Return text in one line, without control characters, changes of direction and towers of accents, which hurt others."""
    kept: list[str] = []
    marks = 0
    for character in _SPACES.sub(" ", text).strip():
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in {"Cc", "Cs", "Co"} or character in _DIRECTIONS or marks > _MOST_MARKS:
            continue
        kept.append(character)
    return "".join(kept)


def escaped(text: str) -> str:
    """Return text that plotly.js shows as it is: by itself it reads tags and entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def width_of(text: str, size: float) -> float:
    """Estimate how many pixels a text takes, a little generously."""
    return sum(map(_advance, text)) * size


def _advance(character: str) -> float:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.25
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.9
    if character in _SIGNS:
        return 0.78
    return 0.68 if character.isupper() else 0.6


def fitted(text: str, size: float, room: float) -> str:
    """Return as much of a text as fits, with an ellipsis where something was left out."""
    text = clean(text)
    if width_of(text, size) <= room:
        return text
    while text and width_of(f"{text}…", size) > room:
        text = text[:-1]
        # Half of an emoji put together by joiners, or a letter without its accent, would be another sign.
        while text and (text[-1] == "\u200d" or unicodedata.category(text[-1]) in {"Mn", "Me", "Sk"}):
            text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """Break a text into at most so many lines; the last one ends in an ellipsis where something was left out."""
    lines: list[str] = []
    words = clean(text).split(" ")
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(fitted(line, size, room))
    if words:
        lines.append(fitted(" ".join(words), size, room))
    return lines


def number(value: float, language: str) -> str:
    """Write a number as readers of a language do."""
    return format_decimal(value, locale=locale_of(language))


def shares(values: Sequence[int], language: str) -> list[str]:
    """Return whole percentages that add up to 100, or zeros when nothing is there."""
    total = sum(values)
    if not total:
        return [format_percent(0, locale=locale_of(language)) for _ in values]
    whole = [value * 100 // total for value in values]
    by_remainder = sorted(range(len(values)), key=lambda at: -(values[at] * 100 % total))
    for at in by_remainder[: 100 - sum(whole)]:
        whole[at] += 1
    return [format_percent(percent / 100, locale=locale_of(language)) for percent in whole]
