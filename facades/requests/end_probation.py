"""End a trainee's probation, either way: what a promotion and an expulsion have in common.

The decision is written together with the change of roles that is owed to Discord, so that no crash can part them; the
delivery worker gives and takes the roles, and then tells the trainee. What Discord would refuse is found out before.
"""

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Assessment, Delivery
from facades.app import App
from facades.identify import known_language
from facades.requests.probation import Decision, Probation, last_decision, load_probation
from facades.requests.trainee_reviews import TraineeReviewNotFound
from facades.requests.trainee_roles import RoleChange, plan_role_change
from facades.transaction import Transaction, member_stream
from util.actor import Actor
from util.errors import Conflict, Refused
from util.identifiers import DeliveryKind, EventType, Flag
from util.phrases import user_mention
from util.texts import Text


class OwnProbation(Refused):
    """Nobody decides about themselves."""

    def __init__(self) -> None:
        super().__init__(Text.TRAINEE_REFUSED_OWN)


class AlreadyDecided(Conflict):
    """Somebody has decided about the trainee since."""

    def __init__(self, trainee_id: int, decision: Decision) -> None:
        key = Text.TRAINEE_REFUSED_PROMOTED if decision.promoted else Text.TRAINEE_REFUSED_EXPELLED
        who = Text.LOG_BOT if decision.by is None else user_mention(decision.by)
        super().__init__(key, trainee=user_mention(trainee_id), who=who, when=decision.at)


@dataclass(frozen=True)
class EndedProbation:
    """A decision that was taken, with the roles that are given and taken and the figures it was based on."""

    promoted: bool
    given: tuple[int, ...]
    taken: tuple[int, ...]
    probation: Probation


async def end_probation(
    app: App, *, actor: Actor, trainee_id: int, promote: bool, review_id: int | None = None
) -> EndedProbation:
    """Promote or expel a trainee. `review_id`: the graded review whose answer offered the decision, which is good for once.

    Raises `Forbidden`, `OwnProbation`, `AlreadyDecided`, `TraineeReviewNotFound` or an error of `plan_role_change`.
    """
    actor.require(Flag.TRAINEE_SUPERVISOR)
    if trainee_id == actor.user_id:
        raise OwnProbation
    # One at a time: what Discord says of the roles is true only while no change of them is owed.
    async with app.lock(actor.guild_id, f"probation:{trainee_id}"):
        async with app.reading() as session:
            await _check_undecided(session, actor.guild_id, trainee_id, review_id)
        change = await plan_role_change(app, actor=actor, trainee_id=trainee_id, promote=promote)
        async with app.transaction(actor.guild_id) as tx:
            await _check_undecided(tx.session, actor.guild_id, trainee_id, review_id)
            probation = await load_probation(tx.session, tx.guild_id, trainee_id)
            _record(tx, actor, probation, promote=promote)
            _owe(tx, actor, trainee_id, change, promote=promote)
    return EndedProbation(promote, change.add, change.remove, probation)


async def _check_undecided(session: AsyncSession, guild_id: int, trainee_id: int, review_id: int | None) -> None:
    decision = await last_decision(session, guild_id, trainee_id)
    if decision is not None and await _change_is_owed(session, guild_id, trainee_id):
        raise AlreadyDecided(trainee_id, decision)
    if review_id is None:
        return
    query = select(Assessment.created_at).where(
        col(Assessment.guild_id) == guild_id,
        col(Assessment.review_id) == review_id,
        col(Assessment.trainee_id) == trainee_id,
    )
    graded_at = (await session.exec(query)).first()
    if graded_at is None:
        raise TraineeReviewNotFound
    if decision is not None and decision.at >= graded_at:
        raise AlreadyDecided(trainee_id, decision)


async def _change_is_owed(session: AsyncSession, guild_id: int, trainee_id: int) -> bool:
    query = select(Delivery.id).where(
        col(Delivery.guild_id) == guild_id,
        col(Delivery.stream) == member_stream(trainee_id),
        col(Delivery.kind) == DeliveryKind.MEMBER_ROLES,
    )
    return (await session.exec(query.limit(1))).first() is not None


def _record(tx: Transaction, actor: Actor, probation: Probation, *, promote: bool) -> None:
    tx.log(
        EventType.TRAINEE_PROMOTED if promote else EventType.TRAINEE_EXPELLED,
        actor.user_id,
        trainee_id=probation.trainee_id,
        assessed_reviews=probation.assessed,
        approved_reviews=probation.approved,
        since=None if probation.since is None else probation.since.isoformat(),
    )


def _owe(tx: Transaction, actor: Actor, trainee_id: int, change: RoleChange, *, promote: bool) -> None:
    message = Text.TRAINEE_MESSAGE_PROMOTED if promote else Text.TRAINEE_MESSAGE_EXPELLED
    reason = Text.TRAINEE_REASON_PROMOTED if promote else Text.TRAINEE_REASON_EXPELLED
    tx.owe(
        member_stream(trainee_id),
        DeliveryKind.MEMBER_ROLES,
        {
            "user_id": trainee_id,
            "add": list(change.add),
            "remove": list(change.remove),
            "reason": tx.settings.label(reason, tx.settings.language, who=actor.name)[:256],
            "message": tx.settings.say(message, known_language(tx.settings, trainee_id), guild=change.guild_name)[:2000],
        },
    )
