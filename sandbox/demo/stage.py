"""Steps of the play: what people do, what everyone sees of it, and whether it is what it must be."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from sandbox.discord import Answer, Channel, Message, SandboxMisuse, SandboxUser

from .cast import CAST, Part
from .feed import Change, Entry, Feed
from .playground import Playground
from .reading import BAR, all_text, message_lines, modal_lines
from .screen import Screen, Style

PATIENCE: Final = 10.0
_NO_COLOUR: Final = 0x4E5058
_DONE: Final = {Change.POSTED: "", Change.EDITED: " changes", Change.DELETED: " is taken away"}

T = TypeVar("T")


class StepFailed(Exception):
    """A step did not show what it must."""

    def __init__(self, expected: str, seen: Iterable[str]) -> None:
        super().__init__(f"expected: {expected}")
        self.expected = expected
        self.seen = list(seen)


class Stage:
    """The playground with a transcript. `quiet`: channels of which nothing is shown by itself."""

    def __init__(self, playground: Playground, screen: Screen) -> None:
        self.playground = playground
        self.screen = screen
        self.feed = Feed(playground.discord, playground.guild)
        self.steps = 0
        self.checks = 0
        self.slowest = 0.0
        self.quiet: set[str] = set()

    @asynccontextmanager
    async def step(self, title: str) -> AsyncGenerator[None]:
        """Play one step; at its end what happened in the channels and was not shown yet is shown.

        Raises `StepFailed`.
        """
        self.steps += 1
        self.screen.title(self.steps, title)
        try:
            yield
        finally:
            self.show_news()

    # What people do

    def channel(self, name: str) -> Channel:
        """Return a channel by name. Raises `StepFailed` when there is none."""
        try:
            return self.playground.guild.channel(name)
        except SandboxMisuse:
            there = [f"#{item.name}" for item in self.playground.guild.guild.channels.values()]
            raise StepFailed(f"a channel #{name}", there) from None

    def actor(self, part: Part) -> SandboxUser:
        """Return who plays a part."""
        return self.playground.actor(part)

    # What everyone sees

    def show_act(self, actor: SandboxUser, what: str, channel: Channel) -> None:
        """Show what somebody does."""
        paint = self.screen.paint
        self.screen.line()
        self.screen.line(f"  {paint(actor.name, Style.BOLD)} {what}  {paint('in #' + str(channel.name), Style.DIM)}")

    def show_answer(self, actor: SandboxUser, answer: Answer, typed: dict[str, str] | None = None) -> None:
        """Show what somebody sees in answer to an act."""
        if answer.ack_seconds is not None:
            self.slowest = max(self.slowest, answer.ack_seconds)
        guild = self.playground.guild.guild
        if answer.kind == "failed":
            self.screen.lines(["The bot did not answer in time."], Style.RED, indent="    ")
        elif answer.modal is not None:
            self.screen.lines(modal_lines(answer.modal, typed or {}, guild), indent="    ")
        else:
            for message in [answer.message, *answer.followups]:
                if message is not None and not message.deleted:
                    who = f"only visible to {actor.name}" if message.ephemeral else self._seen_by(message)
                    self._show("Greenlight answers", who, message, message_lines(message, guild))

    def show_news(self) -> None:
        """Show what has changed in the channels, the quiet ones excepted."""
        for entry in self.feed.take():
            if entry.channel.name not in self.quiet:
                self._show_entry(entry)

    def skip_news(self, channel: str, shown: int = 0) -> int:
        """Show only the first new messages of a channel, forget the others and return their number."""
        news = self.feed.take(lambda entry: entry.channel.name == channel)
        for entry in news[:shown]:
            self._show_entry(entry)
        return len(news) - min(shown, len(news))

    def _show_entry(self, entry: Entry) -> None:
        message = entry.message
        place = self.screen.paint(f"#{entry.channel.name}", Style.BLUE) if not entry.channel.is_dm else "direct message"
        notes = [] if entry.change is Change.DELETED else [self._seen_by(message)]
        pinged = self._names(message.pinged) if entry.change is Change.POSTED else []
        if pinged:
            notes.append(self.screen.paint(f"pings {', '.join(pinged)}", Style.YELLOW))
        lines = entry.difference if entry.change is Change.EDITED else entry.lines
        if entry.change is Change.DELETED:
            lines = lines[:1]
        self._show(f"{place}: {message.author.display_name}{_DONE[entry.change]}", "; ".join(notes), message, lines)

    def _show(self, head: str, note: str, message: Message, lines: list[str]) -> None:
        self.screen.line(f"    {head}{self.screen.paint(f'  ({note})', Style.DIM) if note else ''}")
        colours = [embed.get("color") for embed in message.embeds]
        bar = self.screen.tint(BAR, (colours[0] if colours else None) or _NO_COLOUR)
        for line in lines:
            styles = {"+ ": (Style.GREEN,), "- ": (Style.RED,)}.get(line[:2], ())
            self.screen.line(f"      {self.screen.paint(line, *styles) if styles else line.replace(BAR, bar)}")

    def _seen_by(self, message: Message) -> str:
        sees = [part.key for part in CAST if self.actor(part).sees(message)]
        if len(sees) == len(CAST):
            return "everyone sees it"
        return f"seen by {', '.join(self.actor(part).name for part in CAST if part.key in sees) or 'nobody'}"

    def _names(self, ids: Collection[int]) -> list[str]:
        members = self.playground.guild.guild.members
        known = [self.actor(part) for part in CAST if self.actor(part).id in ids]
        others = len([item for item in ids if item in members]) - len(known)
        return [*(actor.name for actor in known), *([f"{others} more"] if others else [])]

    # What must be so

    def expect(self, condition: object, expected: str, seen: Iterable[str] = ()) -> None:
        """Check something and say so. Raises `StepFailed`."""
        if not condition:
            raise StepFailed(expected, seen)
        self.checks += 1
        self.screen.line(f"    {self.screen.paint(f'✓ {expected}', Style.GREEN)}")

    async def until(
        self, predicate: Callable[[], T | bool | None], expected: str, seen: Callable[[], list[str]], timeout: float = PATIENCE
    ) -> T:
        """Wait until something is so. Raises `StepFailed` with what `seen` tells after the time is over."""
        try:
            return await self.playground.until(predicate, timeout)
        except TimeoutError:
            raise StepFailed(f"{expected}, within {timeout:g} seconds", seen()) from None

    async def message(self, channel: str, *phrases: str, without: tuple[str, ...] = (), timeout: float = PATIENCE) -> Message:
        """Wait for a message with all these phrases in a channel and return the newest one. Raises `StepFailed`."""
        place = self.channel(channel)
        wanted = f"a message in #{channel} that says {_quoted(phrases)}"
        if without:
            wanted += f" and not {_quoted(without)}"

        def find() -> Message | None:
            return next((item for item in reversed(standing(place)) if self._says(item, phrases, without)), None)

        return await self.until(find, wanted, lambda: self.in_channel(channel), timeout)

    def says(self, message: Message, *phrases: str) -> bool:
        """Tell whether one can read all these phrases in a message."""
        return self._says(message, phrases, ())

    def _says(self, message: Message, phrases: Iterable[str], without: Iterable[str]) -> bool:
        text = all_text(message, self.playground.guild.guild)
        return all(item in text for item in phrases) and not any(item in text for item in without)

    def in_channel(self, channel: str, last: int = 3) -> list[str]:
        """Return the last messages of a channel as lines, to tell what was seen instead."""
        messages = standing(self.channel(channel))[-last:]
        found = [line for item in messages for line in (f"#{channel}:", *(f"  {line}" for line in self.lines(item)))]
        return found or [f"#{channel} is empty"]

    def lines(self, message: Message) -> list[str]:
        """Return a message as lines."""
        return message_lines(message, self.playground.guild.guild)

    def seen(self, answer: Answer) -> list[str]:
        """Return what somebody got as an answer, to tell what was seen instead."""
        guild = self.playground.guild.guild
        if answer.modal is not None:
            return modal_lines(answer.modal, {}, guild)
        messages = [item for item in (answer.message, *answer.followups) if item is not None]
        return [line for item in messages for line in self.lines(item)] or [f"({answer.kind})"]

    def expect_private(self, actor: SandboxUser, answer: Answer, *phrases: str) -> Message:
        """Check that an answer says all this, to the one who acted alone. Raises `StepFailed`."""
        message = next((item for item in (answer.message, *answer.followups) if item and self.says(item, *phrases)), None)
        if message is None:
            raise StepFailed(f"an answer to {actor.name} that says {_quoted(phrases)}", self.seen(answer))
        self.expect(message.ephemeral, f"{actor.name} alone is told: {_quoted(phrases)}", self.seen(answer))
        return message

    def expect_message(self, message: Message, expected: str, *phrases: str) -> None:
        """Check that a message says all this. Raises `StepFailed`."""
        missing = [item for item in phrases if not self.says(message, item)]
        self.expect(not missing, expected, [f"without {_quoted(missing)}:", *self.lines(message)])

    def expect_sight(self, message: Message, sees: Collection[Part], blind: Collection[Part] = ()) -> None:
        """Check who of the cast can read a message. Raises `StepFailed`."""
        wrong = [part.name for part in CAST if (part in sees and not self.actor(part).sees(message))]
        wrong += [part.name for part in CAST if part in blind and self.actor(part).sees(message)]
        who = ", ".join(part.name for part in sees)
        expected = f"{who} can see it" + (f", {', '.join(part.name for part in blind)} cannot" if blind else "")
        self.expect(not wrong, expected, [f"it is otherwise with {', '.join(wrong)}", self._seen_by(message)])

    def expect_pings(self, message: Message, *parts: Part) -> None:
        """Check that a message notified exactly these people. Raises `StepFailed`."""
        wanted = frozenset(self.actor(part).id for part in parts)
        names = ", ".join(part.name for part in parts) or "nobody"
        self.expect(
            message.pinged == wanted,
            f"it pings {names} and nobody else",
            [f"it pings {', '.join(self._names(message.pinged)) or 'nobody'}"],
        )

    def expect_only(self, channel: str, count: int, *phrases: str) -> None:
        """Check how many messages with these phrases stand in a channel. Raises `StepFailed`."""
        found = [item for item in standing(self.channel(channel)) if self.says(item, *phrases)]
        what = {0: "no message", 1: "exactly one message"}.get(count, f"exactly {count} messages")
        expected = f"{what} about {_quoted(phrases)} in #{channel}"
        self.expect(len(found) == count, expected, [f"{len(found)} of them", *self.in_channel(channel)])


def standing(channel: Channel) -> list[Message]:
    """Return what stands in a channel for everyone who sees it, oldest first."""
    return [message for message in channel.messages.values() if not message.ephemeral]


def _quoted(phrases: Iterable[str]) -> str:
    return ", ".join(f"“{item}”" for item in phrases)
