"""The rule that an admin cannot lock themselves out.

The guild's owner and holders of Discord's Administrator permission are admins whatever is bound, so a guild never is without
one. Who is admin through a role alone could lose it by their own hand, and only others could give it back.
"""

from sqlmodel import col, select

from db.models import PermissionBinding
from facades.transaction import Transaction
from util.actor import Actor
from util.errors import Refused
from util.identifiers import Flag
from util.phrases import role_mention
from util.texts import Text


async def keep_actor_admin(tx: Transaction, actor: Actor, role_id: int) -> None:
    """Check, after `admin` was taken from a role, that the actor is still admin. Raises `Refused`, which undoes it."""
    if actor.is_native_admin or role_id not in actor.role_ids:
        return
    rows = await tx.session.exec(
        select(PermissionBinding.role_id).where(
            col(PermissionBinding.guild_id) == actor.guild_id, col(PermissionBinding.flag) == Flag.ADMIN
        )
    )
    if not actor.role_ids.intersection(rows.all()):
        raise Refused(Text.PERMISSION_LAST_ADMIN, role=role_mention(role_id))
