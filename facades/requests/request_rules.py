"""The specification's checks of a level request, in its order: each refusal names what, who and until when."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, exists
from sqlalchemy import select as select_columns
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.guild_settings import GuildSettings
from db.models import Cooldown, Opinion, Request, table
from facades.requests.find_request import card_url, pending_request
from facades.requests.queue_state import STORED, is_queue_closed, last_change, means_closed
from facades.requests.refusals import (
    LevelAlreadyApproved,
    LevelAlreadyPending,
    LevelIsRated,
    LevelOnCooldown,
    LevelUnknown,
    QueueIsClosed,
    UserOnCooldown,
    WrongLevelId,
)
from services.clock import Clock
from services.geometry_dash import Level
from util.actor import Actor
from util.identifiers import CooldownKind, Flag, Parameter, RequestStatus, Stage, Verdict

LEAST_LEVEL_ID = 200
MOST_LEVEL_ID = 1_000_000_000


# Put together once, and asked in one go: nearly always nothing stands in the way.
_request, _opinion, _cooldown = table(Request), table(Opinion), table(Cooldown)
_GUILD: Final[BindParameter[Any]] = bindparam("guild_id")
_LEVEL: Final[BindParameter[Any]] = bindparam("level_id")
_of_level = select(_request.c.id).where(_request.c.guild_id == _GUILD, _request.c.level_id == _LEVEL)
_obstacles: list[Any] = [
    STORED.scalar_subquery(),
    exists().where(
        _cooldown.c.guild_id == _GUILD, _cooldown.c.kind == CooldownKind.USER, _cooldown.c.entity_id == bindparam("user_id")
    ),
    exists().where(_cooldown.c.guild_id == _GUILD, _cooldown.c.kind == CooldownKind.LEVEL, _cooldown.c.entity_id == _LEVEL),
    _of_level.where(_request.c.status == RequestStatus.PENDING).exists(),
    _of_level.join(
        _opinion,
        (_opinion.c.guild_id == _GUILD) & (_opinion.c.request_id == _request.c.id) & (_opinion.c.stage == Stage.MODERATOR),
    )
    .where(_opinion.c.verdict != Verdict.REJECT)
    .exists(),
]
_OBSTACLES: Final[Select[*tuple[Any, ...]]] = select_columns(*_obstacles)


@dataclass(frozen=True)
class Standing:
    """What the database said of a level that nothing yet forbids to request. `cooldown`: the level's, if it has one now."""

    cooldown: Cooldown | None
    cooldown_request: Request | None


def check_level_id(level_id: int) -> None:
    """Refuse ids that no level can have. Raises `WrongLevelId`."""
    if not LEAST_LEVEL_ID <= level_id <= MOST_LEVEL_ID:
        raise WrongLevelId(LEAST_LEVEL_ID, MOST_LEVEL_ID)


async def check_standing(session: AsyncSession, clock: Clock, *, actor: Actor, level_id: int) -> Standing:
    """Run the checks that need only the database: 1 to 4. Raises `Refused` or `Conflict`."""
    guild_id = actor.guild_id
    if not await _is_anything_in_the_way(session, actor, level_id):
        return Standing(None, None)
    if not actor.has(Flag.REQUEST_WHILE_QUEUE_CLOSED) and await is_queue_closed(session, guild_id):
        raise QueueIsClosed(await last_change(session, guild_id, closed=True))
    cooldowns = await _cooldowns(session, clock, guild_id=guild_id, user_id=actor.user_id, level_id=level_id)
    own = cooldowns.get(CooldownKind.USER)
    if own is not None and not actor.has(Flag.NO_REQUEST_COOLDOWN):
        cause = await _cause(session, own)
        raise UserOnCooldown(own, cause, await card_url(session, cause) if cause and sees_cards(actor) else None)
    await _check_not_approved(session, guild_id, level_id)
    await check_not_pending(session, guild_id, level_id, with_link=sees_cards(actor))
    cooldown = cooldowns.get(CooldownKind.LEVEL)
    return Standing(cooldown, await _cause(session, cooldown) if cooldown else None)


async def _is_anything_in_the_way(session: AsyncSession, actor: Actor, level_id: int) -> bool:
    """Tell whether the checks one by one could find anything."""
    connection = await session.connection()
    given = {"guild_id": actor.guild_id, "user_id": actor.user_id, "level_id": level_id}
    stored, *obstacles = (await connection.execute(_OBSTACLES, given)).one()
    return means_closed(stored) or any(obstacles)


def sees_cards(actor: Actor) -> bool:
    """Tell whether a link to the staff's cards is of use to the actor: members do not see those channels."""
    return actor.is_trainee or actor.has(Flag.REVIEWER) or actor.has(Flag.GD_MOD)


async def check_not_pending(session: AsyncSession, guild_id: int, level_id: int, *, with_link: bool = False) -> None:
    """Run check 4. Raises `LevelAlreadyPending`, with a link to the card if wanted."""
    pending = await pending_request(session, guild_id, level_id)
    if pending is not None:
        raise LevelAlreadyPending(pending, await card_url(session, pending) if with_link else None)


def check_level(level_id: int, level: Level | None, standing: Standing) -> Level:
    """Run the checks that need the game server's answer: 5 to 7. Raises `Refused` or `NotFound`."""
    if level is None:
        raise LevelUnknown(level_id)
    if standing.cooldown is not None:
        raise LevelOnCooldown(level.name, standing.cooldown, standing.cooldown_request)
    if level.is_rated:
        raise LevelIsRated(level)
    return level


def is_showcase_required(settings: GuildSettings, level: Level) -> bool:
    """Tell whether a level can be requested only with a showcase."""
    return (
        settings.flag_value(Parameter.REQUEST_ALWAYS_REQUIRE_SHOWCASE)
        or level.is_platformer
        or level.stars_requested >= settings.number(Parameter.REQUEST_MIN_STARS_TO_REQUIRE_SHOWCASE)
    )


async def _cooldowns(
    session: AsyncSession, clock: Clock, *, guild_id: int, user_id: int, level_id: int
) -> dict[CooldownKind, Cooldown]:
    """Return the cooldowns of a user and a level that are not over."""
    query = select(Cooldown).where(
        col(Cooldown.guild_id) == guild_id,
        or_(
            and_(col(Cooldown.kind) == CooldownKind.USER, col(Cooldown.entity_id) == user_id),
            and_(col(Cooldown.kind) == CooldownKind.LEVEL, col(Cooldown.entity_id) == level_id),
        ),
    )
    now = clock.now()
    return {row.kind: row for row in await session.exec(query) if row.ends_at is None or row.ends_at > now}


async def _cause(session: AsyncSession, cooldown: Cooldown) -> Request | None:
    """Return the request that a cooldown came from, if it came from one."""
    if cooldown.request_id is None:
        return None
    query = select(Request).where(col(Request.guild_id) == cooldown.guild_id, col(Request.id) == cooldown.request_id)
    return (await session.exec(query)).first()


async def _check_not_approved(session: AsyncSession, guild_id: int, level_id: int) -> None:
    query = (
        select(Opinion, Request)
        .join(Request, and_(col(Request.id) == Opinion.request_id, col(Request.guild_id) == Opinion.guild_id))
        .where(
            col(Request.guild_id) == guild_id,
            col(Request.level_id) == level_id,
            col(Opinion.stage) == Stage.MODERATOR,
            col(Opinion.verdict) != Verdict.REJECT,
        )
        .order_by(col(Opinion.id).desc())
        .limit(1)
    )
    found = (await session.exec(query)).first()
    if found is not None:
        approval, request = found
        raise LevelAlreadyApproved(approval, request)
