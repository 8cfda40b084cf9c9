"""Find the request that reviewers have left alone for longest."""

from facades.app import App
from facades.requests.oldest_request import WaitingRequest, oldest_request
from util.actor import Actor
from util.identifiers import Flag
from util.texts import Text


async def find_ignored_request(app: App, *, actor: Actor) -> WaitingRequest:
    """Return the oldest pending request without opinions; what trainees think does not count.

    Raises `Forbidden` or `NothingWaits`.
    """
    actor.require(Flag.REVIEWER, Flag.TRAINEE)
    async with app.reading() as session:
        return await oldest_request(session, actor.guild_id, judged=False, otherwise=Text.REQUEST_IGNORED_NONE)
