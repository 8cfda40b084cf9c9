"""What changes in the guild's channels, in the order in which it happens: posts, edits, deletions."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from sandbox.discord import Channel, Message, SandboxDiscord, SandboxGuild

from .reading import message_lines


class Change(Enum):
    """What happened to a message."""

    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True)
class Entry:
    """One change of one message; `lines` as it looks now, `difference` what an edit took away (-) and added (+)."""

    change: Change
    message: Message
    lines: list[str]
    difference: list[str]

    @property
    def channel(self) -> Channel:
        """Where it happened."""
        return self.message.channel


class Feed:
    """Looks at the guild after every request of the bot and keeps what is new.

    Answers to interactions are left out: whoever acted is shown them.
    """

    def __init__(self, discord: SandboxDiscord, guild: SandboxGuild) -> None:
        self._discord = discord
        self._guild = guild
        self._seen: dict[int, tuple[Message, int, list[str]]] = {}
        self._entries: list[Entry] = []
        self.look()
        discord.on_request(self._on_request)

    def _on_request(self, _index: int, phase: str, method: str, _path: str, _body: object) -> None:
        if phase == "after" and method != "GET":
            self.look()

    def look(self) -> None:
        """Take note of what has changed since the last look."""
        for channel in [*self._guild.guild.channels.values(), *self._discord.world.dms.values()]:
            for message in list(channel.messages.values()):
                self._look_at(message)
        for message, _, lines in list(self._seen.values()):
            if message.deleted:
                del self._seen[message.id]
                self._entries.append(Entry(Change.DELETED, message, lines, []))

    def _look_at(self, message: Message) -> None:
        if message.interaction_metadata is not None or message.ephemeral:
            return
        known = self._seen.get(message.id)
        if known is not None and known[1] == message.revision:
            return
        lines = message_lines(message, self._guild.guild)
        self._seen[message.id] = (message, message.revision, lines)
        if known is None:
            self._entries.append(Entry(Change.POSTED, message, lines, []))
        elif known[2] != lines:
            self._entries.append(Entry(Change.EDITED, message, lines, _difference(known[2], lines)))

    def take(self, fits: Callable[[Entry], bool] = lambda _: True) -> list[Entry]:
        """Return what is new and fits, and forget it."""
        self.look()
        taken = [entry for entry in self._entries if fits(entry)]
        self._entries = [entry for entry in self._entries if not fits(entry)]
        return taken


def _difference(before: Iterable[str], after: Iterable[str]) -> list[str]:
    compared = difflib.ndiff(list(before), list(after))
    return [line for line in compared if line.startswith(("+ ", "- "))]
