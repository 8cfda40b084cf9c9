"""Ask the game server about one level, for as long as somebody can wait."""

import asyncio

from facades.app import App
from facades.requests.refusals import GameServerSilent
from services.geometry_dash import GeometryDashUnavailable, Level


class StillAsking(Exception):
    """The answer has not come in time; it will be at hand once it comes."""


async def ask_game(app: App, level_id: int, *, patience: float | None = None) -> Level | None:
    """Return a level, None when there is none.

    Raises `GameServerSilent`, or `StillAsking` after `patience` seconds: the lookup goes on and its answer is cached.
    """
    try:
        async with asyncio.timeout(patience):
            return await app.game.level(level_id)
    except TimeoutError as error:
        raise StillAsking from error
    except GeometryDashUnavailable as error:
        raise GameServerSilent from error
