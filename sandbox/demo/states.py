"""The demo's guild: the tour's requests, and some more, played into every state a request can be in."""

from __future__ import annotations

from datetime import datetime

from sandbox.geometry_dash import catalogue

from . import words
from .cast import ADA, CAST, GUILD_NAME, MIRA, MO, RHEA, THEO
from .history import write_history
from .player import Player
from .playground import Playground
from .reading import all_text
from .scenes import deciding, requesting, reviewing, setting_up
from .screen import Screen, Style, silence
from .stage import Stage, standing

TOLD = (
    f"{ADA.name} prepared the server with /setup and gave the staff their roles.",
    f"{MIRA.name}'s {requesting.MIRAS.name} was reviewed by {RHEA.name} and {ADA.name}; {MO.name} featured it.",
    f"Борис's {requesting.BORISS.name} was rejected, in Russian; the level has to wait a week.",
    f"{catalogue.UNRATED_EASY_DEMON.name} has opinions and waits for a moderator.",
    f"{catalogue.UNRATED_HARD.name} has a review by {THEO.name}, a trainee, that waits for its curator.",
    f"{catalogue.UNRATED_HARDER.name} has just come in.",
    f"Before that lies a year of requests and reviews: see /report, /reviews, /log view, /usercd list, {THEO.name}'s probation.",
)

NEWCOMERS = (("Iris", "en-US"), ("Лев", "ru"))
"""Members who have requested nothing yet, so that no cooldown holds them back."""


async def play_states(playground: Playground, screen: Screen, *, empty: bool, history_until: datetime | None = None) -> None:
    """Start the bot and bring the guild into its state, silently; then say what there is. Raises `StepFailed`.

    What happened before ends at `history_until`, or a moment ago.
    """
    screen.line("Starting the bot on a Discord of its own…")
    promoted = [] if empty else await write_history(playground, history_until)
    await playground.start_bot()
    if empty:
        _introduce(playground, screen)
        screen.line(f"  {GUILD_NAME} is a fresh server: the bot has just joined, and /setup waits for {ADA.name}, its owner.")
    else:
        stage = Stage(playground, silence())
        await _play(stage)
        for member, role in promoted:
            playground.guild.give_role(member, playground.guild.role(role))
        _introduce(playground, screen)
        _tell(stage, screen)
    _say_how_to_go_on(playground, screen)


async def resume(playground: Playground, screen: Screen) -> None:
    """Start the bot on a guild of an earlier run and say how to go on."""
    screen.line("Starting the bot on the Discord of last time…")
    await playground.start_bot()
    _introduce(playground, screen)
    screen.line("  Everything is as it was left.")
    _say_how_to_go_on(playground, screen)


async def _play(stage: Stage) -> None:
    for scene in (
        setting_up.set_up,
        setting_up.hand_out_roles,
        requesting.request_with_showcase,
        requesting.request_in_russian,
        reviewing.practise,
        reviewing.give_opinions,
        deciding.approve,
        deciding.reject,
    ):
        await scene(stage)
    await _leave_open(stage)
    for name, locale in NEWCOMERS:
        stage.playground.guild.add_member(name, locale=locale)


async def _leave_open(stage: Stage) -> None:
    """Play requests that stay pending: with opinions, with a trainee's review, with nothing."""
    levels = (catalogue.UNRATED_EASY_DEMON, catalogue.UNRATED_HARD, catalogue.UNRATED_HARDER)
    for name, level in zip(("Zoe", "Finn", "Lena"), levels, strict=True):
        member = Player(stage, stage.playground.guild.add_member(name))
        await requesting.request_quietly(stage, member, level, showcase=requesting.VIDEO)
    judged, practised, _ = [await stage.message(words.PENDING, level.name) for level in levels]
    rhea, theo, mo = Player(stage, RHEA), Player(stage, THEO), Player(stage, MO)
    await rhea.submit(await rhea.press(judged, words.APPROVE_REVIEW), {words.REVIEW: reviewing.RHEAS_REVIEW})
    await mo.submit(await mo.press(judged, words.REJECT), {words.REASON: "The last jump is a guess."})
    await theo.submit(await theo.press(practised, words.REJECT_REVIEW), {words.REVIEW: reviewing.THEOS_REVIEW})
    await stage.message(words.RESOLUTIONS, levels[0].name, "✅ 1 · ❌ 1", f"(→ #{words.REVIEWS})")
    await stage.message(words.TRAINEES, levels[1].name)


def _introduce(playground: Playground, screen: Screen) -> None:
    screen.line()
    screen.line(screen.paint(f"Greenlight is running on a server called {GUILD_NAME}.", Style.BOLD))
    people = ", ".join(f"{part.name} ({part.what})" for part in CAST)
    screen.lines(_folded(people))
    screen.line()


def _tell(stage: Stage, screen: Screen) -> None:
    screen.lines(TOLD, indent="  ")
    screen.line()
    for name in words.CHANNELS:
        messages = standing(stage.channel(name))
        shown = ", ".join(_subject(stage, message_text) for message_text in _texts(stage, name)) if name != words.LOG else ""
        count = f"{len(messages)} {'message' if len(messages) == 1 else 'messages'}"
        screen.line(f"  {screen.paint(f'#{name:<17}', Style.BLUE)} {count}{f': {shown}' if shown else ''}")


def _texts(stage: Stage, channel: str) -> list[str]:
    return [all_text(message, stage.playground.guild.guild) for message in standing(stage.channel(channel))]


def _subject(stage: Stage, text: str) -> str:
    """Return the level that a message is about."""
    known = (level.name for level in stage.playground.game.levels.values() if level.name and level.name in text)
    return max(known, key=len, default="a notice")


def _folded(text: str, width: int = 96) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return [f"  {line}" for line in lines]


def _say_how_to_go_on(playground: Playground, screen: Screen) -> None:
    screen.line()
    screen.line(f"  Discord         {playground.discord.api_url} (gateway {playground.discord.gateway_url})")
    screen.line(f"  Geometry Dash   {playground.game.base_url}")
    screen.line()
    screen.line(f"To see the whole flow step by step, with what everyone sees: {screen.paint('make tour', Style.BOLD)}")
