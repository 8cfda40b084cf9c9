"""Pick a request for a trainee to practise on."""

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from db.models import Opinion, Request
from facades.app import App
from facades.requests.draw_request import draw_request, request_at_end
from facades.requests.load_request_view import load_request_view
from facades.requests.request_view import RequestView
from util.actor import Actor
from util.errors import NotFound, Refused
from util.identifiers import Flag, Stage
from util.texts import Text


class NothingToPick(NotFound):
    """The trainee has reviewed every request there is, or there is none yet."""

    def __init__(self, *, any_request: bool) -> None:
        super().__init__(Text.TRAINEE_PICK_REFUSED_ALL if any_request else Text.TRAINEE_PICK_REFUSED_NONE)


class NoTraineeAnyMore(Refused):
    """A reviewer's review would be published, and not on what is resolved."""

    def __init__(self) -> None:
        super().__init__(Text.TRAINEE_PICK_REFUSED_REVIEWER)


async def pick_for_trainee(app: App, *, actor: Actor) -> RequestView:
    """Return a random request, pending or resolved, that the trainee has not reviewed.

    Raises `Forbidden`, `NoTraineeAnyMore` or `NothingToPick`.
    """
    actor.require(Flag.TRAINEE)
    if not actor.is_trainee:
        raise NoTraineeAnyMore
    ours = (col(Request.guild_id) == actor.guild_id,)
    async with app.reading() as session:
        request_id = await draw_request(session, ours, (_unreviewed_by(actor.guild_id, actor.user_id),))
        found = None if request_id is None else await load_request_view(session, actor.guild_id, request_id)
        if found is None:
            raise NothingToPick(any_request=await request_at_end(session, ours, newest=True) is not None)
    return found


def _unreviewed_by(guild_id: int, trainee_id: int) -> ColumnElement[bool]:
    reviewed = select(Opinion.id).where(
        col(Opinion.guild_id) == guild_id,
        col(Opinion.request_id) == Request.id,
        col(Opinion.author_id) == trainee_id,
        col(Opinion.stage) == Stage.TRAINEE,
    )
    return ~reviewed.exists()
