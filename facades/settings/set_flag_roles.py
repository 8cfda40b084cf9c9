"""Choose all roles of a permission flag at once."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import col, select

from db.models import PermissionBinding
from facades.app import App
from facades.settings.bind_role import add_binding, refuse_everyone
from facades.settings.last_admin import keep_actor_admin
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import EventType, Flag
from util.texts import Text


async def set_flag_roles(app: App, *, actor: Actor, flag: Flag, role_ids: Iterable[int]) -> None:
    """Bind a flag to exactly these roles of the actor's guild.

    Raises `Forbidden`, `NotFound` for a role that is not in the guild, or `Refused` for @everyone with a flag of the staff or
    when the actor would stop being admin.
    """
    actor.require(Flag.ADMIN)
    wanted = frozenset(role_ids)
    shape = app.discord.guild_shape(actor.guild_id)
    for role_id in sorted(wanted):
        if shape.role(role_id) is None:
            raise NotFound(Text.ERROR_NOT_FOUND)
        refuse_everyone(actor.guild_id, flag, role_id)
    async with app.transaction(actor.guild_id) as tx:
        of_flag = (col(PermissionBinding.guild_id) == actor.guild_id, col(PermissionBinding.flag) == flag)
        bound = frozenset((await tx.session.exec(select(PermissionBinding.role_id).where(*of_flag))).all())
        for role_id in sorted(wanted - bound):
            await add_binding(tx, actor, flag, role_id)
        for role_id in sorted(bound - wanted):
            await tx.session.exec(delete(PermissionBinding).where(*of_flag, col(PermissionBinding.role_id) == role_id))
            tx.settings_changed = True
            tx.log(EventType.PERMISSION_UNBOUND, actor.user_id, flag=flag.value, role_id=role_id)
        if flag is Flag.ADMIN:
            for role_id in sorted(bound - wanted):
                await keep_actor_admin(tx, actor, role_id)
