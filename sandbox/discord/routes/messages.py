"""Routes about messages in channels, and reactions to them."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

from ..calls import Call, Route
from ..changes import messages as changes
from ..changes.messages import Origin
from ..errors import ApiError, Json, invalid_field, missing_permissions, unknown
from ..models import Channel, Message
from ..payloads import message_payload
from ..permissions import Permission, can_send
from ..rules.checks import Checker, as_list, as_object
from ..rules.emoji import looks_like_emoji
from ..rules.messages import Draft, check_message, require_something
from ..snowflakes import parse_snowflake, snowflake_time

BULK_AGE = timedelta(days=14)


def sees_content(call: Call, message: Message) -> bool:
    """Tell whether the asking bot gets what is in a message."""
    application = call.application
    return bool(
        application.allowed_privileged & 1 << 15
        or message.author is application.user
        or message.channel.is_dm
        or application.user in message.mentions
    )


def shown(call: Call, message: Message) -> Json:
    """Return a message as the asking bot gets it."""
    return message_payload(message, call.application, content=sees_content(call, message))


def _create(call: Call) -> Json:
    channel = call.channel()
    _accepts(call, channel)
    draft = check_message(call.json, call.uploads, largest=call.world.upload_limit)
    require_something(draft)
    _apply_permissions(call, channel, draft)
    earlier = _earlier(call, draft)
    if earlier is not None:
        if earlier.deleted:
            raise unknown(10008)
        return message_payload(earlier, call.application, nonce=True)
    origin = Origin(reference=_reference(call, channel)) if call.json.get("message_reference") else Origin()
    if origin.reference is not None:
        origin = Origin(type=19, reference=origin.reference)
    message = changes.create(call.world, channel, call.bot, draft, origin)
    if draft.nonce is not None:
        call.application.nonces[str(draft.nonce)] = (call.world.clock(), message)
    return message_payload(message, call.application, nonce=True)


def _accepts(call: Call, channel: Channel) -> None:
    if not channel.holds_messages:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    if channel.is_dm and any(not user.accepts_dms for user in channel.recipients if user is not call.bot):
        raise ApiError(403, 50007, "Cannot send messages to this user")
    bits = call.permissions(channel)
    if not can_send(bits, channel):
        raise missing_permissions()
    if channel.is_thread and channel.locked and not bits & Permission.MANAGE_THREADS:
        raise ApiError(400, 50083, "Thread is archived" if channel.archived else "Thread is locked")


def _apply_permissions(call: Call, channel: Channel, draft: Draft) -> None:
    bits = call.permissions(channel)
    if draft.uploads and not bits & Permission.ATTACH_FILES:
        raise missing_permissions()
    if draft.embeds and not bits & Permission.EMBED_LINKS:
        # Discord takes the message and leaves the embeds out; one that consists of embeds alone is refused.
        draft.embeds = []
        if not draft.anything():
            raise missing_permissions()


def _earlier(call: Call, draft: Draft) -> Message | None:
    if draft.nonce is None or not draft.enforce_nonce:
        return None
    nonces = call.application.nonces
    found = nonces.get(str(draft.nonce))
    if len(nonces) > 5000:
        limit = call.world.clock() - call.world.timing.nonce_window
        for key in [key for key, (at, _) in nonces.items() if at < limit]:
            del nonces[key]
    if found is None or call.world.clock() - found[0] > call.world.timing.nonce_window:
        return None
    return found[1]


def _reference(call: Call, channel: Channel) -> Message | None:
    given = as_object(call.json.get("message_reference")) or {}
    found = channel.messages.get(parse_snowflake(given.get("message_id")) or 0)
    if found is None or found.ephemeral:
        if given.get("fail_if_not_exists", True):
            raise invalid_field(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        return None
    if not call.permissions(channel) & Permission.READ_MESSAGE_HISTORY:
        raise ApiError(400, 160002, "You cannot reply without permission to read message history")
    return found


def _one(call: Call) -> Json:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    return shown(call, call.world.message(channel, call.id("message_id", 10008)))


def _history(call: Call) -> list[Json]:
    channel = call.channel()
    if not call.permissions(channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    checker = Checker()
    given = call.query.get("limit", "50")
    limit = int(given) if given.isdigit() else 0
    checker.integer(("limit",), limit, 1, 100)
    marks = {key: _mark(checker, key, call.query[key]) for key in ("before", "after", "around") if key in call.query}
    checker.done()
    found = [item for item in channel.messages.values() if not item.ephemeral]
    if "around" in marks:
        older = [item for item in found if item.id < marks["around"]][-(limit // 2) :]
        newer = [item for item in found if item.id >= marks["around"]][: limit - len(older)]
        chosen = older + newer
    elif "after" in marks:
        chosen = [item for item in found if item.id > marks["after"]][:limit]
    else:
        before = marks.get("before")
        chosen = [item for item in found if before is None or item.id < before][-limit:]
    return [shown(call, item) for item in reversed(chosen)]


def _mark(checker: Checker, key: str, text: str) -> int:
    # Zero is no id, but a fine mark for "from the beginning".
    return 0 if text == "0" else checker.snowflake((key,), text) or 0


def _edit(call: Call) -> Json:
    channel = call.channel()
    message = call.world.message(channel, call.id("message_id", 10008))
    bits = call.permissions(channel)
    if message.author is not call.bot:
        if set(call.json) <= {"flags"} and bits & Permission.MANAGE_MESSAGES:
            return shown(call, changes.edit(call.world, message, check_message(call.json, [])))
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    if channel.is_thread and channel.archived:
        raise ApiError(400, 50083, "Thread is archived")
    draft = check_message(call.json, call.uploads, largest=call.world.upload_limit, flags_before=message.flags)
    if draft.embeds and not bits & Permission.EMBED_LINKS:
        draft.embeds = []
    return message_payload(changes.edit(call.world, message, draft), call.application)


def _delete(call: Call) -> None:
    channel = call.channel()
    message = call.world.message(channel, call.id("message_id", 10008))
    if message.author is not call.bot:
        call.need(channel, Permission.MANAGE_MESSAGES)
    changes.delete(call.world, [message])


def _delete_bulk(call: Call) -> None:
    channel = call.channel(Permission.MANAGE_MESSAGES)
    if channel.is_dm:
        raise ApiError(400, 50003, "Cannot execute action on a DM channel")
    checker = Checker()
    given = as_list(call.json.get("messages")) or []
    checker.count(("messages",), given, 2, 100)
    ids = [checker.snowflake(("messages", index), item) or 0 for index, item in enumerate(given)]
    checker.done()
    if any(datetime.now(UTC) - snowflake_time(item) > BULK_AGE for item in ids):
        raise ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.")
    found = [channel.messages[item] for item in ids if item in channel.messages and not channel.messages[item].ephemeral]
    changes.delete_bulk(call.world, found)


def _emoji(call: Call) -> str:
    key = call.ids["emoji"]
    if ":" not in key and not looks_like_emoji(key):
        raise ApiError(400, 10014, "Unknown Emoji")
    return key


def _react(call: Call) -> None:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    message = call.world.message(channel, call.id("message_id", 10008))
    key = _emoji(call)
    if key not in message.reactions:
        call.need(channel, Permission.ADD_REACTIONS)
    changes.react(call.world, message, call.bot, key)


def _unreact(call: Call) -> None:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    message = call.world.message(channel, call.id("message_id", 10008))
    user_id = call.bot.id if call.ids["user_id"] == "@me" else call.id("user_id", 10013)
    if user_id != call.bot.id:
        call.need(channel, Permission.MANAGE_MESSAGES)
    changes.unreact(call.world, message, user_id, _emoji(call))


def _clear_reactions(call: Call) -> None:
    channel = call.channel(Permission.MANAGE_MESSAGES)
    message = call.world.message(channel, call.id("message_id", 10008))
    for key, users in copy.deepcopy(message.reactions).items():
        for user_id in users:
            changes.unreact(call.world, message, user_id, key)


_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
ROUTES = [
    Route("GET", "/channels/{channel_id}/messages", _history),
    Route("POST", "/channels/{channel_id}/messages", _create),
    Route("POST", "/channels/{channel_id}/messages/bulk-delete", _delete_bulk),
    Route("GET", _MESSAGE, _one),
    Route("PATCH", _MESSAGE, _edit),
    Route("DELETE", _MESSAGE, _delete),
    Route("PUT", _MESSAGE + "/reactions/{emoji}/@me", _react),
    Route("DELETE", _MESSAGE + "/reactions/{emoji}/{user_id}", _unreact),
    Route("DELETE", _MESSAGE + "/reactions", _clear_reactions),
]
