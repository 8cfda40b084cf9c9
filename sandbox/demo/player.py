"""A person of the cast at work: each act is shown with what the person sees of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.discord import Answer, Channel, ClientRefused, Message, Modal, SandboxUser
from sandbox.discord.rules.components import BUTTON, walk

from .cast import Part
from .reading import label_of, modal_lines
from .stage import Stage, StepFailed


class Player:
    """Somebody who uses the bot through Discord's client. All acts raise `StepFailed` when the bot does not answer."""

    def __init__(self, stage: Stage, who: Part | SandboxUser) -> None:
        self._stage = stage
        self.user = stage.actor(who) if isinstance(who, Part) else who

    async def slash(self, channel: str, command: str, /, **options: Any) -> Answer:
        """Use a slash command and wait for the whole answer."""
        place = self._stage.channel(channel)
        shown = "".join(f" {name}:{_shown(value)}" for name, value in options.items())
        self._stage.show_act(self.user, f"uses /{command}{shown}", place)
        return await self._answered(f"/{command}", self.user.slash(place, command, **options))

    async def press(self, message: Message, label: str) -> Answer:
        """Press a button, found by what it says."""
        self._stage.show_act(self.user, f"presses [{label}]", message.channel)
        buttons = [item for item in walk(message.components) if item.get("type") == BUTTON]
        found = next((item for item in buttons if label_of(item) == label), None)
        if found is None:
            raise StepFailed(f"a button [{label}] for {self.user.name}", self._stage.lines(message))
        return await self._answered(f"[{label}]", self.user.press(message, str(found.get("custom_id"))))

    async def select(self, message: Message, placeholder: str, values: list[Any]) -> Answer:
        """Choose in a select menu, found by its placeholder."""
        chosen = ", ".join(_shown(value) for value in values)
        self._stage.show_act(self.user, f"chooses {chosen} in <{placeholder}>", message.channel)
        return await self._answered(f"<{placeholder}>", self.user.select(message, placeholder, values))

    async def submit(self, answer: Answer, typed: Mapping[str, str]) -> Answer:
        """Fill in the form that an answer opened, fields by label, and send it."""
        modal = self._fill(answer, typed)
        return await self._answered(f"the form “{modal.title}”", self.user.submit(modal, dict(typed)))

    async def submit_blindly(self, answer: Answer, typed: Mapping[str, str]) -> None:
        """Fill in a form and send it to a bot that may not live to answer."""
        got = await self.user.submit(self._fill(answer, typed), dict(typed))
        if got.kind != "failed":
            self._stage.show_answer(self.user, got)

    def _fill(self, answer: Answer, typed: Mapping[str, str]) -> Modal:
        modal = answer.modal
        if modal is None:
            raise StepFailed(f"a form for {self.user.name}", self._stage.seen(answer))
        self._stage.show_act(self.user, "fills in the form", modal.interaction.channel)
        self._stage.screen.lines(modal_lines(modal, typed, self._stage.playground.guild.guild), indent="    ")
        return modal

    async def _answered(self, what: str, act: Any) -> Answer:
        try:
            answer: Answer = await self._stage.playground.bot.watch(act)
            await self._stage.playground.bot.watch(answer.final())
        except ClientRefused as refusal:
            raise StepFailed(f"{self.user.name} can use {what}", [f"Discord's client refuses: {refusal}"]) from refusal
        except TimeoutError:
            raise StepFailed(f"an answer to {what}", ["Greenlight is thinking…"]) from None
        if answer.modal is None:
            self._stage.show_answer(self.user, answer)
        if answer.kind == "failed":
            raise StepFailed(f"an answer to {what} within three seconds", ["This interaction failed"])
        return answer


def _shown(value: Any) -> str:
    if isinstance(value, Channel):
        return f"#{value.name}"
    return str(getattr(value, "name", value))
