"""Take all permission flags from a role."""

from sqlalchemy import delete
from sqlmodel import col

from db.models import PermissionBinding
from facades.app import App
from facades.settings.last_admin import keep_actor_admin
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import EventType, Flag
from util.phrases import role_mention
from util.texts import Text


async def clear_role(app: App, *, actor: Actor, role_id: int) -> tuple[Flag, ...]:
    """Take all flags from a role and return them.

    Raises `Forbidden`, `NotFound` when the role grants nothing, or `Refused` when the actor would stop being admin.
    """
    actor.require(Flag.ADMIN)
    async with app.transaction(actor.guild_id) as tx:
        statement = (
            delete(PermissionBinding)
            .where(col(PermissionBinding.guild_id) == actor.guild_id, col(PermissionBinding.role_id) == role_id)
            .returning(col(PermissionBinding.flag))
        )
        removed = set((await tx.session.exec(statement)).scalars().all())
        flags = tuple(flag for flag in Flag if flag in removed)
        if not flags:
            raise NotFound(Text.PERMISSION_NOTHING_TO_CLEAR, role=role_mention(role_id))
        if Flag.ADMIN in flags:
            await keep_actor_admin(tx, actor, role_id)
        tx.settings_changed = True
        tx.log(EventType.PERMISSION_CLEARED, actor.user_id, role_id=role_id, flags=", ".join(flags))
    return flags
