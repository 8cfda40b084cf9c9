"""What a member sees after acting on a bot: a message, a modal, choices, or that it failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .errors import Json
from .interactions import (
    CHOICES,
    DEFERRED_MESSAGE,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
)
from .models import Message
from .world import World

Kind = Literal["message", "modal", "deferred", "acknowledged", "update", "autocomplete", "failed"]
_KINDS: dict[int, Kind] = {
    MESSAGE: "message",
    MODAL: "modal",
    DEFERRED_MESSAGE: "deferred",
    DEFERRED_UPDATE: "acknowledged",
    UPDATE: "update",
    CHOICES: "autocomplete",
}
FAILED_TEXT = "This interaction failed"


@dataclass(eq=False)
class Modal:
    """A modal on a member's screen; it can be submitted once."""

    custom_id: str
    title: str
    components: list[Json]
    interaction: Interaction
    submitted: bool = False


class Answer:
    """A bot's answer to one act of a member; message fields always show the present state."""

    def __init__(self, world: World, interaction: Interaction) -> None:
        self._world = world
        self.interaction = interaction
        self.modal: Modal | None = None
        data = interaction.modal
        if data is not None:
            self.modal = Modal(str(data["custom_id"]), str(data["title"]), data["components"], interaction)

    @property
    def kind(self) -> Kind:
        """How the bot answered first; "acknowledged" is a deferred update, "failed" no answer in three seconds."""
        callback = self.interaction.callback
        return "failed" if callback is None else _KINDS[callback]

    @property
    def ack_seconds(self) -> float | None:
        """Seconds until the first answer, None when there was none."""
        return self.interaction.acknowledged_after

    @property
    def message(self) -> Message | None:
        """The message that answers, or the one that was updated."""
        return self.interaction.original

    @property
    def followups(self) -> list[Message]:
        """Further messages, oldest first."""
        return self.interaction.followups

    @property
    def ephemeral(self) -> bool:
        """Whether only the member sees the answer."""
        return self.message is not None and self.message.ephemeral

    @property
    def content(self) -> str:
        """The text of the answer."""
        if self.kind == "failed":
            return FAILED_TEXT
        return self.message.content if self.message is not None else ""

    @property
    def embeds(self) -> list[Json]:
        """The embeds of the answer."""
        return self.message.embeds if self.message is not None else []

    @property
    def components(self) -> list[Json]:
        """The components of the answer."""
        return self.message.components if self.message is not None else []

    @property
    def choices(self) -> list[Json]:
        """The choices of an autocompletion."""
        return self.interaction.choices

    async def final(self, timeout: float = 10.0) -> Answer:
        """Wait until a deferred answer was filled (or deleted, or followed up) and return this answer.

        After a deferred update: until the message was edited, deleted or followed up. Others are final at once.
        Raises `TimeoutError` after `timeout` seconds.
        """
        if self.kind in ("deferred", "acknowledged"):
            await self._world.wait_until(self._settled, timeout)
        return self

    def _settled(self) -> bool:
        message = self.message
        if message is None or message.deleted or self.followups:
            return True
        if self.kind == "deferred":
            return not message.loading
        return message.revision != self.interaction.source_revision
