"""Check whether a member may request a level, before the form opens."""

from dataclasses import dataclass

from facades.app import App
from facades.requests.ask_game import StillAsking, ask_game
from facades.requests.request_rules import check_level, check_level_id, check_standing, is_showcase_required
from util.actor import Actor

PATIENCE = 2.0
"""Seconds: a form must be opened within the three that Discord gives."""


@dataclass(frozen=True)
class PreparedRequest:
    """A level that may be requested. `level_name` None: the game server has not answered yet, ask again."""

    level_id: int
    level_name: str | None
    showcase_required: bool


async def prepare_request(app: App, *, actor: Actor, level_id: int, patience: float = PATIENCE) -> PreparedRequest:
    """Run all checks of a request but the showcase's.

    Raises a `UserError` of `facades.requests.refusals` for the first check that fails. Waits for the game server for at
    most `patience` seconds.
    """
    check_level_id(level_id)
    async with app.reading() as session:
        standing = await check_standing(session, app.clock, actor=actor, level_id=level_id)
    try:
        answered = await ask_game(app, level_id, patience=patience)
    except StillAsking:
        return PreparedRequest(level_id, None, showcase_required=True)
    level = check_level(level_id, answered, standing)
    return PreparedRequest(level_id, level.name, is_showcase_required(await app.guild(actor.guild_id), level))
