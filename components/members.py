"""What Discord says about somebody who was named in an option."""

import discord


def role_ids_of(user: discord.Member | discord.User) -> frozenset[int] | None:
    """Return the ids of a member's roles, @everyone included; None for a user who is not in the guild."""
    return frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else None


def is_native_admin(user: discord.Member | discord.User) -> bool:
    """Tell whether somebody is admin by Discord itself: the guild's owner or a holder of Administrator."""
    return isinstance(user, discord.Member) and (user.guild.owner_id == user.id or user.guild_permissions.administrator)
