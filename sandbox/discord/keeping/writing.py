"""The state as JSON.

Left out is what does not outlive a run: gateway sessions, interactions and their tokens, ephemeral messages, answers that
were never filled, nonces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from ..errors import Json
from ..models import Application, Attachment, Channel, Guild, Member, Message
from ..world import World

VERSION: Final = 1
_OF_MESSAGE: Final = frozenset(
    {"channel", "author", "attachments", "mentions", "pinged", "reference", "thread", "deleted", "nonce", "ephemeral_for"}
)
_OF_CHANNEL: Final = frozenset({"overwrites", "messages", "recipients"})


def flat(thing: Any, without: frozenset[str] = frozenset()) -> Json:
    """Return a record's fields as they are."""
    return {field.name: getattr(thing, field.name) for field in fields(thing) if field.name not in without}


def lasting(channel: Channel) -> Iterator[Message]:
    """Yield the messages of a channel that outlive a run."""
    for message in channel.messages.values():
        if not message.ephemeral and not message.loading:
            yield message


class Writer:
    """Writes the state down; a message that did not change is not written anew."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._written: dict[int, tuple[object, str]] = {}

    def text(self) -> str:
        """Return the whole state as JSON."""
        world = self._world
        head = {
            "version": VERSION,
            "base_url": world.base_url,
            "last_id": world.ids.last,
            "users": [flat(user) for user in world.users.values()],
            "applications": [_application(item) for item in world.applications.values()],
            "guilds": [_guild(guild) for guild in world.guilds.values()],
            "channels": [_channel(channel) for channel in world.channels.values()],
            "dms": [channel.id for channel in world.dms.values()],
        }
        messages = [message for channel in world.channels.values() for message in lasting(channel)]
        before, self._written = self._written, {}
        for message in messages:
            looks = _looks(message)
            known = before.get(message.id)
            text = known[1] if known is not None and known[0] == looks else json.dumps(_message(message), ensure_ascii=False)
            self._written[message.id] = looks, text
        body = ",\n".join(text for _, text in self._written.values())
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "messages": [\n{body}\n]}}\n'

    def files(self) -> dict[int, Attachment]:
        """Return the files of the messages that are kept."""
        channels = self._world.channels.values()
        return {item.id: item for channel in channels for message in lasting(channel) for item in message.attachments}


def _looks(message: Message) -> object:
    reactions = tuple((key, tuple(users)) for key, users in message.reactions.items())
    return message.revision, message.flags, reactions, message.thread and message.thread.id, message.pinged


def _application(application: Application) -> Json:
    return {
        "id": application.id,
        "name": application.name,
        "token": application.token,
        "owner": application.owner.id,
        "allowed_privileged": application.allowed_privileged,
        "commands": [[scope, list(commands.values())] for scope, commands in application.commands.items()],
    }


def _guild(guild: Guild) -> Json:
    return {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner_id,
        "preferred_locale": guild.preferred_locale,
        "roles": [flat(role) for role in guild.roles.values()],
        "members": [_member(member) for member in guild.members.values()],
        "applications": list(guild.applications),
    }


def _member(member: Member) -> Json:
    return {"user": member.user.id, **flat(member, frozenset({"user", "guild_id"}))}


def _channel(channel: Channel) -> Json:
    return flat(channel, _OF_CHANNEL) | {
        "type": int(channel.type),
        "overwrites": [flat(item) for item in channel.overwrites.values()],
        "recipients": [user.id for user in channel.recipients],
    }


def _message(message: Message) -> Json:
    return flat(message, _OF_MESSAGE) | {
        "channel": message.channel.id,
        "author": message.author.id,
        "attachments": [flat(item, frozenset({"data"})) for item in message.attachments],
        "mentions": [user.id for user in message.mentions],
        "pinged": sorted(message.pinged),
        "reference": message.reference.id if message.reference is not None else None,
        "thread": message.thread.id if message.thread is not None else None,
    }
