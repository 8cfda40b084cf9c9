"""Find the request that has waited longest for a moderator."""

from facades.app import App
from facades.requests.oldest_request import WaitingRequest, oldest_request
from util.actor import Actor
from util.identifiers import Flag
from util.texts import Text


async def find_unresolved_request(app: App, *, actor: Actor) -> WaitingRequest:
    """Return the oldest pending request that reviewers have judged, so that it waits for the final decision.

    Raises `Forbidden` or `NothingWaits`.
    """
    actor.require(Flag.GD_MOD)
    async with app.reading() as session:
        return await oldest_request(session, actor.guild_id, judged=True, otherwise=Text.REQUEST_UNRESOLVED_NONE)
