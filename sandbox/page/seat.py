"""Where somebody sits who has the page open: what the operations work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sandbox.discord import Channel, Message, Permission, SandboxDiscord, SandboxGuild, SandboxUser, User
from sandbox.discord.errors import Json

from .controls import Controls
from .fields import Fields, Refusal
from .files import Prepared, Uploads
from .memory import Memory
from .people import people
from .viewer import Viewer


class House:
    """What everybody at the page has in common."""

    def __init__(self, discord: SandboxDiscord, guild: SandboxGuild, cast: Mapping[int, str], controls: Controls) -> None:
        self.discord = discord
        self.guild = guild
        self.controls = controls
        self.uploads = Uploads()
        self.backlog: Json | None = None
        self._cast = cast
        self._since = discord.world.ids.make()
        self._memories: dict[int, Memory] = {}

    def people(self) -> list[Json]:
        """Return everyone who can be played."""
        return people(self.guild.guild, self._cast)

    def memory(self, user_id: int) -> Memory:
        """Return what is remembered of a person."""
        return self._memories.setdefault(user_id, Memory(user_id, self._since))

    def marks(self) -> dict[str, dict[str, int]]:
        """Return up to where everybody has read, to be kept."""
        return {str(key): {str(place): mark for place, mark in item.marks.items()} for key, item in self._memories.items()}

    def restore_marks(self, marks: Mapping[str, Mapping[str, int]]) -> None:
        """Take up the marks of an earlier run."""
        for user_id, places in marks.items():
            self.memory(int(user_id)).marks |= {int(place): int(mark) for place, mark in places.items()}

    def person(self, user_id: int) -> SandboxUser:
        """Return somebody who can be played. Raises `Refusal`."""
        member = self.guild.guild.members.get(user_id)
        if member is None or member.user.bot:
            raise Refusal("Nobody of that id can be played.", "unknown")
        return self.guild.member(user_id)

    def touch(self) -> None:
        """Let every page look for what is new."""
        self.discord.world.notify()


class Seat(Protocol):
    """One connection, as operations see it."""

    house: House
    viewer: Viewer | None

    def follow_traffic(self, on: bool) -> None:
        """Begin or end telling what goes between bot and Discord."""
        ...


class Place:
    """A seat with a person on it, and the things that a request names. Everything raises `Refusal`."""

    def __init__(self, seat: Seat, fields: Fields) -> None:
        if seat.viewer is None:
            raise Refusal("Choose who you are first.", "nobody")
        if not seat.viewer.here:
            raise Refusal(f"{seat.viewer.person.user.display_name} has left the server.", "gone")
        self.house = seat.house
        self.viewer = seat.viewer
        self.fields = fields

    @property
    def person(self) -> SandboxUser:
        """Who acts."""
        return self.viewer.person

    @property
    def memory(self) -> Memory:
        """What is remembered of who acts."""
        return self.viewer.memory

    def channel(self) -> Channel:
        """Return the channel, which the person sees."""
        found = self.house.discord.world.channels.get(self.fields.id("channel_id"))
        if found is None or not self.person.permissions(found) & Permission.VIEW_CHANNEL:
            raise Refusal("This channel is not there any more, or not for you.", "gone")
        return found

    def message(self, name: str = "message_id") -> Message:
        """Return the message, which the person sees."""
        return self._message(self.fields.id(name))

    def maybe_message(self, name: str) -> Message | None:
        """Return the message if one is named."""
        wanted = self.fields.maybe_id(name)
        return None if wanted is None else self._message(wanted)

    def _message(self, message_id: int) -> Message:
        found = self.channel().messages.get(message_id)
        if found is None or not self.person.sees(found) or self.memory.hides(found):
            raise Refusal("This message is not there any more.", "gone")
        return found

    def user(self, user_id: int) -> User:
        """Return a member's account."""
        found = self.house.guild.guild.members.get(user_id)
        if found is None:
            raise Refusal("This person is not on the server any more.", "gone")
        return found.user

    def upload(self, upload_id: object) -> Prepared:
        """Return a file that was uploaded."""
        found = self.house.uploads.get(upload_id)
        if found is None:
            raise Refusal("This file is not there any more; choose it again.", "gone")
        return found
