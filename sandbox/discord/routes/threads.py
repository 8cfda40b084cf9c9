"""Routes about threads and their members."""

from __future__ import annotations

from typing import Any

from ..calls import Call, Reply, Route
from ..changes import channels as changes
from ..errors import ApiError, Json, missing_permissions, unknown
from ..models import Channel, ChannelType, Message, User
from ..payloads import channel_payload, thread_member_payload
from ..permissions import Permission, channel_permissions
from ..rules.checks import Checker

DURATIONS = (60, 1440, 4320, 10080)


def _start(call: Call, kind: int, message: Message | None) -> Reply:
    parent = call.channel(_creating(kind))
    guild = call.world.guild_of(parent)
    if guild is None or parent.is_thread or not parent.holds_messages:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    body = call.json
    checker = Checker()
    checker.text(("name",), body.get("name"), 1, 100, required=True)
    checker.one_of(("auto_archive_duration",), body.get("auto_archive_duration"), DURATIONS)
    checker.integer(("rate_limit_per_user",), body.get("rate_limit_per_user"), 0, 21600)
    checker.done()
    fields: dict[str, Any] = {
        key: body[key] for key in ("auto_archive_duration", "rate_limit_per_user", "invitable") if body.get(key) is not None
    }
    thread = changes.start_thread(call.world, guild, parent, call.bot, str(body["name"]), kind, message, **fields)
    return Reply(201, channel_payload(thread, call.bot.id))


def _creating(kind: int) -> Permission:
    if kind == ChannelType.PRIVATE_THREAD:
        return Permission.CREATE_PRIVATE_THREADS
    return Permission.CREATE_PUBLIC_THREADS


def _from_message(call: Call) -> Reply:
    parent = call.channel(Permission.READ_MESSAGE_HISTORY)
    message = call.world.message(parent, call.id("message_id", 10008))
    if message.thread is not None:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    return _start(call, ChannelType.PUBLIC_THREAD, message)


def _standalone(call: Call) -> Reply:
    checker = Checker()
    kind = call.json.get("type", ChannelType.PRIVATE_THREAD)
    checker.one_of(("type",), kind, (10, 11, 12))
    checker.done()
    return _start(call, kind, None)


def _thread(call: Call) -> Channel:
    thread = call.channel()
    if not thread.is_thread:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    return thread


def _target(call: Call) -> User:
    if call.ids["user_id"] == "@me":
        return call.bot
    found = call.world.users.get(call.id("user_id", 10013))
    if found is None:
        raise unknown(10013)
    return found


def _join(call: Call) -> None:
    thread = _thread(call)
    guild = call.world.guild(thread.guild_id or 0)
    user = _target(call)
    member = guild.members.get(user.id)
    if member is None:
        raise unknown(10007)
    parent = call.world.channel(thread.parent_id or 0)
    if not channel_permissions(guild, member, parent) & Permission.VIEW_CHANNEL:
        raise ApiError(403, 50001, "Missing Access")
    if user is not call.bot and not call.permissions(thread) & (Permission.SEND_MESSAGES_IN_THREADS | Permission.MANAGE_THREADS):
        raise missing_permissions()
    if thread.archived:
        raise ApiError(400, 50083, "Thread is archived")
    changes.join_thread(call.world, guild, thread, user)


def _leave(call: Call) -> None:
    thread = _thread(call)
    user = _target(call)
    owns = thread.is_private_thread and thread.owner_id == call.bot.id
    if user is not call.bot and not owns:
        call.need(thread, Permission.MANAGE_THREADS)
    changes.leave_thread(call.world, call.world.guild(thread.guild_id or 0), thread, user)


def _members(call: Call) -> list[Json]:
    thread = _thread(call)
    return [thread_member_payload(thread, user_id) for user_id in thread.thread_members]


def _member(call: Call) -> Json:
    thread = _thread(call)
    user = _target(call)
    if user.id not in thread.thread_members:
        raise unknown(10007)
    return thread_member_payload(thread, user.id)


def _listing(call: Call, threads: list[Channel]) -> Json:
    seen = [item for item in threads if call.permissions(item) & Permission.VIEW_CHANNEL]
    return {
        "threads": [channel_payload(item, call.bot.id) for item in seen],
        "members": [thread_member_payload(item, call.bot.id) for item in seen if call.bot.id in item.thread_members],
        "has_more": False,
    }


def _active(call: Call) -> Json:
    return _listing(call, [item for item in call.guild().channels.values() if item.is_thread and not item.archived])


def _archived(call: Call) -> Json:
    parent = call.channel(Permission.READ_MESSAGE_HISTORY)
    guild = call.world.guild(parent.guild_id or 0)
    kind = ChannelType.PRIVATE_THREAD if call.ids["kind"] == "private" else ChannelType.PUBLIC_THREAD
    found = [item for item in guild.channels.values() if item.parent_id == parent.id and item.archived and item.type == kind]
    return _listing(call, found)


ROUTES = [
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", _from_message),
    Route("POST", "/channels/{channel_id}/threads", _standalone),
    Route("GET", "/channels/{channel_id}/thread-members", _members),
    Route("GET", "/channels/{channel_id}/thread-members/{user_id}", _member),
    Route("PUT", "/channels/{channel_id}/thread-members/{user_id}", _join),
    Route("DELETE", "/channels/{channel_id}/thread-members/{user_id}", _leave),
    Route("GET", "/channels/{channel_id}/threads/archived/{kind}", _archived),
    Route("GET", "/guilds/{guild_id}/threads/active", _active),
]
