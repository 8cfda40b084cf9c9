"""Answers of the Geometry Dash server, kept for a short time."""

from enum import Enum, auto
from typing import Final

from cachetools import TTLCache

from services.clock import Clock
from services.geometry_dash.level import Level

_MOST_LEVELS: Final = 10_000


class Absence(Enum):
    """The server's word that there is no such level, which is not the same as not having asked."""

    ABSENT = auto()


class LevelCache:
    """Found levels and absent ones, each with their own time to live in seconds."""

    def __init__(self, clock: Clock, *, found_for: float, absent_for: float) -> None:
        self._found: TTLCache[int, Level] = TTLCache(_MOST_LEVELS, found_for, timer=clock.monotonic)
        self._absent: TTLCache[int, Absence] = TTLCache(_MOST_LEVELS, absent_for, timer=clock.monotonic)

    def __len__(self) -> int:
        return len(self._found) + len(self._absent)

    def get(self, level_id: int) -> Level | Absence | None:
        """Return what is known of a level, None when nothing is."""
        return self._found.get(level_id) or self._absent.get(level_id)

    def put(self, level_id: int, value: Level | Absence) -> None:
        """Keep an answer in place of what was known before."""
        self.drop(level_id)
        if isinstance(value, Level):
            self._found[level_id] = value
        else:
            self._absent[level_id] = value

    def drop(self, level_id: int) -> None:
        """Forget a level."""
        self._found.pop(level_id, None)
        self._absent.pop(level_id, None)
