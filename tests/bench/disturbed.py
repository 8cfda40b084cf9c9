"""How long `/queue info` takes while the process is busy with something else, beside the quiet process, in turn."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.bench.figures import Section, compared, median, percentile, shown
from tests.bench.history import GUILD, database
from tests.bench.stage import Stage, answered, stage, timed
from tests.e2e.steps import new_level
from util.identifiers import Flag

REQUESTS, QUICK_REQUESTS = 20_000, 2_000
TURNS, QUICK_TURNS = 4, 2
SNAPSHOTS = 8
HANGS = 10.0
PACE = 0.02
MOST = 1.5

Disturbance = Callable[[], Awaitable[Any]]


async def measure(quick: bool) -> list[Section]:
    """Measure while the game server hangs, while charts are drawn and while a snapshot is saved."""
    section = Section("`/queue info` while something else is going on, p95")
    async with stage(database=database(QUICK_REQUESTS if quick else REQUESTS), guild_id=GUILD) as place:
        await place.start()
        boss = place.guild.join("Boss", Flag.ADMIN, Flag.REPORT_VIEWER, Flag.NO_REQUEST_COOLDOWN)
        await asyncio.gather(_draw(place, boss))
        for name, disturb in {
            "the game server hangs for 10 s": lambda: _hang(place),
            "charts are drawn": lambda: _draw(place, boss),
            "snapshots are saved": lambda: _save(place, boss),
        }.items():
            quiet, busy = await _measured(place, disturb, QUICK_TURNS if quick else TURNS)
            row = compared(name, percentile(busy, 0.95), percentile(quiet, 0.95), MOST, "quiet")
            section.rows.append(row)
            section.notes.append(f"{name}: p50 {shown(median(busy))}, quiet {shown(median(quiet))}; {len(busy)} answers.  ")
    return [section]


async def answered_late(answer: Awaitable[Any]) -> None:
    """Wait for an answer that may take long."""
    await (await answer).final(120)


async def _measured(place: Stage, disturb: Disturbance, turns: int) -> tuple[list[float], list[float]]:
    quiet: list[float] = []
    busy: list[float] = []
    asker = place.guild.join("Asker")

    async def ask(times: list[float]) -> None:
        times.append(await timed(lambda: answered(asker.slash(place.guild.home, "queue info"))))
        await asyncio.sleep(PACE)

    for _ in range(turns):
        await place.quiet()
        before = len(busy)
        going_on = asyncio.ensure_future(disturb())
        await asyncio.sleep(0.1)
        while not going_on.done():
            await ask(busy)
        await going_on
        await place.quiet()
        for _ in range(len(busy) - before):
            await ask(quiet)
    return quiet, busy


async def _hang(place: Stage) -> None:
    """Let twenty people wait for a game server that does not answer for ten seconds."""
    people = [place.guild.join(f"Waiting {number}", Flag.NO_REQUEST_COOLDOWN) for number in range(20)]
    place.world.game.faults.hang()
    waiting = [
        asyncio.ensure_future(person.slash(place.guild.home, "request create", level_id=new_level(place.world).id))
        for person in people
    ]
    await asyncio.sleep(HANGS)
    place.world.game.faults.release()
    await asyncio.gather(*waiting)


async def _save(place: Stage, boss: Any) -> None:
    """Save snapshots of the server, one after the other: one alone is done after a few answers."""
    for _ in range(SNAPSHOTS):
        await answered_late(boss.slash(place.guild.home, "backup save"))


async def _draw(place: Stage, boss: Any) -> None:
    """Ask for two pictures, one after the other."""
    for kind in ("new_requests", "pending_requests"):
        await answered_late(boss.slash(place.guild.home, f"report {kind}", private=True))
