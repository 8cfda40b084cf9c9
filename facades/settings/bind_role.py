"""Bind a permission flag to a role, so that its holders have the flag."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import col, select

from db.models import PermissionBinding
from db.upsert import upsert
from facades.app import App
from facades.transaction import Transaction
from util.actor import Actor
from util.errors import Conflict, Refused
from util.identifiers import EventType, Flag
from util.phrases import Phrase, Raw, phrase, role_mention
from util.texts import Text

HARMLESS_FOR_EVERYONE: Final = frozenset({Flag.NO_REQUEST_COOLDOWN, Flag.REQUEST_WHILE_QUEUE_CLOSED})
"""What every member may hold: these flags ease requesting and open nothing of the staff's."""
HANDED_OUT: Final = frozenset({Flag.REVIEWER, Flag.TRAINEE})
"""Flags whose roles the bot itself gives or takes when trainees are promoted or expelled."""


@dataclass(frozen=True)
class BoundRole:
    """A new binding, with what the admin should know about it."""

    flag: Flag
    role_id: int
    warnings: tuple[Phrase, ...]


async def bind_role(app: App, *, actor: Actor, flag: Flag, role_id: int, assignable: bool = True) -> BoundRole:
    """Bind a flag to a role of the actor's guild and return the binding.

    `assignable`: whether the bot can give the role to members. Raises `Forbidden`, `Refused` for @everyone with a flag of
    the staff, or `Conflict` when it is bound already.
    """
    actor.require(Flag.ADMIN)
    refuse_everyone(actor.guild_id, flag, role_id)
    async with app.transaction(actor.guild_id) as tx:
        if not await add_binding(tx, actor, flag, role_id):
            raise Conflict(Text.PERMISSION_BOUND_ALREADY, role=role_mention(role_id), flag=Raw(flag.value))
        bound = await tx.session.exec(
            select(PermissionBinding.role_id).where(
                col(PermissionBinding.guild_id) == actor.guild_id, col(PermissionBinding.flag) == flag
            )
        )
        roles = sorted(bound.all())
    return BoundRole(flag, role_id, tuple(_warnings(actor.guild_id, flag, role_id, roles, assignable)))


def refuse_everyone(guild_id: int, flag: Flag, role_id: int) -> None:
    """Raise `Refused` when a flag of the staff would go to @everyone, whose id is the guild's."""
    if role_id == guild_id and flag not in HARMLESS_FOR_EVERYONE:
        raise Refused(Text.PERMISSION_NOT_FOR_EVERYONE, flag=Raw(flag.value))


async def add_binding(tx: Transaction, actor: Actor, flag: Flag, role_id: int) -> bool:
    """Write a binding with its event; return False when it stood already."""
    key = {"guild_id": actor.guild_id, "flag": flag, "role_id": role_id}
    if not await upsert(tx.session, PermissionBinding, key, {}):
        return False
    tx.settings_changed = True
    tx.log(EventType.PERMISSION_BOUND, actor.user_id, flag=flag.value, role_id=role_id)
    return True


def _warnings(guild_id: int, flag: Flag, role_id: int, roles: list[int], assignable: bool) -> list[Phrase]:
    name = Raw(flag.value)
    found: list[Phrase] = []
    if role_id == guild_id:
        found.append(phrase(Text.PERMISSION_WARNING_EVERYONE, flag=name))
    if flag in HANDED_OUT and len(roles) > 1:
        mentions = Raw(", ".join(role_mention(role).text for role in roles))
        found.append(phrase(Text.PERMISSION_WARNING_SEVERAL_ROLES, flag=name, roles=mentions))
    if flag in HANDED_OUT and not assignable:
        found.append(phrase(Text.PERMISSION_WARNING_NOT_ASSIGNABLE, role=role_mention(role_id)))
    return found
