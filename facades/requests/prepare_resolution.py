"""Check whether a moderator may resolve a request, before the form opens."""

from dataclasses import dataclass

from facades.app import App
from facades.requests.find_request import get_request
from facades.requests.opinion_rules import check_first
from util.actor import Actor
from util.identifiers import Flag, Stage


@dataclass(frozen=True)
class PreparedResolution:
    """A request that the actor may resolve. `language`: the one the review should be in."""

    request_id: int
    level_name: str
    language: str


async def prepare_resolution(app: App, *, actor: Actor, request_id: int) -> PreparedResolution:
    """Run the checks of a resolution. Raises `Forbidden`, `RequestNotFound` or `AlreadyDecided`."""
    actor.require(Flag.GD_MOD)
    async with app.reading() as session:
        request = await get_request(session, actor.guild_id, request_id)
        await check_first(session, request, actor, Stage.MODERATOR)
    return PreparedResolution(request.id, request.level_name, request.language)
