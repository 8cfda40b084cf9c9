"""How many statements and transactions commands take: what grows unnoticed, and costs most of a command's time."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from sandbox.discord import SandboxDiscord
from sandbox.geometry_dash import SandboxGeometryDash
from tests.bench.figures import Row, Section
from tests.bench.stage import answered, migrated
from tests.e2e import steps
from tests.e2e.world import TOKEN, World
from util.identifiers import Flag, Parameter, Route, Verdict

Act = Callable[[], Awaitable[Any]]


@dataclass
class Asked:
    """What was asked of the database."""

    statements: list[str] = field(default_factory=list[str])
    transactions: int = 0
    writing: int = 0


async def measure(quick: bool) -> list[Section]:
    """Count the statements of the usual commands and actions, those of what is sent afterwards included."""
    section = Section("Statements")
    async with small_world() as world:
        # The jobs of the first start.
        await asyncio.sleep(2)
        for name, asked in [(name, await count(world, act)) for name, act in _acts(world)]:
            what = f"{asked.transactions} transactions, {asked.writing} of them writing"
            section.rows.append(Row(name, f"{len(asked.statements)} statements", what))
    return [section]


async def count(world: World, act: Act) -> Asked:
    """Do something, wait until nothing is owed any more, and return what was asked of the database meanwhile."""
    await world.settled()
    asked = Asked()
    with _listening(world, asked):
        await act()
        await world.settled()
    return asked


@contextlib.contextmanager
def _listening(world: World, asked: Asked) -> Generator[None]:
    engine = world.app.database.engine.sync_engine

    def statement(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        # The look at whether anything is still owed is ours.
        if text.split(maxsplit=1)[0] != "SELECT" or "min(delivery.created_at)" not in text:
            asked.statements.append(text)
        else:
            asked.transactions -= 1

    def begin(connection: Any) -> None:
        asked.transactions += 1
        asked.writing += bool(connection.get_execution_options().get("greenlight_writes"))

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "begin", begin)
    yield
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "begin", begin)


@contextlib.asynccontextmanager
async def small_world() -> AsyncGenerator[World]:
    """Give a world with one guild and the bot in this very process."""
    discord, game = SandboxDiscord(), SandboxGeometryDash()
    await discord.start()
    await game.start()
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        shutil.copy(migrated(), Path(folder) / "bot.db")
        world = World(Path(folder), discord, game, discord.create_application("Greenlight", TOKEN))
        await world.add_guild(parameters={Parameter.QUEUE_BLOCK_ENABLED: "false"})
        await world.start()
        try:
            yield world
        finally:
            await world.stop()
            await game.stop()
            await discord.stop()


def _acts(world: World) -> Generator[tuple[str, Act]]:
    guild = world.guild
    mira = guild.join("Mira", Flag.NO_REQUEST_COOLDOWN)
    rex, mod = guild.join("Rex", Flag.REVIEWER), guild.join("Mod", Flag.GD_MOD)
    level = steps.new_level(world)
    forms: list[Any] = []

    async def create() -> None:
        forms.append(await answered(mira.slash(guild.home, "request create", level_id=level.id)))

    def card(route: Route) -> Any:
        return guild.messages(route)[-1]

    yield "`/queue info`", lambda: answered(mira.slash(guild.home, "queue info"))
    yield "`/request create` to its form", create
    yield "request submitted", lambda: answered(mira.submit(forms[-1].modal, {"comment": "Mind the second drop."}))
    yield "opinion with a review", lambda: steps.opine(rex, card(Route.PENDING_REQUEST), review=steps.REVIEW)
    yield "decision", lambda: steps.resolve(mod, card(Route.RESOLUTION), Verdict.REJECT, comment="Not this time.")
    yield "`/request unresolved`", lambda: answered(mod.slash(guild.home, "request unresolved"))
    yield "`/help commands`", lambda: answered(mira.slash(guild.home, "help commands"))
