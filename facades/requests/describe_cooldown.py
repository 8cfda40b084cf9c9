"""Tell all about the cooldown of a user or a level."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from db.models import Request
from db.queries.cooldowns import get_cooldown
from facades.app import App
from facades.requests.cooldown_rules import BASE_FLAGS, CooldownView, Subject, check_entity, running, subject_of
from facades.requests.find_request import card_url
from util.actor import Actor
from util.identifiers import CooldownKind


@dataclass(frozen=True)
class CooldownCause:
    """The request that a cooldown came from. `url`: where its card stands, if it does."""

    request_id: int
    level_name: str
    created_at: datetime
    url: str | None


@dataclass(frozen=True)
class DescribedCooldown:
    """A subject's cooldown, None when it has none now."""

    subject: Subject
    cooldown: CooldownView | None
    cause: CooldownCause | None = None


async def describe_cooldown(app: App, *, actor: Actor, kind: CooldownKind, entity_id: int) -> DescribedCooldown:
    """Return the cooldown with what it came from. Raises `Forbidden` without the flag."""
    actor.require(BASE_FLAGS[kind])
    check_entity(kind, entity_id)
    async with app.reading() as session:
        subject = await subject_of(session, actor.guild_id, kind, entity_id)
        cooldown = running(await get_cooldown(session, actor.guild_id, kind, entity_id), subject, app.now())
        if cooldown is None or cooldown.request_id is None:
            return DescribedCooldown(subject, cooldown)
        query = select(Request).where(col(Request.guild_id) == actor.guild_id, col(Request.id) == cooldown.request_id)
        request = (await session.exec(query)).first()
        if request is None:
            return DescribedCooldown(subject, cooldown)
        cause = CooldownCause(request.id, request.level_name, request.created_at, await card_url(session, request))
    return DescribedCooldown(subject, cooldown, cause)
