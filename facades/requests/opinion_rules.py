"""Who may give an opinion on a request, and when."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Opinion, Request
from facades.requests.wording import shown_name
from util.actor import Actor
from util.errors import Conflict, Forbidden, Refused
from util.identifiers import OPINION_VERDICTS, Flag, RequestStatus, Stage, Verdict
from util.phrases import Value
from util.texts import Text


class TraineeNeedsReview(Forbidden):
    """Trainees judge by reviews alone."""

    def __init__(self) -> None:
        super().__init__(Text.OPINION_REFUSED_TRAINEE)


class RequestIsResolved(Refused):
    """A moderator has decided already."""

    def __init__(self, request: Request) -> None:
        when: Value = request.resolved_at or request.created_at
        super().__init__(Text.OPINION_REFUSED_RESOLVED, level=shown_name(request.level_name), when=when)


class AlreadyJudged(Conflict):
    """The same person has given an opinion before; there is no second one and no change."""

    def __init__(self) -> None:
        super().__init__(Text.OPINION_REFUSED_REPEATED)


class AlreadyDecided(Conflict):
    """The same moderator has resolved the request before; there is no second decision and no change."""

    def __init__(self) -> None:
        super().__init__(Text.RESOLUTION_REFUSED_REPEATED)


def opinion_stage(actor: Actor, *, with_review: bool) -> Stage:
    """Return in which capacity somebody judges. Raises `Forbidden`."""
    if actor.is_trainee:
        if not with_review:
            raise TraineeNeedsReview
        return Stage.TRAINEE
    actor.require(Flag.REVIEWER)
    return Stage.REVIEWER


def check_open(request: Request, stage: Stage) -> None:
    """Refuse opinions on what is resolved; trainees practise on the archive as well. Raises `RequestIsResolved`."""
    if request.status is RequestStatus.RESOLVED and stage is not Stage.TRAINEE:
        raise RequestIsResolved(request)


async def check_first(session: AsyncSession, request: Request, actor: Actor, stage: Stage) -> None:
    """Refuse a second opinion of one person. Raises `AlreadyJudged` or `AlreadyDecided`.

    Two at once both pass; the unique constraint stops the later one.
    """
    query = select(Opinion.id).where(
        col(Opinion.guild_id) == request.guild_id,
        col(Opinion.request_id) == request.id,
        col(Opinion.author_id) == actor.user_id,
        col(Opinion.stage) == stage,
    )
    if (await session.exec(query)).first() is not None:
        raise AlreadyDecided if stage is Stage.MODERATOR else AlreadyJudged


def is_opinion(verdict: Verdict) -> bool:
    """Tell whether a verdict is one that opinions have."""
    return verdict in OPINION_VERDICTS
