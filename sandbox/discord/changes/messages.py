"""Creating, editing and deleting messages, and reactions to them."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from .. import dispatch
from ..errors import Json, empty_message
from ..models import Attachment, Channel, Message, MessageFlag, User, now_iso
from ..payloads import channel_payload, emoji_payload, member_payload
from ..rules.mentions import AllowedMentions, resolve
from ..rules.messages import Draft
from ..world import World


@dataclass(frozen=True)
class Origin:
    """Where a message comes from besides its author: an interaction, a reply, a system event."""

    type: int = 0
    reference: Message | None = None
    application_id: int | None = None
    interaction_metadata: Json | None = None
    ephemeral_for: int | None = None
    extra_flags: int = 0
    reference_ids: Json | None = None


def create(world: World, channel: Channel, author: User, draft: Draft, origin: Origin | None = None) -> Message:
    """Post a checked message and tell who hears it."""
    origin = origin or Origin()
    message = Message(world.ids.make(), channel, author)
    message.content = draft.content or ""
    message.embeds = draft.embeds or []
    message.components = draft.components or []
    message.flags = (draft.flags or 0) & ~MessageFlag.EPHEMERAL | origin.extra_flags
    message.nonce = draft.nonce
    message.tts = draft.tts
    message.type = origin.type
    message.reference = origin.reference
    message.reference_ids = origin.reference_ids
    if origin.reference is not None and message.reference_ids is None:
        message.reference_ids = _reference_ids(origin.reference)
    message.application_id = origin.application_id
    message.by_webhook = origin.interaction_metadata is not None
    message.interaction_metadata = origin.interaction_metadata
    if origin.ephemeral_for is not None:
        message.ephemeral_for = origin.ephemeral_for
        message.flags |= MessageFlag.EPHEMERAL
    message.attachments = attach(world, message, draft)
    _mentions(world, message, draft.allowed)
    channel.messages[message.id] = message
    if not message.ephemeral:
        channel.last_message_id = message.id
        if channel.is_thread:
            channel.total_message_sent += 1
            _wake_thread(world, channel, author)
    dispatch.message_event(world, "MESSAGE_CREATE", message)
    return message


def _wake_thread(world: World, thread: Channel, author: User) -> None:
    guild = world.guild_of(thread)
    if thread.archived and guild is not None:
        thread.archived = False
        dispatch.to_guild(world, guild, "THREAD_UPDATE", channel_payload(thread))
    thread.thread_members.setdefault(author.id, now_iso())


def _reference_ids(message: Message) -> Json:
    found: Json = {"type": 0, "message_id": str(message.id), "channel_id": str(message.channel.id)}
    if message.channel.guild_id is not None:
        found["guild_id"] = str(message.channel.guild_id)
    return found


def attach(world: World, message: Message, draft: Draft) -> list[Attachment]:
    """Keep a draft's files under addresses from which they can be fetched."""
    made: list[Attachment] = []
    for upload in draft.uploads:
        attachment_id = world.ids.make()
        url = f"{world.base_url}/attachments/{message.channel.id}/{attachment_id}/{upload.filename}"
        kind = mimetypes.guess_type(upload.filename)[0] or upload.content_type
        note = draft.descriptions.get(upload.key)
        item = Attachment(attachment_id, upload.filename, upload.data, kind, url, note, message.ephemeral)
        world.attachments[attachment_id] = item
        made.append(item)
    _resolve_attachment_urls(message, made)
    return made


def _resolve_attachment_urls(message: Message, files: list[Attachment]) -> None:
    by_name = {f"attachment://{item.filename}": item.url for item in files}
    if not by_name:
        return
    for embed in message.embeds:
        for key in ("image", "thumbnail"):
            media = embed.get(key)
            if media and media.get("url") in by_name:
                embed[key] = {**media, "url": by_name[media["url"]], "proxy_url": by_name[media["url"]]}


def _mentions(world: World, message: Message, allowed: AllowedMentions) -> None:
    found = resolve(message, world.guild_of(message.channel), allowed, world.users)
    message.mentions = found.users
    message.mention_roles = found.roles
    message.mention_everyone = found.everyone
    message.pinged = frozenset() if message.flags & MessageFlag.LOADING else found.pinged


def edit(world: World, message: Message, draft: Draft, *, first: bool = False) -> Message:
    """Change a message as a checked body says; `first` fills a deferred answer, which is not an edit.

    Raises 50006 when nothing would be left. An edit never pings.
    """
    keep = message.attachments if draft.keep is None else [item for item in message.attachments if item.id in draft.keep]
    content = message.content if draft.content is None else draft.content
    embeds = message.embeds if draft.embeds is None else draft.embeds
    components = message.components if draft.components is None else draft.components
    second_version = draft.second_version
    if second_version and not message.flags & MessageFlag.COMPONENTS_V2:
        content, embeds = "", []
    if not (content or embeds or components or keep or draft.uploads):
        raise empty_message()
    message.content, message.embeds, message.components = content, embeds, components
    if draft.flags is not None:
        changeable = int(MessageFlag.SUPPRESS_EMBEDS)
        message.flags = message.flags & ~changeable | draft.flags & changeable
        message.flags |= draft.flags & MessageFlag.COMPONENTS_V2
    message.flags &= ~MessageFlag.LOADING
    message.attachments = [*keep, *attach(world, message, draft)]
    pinged = message.pinged
    _mentions(world, message, draft.allowed)
    if not first:
        message.pinged = pinged
        message.edited_timestamp = now_iso()
    message.revision += 1
    dispatch.message_event(world, "MESSAGE_UPDATE", message)
    return message


def delete(world: World, messages: list[Message]) -> None:
    """Take messages of one channel away, telling it for each."""
    for message in messages:
        _take(message)
        data = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if message.ephemeral:
            world.notify()
        else:
            dispatch.in_channel(world, message.channel, "MESSAGE_DELETE", data)


def delete_bulk(world: World, messages: list[Message]) -> None:
    """Take several messages of one channel away with one event."""
    for message in messages:
        _take(message)
    if messages:
        data: Json = {"ids": [str(item.id) for item in messages], "channel_id": str(messages[0].channel.id)}
        dispatch.in_channel(world, messages[0].channel, "MESSAGE_DELETE_BULK", data)


def _take(message: Message) -> None:
    message.deleted = True
    message.revision += 1
    message.channel.messages.pop(message.id, None)


def react(world: World, message: Message, user: User, key: str) -> None:
    """Add a user's reaction; a second time changes nothing."""
    users = message.reactions.setdefault(key, [])
    if user.id not in users:
        users.append(user.id)
        _reaction_event(world, message, user, key, "MESSAGE_REACTION_ADD")


def unreact(world: World, message: Message, user_id: int, key: str) -> None:
    """Take a user's reaction away when there is one."""
    users = message.reactions.get(key, [])
    if user_id in users:
        users.remove(user_id)
        if not users:
            del message.reactions[key]
        _reaction_event(world, message, world.users[user_id], key, "MESSAGE_REACTION_REMOVE")


def _reaction_event(world: World, message: Message, user: User, key: str, event: str) -> None:
    data: Json = {
        "user_id": str(user.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "emoji": emoji_payload(key),
        "burst": False,
        "type": 0,
    }
    guild = world.guild_of(message.channel)
    if event == "MESSAGE_REACTION_ADD":
        data["message_author_id"] = str(message.author.id)
        if guild is not None and user.id in guild.members:
            data["member"] = member_payload(guild.members[user.id])
    intents = (dispatch.GUILD_REACTIONS, dispatch.DIRECT_REACTIONS)
    dispatch.in_channel(world, message.channel, event, data, intents)
