"""One report at a time for each member: pictures are drawn one after another, and nobody shall keep the others waiting."""

import contextlib
from collections.abc import AsyncGenerator

from facades.app import App
from util.actor import Actor
from util.errors import Conflict
from util.identifiers import Flag
from util.texts import Text


class StillDrawn(Conflict):
    """The member's last report is not ready yet."""

    def __init__(self) -> None:
        super().__init__(Text.REPORT_REFUSED_STILL_DRAWN)


@contextlib.asynccontextmanager
async def report_turn(app: App, *, actor: Actor) -> AsyncGenerator[None]:
    """Hold the actor's only turn. Raises `Forbidden` or `StillDrawn`."""
    actor.require(Flag.REPORT_VIEWER)
    turn = app.lock(actor.guild_id, f"report of {actor.user_id}")
    if turn.locked():
        raise StillDrawn
    async with turn:
        yield
