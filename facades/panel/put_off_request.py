"""Put a request off: the streamer thinks well of it and leaves the decision to others."""

from sqlalchemy.exc import IntegrityError

from facades.app import App
from facades.requests.find_request import get_request
from facades.requests.opinion_rules import AlreadyJudged
from facades.requests.record_opinion import record_opinion
from facades.requests.typed import LONGEST_REASON
from util.actor import Actor
from util.identifiers import Flag, Stage, Verdict
from util.texts import Text


async def put_off_request(app: App, *, actor: Actor, request_id: int) -> None:
    """Record the streamer's approval with a reason that says what it means; doing it again changes nothing.

    Raises `Forbidden`, `RequestNotFound` or `RequestIsResolved`. Owes the cards.
    """
    actor.require(Flag.REVIEWER)
    try:
        async with app.transaction(actor.guild_id) as tx:
            request = await get_request(tx.session, tx.guild_id, request_id, lock=True)
            reason = tx.settings.label(Text.PANEL_REASON_PUT_OFF, tx.settings.language)[:LONGEST_REASON]
            await record_opinion(tx, request, actor, Stage.REVIEWER, Verdict.APPROVE, reason=reason)
    except (AlreadyJudged, IntegrityError):
        return
