"""Measure how long it takes until another process has taken over: `python -m tests.e2e.processes.take_over`.

Two processes of `python main.py` with the periods of production share a PostgreSQL server and one shard. A card is owed that
Discord does not take; then the process that serves is stopped, killed or frozen, and Discord takes cards again.
"""

import argparse
import asyncio
import contextlib
import itertools
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

import click

from sandbox.discord import SandboxDiscord
from sandbox.geometry_dash import SandboxGeometryDash
from tests.e2e import steps
from tests.e2e.processes.world import SharedWorld
from tests.e2e.real_process import RealBot
from tests.e2e.world import TOKEN
from tests.faults.stage import Postgres

WAYS = {"stopped (SIGTERM)": signal.SIGTERM, "killed (SIGKILL)": signal.SIGKILL, "frozen (SIGSTOP)": signal.SIGSTOP}
ALLOWED = 30.0
"""Seconds within which a dead process's shards shall be served again."""
PATIENCE = 60.0
SENDING = "^/channels/[0-9]+/messages"


@dataclass(frozen=True)
class Taken:
    """Seconds from the signal until another process held the shard, was connected, and had posted the card that was owed."""

    held: float
    connected: float
    posted: float


class Theatre:
    """The servers, one guild, the process that serves it and the one that stands by."""

    def __init__(self, world: SharedWorld) -> None:
        self.world = world
        self._names = itertools.count(1)
        self.bots: list[RealBot] = []

    async def launch(self) -> RealBot:
        """Start one more process and wait until it serves or stands by."""
        bot = RealBot(self.world)
        self.bots.append(bot)
        await bot.launch()
        await until(lambda: self._knows(bot), bot)
        return bot

    def _knows(self, bot: RealBot) -> bool:
        return bool(self.world.rows("SELECT 1 FROM bot_process WHERE place LIKE :place", place=f"%:{bot.pid}"))

    def holds(self, bot: RealBot) -> bool:
        """Tell whether a process has the shard."""
        query = "SELECT 1 FROM shard_lease JOIN bot_process ON id = holder WHERE place LIKE :place"
        return bool(self.world.rows(query, place=f"%:{bot.pid}"))

    async def strike(self, serving: RealBot, standby: RealBot, number: signal.Signals) -> Taken:
        """Let a card be owed, end the process that serves, and measure. Raises AssertionError when the card is posted twice."""
        guild, faults = self.world.guilds[0], self.world.discord.faults
        known = {card.id for card in self.world.cards(guild)}
        fault = faults.fail(SENDING, times=10**6, status=503)
        member = guild.join(f"Member {next(self._names)}")
        form = await steps.ask(guild, member, steps.new_level(self.world))
        await steps.fill(member, form)
        await until(lambda: fault.hits, serving)
        # Some moment between two renewals.
        await asyncio.sleep(random.uniform(0, 3))
        heard = standby.output.count("has connected to Gateway")
        begun = time.monotonic()
        serving.signal(number)
        faults.clear()
        held = await until(lambda: self.holds(standby), standby) - begun
        connected = await until(lambda: standby.output.count("has connected to Gateway") > heard, standby) - begun
        posted = await until(lambda: len(self.world.cards(guild)) > len(known), standby) - begun
        await until(lambda: not self.world.owed(guild), standby)
        await self._end(serving, number)
        assert len(self.world.cards(guild)) == len(known) + 1
        return Taken(held, connected, posted)

    async def _end(self, bot: RealBot, number: signal.Signals) -> None:
        """See a process end; one that was frozen wakes up first, and must find that it has nothing to do."""
        if number is signal.SIGSTOP:
            bot.signal(signal.SIGCONT)
            await bot.logged("starting_over")
            bot.signal(signal.SIGTERM)
        await bot.ended()


async def until(condition: Callable[[], object], bot: RealBot) -> float:
    """Wait for a condition; return when it was true. Raises AssertionError with the log when it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < deadline, bot.output[-5000:]
        await asyncio.sleep(0.02)
    return time.monotonic()


@contextlib.asynccontextmanager
async def theatre() -> AsyncGenerator[Theatre]:
    """Give servers and a guild; no process runs."""
    server, game, postgres = SandboxDiscord(), SandboxGeometryDash(), Postgres()
    folder = Path(tempfile.mkdtemp(prefix="greenlight-take-over-"))
    await server.start()
    await game.start()
    address = postgres.database()
    made = Theatre(SharedWorld(folder, server, game, server.create_application("Greenlight", TOKEN), address=address))
    try:
        await made.world.add_guild()
        yield made
    finally:
        for bot in made.bots:
            await bot.close()
        await game.stop()
        await server.stop()
        postgres.close()


async def measure(times: int) -> dict[str, list[Taken]]:
    """Take over so many times in each way."""
    found: dict[str, list[Taken]] = {way: [] for way in WAYS}
    async with theatre() as made:
        serving = await made.launch()
        await serving.logged("ready")
        for way, number in WAYS.items():
            for _ in range(times):
                standby = await made.launch()
                taken = await made.strike(serving, standby, number)
                click.echo(f"{way}: {taken}", err=True)
                found[way].append(taken)
                serving = standby
    return found


def table(found: dict[str, list[Taken]]) -> str:
    """Return what was measured as a table in Markdown."""
    lines = ["| the process that serves is | shard held after | connected after | owed card posted after |", "|---|---|---|---|"]
    for way, runs in found.items():
        columns = [[getattr(run, name) for run in runs] for name in ("held", "connected", "posted")]
        lines.append(f"| {way} | " + " | ".join(f"{min(column):.1f} to {max(column):.1f} s" for column in columns) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print a table; the exit code tells whether everything was taken over in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often in each way")
    found = asyncio.run(measure(parser.parse_args().times))
    sys.stdout.write(f"{table(found)}\n")
    sys.exit(any(run.posted > ALLOWED for runs in found.values() for run in runs))


if __name__ == "__main__":
    main()
