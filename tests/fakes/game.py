"""An in-memory stand-in for the Geometry Dash client: levels as they are put in, silence where a test wants it."""

import asyncio
from collections.abc import Iterable
from typing import Any

from services.geometry_dash import Difficulty, GeometryDash, GeometryDashUnavailable, Grade, Length, Level, UnavailableReason


def a_level(level_id: int = 1234, **changes: Any) -> Level:
    """Make an unrated level of no special kind."""
    values: dict[str, Any] = {
        "id": level_id,
        "name": f"Level {level_id}",
        "description": "A level",
        "creator_player_id": 7,
        "creator_name": "Maker",
        "creator_account_id": 8,
        "difficulty": Difficulty.NA,
        "length": Length.LONG,
        "grade": Grade.UNRATED,
        "stars": 0,
        "stars_requested": 5,
        "downloads": 100,
        "likes": 10,
        "coins": 3,
        "game_version": "2.2",
        "song_id": 123456,
        "copied_id": None,
    }
    return Level(**values | changes)


class FakeGame(GeometryDash):
    """Knows the levels in `known`, and has those in `cached` at hand.

    With `silent` set, nobody is answered until it is cleared; `down` refuses everybody.
    """

    def __init__(self) -> None:
        self.known: dict[int, Level] = {}
        self.cached: dict[int, Level] = {}
        self.asked: list[int] = []
        self.down = False
        self.speaking = asyncio.Event()
        self.speaking.set()

    def add(self, level: Level) -> Level:
        """Put a level on the server."""
        self.known[level.id] = level
        return level

    async def level(self, level_id: int) -> Level | None:
        self.asked.append(level_id)
        await self.speaking.wait()
        if self.down:
            raise GeometryDashUnavailable(UnavailableReason.TIMEOUT)
        return self.known.get(level_id)

    async def levels(self, level_ids: Iterable[int]) -> dict[int, Level | None]:
        return {level_id: await self.level(level_id) for level_id in level_ids}

    def peek(self, level_id: int) -> Level | None:
        return self.cached.get(level_id)

    async def close(self) -> None:
        return None
