"""Check whether somebody may judge a request, before the form opens."""

from dataclasses import dataclass

from facades.app import App
from facades.requests.find_request import get_request
from facades.requests.opinion_rules import check_first, check_open, opinion_stage
from util.actor import Actor


@dataclass(frozen=True)
class PreparedOpinion:
    """A request that the actor may judge. `language`: the one the review should be in."""

    request_id: int
    level_name: str
    language: str


async def prepare_opinion(app: App, *, actor: Actor, request_id: int, with_review: bool) -> PreparedOpinion:
    """Run the checks of an opinion. Raises `Forbidden`, `RequestNotFound`, `RequestIsResolved` or `AlreadyJudged`."""
    stage = opinion_stage(actor, with_review=with_review)
    async with app.reading() as session:
        request = await get_request(session, actor.guild_id, request_id)
        check_open(request, stage)
        await check_first(session, request, actor, stage)
    return PreparedOpinion(request.id, request.level_name, request.language)
