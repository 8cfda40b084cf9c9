"""What one connection has been shown, and what is new for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from sandbox.discord import Channel, Message, SandboxDiscord, SandboxUser
from sandbox.discord.errors import Json

from . import messages
from .memory import Memory
from .people import dms_of, state_of

PAGE: Final = 50


@dataclass
class _Opened:
    """A channel on a screen: from which message on, and how each was shown."""

    oldest: int = 0
    shown: dict[int, object] = field(default_factory=dict[int, object])


class Viewer:
    """One connection as one person."""

    def __init__(self, discord: SandboxDiscord, person: SandboxUser, memory: Memory) -> None:
        self._discord = discord
        self.person = person
        self.memory = memory
        self._opened: dict[int, _Opened] = {}
        self._state = ""
        self._unread: dict[str, Json] = {}
        self._gone = False

    @property
    def here(self) -> bool:
        """Whether the person is a member of the guild still."""
        return self.person.id in self.person.guild.members

    def state(self) -> Json:
        """Return the whole state and take it as shown."""
        state = state_of(self._discord, self.person)
        self._state = json.dumps(state)
        self._unread = self._count_unread()
        for entry in (*state["channels"], *state["dms"]):
            entry |= self._unread.get(entry["id"], {"unread": 0, "mentions": 0})
        for entry in state["dms"]:
            newest = self._discord.world.channels[int(entry["id"])].last_message_id
            entry["last_message_id"] = None if newest is None else str(newest)
        return state

    def page(self, channel: Channel, before: int | None) -> Json:
        """Return a page of a channel's messages and take it as shown."""
        opened = self._opened.get(channel.id)
        if opened is None or before is None:
            opened = self._opened[channel.id] = _Opened()
        found = messages.readable(self.person, self.memory, channel)
        if before is not None:
            found = [pair for pair in found if pair[0] < before]
        else:
            self.memory.read(channel)
        more = len(found) > PAGE
        found = found[-PAGE:]
        opened.oldest = found[0][0] if more else 0
        for key, message in found:
            opened.shown[key] = messages.fingerprint(message, self.memory)
        return {"messages": [self._show(message) for _, message in found], "more": more}

    def close(self, channel_id: int) -> None:
        """Forget a channel that is off the screen."""
        self._opened.pop(channel_id, None)

    def news(self) -> list[Json]:
        """Return the events this connection has not been told yet."""
        if not self.here:
            told, self._gone = self._gone, True
            return [] if told else [{"ev": "gone"}]
        self._gone = False
        found = self._new_messages()
        before = self._unread
        if json.dumps(state_of(self._discord, self.person)) != self._state:
            return [{"ev": "state", "state": self.state()}, *found]
        self._unread = self._count_unread()
        counts = [{"ev": "unread", "channel_id": key, **now} for key, now in self._unread.items() if before.get(key) != now]
        return [*found, *counts]

    def _new_messages(self) -> list[Json]:
        found: list[Json] = []
        for channel_id, opened in list(self._opened.items()):
            channel = self._discord.world.channels.get(channel_id)
            if channel is None:
                self.close(channel_id)
                continue
            present = messages.readable(self.person, self.memory, channel, opened.oldest)
            for key in opened.shown.keys() - {key for key, _ in present}:
                del opened.shown[key]
                found.append({"ev": "message", "message": {"id": str(key), "channel_id": str(channel_id), "deleted": True}})
            for key, message in present:
                looks = messages.fingerprint(message, self.memory)
                if opened.shown.get(key, self) != looks:
                    opened.shown[key] = looks
                    found.append({"ev": "message", "message": self._show(message)})
        return found

    def _show(self, message: Message | Json) -> Json:
        return messages.show(message, self.person, self.memory, self._discord.world.base_url)

    def _count_unread(self) -> dict[str, Json]:
        channels = [*self.person.channels(), *dms_of(self._discord, self.person)]
        return {str(channel.id): self._unread_in(channel) for channel in channels if channel.holds_messages}

    def _unread_in(self, channel: Channel) -> Json:
        mark = self.memory.mark(channel)
        unread = mentions = 0
        for message in reversed(channel.messages.values()):
            if message.id <= mark:
                break
            if message.ephemeral or message.author is self.person.user:
                continue
            unread += 1
            mentions += channel.is_dm or self.person.id in message.pinged
        return {"unread": unread, "mentions": mentions}
