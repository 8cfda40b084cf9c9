"""The state from JSON, into a world that is still empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from ..errors import Json
from ..models import Application, Attachment, Channel, ChannelType, Guild, Member, Message, Overwrite, Role, User
from ..world import World

Files = Callable[[int], bytes]


def read(world: World, data: Json, files: Files) -> None:
    """Bring the state back. Raises `KeyError`, `TypeError` or `ValueError` for what was not written by the same version."""
    world.ids.last = max(world.ids.last, int(data["last_id"]))
    for item in cast("list[Json]", data["users"]):
        world.users[item["id"]] = User(**item)
    for item in cast("list[Json]", data["applications"]):
        _application(world, item)
    for item in cast("list[Json]", data["guilds"]):
        _guild(world, item)
    for item in cast("list[Json]", data["channels"]):
        _channel(world, item)
    for channel_id in cast("list[int]", data["dms"]):
        channel = world.channels[channel_id]
        one, other = sorted(user.id for user in channel.recipients)
        world.dms[one, other] = channel
    found = [(_message(world, dict(item), files), item) for item in cast("list[Json]", data["messages"])]
    by_id = {message.id: message for message, _ in found}
    for message, item in found:
        message.reference = by_id.get(item["reference"])


def _application(world: World, item: Json) -> None:
    user = world.users[item["id"]]
    owner = world.users[item["owner"]]
    application = Application(user.id, item["name"], item["token"], user, owner, item["allowed_privileged"])
    for scope, commands in item["commands"]:
        application.commands[scope] = {int(command["id"]): command for command in commands}
    world.applications[application.id] = application
    world.tokens[application.token] = application


def _guild(world: World, item: Json) -> None:
    guild = Guild(item["id"], item["name"], item["owner_id"], item["preferred_locale"])
    guild.roles = {role["id"]: Role(**role) for role in cast("list[Json]", item["roles"])}
    for member in cast("list[Json]", item["members"]):
        user = world.users[member.pop("user")]
        guild.members[user.id] = Member(user, guild.id, **member)
    guild.applications = {key: world.applications[key] for key in cast("list[int]", item["applications"])}
    world.guilds[guild.id] = guild


def _channel(world: World, item: Json) -> None:
    overwrites = [Overwrite(**entry) for entry in cast("list[Json]", item.pop("overwrites"))]
    recipients = tuple(world.users[user_id] for user_id in item.pop("recipients"))
    joined = {int(key): since for key, since in cast("Json", item.pop("thread_members")).items()}
    kind = ChannelType(item.pop("type"))
    channel = Channel(**item, type=kind, recipients=recipients, thread_members=joined)
    channel.overwrites = {entry.id: entry for entry in overwrites}
    world.channels[channel.id] = channel
    if channel.guild_id is not None:
        world.guilds[channel.guild_id].channels[channel.id] = channel


def _message(world: World, item: Json, files: Files) -> Message:
    channel = world.channels[item.pop("channel")]
    author = world.users[item.pop("author")]
    item.pop("reference")
    attachments = [Attachment(**entry, data=files(entry["id"])) for entry in cast("list[Json]", item.pop("attachments"))]
    mentions = [world.users[user_id] for user_id in item.pop("mentions")]
    pinged = frozenset(cast("list[int]", item.pop("pinged")))
    thread = world.channels.get(item.pop("thread"))
    message = Message(
        **item, channel=channel, author=author, attachments=attachments, mentions=mentions, pinged=pinged, thread=thread
    )
    channel.messages[message.id] = message
    world.attachments.update({entry.id: entry for entry in attachments})
    return message
