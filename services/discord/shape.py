"""What a guild looks like to the bot: its channels and roles and what the bot may do there, as plain values."""

from dataclasses import dataclass
from enum import StrEnum

import discord


class ChannelKind(StrEnum):
    """What kind of channel it is, as far as we tell them apart."""

    TEXT = "text"
    NEWS = "news"
    CATEGORY = "category"
    VOICE = "voice"
    FORUM = "forum"
    OTHER = "other"

    @property
    def takes_messages(self) -> bool:
        """Tell whether messages can be routed there."""
        return self in {ChannelKind.TEXT, ChannelKind.NEWS}


@dataclass(frozen=True)
class ChannelAccess:
    """What the bot may do in a channel. `mention`: also roles that not everybody may mention."""

    view: bool
    send: bool
    embed: bool
    attach: bool
    history: bool
    threads: bool
    manage: bool
    mention: bool = True


@dataclass(frozen=True)
class ChannelShape:
    """A channel. `category_id` None: it stands outside of categories."""

    id: int
    name: str
    kind: ChannelKind
    category_id: int | None
    access: ChannelAccess


@dataclass(frozen=True)
class RoleShape:
    """A role. `managed`: it belongs to an integration; `assignable`: the bot can give and take it."""

    id: int
    name: str
    position: int
    managed: bool
    assignable: bool
    is_everyone: bool


@dataclass(frozen=True)
class GuildShape:
    """A guild as Discord's gateway last told it. `permissions`: names of what the bot may do in the guild as a whole.

    `own_id`: the bot's user id.
    """

    id: int
    name: str
    owner_id: int
    preferred_locale: str
    channels: tuple[ChannelShape, ...]
    roles: tuple[RoleShape, ...]
    permissions: frozenset[str]
    top_role_position: int
    own_id: int = 0

    def channel(self, channel_id: int) -> ChannelShape | None:
        """Return a channel, None when there is none with that id."""
        return next((channel for channel in self.channels if channel.id == channel_id), None)

    def role(self, role_id: int) -> RoleShape | None:
        """Return a role, None when there is none with that id."""
        return next((role for role in self.roles if role.id == role_id), None)


_KINDS = {
    discord.ChannelType.text: ChannelKind.TEXT,
    discord.ChannelType.news: ChannelKind.NEWS,
    discord.ChannelType.category: ChannelKind.CATEGORY,
    discord.ChannelType.voice: ChannelKind.VOICE,
    discord.ChannelType.forum: ChannelKind.FORUM,
}


def shape_of(guild: discord.Guild) -> GuildShape:
    """Return the shape of a guild from discord.py's memory."""
    me = guild.me
    own = me.guild_permissions
    return GuildShape(
        id=guild.id,
        name=guild.name,
        owner_id=guild.owner_id or 0,
        preferred_locale=guild.preferred_locale.value,
        channels=tuple(_channel(channel, me) for channel in guild.channels),
        roles=tuple(_role(role, own.manage_roles) for role in guild.roles),
        # Iterating leaves out discord.py's aliases, and `view_channel`, Discord's own name, is one of them.
        permissions=frozenset(name for name in discord.Permissions.VALID_FLAGS if getattr(own, name)),
        top_role_position=me.top_role.position,
        own_id=me.id,
    )


def _channel(channel: discord.abc.GuildChannel, me: discord.Member) -> ChannelShape:
    allowed = channel.permissions_for(me)
    view = allowed.view_channel
    access = ChannelAccess(
        view=view,
        send=view and allowed.send_messages,
        embed=view and allowed.embed_links,
        attach=view and allowed.attach_files,
        history=view and allowed.read_message_history,
        threads=view and allowed.create_public_threads and allowed.send_messages_in_threads,
        manage=view and allowed.manage_channels,
        mention=view and allowed.mention_everyone,
    )
    return ChannelShape(channel.id, channel.name, _KINDS.get(channel.type, ChannelKind.OTHER), channel.category_id, access)


def _role(role: discord.Role, may_manage: bool) -> RoleShape:
    return RoleShape(role.id, role.name, role.position, role.managed, may_manage and role.is_assignable(), role.is_default())
