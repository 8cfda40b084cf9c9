"""Levels in the text format of the Geometry Dash server.

Format: Geometry Dash documentation (gd.docs), "Server Level Resource" and "getGJLevels21"; the order of keys and the
hash are those of a recorded answer.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from sandbox.geometry_dash.levels import Creator, Level, Song

NOTHING_FOUND: Final = "-1"
_SALT = "xI25fpAapCQg"
# The format has no escapes: the real server takes these out of names when a level is uploaded.
_WITHOUT_SEPARATORS: Final = str.maketrans("", "", ":|#~\0")


def write_answer(levels: Sequence[Level], *, total: int, offset: int, amount: int) -> str:
    """Write one page of levels with its creators, songs, place in the whole, and hash."""
    if not levels:
        return NOTHING_FOUND
    creators = {level.creator.player_id: level.creator for level in levels if level.creator.is_listed}
    songs = {level.song.id: level.song for level in levels if level.song}
    return "#".join(
        (
            "|".join(map(_write_level, levels)),
            "|".join(_write_creator(creators[player_id]) for player_id in sorted(creators)),
            "~:~".join(_write_song(songs[song_id]) for song_id in sorted(songs)),
            f"{total}:{offset}:{amount}",
            write_hash(levels),
        ),
    )


def write_hash(levels: Iterable[Level]) -> str:
    """Return the hash the game checks: first and last digit of the id, stars, and whether coins are verified, of each level."""
    digest = "".join(f"{str(level.id)[0]}{str(level.id)[-1]}{level.stars}{int(level.has_verified_coins)}" for level in levels)
    return hashlib.sha1((digest + _SALT).encode(), usedforsecurity=False).hexdigest()


def _write_level(level: Level) -> str:
    difficulty = level.difficulty
    fields: tuple[tuple[int, int | str], ...] = (
        (1, level.id),
        (2, _clean(level.name)),
        (5, level.version),
        (6, level.creator.player_id),
        (8, difficulty.denominator),
        (9, difficulty.numerator),
        (10, level.downloads),
        (12, level.official_song),
        (13, level.game_version),
        (14, level.likes),
        (17, _flag(difficulty.is_demon)),
        (43, difficulty.demon),
        (25, _flag(difficulty.is_auto)),
        (18, level.stars),
        (19, level.feature_score),
        (42, level.epic.value),
        (45, level.objects),
        (3, base64.urlsafe_b64encode(level.description.encode()).decode("ascii")),
        (15, level.length.value),
        (30, level.copied_id),
        (31, 0),
        (37, level.coins),
        (38, int(level.has_verified_coins)),
        (39, level.stars_requested),
        (46, level.editor_time),
        (47, level.editor_time_of_copies),
        (35, level.song_id),
    )
    return ":".join(f"{key}:{value}" for key, value in fields)


def _write_creator(creator: Creator) -> str:
    return f"{creator.player_id}:{_clean(creator.name)}:{creator.account_id}"


def _write_song(song: Song) -> str:
    fields = ((1, song.id), (2, _clean(song.name)), (3, song.artist_id), (4, _clean(song.artist)), (5, song.size))
    rest = ((6, ""), (10, ""), (7, ""), (8, 1))
    return "~|~".join(f"{key}~|~{value}" for key, value in (*fields, *rest))


def _clean(text: str) -> str:
    return text.translate(_WITHOUT_SEPARATORS)


def _flag(value: bool) -> str:
    return "1" if value else ""
