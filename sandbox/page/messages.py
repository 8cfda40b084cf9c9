"""Messages as one person's client shows them."""

from __future__ import annotations

from typing import Any, cast

from sandbox.discord import Channel, Message, Permission, SandboxUser, User
from sandbox.discord.errors import Json
from sandbox.discord.payloads import message_payload, user_payload
from sandbox.discord.snowflakes import snowflake_time

from .memory import Memory
from .people import color_of

COMMAND, MODAL_SUBMIT = 2, 5
REPLY, THREAD_STARTER = 19, 21


def readable(person: SandboxUser, memory: Memory, channel: Channel, oldest: int = 0) -> list[tuple[int, Message | Json]]:
    """Return what a person has on the screen in a channel from an id on, oldest first: messages, and acts that failed."""
    if not person.permissions(channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    found: list[tuple[int, Message | Json]] = [
        (item.id, item)
        for item in channel.messages.values()
        if item.id >= oldest and item.ephemeral_for in (None, person.id) and not memory.hides(item)
    ]
    local = [(key, item) for key, item in memory.failures.items() if item["channel_id"] == str(channel.id) and key >= oldest]
    return sorted([*found, *local], key=lambda pair: pair[0]) if local else found


def fingerprint(message: Message | Json, memory: Memory) -> object:
    """Return something that differs as soon as a message looks different."""
    if not isinstance(message, Message):
        return 0
    thread = message.thread
    return (
        message.revision,
        message.flags,
        tuple((key, len(users), memory.user_id in users) for key, users in message.reactions.items()),
        thread and (thread.name, thread.archived, thread.locked, len(thread.messages)),
        message.id in memory.failed_on,
        message.reference and (message.reference.deleted, message.reference.revision),
    )


def show(message: Message | Json, person: SandboxUser, memory: Memory, base_url: str) -> Json:
    """Return a message as the page gets it."""
    if not isinstance(message, Message):
        return message | {"author": _with_looks(message["author"], person)}
    payload = message_payload(message, reference=False)
    for part in ("embeds", "components", "attachments"):
        payload[part] = _own_addresses(payload[part], base_url)
    for reaction, users in zip(payload.get("reactions", []), message.reactions.values(), strict=True):
        reaction["me"] = person.id in users
    mine = message.author is person.user
    moderates = bool(person.permissions(message.channel) & Permission.MANAGE_MESSAGES) and not message.channel.is_dm
    payload |= {
        "author": _with_looks(payload["author"], person),
        "ephemeral": message.ephemeral,
        "loading": message.loading,
        "failed": message.id in memory.failed_on,
        "mentions_me": person.id in message.pinged,
        "own": mine,
        "deletable": mine or (moderates and not message.ephemeral),
        "revision": message.revision,
    }
    used = _used(message, person)
    if used is not None:
        payload["interaction"] = used
    if message.type in (REPLY, THREAD_STARTER):
        payload["reply"] = _reply(message.reference, person)
    return payload


def failure(message_id: int, channel: Channel, author: User, name: str, person: SandboxUser) -> Json:
    """Return the message, seen by one person alone, that a command was not answered; the page has the words for it."""
    return {
        "id": str(message_id),
        "channel_id": str(channel.id),
        "author": user_payload(author),
        "content": "This interaction failed",
        "timestamp": message_time(message_id),
        "edited_timestamp": None,
        "type": 20,
        "flags": 64,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [],
        "embeds": [],
        "components": [],
        "ephemeral": True,
        "loading": False,
        "failed": True,
        "mentions_me": False,
        "own": False,
        "deletable": False,
        "revision": 0,
        "interaction": {"user": {"id": str(person.id), "display_name": person.name}, "name": name},
    }


def message_time(message_id: int) -> str:
    """Return when an id was made, as Discord writes it."""
    return snowflake_time(message_id).isoformat()


def _with_looks(author: Json, person: SandboxUser) -> Json:
    member = person.guild.members.get(int(author["id"]))
    if member is None:
        return author | {"display_name": author["global_name"] or author["username"], "color": 0}
    return author | {"display_name": member.display_name, "color": color_of(person.guild, member)}


def _used(message: Message, person: SandboxUser) -> Json | None:
    """Return which command a message answers, if it answers one."""
    found = message.interaction_metadata
    if found is not None and found["type"] == MODAL_SUBMIT:
        found = cast("Json | None", found.get("triggering_interaction_metadata"))
    if found is None or found["type"] != COMMAND:
        return None
    looks = _with_looks(found["user"], person)
    return {"user": {"id": looks["id"], "display_name": looks["display_name"]}, "name": found["name"]}


def _reply(message: Message | None, person: SandboxUser) -> Json | None:
    if message is None or not person.sees(message):
        return None
    looks = _with_looks(user_payload(message.author), person)
    author = {key: looks[key] for key in ("id", "display_name", "color")}
    return {"id": str(message.id), "author": author, "content": message.content[:200]}


def _own_addresses(value: Any, base_url: str) -> Any:
    """Let addresses of the sandbox's files lead to the page's server, the only one the page may load from."""
    if isinstance(value, str):
        return value.removeprefix(base_url) if value.startswith(f"{base_url}/attachments/") else value
    if isinstance(value, list):
        return [_own_addresses(item, base_url) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _own_addresses(item, base_url) for key, item in cast("Json", value).items()}
    return value
