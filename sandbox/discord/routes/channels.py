"""Routes about channels and their permission overwrites."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Reply, Route
from ..changes import channels as changes
from ..errors import ApiError, Json, invalid_field, missing_permissions, unknown
from ..models import Channel, Guild, Overwrite
from ..payloads import channel_payload
from ..permissions import ALL, Permission, guild_permissions
from ..rules.checks import Checker, Path
from ..snowflakes import parse_snowflake

MOST_CHANNELS = 500
CREATABLE = (0, 2, 4, 5)


def _list(call: Call) -> list[Json]:
    return [channel_payload(item) for item in call.guild().channels.values() if not item.is_thread]


def _one(call: Call) -> Json:
    return channel_payload(call.channel(), call.bot.id)


def _overwrites(checker: Checker, path: Path, value: Any) -> dict[int, Overwrite]:
    found: dict[int, Overwrite] = {}
    for where, item in checker.objects(path, value):
        target = checker.snowflake((*where, "id"), item.get("id"))
        checker.one_of((*where, "type"), int(item.get("type") or 0), (0, 1))
        if target:
            allow, deny = int(item.get("allow") or 0), int(item.get("deny") or 0)
            found[target] = Overwrite(target, int(item.get("type") or 0), allow & ALL, deny & ALL)
    return found


def _fields(guild: Guild, body: Json, bits: int, before: dict[int, Overwrite]) -> dict[str, Any]:
    checker = Checker()
    checker.text(("name",), body.get("name"), 1, 100)
    checker.text(("topic",), body.get("topic"), 0, 1024)
    checker.integer(("rate_limit_per_user",), body.get("rate_limit_per_user"), 0, 21600)
    fields: dict[str, Any] = {
        key: body[key] for key in ("name", "position", "nsfw", "rate_limit_per_user") if body.get(key) is not None
    }
    if "topic" in body:
        fields["topic"] = body["topic"] or None
    if "parent_id" in body:
        fields["parent_id"] = parse_snowflake(body["parent_id"])
        parent = guild.channels.get(fields["parent_id"] or 0)
        if fields["parent_id"] and (parent is None or parent.type != 4):
            checker.add(("parent_id",), "CHANNEL_PARENT_INVALID", "Category does not exist")
    if body.get("permission_overwrites") is not None:
        fields["overwrites"] = _overwrites(checker, ("permission_overwrites",), body["permission_overwrites"])
        for item in fields["overwrites"].values():
            old = before.get(item.id, Overwrite(item.id, item.type))
            _may_set(bits, item, old)
    checker.done()
    if "name" in fields and body.get("type", 0) in (0, 5):
        fields["name"] = "-".join(str(fields["name"]).lower().split())
    return fields


def _may_set(bits: int, item: Overwrite, old: Overwrite) -> None:
    changed = (item.allow ^ old.allow) | (item.deny ^ old.deny)
    if changed & ~bits:
        raise missing_permissions()


def _create(call: Call) -> Reply:
    guild = call.guild()
    bits = call.need_in_guild(guild, Permission.MANAGE_CHANNELS)
    body = call.json
    checker = Checker()
    checker.text(("name",), body.get("name"), 1, 100, required=True)
    kind = body.get("type") or 0
    checker.one_of(("type",), kind, CREATABLE)
    checker.done()
    if len(guild.channels) >= MOST_CHANNELS:
        raise ApiError(400, 30013, f"Maximum number of guild channels reached ({MOST_CHANNELS})")
    fields = _fields(guild, body, bits, {})
    name = str(fields.pop("name"))
    if "overwrites" not in fields and fields.get("parent_id"):
        fields["overwrites"] = dict(guild.channels[fields["parent_id"]].overwrites)
    return Reply(201, channel_payload(changes.create_channel(call.world, guild, name, int(kind), **fields)))


def _edit(call: Call) -> Json:
    channel = call.channel()
    guild = call.world.guild_of(channel)
    if guild is None:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    if channel.is_thread:
        return _edit_thread(call, channel)
    bits = call.need(channel, Permission.MANAGE_CHANNELS)
    body = call.json
    if body.get("permission_overwrites") is not None:
        call.need(channel, Permission.MANAGE_ROLES)
    fields = _fields(guild, {"type": channel.type, **body}, bits, channel.overwrites)
    return channel_payload(changes.edit_channel(call.world, channel, **fields))


def _edit_thread(call: Call, thread: Channel) -> Json:
    body = call.json
    checker = Checker()
    checker.text(("name",), body.get("name"), 1, 100)
    checker.one_of(("auto_archive_duration",), body.get("auto_archive_duration"), (60, 1440, 4320, 10080))
    checker.done()
    bits = call.need(thread)
    manages = bool(bits & Permission.MANAGE_THREADS)
    if not manages and (thread.owner_id != call.bot.id or "locked" in body or thread.locked):
        raise missing_permissions()
    keys = ("name", "archived", "locked", "invitable", "auto_archive_duration", "rate_limit_per_user")
    if thread.archived and body.get("archived") is not False and any(key in body for key in keys):
        raise ApiError(400, 50083, "Thread is archived")
    return channel_payload(
        changes.edit_channel(call.world, thread, **{key: body[key] for key in keys if body.get(key) is not None})
    )


def _delete(call: Call) -> Json:
    channel = call.channel()
    guild = call.world.guild_of(channel)
    if guild is None:
        return channel_payload(channel, call.bot.id)
    call.need(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
    payload = channel_payload(channel)
    changes.delete_channel(call.world, guild, channel)
    return payload


def _put_overwrite(call: Call) -> None:
    channel = call.channel(Permission.MANAGE_ROLES)
    guild = call.world.guild_of(channel)
    target = call.id("target_id", 10009)
    body = call.json
    if guild is None or channel.is_thread:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    kind = body.get("type")
    if kind not in (0, 1):
        raise invalid_field(("type",), "BASE_TYPE_CHOICES", "Value must be one of {0, 1}.")
    if target not in (guild.roles if kind == 0 else guild.members):
        raise ApiError(404, 10009, "Unknown Overwrite")
    item = Overwrite(target, kind, int(body.get("allow") or 0) & ALL, int(body.get("deny") or 0) & ALL)
    bits = call.permissions(channel)
    if not guild_permissions(guild, call.me(guild)) & Permission.ADMINISTRATOR:
        _may_set(bits, item, channel.overwrites.get(target, Overwrite(target, kind)))
    changes.set_overwrite(call.world, channel, item)


def _delete_overwrite(call: Call) -> None:
    channel = call.channel(Permission.MANAGE_ROLES)
    target = call.id("target_id", 10009)
    if target not in channel.overwrites:
        raise unknown(10009)
    changes.remove_overwrite(call.world, channel, target)


def _typing(call: Call) -> None:
    call.channel()


ROUTES = [
    Route("GET", "/guilds/{guild_id}/channels", _list),
    Route("POST", "/guilds/{guild_id}/channels", _create),
    Route("GET", "/channels/{channel_id}", _one),
    Route("PATCH", "/channels/{channel_id}", _edit),
    Route("DELETE", "/channels/{channel_id}", _delete),
    Route("PUT", "/channels/{channel_id}/permissions/{target_id}", _put_overwrite),
    Route("DELETE", "/channels/{channel_id}/permissions/{target_id}", _delete_overwrite),
    Route("POST", "/channels/{channel_id}/typing", _typing),
]
