"""Take a permission flag from a role."""

from sqlalchemy import delete
from sqlmodel import col

from db.models import PermissionBinding
from facades.app import App
from facades.settings.last_admin import keep_actor_admin
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import EventType, Flag
from util.phrases import Raw, role_mention
from util.texts import Text


async def unbind_role(app: App, *, actor: Actor, flag: Flag, role_id: int) -> None:
    """Take a flag from a role.

    Raises `Forbidden`, `NotFound` when the role does not grant the flag, or `Refused` when the actor would stop being admin.
    """
    actor.require(Flag.ADMIN)
    async with app.transaction(actor.guild_id) as tx:
        statement = delete(PermissionBinding).where(
            col(PermissionBinding.guild_id) == actor.guild_id,
            col(PermissionBinding.flag) == flag,
            col(PermissionBinding.role_id) == role_id,
        )
        removed = (await tx.session.exec(statement)).rowcount
        if not removed:
            raise NotFound(Text.PERMISSION_NOT_BOUND, role=role_mention(role_id), flag=Raw(flag.value))
        if flag is Flag.ADMIN:
            await keep_actor_admin(tx, actor, role_id)
        tx.settings_changed = True
        tx.log(EventType.PERMISSION_UNBOUND, actor.user_id, flag=flag.value, role_id=role_id)
