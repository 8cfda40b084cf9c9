"""Routes about a guild's roles."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Route
from ..changes import guilds as changes
from ..errors import ApiError, Json, missing_permissions, unknown
from ..models import Guild, Role
from ..payloads import role_payload
from ..permissions import ALL, Permission, stands_above
from ..rules.checks import Checker, as_object
from ..snowflakes import parse_snowflake

MOST_ROLES = 250


def _list(call: Call) -> list[Json]:
    return [role_payload(role) for role in call.guild().roles.values()]


def _one(call: Call) -> Json:
    return role_payload(_role(call, call.guild()))


def _role(call: Call, guild: Guild) -> Role:
    role = guild.roles.get(call.id("role_id", 10011))
    if role is None:
        raise unknown(10011)
    return role


def _fields(body: Json, own_bits: int) -> dict[str, Any]:
    checker = Checker()
    checker.text(("name",), body.get("name"), 0, 100)
    checker.integer(("color",), body.get("color"), 0, 0xFFFFFF)
    checker.boolean(("hoist",), body.get("hoist"))
    checker.boolean(("mentionable",), body.get("mentionable"))
    checker.done()
    fields: dict[str, Any] = {key: body[key] for key in ("name", "color", "hoist", "mentionable") if body.get(key) is not None}
    colors = as_object(body.get("colors"))
    if colors is not None and colors.get("primary_color") is not None:
        fields["color"] = int(colors["primary_color"])
    if body.get("permissions") is not None:
        fields["permissions"] = int(body["permissions"]) & ALL
        if fields["permissions"] & ~own_bits:
            raise missing_permissions()
    return fields


def _create(call: Call) -> Json:
    guild = call.guild()
    bits = call.need_in_guild(guild, Permission.MANAGE_ROLES)
    fields = _fields(call.json, bits)
    if len(guild.roles) >= MOST_ROLES:
        raise ApiError(400, 30005, f"Maximum number of guild roles reached ({MOST_ROLES})")
    if "permissions" not in fields:
        fields["permissions"] = guild.everyone.permissions & bits
    return role_payload(changes.create_role(call.world, guild, fields.pop("name", "new role") or "new role", **fields))


def _edit(call: Call) -> Json:
    guild = call.guild()
    role = _role(call, guild)
    bits = call.need_in_guild(guild, Permission.MANAGE_ROLES)
    if not stands_above(guild, call.me(guild), role):
        raise missing_permissions()
    body = call.json
    given = parse_snowflake(body.get("permissions"))
    if given is not None and not given & ~role.permissions & ~bits:
        # Bits the role has already may stay even if the bot lacks them.
        bits |= role.permissions
    return role_payload(changes.edit_role(call.world, guild, role, **_fields(body, bits)))


def _delete(call: Call) -> None:
    guild = call.guild()
    role = _role(call, guild)
    call.need_in_guild(guild, Permission.MANAGE_ROLES)
    if role.managed or not stands_above(guild, call.me(guild), role):
        raise missing_permissions()
    if role.id == guild.id:
        raise unknown(10011)
    changes.delete_role(call.world, guild, role)


def _move(call: Call) -> list[Json]:
    guild = call.guild()
    call.need_in_guild(guild, Permission.MANAGE_ROLES)
    checker = Checker()
    positions: dict[int, int] = {}
    for path, item in checker.objects((), call.body):
        role_id = checker.snowflake((*path, "id"), item.get("id"))
        if role_id and isinstance(item.get("position"), int):
            if role_id not in guild.roles:
                raise unknown(10011)
            if not stands_above(guild, call.me(guild), guild.roles[role_id]):
                raise missing_permissions()
            positions[role_id] = item["position"]
    checker.done()
    changes.move_roles(call.world, guild, {key: at for key, at in positions.items() if guild.roles[key].position != at})
    return _list(call)


ROUTES = [
    Route("GET", "/guilds/{guild_id}/roles", _list),
    Route("GET", "/guilds/{guild_id}/roles/{role_id}", _one),
    Route("POST", "/guilds/{guild_id}/roles", _create),
    Route("PATCH", "/guilds/{guild_id}/roles", _move),
    Route("PATCH", "/guilds/{guild_id}/roles/{role_id}", _edit),
    Route("DELETE", "/guilds/{guild_id}/roles/{role_id}", _delete),
]
