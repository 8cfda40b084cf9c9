"""The tour: the whole flow, step by step, with what everyone sees."""

from __future__ import annotations

import time

from . import words
from .cast import CAST, GUILD_NAME
from .playground import Playground
from .scenes import deciding, failing, filling, requesting, reviewing, setting_up
from .screen import Screen, Style
from .stage import Stage, standing

SCENES = (
    ("A server is prepared", (setting_up.set_up, setting_up.hand_out_roles, setting_up.choose_languages, setting_up.read_help)),
    ("Members request levels", (requesting.request_with_showcase, requesting.request_in_russian, requesting.meet_the_refusals)),
    ("Reviewers and a trainee judge", (reviewing.practise, reviewing.give_opinions)),
    ("Moderators decide", (deciding.approve, deciding.reject)),
    ("The queue fills up", (filling.fill, filling.use_closed_queue)),
    ("Things go wrong", (failing.be_killed, failing.wait_for_the_game)),
)


async def play_tour(playground: Playground, screen: Screen) -> None:
    """Play every scene. Raises `StepFailed` at the first step that does not show what it must."""
    began = time.monotonic()
    introduce(playground, screen)
    await playground.start_bot()
    stage = Stage(playground, screen)
    stage.quiet.add(words.LOG)
    for title, scenes in SCENES:
        screen.heading(title)
        for scene in scenes:
            await scene(stage)
    screen.heading("The end")
    seconds = time.monotonic() - began
    screen.line()
    summary = f"✓ {stage.steps} steps showed what they must: {stage.checks} checks in {seconds:.0f} s."
    screen.line(screen.paint(summary, Style.GREEN, Style.BOLD))
    crowd = f"With {filling.AT_ONCE} people at once, the bot's slowest first answer took {stage.slowest:.2f} s"
    screen.line(f"  {crowd}; Discord waits for three.")
    screen.line(f"  #{words.LOG} has {len(standing(stage.channel(words.LOG)))} messages about all that was changed.")


def introduce(playground: Playground, screen: Screen) -> None:
    """Tell who plays and where."""
    screen.line(screen.paint("A tour of Greenlight", Style.BOLD))
    screen.line()
    screen.line(f"A server called {GUILD_NAME}, on a Discord of our own ({playground.discord.base_url}), with levels from a")
    screen.line(f"Geometry Dash server of our own ({playground.game.base_url}). The bot is the real one. The cast:")
    for part in CAST:
        screen.line(f"  {screen.paint(f'{part.name:<6}', Style.BOLD)} {part.what}")
