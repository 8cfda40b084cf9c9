"""Changes of channels, overwrites and threads."""

from __future__ import annotations

from typing import Any

from .. import dispatch
from ..errors import Json
from ..models import Application, Channel, ChannelType, Guild, Message, MessageFlag, Overwrite, User, now_iso
from ..payloads import channel_payload, member_payload, thread_member_payload
from ..permissions import Permission, channel_permissions
from ..rules.messages import Draft
from ..world import World
from .messages import Origin, create


def create_channel(world: World, guild: Guild, name: str, kind: int = 0, **fields: Any) -> Channel:
    """Create a channel at the end of the list."""
    position = sum(1 for item in guild.channels.values() if not item.is_thread)
    fields.setdefault("position", position)
    channel = Channel(world.ids.make(), kind, name, guild.id, **fields)
    guild.channels[channel.id] = channel
    world.channels[channel.id] = channel
    dispatch.to_guild(world, guild, "CHANNEL_CREATE", channel_payload(channel))
    return channel


def edit_channel(world: World, channel: Channel, **changes: Any) -> Channel:
    """Change fields of a channel or thread."""
    for key, value in changes.items():
        setattr(channel, key, value)
    guild = world.guild_of(channel)
    if guild is not None:
        event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        dispatch.to_guild(world, guild, event, channel_payload(channel))
    return channel


def delete_channel(world: World, guild: Guild, channel: Channel) -> None:
    """Delete a channel with its threads and messages."""
    children = [item for item in guild.channels.values() if item.is_thread and item.parent_id == channel.id]
    for gone in (*children, channel):
        del guild.channels[gone.id]
        del world.channels[gone.id]
        for message in gone.messages.values():
            message.deleted = True
            message.revision += 1
    if channel.is_thread:
        keys = ("id", "guild_id", "parent_id", "type")
        payload = channel_payload(channel)
        dispatch.to_guild(world, guild, "THREAD_DELETE", {key: payload[key] for key in keys})
    else:
        dispatch.to_guild(world, guild, "CHANNEL_DELETE", channel_payload(channel))


def set_overwrite(world: World, channel: Channel, overwrite: Overwrite) -> None:
    """Put an overwrite on a channel in place of the one for the same role or member."""
    edit_channel(world, channel, overwrites={**channel.overwrites, overwrite.id: overwrite})


def remove_overwrite(world: World, channel: Channel, target_id: int) -> None:
    """Take an overwrite off a channel."""
    edit_channel(world, channel, overwrites={key: item for key, item in channel.overwrites.items() if key != target_id})


def start_thread(
    world: World, guild: Guild, parent: Channel, owner: User, name: str, kind: int, message: Message | None, **fields: Any
) -> Channel:
    """Create a thread, on a message or standing alone, with the system message that announces it."""
    thread_id = message.id if message is not None else world.ids.make()
    thread = Channel(thread_id, kind, name, guild.id, parent_id=parent.id, owner_id=owner.id, **fields)
    thread.thread_members[owner.id] = now_iso()
    guild.channels[thread.id] = thread
    world.channels[thread.id] = thread

    def payload(application: Application) -> Json:
        return channel_payload(thread, application.user.id) | {"newly_created": True}

    for session in dispatch.guild_sessions(guild, dispatch.GUILDS):
        own = guild.members[session.application.user.id]
        if channel_permissions(guild, own, thread) & Permission.VIEW_CHANNEL:
            session.dispatch("THREAD_CREATE", payload(session.application))
    if message is not None:
        message.thread = thread
        message.flags |= MessageFlag.HAS_THREAD
        message.revision += 1
        dispatch.message_event(world, "MESSAGE_UPDATE", message)
        create(world, thread, message.author, Draft(), Origin(type=21, reference=message))
    elif kind == ChannelType.PUBLIC_THREAD:
        ids = {"type": 0, "channel_id": str(thread.id), "guild_id": str(guild.id)}
        create(world, parent, owner, Draft(content=name), Origin(type=18, reference_ids=ids))
    world.notify()
    return thread


def join_thread(world: World, guild: Guild, thread: Channel, user: User) -> None:
    """Add a member to a thread."""
    if user.id in thread.thread_members:
        return
    thread.thread_members[user.id] = now_iso()
    added = [thread_member_payload(thread, user.id) | {"member": member_payload(guild.members[user.id])}]
    _members_update(world, guild, thread, user, {"added_members": added})


def leave_thread(world: World, guild: Guild, thread: Channel, user: User) -> None:
    """Take a member out of a thread."""
    if thread.thread_members.pop(user.id, None) is not None:
        _members_update(world, guild, thread, user, {"removed_member_ids": [str(user.id)]})


def _members_update(world: World, guild: Guild, thread: Channel, user: User, change: Json) -> None:
    data: Json = {"id": str(thread.id), "guild_id": str(guild.id), "member_count": len(thread.thread_members), **change}
    for session in dispatch.guild_sessions(guild, dispatch.GUILDS):
        own = session.application.user is user
        if own and "added_members" in change:
            session.dispatch("THREAD_CREATE", channel_payload(thread, user.id))
        if own or session.intents & dispatch.GUILD_MEMBERS:
            session.dispatch("THREAD_MEMBERS_UPDATE", data)
    world.notify()
