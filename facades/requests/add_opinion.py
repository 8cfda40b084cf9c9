"""Record what a reviewer (or a trainee, for practice) thinks of a request."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from facades.app import App
from facades.requests.find_request import get_request
from facades.requests.opinion_rules import AlreadyJudged, is_opinion, opinion_stage
from facades.requests.record_opinion import record_opinion
from facades.requests.typed import clean, read_reason, read_review
from util.actor import Actor
from util.errors import BadInput
from util.identifiers import Stage, Verdict
from util.texts import Text


class ReasonMissing(BadInput):
    """A rejection without a review needs a reason."""

    def __init__(self) -> None:
        super().__init__(Text.OPINION_REFUSED_NO_REASON)


@dataclass(frozen=True)
class AddedOpinion:
    """An opinion that was taken; `stage` tells whether it counts or was practice."""

    opinion_id: int
    stage: Stage
    verdict: Verdict
    level_name: str
    has_review: bool


async def add_opinion(
    app: App, *, actor: Actor, request_id: int, verdict: Verdict, review: str | None = None, reason: str | None = None
) -> AddedOpinion:
    """Record an opinion on a pending request, once for each person.

    Raises `Forbidden`, `BadInput`, `RequestNotFound`, `RequestIsResolved` or `AlreadyJudged`. Owes the review to the author
    and the cards; of a trainee, only the curators' card.
    """
    stage = opinion_stage(actor, with_review=bool(clean(review or "")))
    if not is_opinion(verdict):
        raise BadInput(Text.ERROR_UNKNOWN_ACTION)
    text = read_review(review)
    why = None if verdict.is_approval else read_reason(reason)
    if verdict is Verdict.REJECT and text is None and why is None:
        raise ReasonMissing
    try:
        async with app.transaction(actor.guild_id) as tx:
            request = await get_request(tx.session, tx.guild_id, request_id, lock=True)
            opinion, stored = await record_opinion(tx, request, actor, stage, verdict, reason=why, review=text)
    except IntegrityError as error:
        raise AlreadyJudged from error
    return AddedOpinion(opinion.id, stage, verdict, request.level_name, stored is not None)
