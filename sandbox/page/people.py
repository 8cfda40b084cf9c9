"""Who can be played, and the guild as one person sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.discord import Application, Channel, Guild, Member, Permission, Role, SandboxDiscord, SandboxUser, User
from sandbox.discord.errors import Json
from sandbox.discord.permissions import can_send, guild_permissions

_LAST: Final = 1 << 30


def color_of(guild: Guild, member: Member) -> int:
    """Return the colour of a member's name: that of the highest role that has one."""
    roles = [guild.roles[role_id] for role_id in member.role_ids if guild.roles[role_id].color]
    return max(roles, key=lambda role: (role.position, -role.id)).color if roles else 0


def people(guild: Guild, cast: Mapping[int, str]) -> list[Json]:
    """Return everyone who can be played, those with a part first."""
    order = {user_id: place for place, user_id in enumerate(cast)}
    found = [member for member in guild.members.values() if not member.user.bot]
    found.sort(key=lambda member: (order.get(member.user.id, _LAST), member.user.id))
    return [_person(guild, member, cast.get(member.user.id)) for member in found]


def _person(guild: Guild, member: Member, what: str | None) -> Json:
    names = [guild.roles[role_id].name for role_id in member.role_ids]
    return {
        "id": str(member.user.id),
        "name": member.display_name,
        "what": what if what is not None else ", ".join(names) or "member",
        "locale": member.user.locale,
        "roles": names,
        "avatar": None,
        "color": color_of(guild, member),
    }


def state_of(discord: SandboxDiscord, person: SandboxUser) -> Json:
    """Return the guild as a person sees it, read marks left out."""
    guild, member = person.guild, person.member
    return {
        "me": {
            "id": str(person.id),
            "name": person.user.name,
            "display_name": person.name,
            "locale": person.user.locale,
            "roles": [str(role_id) for role_id in member.role_ids],
            "color": color_of(guild, member),
            "owner": guild.owner_id == person.id,
            "permissions": str(guild_permissions(guild, member)),
        },
        "guild": {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.owner_id),
            "locale": guild.preferred_locale,
        },
        "roles": [_role(role) for role in sorted(guild.roles.values(), key=lambda item: (-item.position, item.id))],
        "members": [_member(discord, guild, item) for item in guild.members.values()],
        "channels": [_channel(person, channel) for channel in _in_order(person.channels())],
        "dms": [_dm(discord, person, channel) for channel in dms_of(discord, person)],
    }


def _role(role: Role) -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "position": role.position,
        "managed": role.managed,
        "mentionable": role.mentionable,
    }


def _member(discord: SandboxDiscord, guild: Guild, member: Member) -> Json:
    return _user(discord, member.user) | {
        "display_name": member.display_name,
        "color": color_of(guild, member),
        "roles": [str(role_id) for role_id in member.role_ids],
    }


def _user(discord: SandboxDiscord, user: User) -> Json:
    application = discord.world.application_of(user)
    return {
        "id": str(user.id),
        "name": user.name,
        "display_name": user.display_name,
        "bot": user.bot,
        "online": application is None or discord.connected(application),
    }


def _in_order(channels: list[Channel]) -> list[Channel]:
    """Return channels in the order of Discord's list, threads right after what they belong to."""
    ordered: list[Channel] = []
    threads: dict[int | None, list[Channel]] = {}
    for channel in channels:
        if channel.is_thread:
            threads.setdefault(channel.parent_id, []).append(channel)
    for channel in sorted(channels, key=lambda item: (item.position, item.id)):
        if not channel.is_thread:
            ordered += [channel, *sorted(threads.get(channel.id, []), key=lambda item: item.id)]
    return ordered


def _channel(person: SandboxUser, channel: Channel) -> Json:
    bits = person.permissions(channel)
    closed = channel.is_thread and channel.locked
    return {
        "id": str(channel.id),
        "name": channel.name,
        "type": int(channel.type),
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "position": channel.position,
        "topic": channel.topic,
        "can_send": channel.holds_messages and can_send(bits, channel) and not closed,
        "can_read": bool(bits & Permission.READ_MESSAGE_HISTORY),
        "can_react": bool(bits & Permission.ADD_REACTIONS),
        "thread": channel.is_thread,
        "archived": channel.archived,
        "locked": channel.locked,
    }


def dms_of(discord: SandboxDiscord, person: SandboxUser) -> list[Channel]:
    """Return a person's direct messages."""
    return [channel for channel in discord.world.dms.values() if person.user in channel.recipients]


def _dm(discord: SandboxDiscord, person: SandboxUser, channel: Channel) -> Json:
    other = next((user for user in channel.recipients if user is not person.user), person.user)
    return {"id": str(channel.id), "user": _user(discord, other)}


def applications_in(guild: Guild) -> list[Application]:
    """Return the bots in a guild."""
    return list(guild.applications.values())
