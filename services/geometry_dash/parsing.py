"""The server's text format turned into levels.

Format: Geometry Dash documentation (gd.docs), "Server Level Resource" and "getGJLevels21"; checked against a recorded answer.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.geometry_dash.errors import GeometryDashUnavailable, UnavailableReason
from services.geometry_dash.level import Difficulty, Grade, Length, Level

_NOTHING_FOUND = "-1"
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BASE64 = re.compile(r"[A-Za-z0-9_-]*")
_REFUSAL = re.compile(r"(?i)\s*(?:error code: *[0-9]+|<(?:!doctype|html|head|body)\b)")
_PAGE = re.compile(r"[0-9]*:[0-9]*:[0-9]*")
_HASH = re.compile(r"[0-9a-fA-F]{40}")
# levels, creators, songs, total:offset:amount, hash
_FEWEST_PARTS = 5
_LONGEST_DETAIL = 80

_LENGTHS: Final = (Length.TINY, Length.SHORT, Length.MEDIUM, Length.LONG, Length.XL, Length.PLATFORMER)
_EPIC_GRADES: Final[Mapping[int, Grade]] = {1: Grade.EPIC, 2: Grade.LEGENDARY, 3: Grade.MYTHIC}
_DEMONS: Final[Mapping[int, Difficulty]] = {
    3: Difficulty.EASY_DEMON,
    4: Difficulty.MEDIUM_DEMON,
    5: Difficulty.INSANE_DEMON,
    6: Difficulty.EXTREME_DEMON,
}
_DIFFICULTIES: Final[Mapping[int, Difficulty]] = {
    1: Difficulty.EASY,
    2: Difficulty.NORMAL,
    3: Difficulty.HARD,
    4: Difficulty.HARDER,
    5: Difficulty.INSANE,
}
# 1 to 7 are 1.0 to 1.6; 10 and 11 are the last numbers that do not spell the version out.
_OLD_VERSIONS: Final[Mapping[int, str]] = {**{number: f"1.{number - 1}" for number in range(1, 8)}, 10: "1.7", 11: "1.8"}
_FIRST_SPELT_VERSION = 18


@dataclass(frozen=True, slots=True)
class Answer:
    """The levels of one answer by their ids, and the ids of those whose data could not be read."""

    levels: Mapping[int, Level]
    unreadable: frozenset[int]


class _Creator(NamedTuple):
    name: str
    account_id: int | None


class _Unreadable(Exception):
    """The data of one level is not in the format; the others of the answer may be."""


def parse_answer(text: str) -> Answer:
    """Read the answer to a search for levels; `-1` is an answer without levels.

    Raises `GeometryDashUnavailable` for refusals (`REFUSED`) and for what is not a complete answer (`GARBAGE`).
    """
    text = text.strip()
    if text == _NOTHING_FOUND:
        return Answer({}, frozenset())
    if _REFUSAL.match(text):
        raise GeometryDashUnavailable(UnavailableReason.REFUSED, text[:_LONGEST_DETAIL])
    parts = text.split("#")
    # A text cut short would make its missing levels look as if they did not exist.
    if len(parts) < _FEWEST_PARTS or not _PAGE.fullmatch(parts[-2]) or not _HASH.fullmatch(parts[-1]):
        raise GeometryDashUnavailable(UnavailableReason.GARBAGE, f"not a complete answer: {text[:_LONGEST_DETAIL]!r}")
    creators = _parse_creators(parts[1])
    levels: dict[int, Level] = {}
    unreadable: set[int] = set()
    for row in filter(None, parts[0].split("|")):
        level_id = _read_level_id(row)
        try:
            levels[level_id] = _parse_level(level_id, row, creators)
        except _Unreadable:
            unreadable.add(level_id)
    return Answer(levels, frozenset(unreadable - levels.keys()))


def _read_level_id(row: str) -> int:
    match = re.match(r"1:([0-9]{1,18})(?::|$)", row)
    if match is None:
        raise GeometryDashUnavailable(UnavailableReason.GARBAGE, f"a level without an id: {row[:_LONGEST_DETAIL]!r}")
    return int(match[1])


def _parse_creators(part: str) -> dict[int, _Creator]:
    """Read `playerID:name:accountID` rows; rows in another form leave their creator unknown, as the server often does."""
    creators: dict[int, _Creator] = {}
    for row in part.split("|"):
        match = re.fullmatch(r"([0-9]{1,18}):(.+):([0-9]{0,18})", row, re.DOTALL)
        if match is not None:
            creators[int(match[1])] = _Creator(match[2], int(match[3] or 0) or None)
    return creators


def _parse_level(level_id: int, row: str, creators: Mapping[int, _Creator]) -> Level:
    fields = row.split(":")
    if len(fields) % 2:
        raise _Unreadable
    values = dict(zip(fields[::2], fields[1::2], strict=True))
    player_id = _number(values, "6")
    creator = creators.get(player_id)
    stars = _number(values, "18")
    return Level(
        id=level_id,
        name=values.get("2", ""),
        description=_decode_description(values.get("3", "")),
        creator_player_id=player_id or None,
        creator_name=creator.name if creator else None,
        creator_account_id=creator.account_id if creator else None,
        difficulty=_read_difficulty(values),
        length=_read_length(values),
        grade=_read_grade(values, stars),
        stars=stars,
        stars_requested=_number(values, "39"),
        downloads=_number(values, "10"),
        likes=_number(values, "14"),
        coins=_number(values, "37"),
        game_version=_read_version(_number(values, "13")),
        song_id=_number(values, "35") or None,
        copied_id=_number(values, "30") or None,
    )


def _number(values: Mapping[str, str], key: str) -> int:
    """Return a number, 0 for one that is missing or empty: the server leaves out zeros and sends false as nothing."""
    text = values.get(key, "")
    if not text:
        return 0
    if not _INTEGER.fullmatch(text):
        raise _Unreadable
    return int(text)


def _decode_description(text: str) -> str:
    """Decode base64url with or without padding; older private servers send plain text, which stays as it is."""
    bare = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    if not _BASE64.fullmatch(bare) or len(bare) % 4 == 1:
        return text
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8", errors="replace")


def _read_difficulty(values: Mapping[str, str]) -> Difficulty:
    if _number(values, "17"):
        return _DEMONS.get(_number(values, "43"), Difficulty.HARD_DEMON)
    if _number(values, "25"):
        return Difficulty.AUTO
    denominator, numerator = _number(values, "8"), _number(values, "9")
    if denominator <= 0:
        return Difficulty.NA
    # Servers that still count votes send other denominators; the quotient is what the game shows.
    return _DIFFICULTIES.get(round(numerator / denominator), Difficulty.NA)


def _read_length(values: Mapping[str, str]) -> Length:
    number = _number(values, "15")
    if not 0 <= number < len(_LENGTHS):
        raise _Unreadable
    return _LENGTHS[number]


def _read_grade(values: Mapping[str, str], stars: int) -> Grade:
    epic, feature_score = _number(values, "42"), _number(values, "19")
    if stars <= 0:
        return Grade.UNRATED
    if epic in _EPIC_GRADES:
        return _EPIC_GRADES[epic]
    return Grade.FEATURE if feature_score > 0 else Grade.STAR


def _read_version(number: int) -> str | None:
    if number >= _FIRST_SPELT_VERSION:
        return f"{number // 10}.{number % 10}"
    return _OLD_VERSIONS.get(number)
