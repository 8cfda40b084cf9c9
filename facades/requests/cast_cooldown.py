"""Cast the cooldowns that the flow itself casts: on a member after a request, on a level after its rejection."""

from sqlmodel import and_, col

from db.models import Cooldown
from db.upsert import upsert
from facades.transaction import Transaction
from util.durations import Duration
from util.identifiers import CooldownKind, EventType


async def cast_cooldown(tx: Transaction, kind: CooldownKind, entity_id: int, duration: Duration, *, request_id: int) -> bool:
    """Hold a user or a level back because of a request; a cooldown that lasts longer stays. Return whether it was cast."""
    if duration.is_zero:
        return False
    ends_at = duration.end_after(tx.now)
    is_finite = col(Cooldown.ends_at).is_not(None)
    written = await upsert(
        tx.session,
        Cooldown,
        {"guild_id": tx.guild_id, "kind": kind, "entity_id": entity_id},
        {"cast_at": tx.now, "ends_at": ends_at, "cast_by": None, "reason": None, "request_id": request_id},
        only_if=is_finite if ends_at is None else and_(is_finite, col(Cooldown.ends_at) < ends_at),
    )
    if not written:
        return False
    is_user = kind is CooldownKind.USER
    shown_end = None if ends_at is None else ends_at.isoformat()
    event = EventType.USER_COOLDOWN_SET if is_user else EventType.LEVEL_COOLDOWN_SET
    subject = {"user_id" if is_user else "level_id": entity_id}
    tx.log(event, None, **subject, ends_at=shown_end, reason=None, request_id=request_id)
    return True
