"""What the page's server remembers of a person: read marks, what was taken off the screen, what failed, open forms."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from sandbox.discord.answers import Modal
from sandbox.discord.errors import Json
from sandbox.discord.models import Channel, Message

from .fields import Refusal

_KEPT_MODALS: Final = 20
_KEPT_FAILURES: Final = 50


@dataclass
class Memory:
    """One person's. `since`: everything older counts as read unless it pinged the person."""

    user_id: int
    since: int
    marks: dict[int, int] = field(default_factory=dict[int, int])
    dismissed: set[int] = field(default_factory=set[int])
    failed_on: set[int] = field(default_factory=set[int])
    failures: OrderedDict[int, Json] = field(default_factory=OrderedDict[int, Json])
    modals: OrderedDict[str, Modal] = field(default_factory=OrderedDict[str, Modal])

    def mark(self, channel: Channel) -> int:
        """Return the id up to which a channel is read."""
        found = self.marks.get(channel.id)
        if found is None:
            pings = [item.id for item in channel.messages.values() if self.user_id in item.pinged]
            found = self.marks[channel.id] = min([self.since, *(ping - 1 for ping in pings)])
        return found

    def hides(self, message: Message) -> bool:
        """Tell whether a message is off the screen: dismissed, or only shown to a client that was open before this one."""
        return message.id in self.dismissed or (message.ephemeral and message.id < self.since)

    def read(self, channel: Channel) -> None:
        """Take a channel as read up to now."""
        newest = max(channel.messages, default=0)
        self.marks[channel.id] = max(self.mark(channel), newest)

    def fail(self, message: Json) -> None:
        """Keep a message, seen by this person alone, that says that a command was not answered."""
        self.failures[int(message["id"])] = message
        while len(self.failures) > _KEPT_FAILURES:
            self.failures.popitem(last=False)

    def keep_modal(self, modal: Modal) -> str:
        """Remember a form on the person's screen and return its id."""
        modal_id = str(modal.interaction.id)
        self.modals[modal_id] = modal
        while len(self.modals) > _KEPT_MODALS:
            self.modals.popitem(last=False)
        return modal_id

    def modal(self, modal_id: str) -> Modal:
        """Return a form on the person's screen. Raises `Refusal`."""
        found = self.modals.get(modal_id)
        if found is None:
            raise Refusal("This form is not open any more.", "gone")
        return found
