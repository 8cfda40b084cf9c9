"""Changes of guilds, roles and members."""

from __future__ import annotations

from typing import Any

from .. import dispatch
from ..errors import SandboxMisuse
from ..models import Application, Guild, Member, Role, User
from ..payloads import guild_payload, role_payload
from ..permissions import EVERYONE_DEFAULT
from ..world import World


def create_guild(world: World, name: str, owner: User, locale: str) -> Guild:
    """Create a guild with its everyone role and its owner as first member."""
    guild_id = world.ids.make()
    guild = Guild(guild_id, name, owner.id, locale)
    guild.roles[guild_id] = Role(guild_id, guild_id, "@everyone", EVERYONE_DEFAULT, 0)
    guild.members[owner.id] = Member(owner, guild_id)
    world.guilds[guild_id] = guild
    return guild


def edit_guild(world: World, guild: Guild, **changes: Any) -> None:
    """Change fields of a guild."""
    for key, value in changes.items():
        setattr(guild, key, value)
    dispatch.to_guild(world, guild, "GUILD_UPDATE", guild_payload(guild))


def create_role(world: World, guild: Guild, name: str, **fields: Any) -> Role:
    """Create a role directly above everyone's; the others move up."""
    role = Role(world.ids.make(), guild.id, name, **fields)
    guild.roles[role.id] = role
    dispatch.to_guild(world, guild, "GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role_payload(role)})
    return role


def edit_role(world: World, guild: Guild, role: Role, **changes: Any) -> Role:
    """Change fields of a role."""
    for key, value in changes.items():
        setattr(role, key, value)
    dispatch.to_guild(world, guild, "GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role_payload(role)})
    return role


def move_roles(world: World, guild: Guild, positions: dict[int, int]) -> None:
    """Put roles at positions."""
    for role_id, position in positions.items():
        edit_role(world, guild, guild.roles[role_id], position=position)


def delete_role(world: World, guild: Guild, role: Role) -> None:
    """Delete a role; members lose it and overwrites of it go."""
    if role.id == guild.id:
        raise SandboxMisuse("Everyone's role cannot be deleted")
    for member in guild.members.values():
        if role.id in member.role_ids:
            member.role_ids.remove(role.id)
    for channel in guild.channels.values():
        channel.overwrites.pop(role.id, None)
    del guild.roles[role.id]
    dispatch.to_guild(world, guild, "GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)})


def add_member(world: World, guild: Guild, user: User, role_ids: list[int]) -> Member:
    """Let a user join a guild."""
    found = guild.members.get(user.id)
    if found is not None:
        set_roles(world, guild, found, role_ids)
        return found
    member = Member(user, guild.id, role_ids)
    guild.members[user.id] = member
    dispatch.member_event(world, guild, "GUILD_MEMBER_ADD", member)
    return member


def remove_member(world: World, guild: Guild, user: User) -> None:
    """Let a member leave; a bot that leaves gets GUILD_DELETE."""
    member = guild.members.get(user.id)
    application = guild.applications.get(user.id)
    if member is None:
        return
    if application is not None:
        for session in dispatch.guild_sessions(guild, dispatch.GUILDS):
            if session.application is application:
                session.dispatch("GUILD_DELETE", {"id": str(guild.id)})
        del guild.applications[user.id]
        application.commands.pop(guild.id, None)
        for role in [role for role in guild.roles.values() if role.bot_id == user.id]:
            delete_role(world, guild, role)
    del guild.members[user.id]
    for channel in guild.channels.values():
        channel.thread_members.pop(user.id, None)
    dispatch.member_event(world, guild, "GUILD_MEMBER_REMOVE", member)


def set_roles(world: World, guild: Guild, member: Member, role_ids: list[int]) -> None:
    """Give a member exactly these roles."""
    if set(member.role_ids) == set(role_ids):
        return
    member.role_ids = list(dict.fromkeys(role_ids))
    dispatch.member_event(world, guild, "GUILD_MEMBER_UPDATE", member)


def set_nick(world: World, guild: Guild, member: Member, nick: str | None) -> None:
    """Change a member's name in a guild."""
    member.nick = nick
    dispatch.member_event(world, guild, "GUILD_MEMBER_UPDATE", member)


def add_bot(world: World, guild: Guild, application: Application, permissions: int) -> Member:
    """Let a bot join with a managed role of its own; connected, it gets GUILD_CREATE."""
    member = add_member(world, guild, application.user, [])
    guild.applications[application.id] = application
    top = max((role.position for role in guild.roles.values()), default=0)
    role = Role(world.ids.make(), guild.id, application.name, permissions, top + 1, managed=True, bot_id=application.user.id)
    guild.roles[role.id] = role
    member.role_ids.append(role.id)
    for session in application.sessions:
        if session.hears_guild(guild.id):
            dispatch.guild_create(guild, session, joined=True)
    world.notify()
    return member
