"""Lift the cooldown of a user or a level."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import col

from db.models import Cooldown
from db.queries.cooldowns import get_cooldown
from facades.app import App
from facades.requests.cooldown_rules import (
    AMENDED_EVENTS,
    BASE_FLAGS,
    ID_FIELDS,
    CooldownView,
    NoCooldown,
    Subject,
    check_entity,
    check_may_overwrite,
    end_fields,
    running,
    subject_of,
)
from facades.requests.typed import read_reason
from facades.transaction import Transaction
from util.actor import Actor
from util.identifiers import CooldownKind


@dataclass(frozen=True)
class LiftedCooldown:
    """A cooldown that holds no more. `before`: as it was."""

    before: CooldownView
    reason: str | None


async def amend_cooldown(app: App, *, actor: Actor, kind: CooldownKind, entity_id: int, reason: str | None) -> LiftedCooldown:
    """Lift a cooldown.

    Raises `Forbidden` without the flags, `NoCooldown` when none holds, or `BadInput` for a reason of the wrong length.
    """
    actor.require(BASE_FLAGS[kind])
    check_entity(kind, entity_id)
    why = read_reason(reason)
    async with app.transaction(actor.guild_id) as tx:
        subject = await subject_of(tx.session, tx.guild_id, kind, entity_id)
        row = await get_cooldown(tx.session, tx.guild_id, kind, entity_id, lock=True)
        return await lift(tx, actor, running(row, subject, tx.now), subject, why)


async def lift(
    tx: Transaction, actor: Actor, before: CooldownView | None, subject: Subject, reason: str | None
) -> LiftedCooldown:
    """Remove a cooldown whose row is locked, and record it. Raises `NoCooldown` or `OverwriteNotAllowed`."""
    if before is None:
        raise NoCooldown(subject)
    check_may_overwrite(actor, before)
    await tx.session.exec(
        delete(Cooldown).where(
            col(Cooldown.guild_id) == tx.guild_id,
            col(Cooldown.kind) == subject.kind,
            col(Cooldown.entity_id) == subject.entity_id,
        )
    )
    tx.log(
        AMENDED_EVENTS[subject.kind],
        actor.user_id,
        **{ID_FIELDS[subject.kind]: subject.entity_id},
        **end_fields(before),
        reason=reason,
        request_id=before.request_id,
    )
    return LiftedCooldown(before, reason)
