"""Permission bits and how roles and overwrites add up to them.

The order of the steps is that of Discord's documentation on permission hierarchy: owner, everyone role, other roles,
administrator, then the channel's overwrites for everyone, roles and the member.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Channel, Guild, Member, Role


class Permission(IntFlag):
    """Bits of a permission set that the sandbox knows by name."""

    NONE = 0
    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    PIN_MESSAGES = 1 << 51


ALL = (1 << 53) - 1
EVERYONE_DEFAULT = int(
    Permission.CREATE_INSTANT_INVITE
    | Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
DM = int(
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
)
_NEEDS_SENDING = int(
    Permission.MENTION_EVERYONE | Permission.SEND_TTS_MESSAGES | Permission.ATTACH_FILES | Permission.EMBED_LINKS
)


def guild_permissions(guild: Guild, member: Member) -> int:
    """Return the bits a member has in a guild before any overwrite."""
    if guild.owner_id == member.user.id:
        return ALL
    granted = guild.roles[guild.id].permissions
    for role_id in member.role_ids:
        granted |= guild.roles[role_id].permissions
    return ALL if granted & Permission.ADMINISTRATOR else granted


def channel_permissions(guild: Guild, member: Member, channel: Channel) -> int:
    """Return the bits a member has in a channel; a thread counts as its parent."""
    granted = guild_permissions(guild, member)
    if granted & Permission.ADMINISTRATOR:
        return ALL
    place = channel
    if channel.is_thread and channel.parent_id is not None:
        place = guild.channels.get(channel.parent_id, channel)
    overwrites = place.overwrites
    if overwrites:
        everyone = overwrites.get(guild.id)
        if everyone is not None:
            granted = granted & ~everyone.deny | everyone.allow
        allow = deny = 0
        for role_id in member.role_ids:
            found = overwrites.get(role_id)
            if found is not None:
                allow |= found.allow
                deny |= found.deny
        granted = granted & ~deny | allow
        own = overwrites.get(member.user.id)
        if own is not None:
            granted = granted & ~own.deny | own.allow
    return _implied(granted, channel, member)


def _implied(granted: int, channel: Channel, member: Member) -> int:
    if not granted & Permission.VIEW_CHANNEL:
        return 0
    hidden = channel.is_private_thread and member.user.id not in channel.thread_members
    if hidden and not granted & Permission.MANAGE_THREADS:
        return 0
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    if not granted & needed:
        granted &= ~_NEEDS_SENDING
    return granted


def can_send(permissions: int, channel: Channel) -> bool:
    """Tell whether these bits allow a message in a channel of this type."""
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    return bool(permissions & needed)


def top_role(guild: Guild, member: Member) -> Role:
    """Return a member's highest role."""
    roles = [guild.roles[role_id] for role_id in member.role_ids]
    return max(roles, key=lambda role: (role.position, -role.id), default=guild.roles[guild.id])


def stands_above(guild: Guild, member: Member, role: Role) -> bool:
    """Tell whether a member may manage a role: the owner always, others only roles below their highest."""
    if guild.owner_id == member.user.id:
        return True
    top = top_role(guild, member)
    return (top.position, -top.id) > (role.position, -role.id)
