"""Messages on Discord: post, edit, delete, find again; with guilds' structure the whole wrapper around discord.py's client."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import discord

from services.discord.calls import TIME_LIMIT, Caller
from services.discord.errors import NO_PERMISSION, THREAD_EXISTS, DiscordForbidden, DiscordGone, DiscordRefused
from services.discord.files import FileAccess
from services.discord.gateway import GatewayState
from services.discord.messages import body_of, form_of, is_same, snowflake_at
from services.discord.names import Names
from services.discord.structure import GuildStructure
from util.datatypes import MessagePayload, MessageRef

PAGE = 100
MOST_PAGES = 20
SLOWEST_UPLOAD = 128 * 1024
"""Bytes a second; a file that goes up more slowly is given up and tried again."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""Ids are made by Discord's clock, which need not agree with ours."""


class DiscordService(GuildStructure, FileAccess, Names, GatewayState):
    """What the bot does on Discord beside answering interactions.

    Every method that makes a call raises `DiscordGone`, `DiscordForbidden`, `DiscordRefused` or `DiscordUnavailable`.
    """

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self.call = Caller(time_limit)

    def attach(self, client: discord.Client) -> None:
        """Use this client from now on."""
        self.call.attach(client)

    async def send(self, channel_id: int, payload: MessagePayload, nonce: str) -> MessageRef:
        """Post a message. The same nonce within some minutes gives the first message again instead of a second one.

        Where the first has been deleted since, that raises `DiscordGone` with the code `UNKNOWN_MESSAGE`.
        """
        body = body_of(payload, nonce)
        form = form_of(body, payload.uploads) if payload.uploads else None
        made = await self.call(
            "POST",
            "/channels/{channel_id}/messages",
            channel_id=channel_id,
            body=None if form else body,
            form=form,
            more_time=sum(len(upload.data) for upload in payload.uploads) / SLOWEST_UPLOAD,
        )
        ref = MessageRef(int(made["channel_id"]), int(made["id"]))
        if _lost_embeds(payload, made):
            await self.delete(ref)
            raise DiscordForbidden("the message would stand without its embeds", status=403, code=NO_PERMISSION)
        return ref

    async def edit(self, ref: MessageRef, payload: MessagePayload) -> None:
        """Make a message what the payload says, with nothing left of what it was."""
        path = "/channels/{channel_id}/messages/{message_id}"
        made = await self.call("PATCH", path, **_place(ref), body=body_of(payload))
        if _lost_embeds(payload, made):
            raise DiscordForbidden("the message stands without its embeds", status=403, code=NO_PERMISSION)

    async def delete(self, ref: MessageRef) -> None:
        """Delete a message; one that is gone already is fine."""
        try:
            await self.call("DELETE", "/channels/{channel_id}/messages/{message_id}", **_place(ref))
        except DiscordGone:
            return

    async def move(self, ref: MessageRef, to_channel_id: int, payload: MessagePayload, nonce: str) -> MessageRef:
        """Post a message in another channel, then delete the old one."""
        moved = await self.send(to_channel_id, payload, nonce)
        await self.delete(ref)
        return moved

    async def find_sent(self, channel_id: int, nonce: str, since: datetime, payload: MessagePayload | None) -> MessageRef | None:
        """Look in a channel's recent history for a message of ours that may have been posted since a moment.

        It is known by its nonce, else (Discord forgets nonces) by its buttons or by equal content and embeds. `payload` None:
        only by the nonce. Of several equal ones it is the oldest.
        """
        own_id, similar = str(self.call.own_id), None
        after = snowflake_at(since - CLOCKS_DIFFER)
        for _ in range(MOST_PAGES):
            page: list[dict[str, Any]] = await self.call(
                "GET", "/channels/{channel_id}/messages", channel_id=channel_id, params={"after": after, "limit": PAGE}
            )
            for message in sorted(page, key=_id):
                if message["author"]["id"] != own_id:
                    continue
                if message.get("nonce") is not None:
                    if str(message["nonce"]) == nonce:
                        return MessageRef(channel_id, _id(message))
                elif similar is None and payload is not None and is_same(message, payload):
                    similar = MessageRef(channel_id, _id(message))
            if len(page) < PAGE:
                break
            after = max(map(_id, page))
        return similar

    async def open_direct_channel(self, user_id: int) -> int:
        """Return the id of the channel of direct messages with a user."""
        channel = await self.call("POST", "/users/@me/channels", body={"recipient_id": str(user_id)})
        return int(channel["id"])

    async def start_thread(self, ref: MessageRef, name: str) -> int:
        """Start a thread under a message and return its id; where one was started before, return that one's."""
        try:
            made = await self.call(
                "POST", "/channels/{channel_id}/messages/{message_id}/threads", **_place(ref), body={"name": name[:100]}
            )
        except DiscordRefused as error:
            if error.code != THREAD_EXISTS:
                raise
            # A message's thread has the message's id.
            return ref.message_id
        return int(made["id"])


def _lost_embeds(payload: MessagePayload, made: Mapping[str, Any]) -> bool:
    # Where the bot may not embed links, Discord takes the message and leaves its embeds out without a word.
    return bool(payload.embeds) and not made.get("embeds")


def _place(ref: MessageRef) -> dict[str, Any]:
    return {"channel_id": ref.channel_id, "message_id": ref.message_id}


def _id(message: Mapping[str, Any]) -> int:
    return int(message["id"])
