"""Routes about guilds and their members."""

from __future__ import annotations

from ..calls import Call, Reply, Route
from ..changes import guilds as changes
from ..errors import Json, missing_access, missing_permissions, unknown
from ..models import Guild, Member
from ..payloads import guild_payload, member_payload
from ..permissions import Permission, guild_permissions, stands_above, top_role
from ..rules.checks import Checker, as_list
from ..snowflakes import parse_snowflake


def _guild(call: Call) -> Json:
    guild = call.guild()
    payload = guild_payload(guild)
    if call.query.get("with_counts") in ("1", "true", "True"):
        payload |= {"approximate_member_count": len(guild.members), "approximate_presence_count": len(guild.members)}
    return payload


def _leave(call: Call) -> None:
    guild = call.guild()
    changes.remove_member(call.world, guild, call.bot)


def _member(call: Call) -> Json:
    return member_payload(call.member(call.guild()))


def _members(call: Call) -> list[Json]:
    guild = call.guild()
    if not call.application.allowed_privileged & 1 << 1:
        raise missing_access()
    checker = Checker()
    limit = int(call.query.get("limit", 1))
    checker.integer(("limit",), limit, 1, 1000)
    checker.done()
    after = parse_snowflake(call.query.get("after")) or 0
    found = sorted((item for item in guild.members.values() if item.user.id > after), key=lambda item: item.user.id)
    return [member_payload(item) for item in found[:limit]]


def _search(call: Call) -> list[Json]:
    guild = call.guild()
    query = call.query.get("query", "").lower()
    found = [
        item for item in guild.members.values() if item.user.name.startswith(query) or item.display_name.lower().startswith(query)
    ]
    return [member_payload(item) for item in found[: min(int(call.query.get("limit", 1)), 1000)]]


def _edit_member(call: Call) -> Json:
    guild = call.guild()
    member = call.member(guild)
    body = call.json
    if "nick" in body:
        own = member.user is call.bot
        call.need_in_guild(guild, Permission.CHANGE_NICKNAME if own else Permission.MANAGE_NICKNAMES)
        checker = Checker()
        checker.text(("nick",), body["nick"], 0, 32)
        checker.done()
        if not own:
            _outrank(call, guild, member)
        changes.set_nick(call.world, guild, member, body["nick"] or None)
    if "roles" in body:
        call.need_in_guild(guild, Permission.MANAGE_ROLES)
        checker = Checker()
        wanted = [checker.snowflake(("roles", index), item) or 0 for index, item in enumerate(as_list(body["roles"]) or [])]
        checker.done()
        for role_id in set(wanted) ^ set(member.role_ids):
            _manageable(call, guild, role_id)
        changes.set_roles(call.world, guild, member, wanted)
    return member_payload(member)


def _outrank(call: Call, guild: Guild, member: Member) -> None:
    mine, theirs = top_role(guild, call.me(guild)), top_role(guild, member)
    if member.user.id == guild.owner_id or (mine.position, -mine.id) <= (theirs.position, -theirs.id):
        raise missing_permissions()


def _manageable(call: Call, guild: Guild, role_id: int) -> None:
    role = guild.roles.get(role_id)
    if role is None or role_id == guild.id:
        raise unknown(10011)
    if role.managed or not stands_above(guild, call.me(guild), role):
        raise missing_permissions()


def _add_role(call: Call) -> None:
    guild = call.guild()
    member = call.member(guild)
    role_id = call.id("role_id", 10011)
    if not guild_permissions(guild, call.me(guild)) & Permission.MANAGE_ROLES:
        raise missing_permissions()
    _manageable(call, guild, role_id)
    changes.set_roles(call.world, guild, member, [*member.role_ids, role_id])


def _remove_role(call: Call) -> None:
    guild = call.guild()
    member = call.member(guild)
    role_id = call.id("role_id", 10011)
    call.need_in_guild(guild, Permission.MANAGE_ROLES)
    _manageable(call, guild, role_id)
    changes.set_roles(call.world, guild, member, [item for item in member.role_ids if item != role_id])


def _kick(call: Call) -> None:
    guild = call.guild()
    member = call.member(guild)
    call.need_in_guild(guild, Permission.KICK_MEMBERS)
    _outrank(call, guild, member)
    changes.remove_member(call.world, guild, member.user)


def _empty_list(call: Call) -> Reply:
    call.guild()
    return Reply(200, [])


ROUTES = [
    Route("GET", "/guilds/{guild_id}", _guild),
    Route("DELETE", "/users/@me/guilds/{guild_id}", _leave),
    Route("GET", "/guilds/{guild_id}/members", _members),
    Route("GET", "/guilds/{guild_id}/members/search", _search),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", _member),
    Route("PATCH", "/guilds/{guild_id}/members/{user_id}", _edit_member),
    Route("DELETE", "/guilds/{guild_id}/members/{user_id}", _kick),
    Route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", _add_role),
    Route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", _remove_role),
    Route("GET", "/guilds/{guild_id}/webhooks", _empty_list),
    Route("GET", "/guilds/{guild_id}/invites", _empty_list),
    Route("GET", "/guilds/{guild_id}/emojis", _empty_list),
]
