"""Put a user or a level on a cooldown, or change the one there is; what another member cast is overwritten only after a Yes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CursorResult, delete
from sqlmodel import col, select

from db.models import Confirmation, Cooldown
from db.queries.cooldowns import get_cooldown
from db.upsert import upsert
from facades.app import App
from facades.requests.amend_cooldown import LiftedCooldown, lift
from facades.requests.cooldown_rules import (
    BASE_FLAGS,
    ID_FIELDS,
    SET_EVENTS,
    CooldownChangedMeanwhile,
    CooldownView,
    DurationRefused,
    EndlessUnchangeable,
    EndsInThePast,
    NothingToChange,
    Subject,
    check_entity,
    check_may_overwrite,
    end_fields,
    is_others,
    running,
    shown_end,
    subject_of,
)
from facades.requests.typed import read_reason
from facades.transaction import Transaction
from util.actor import Actor
from util.durations import BadDuration, CooldownChange, Duration, parse_cooldown_change
from util.errors import NotFound
from util.identifiers import CooldownKind
from util.texts import Text

PURPOSE: Final = "overwrite_cooldown"


@dataclass(frozen=True)
class UpdatedCooldown:
    """A cooldown that was cast or changed. `before`: the one it replaces, if one held."""

    before: CooldownView | None
    after: CooldownView


@dataclass(frozen=True)
class OverwriteAsked:
    """Nothing was changed yet: another member has cast what would be overwritten. `typed`: the duration that was asked for."""

    confirmation_id: int
    before: CooldownView
    typed: str


CooldownUpdate = UpdatedCooldown | LiftedCooldown | OverwriteAsked


class ConfirmationGone(NotFound):
    """The question was answered already, or it is too old, or another's."""

    def __init__(self) -> None:
        super().__init__(Text.COOLDOWN_CONFIRMATION_GONE)


@dataclass(frozen=True)
class _Wish:
    """What a member asked for. `seen`: the cooldown that may be overwritten, as it was shown to the member."""

    kind: CooldownKind
    entity_id: int
    typed: str
    reason: str | None
    seen: str | None = None


async def update_cooldown(
    app: App, *, actor: Actor, kind: CooldownKind, entity_id: int, duration: str, reason: str | None
) -> CooldownUpdate:
    """Set a cooldown to a duration, for ever (`inf`), or move its end (`+1w`, `-3d`); `0` lifts it.

    Raises `Forbidden` without the flags, `BadInput` for a duration or reason that cannot be taken, `NotFound` for changing or
    lifting what is not there, `Refused` for moving what never ends or moving an end into the past.
    """
    actor.require(BASE_FLAGS[kind])
    check_entity(kind, entity_id)
    wish = _Wish(kind, entity_id, duration.strip(), read_reason(reason))
    async with app.transaction(actor.guild_id) as tx:
        return await _do(tx, actor, wish)


async def confirm_cooldown(app: App, *, actor: Actor, confirmation_id: int) -> CooldownUpdate:
    """Do what the actor was asked to confirm; what was changed meanwhile is asked about again.

    Raises what `update_cooldown` does, and `ConfirmationGone`.
    """
    async with app.transaction(actor.guild_id) as tx:
        details = await _take(tx, actor, confirmation_id)
        kind = CooldownKind(details["kind"])
        actor.require(BASE_FLAGS[kind])
        return await _do(tx, actor, _Wish(kind, details["entity_id"], details["typed"], details["reason"], details["seen"]))


async def decline_cooldown(app: App, *, actor: Actor, confirmation_id: int) -> None:
    """Forget what the actor was asked to confirm. Raises `ConfirmationGone`."""
    async with app.transaction(actor.guild_id) as tx:
        await _take(tx, actor, confirmation_id)


async def _take(tx: Transaction, actor: Actor, confirmation_id: int) -> dict[str, Any]:
    same = (
        col(Confirmation.id) == confirmation_id,
        col(Confirmation.guild_id) == actor.guild_id,
        col(Confirmation.user_id) == actor.user_id,
        col(Confirmation.purpose) == PURPOSE,
    )
    question = (await tx.session.exec(select(Confirmation).where(*same))).first()
    result: CursorResult[Any] = await tx.session.exec(delete(Confirmation).where(*same))
    if question is None or not result.rowcount:
        raise ConfirmationGone
    return question.details


async def _do(tx: Transaction, actor: Actor, wish: _Wish) -> CooldownUpdate:
    change = _read(wish.typed)
    subject = await subject_of(tx.session, tx.guild_id, wish.kind, wish.entity_id)
    row = await get_cooldown(tx.session, tx.guild_id, wish.kind, wish.entity_id, lock=True)
    before = running(row, subject, tx.now)
    check_may_overwrite(actor, before)
    ends_at = _end(change, wish.typed, before, subject, tx.now)
    if before is not None and is_others(actor, before) and _fingerprint(before) != wish.seen:
        return await _ask(tx, actor, wish, before)
    if isinstance(change, Duration) and change.is_zero:
        return await lift(tx, actor, before, subject, wish.reason)
    after = CooldownView(subject, tx.now, ends_at, actor.user_id, wish.reason)
    if before is not None and not isinstance(change, Duration):
        # Only the end was moved: what it came from stays, and so does its reason where no new one is given.
        after = replace(after, reason=wish.reason or before.reason, request_id=before.request_id)
    return await _store(tx, wish, before, after)


def _read(typed: str) -> CooldownChange:
    try:
        return parse_cooldown_change(typed)
    except BadDuration as error:
        raise DurationRefused(typed, error) from error


def _end(change: CooldownChange, typed: str, before: CooldownView | None, subject: Subject, now: datetime) -> datetime | None:
    """Return when the cooldown will end. Raises what a duration can be refused for."""
    try:
        if isinstance(change, Duration):
            return change.end_after(now)
        if before is None:
            raise NothingToChange(subject)
        if before.ends_at is None:
            raise EndlessUnchangeable(subject)
        ends_at = change.applied_to(before.ends_at)
    except BadDuration as error:
        raise DurationRefused(typed, error) from error
    if ends_at <= now:
        raise EndsInThePast(subject, ends_at)
    return ends_at


async def _ask(tx: Transaction, actor: Actor, wish: _Wish, before: CooldownView) -> OverwriteAsked:
    details = {
        "kind": wish.kind.value,
        "entity_id": wish.entity_id,
        "typed": wish.typed,
        "reason": wish.reason,
        "seen": _fingerprint(before),
    }
    question = Confirmation(guild_id=tx.guild_id, user_id=actor.user_id, purpose=PURPOSE, details=details, asked_at=tx.now)  # pyright: ignore[reportCallIssue]
    tx.session.add(question)
    await tx.session.flush()
    return OverwriteAsked(question.id, before, wish.typed)


async def _store(tx: Transaction, wish: _Wish, before: CooldownView | None, after: CooldownView) -> UpdatedCooldown:
    # What was read is locked; only where there was no row can another have written one since.
    is_same = col(Cooldown.ends_at) <= tx.now if before is None else None
    written = await upsert(
        tx.session,
        Cooldown,
        {"guild_id": tx.guild_id, "kind": wish.kind, "entity_id": wish.entity_id},
        {
            "cast_at": after.cast_at,
            "ends_at": after.ends_at,
            "cast_by": after.cast_by,
            "reason": after.reason,
            "request_id": after.request_id,
        },
        only_if=is_same,
    )
    if not written:
        raise CooldownChangedMeanwhile(after.subject)
    tx.log(
        SET_EVENTS[wish.kind],
        after.cast_by,
        **{ID_FIELDS[wish.kind]: wish.entity_id},
        **end_fields(before),
        ends_at=shown_end(after.ends_at),
        reason=after.reason,
        request_id=after.request_id,
    )
    return UpdatedCooldown(before, after)


def _fingerprint(cooldown: CooldownView) -> str:
    """Tell cooldowns of one subject apart."""
    return f"{cooldown.cast_at.isoformat()} {shown_end(cooldown.ends_at)} {cooldown.cast_by}"
