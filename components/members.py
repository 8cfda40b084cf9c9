"""What Discord says about a member who was named in an option."""

import discord

from util.errors import BadInput, NotFound
from util.phrases import user_mention
from util.texts import Text


def member_of(user: discord.Member | discord.User) -> discord.Member:
    """Return the member behind an option. Raises `NotFound` for a user who is not in the guild."""
    if isinstance(user, discord.Member):
        return user
    raise NotFound(Text.PERMISSION_NOT_A_MEMBER, member=user_mention(user.id))


def role_ids_of(member: discord.Member) -> frozenset[int]:
    """Return the ids of a member's roles, @everyone included."""
    return frozenset(role.id for role in member.roles)


def is_native_admin(member: discord.Member) -> bool:
    """Tell whether a member is admin by Discord itself: the guild's owner or a holder of Administrator."""
    return member.guild.owner_id == member.id or member.guild_permissions.administrator


def notified_member_id(user: discord.Member | discord.User | None) -> int | None:
    """Return the id of a member who is to be notified. Raises `BadInput` for a user who is not in the guild."""
    if isinstance(user, discord.User):
        raise BadInput(Text.REQUEST_INSERT_REFUSED_NOT_MEMBER, member=user_mention(user.id))
    return None if user is None else user.id
