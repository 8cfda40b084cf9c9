"""Many members at once: `python -m tests.faults.load` lets 200 of them use mixed commands and measures answers and memory.

The bot is `python main.py` as operators run it, on SQLite.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from config.settings import Settings
from db.migrate import upgrade
from sandbox.discord import SandboxDiscord
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.errors import ClientRefused
from sandbox.geometry_dash import SandboxGeometryDash, catalogue
from sandbox.geometry_dash.levels import Level
from tests.e2e.real_process import RealBot
from tests.e2e.world import TOKEN, Guild, World
from tests.faults.processor import waited_for_cpu
from util.identifiers import Flag, Parameter, Route

ACKNOWLEDGE = 3.0
STARVED = 0.5
"""Seconds without a processor within one answer after which the machine is to blame."""
REVIEWERS = 0.25
"""The share of the members who are reviewers."""
WARM_UP = 0.3
"""The share of the run whose memory does not count: caches fill, and the allocator takes what it needs."""
FIRST_LEVEL = 70_000_000
KEPT_REQUESTS = 200


@dataclass
class Figures:
    """What was measured. `memory`: interactions so far and the bot's resident memory in MiB then."""

    members: int
    seconds: float = 0.0
    acknowledged: list[float] = field(default_factory=list[float])
    kinds: Counter[str] = field(default_factory=Counter[str])
    late: int = 0
    starved: int = 0
    memory: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])

    @property
    def interactions(self) -> int:
        """How many there were."""
        return len(self.acknowledged) + self.late + self.starved

    @property
    def growth(self) -> float:
        """By how many MiB memory grows in 10,000 interactions once it is warm, by linear regression."""
        warm = [point for point in self.memory if point[0] >= WARM_UP * self.interactions]
        if len(warm) < 3:
            return 0.0
        return statistics.linear_regression([x for x, _ in warm], [y for _, y in warm]).slope * 10_000

    def __str__(self) -> str:
        """Say all of it."""
        cuts = statistics.quantiles(self.acknowledged, n=100) if len(self.acknowledged) > 1 else [0.0] * 99
        samples = ", ".join(f"{memory:.1f}" for _, memory in self.memory)
        return "\n".join(
            [
                f"members at once          {self.members:>9}",
                f"seconds                  {self.seconds:>9.1f}",
                f"interactions             {self.interactions:>9}  {dict(self.kinds.most_common())}",
                f"a second                 {self.interactions / max(self.seconds, 0.001):>9.1f}",
                f"acknowledged after, p50  {cuts[49] * 1000:>9.0f} ms",
                f"                    p95  {cuts[94] * 1000:>9.0f} ms",
                f"                    p99  {cuts[98] * 1000:>9.0f} ms",
                f"                    max  {max(self.acknowledged, default=0.0) * 1000:>9.0f} ms",
                f"not within three seconds {self.late:>9}",
                f"  for want of a processor{self.starved:>9}",
                f"memory, MiB              {samples}",
                f"growth, MiB in 10,000    {self.growth:>9.2f}",
            ]
        )


class Crowd:
    """The members of one guild and what they do."""

    def __init__(self, world: World, guild: Guild, bot: RealBot, figures: Figures, *, pause: float) -> None:
        self.guild = guild
        self.figures = figures
        self.running = True
        self._world = world
        self._bot = bot
        self._pause = pause
        self._levels = iter(range(FIRST_LEVEL, FIRST_LEVEL + 1_000_000))
        self._members = [self._join(number) for number in range(figures.members)]

    def _join(self, number: int) -> tuple[SandboxUser, bool]:
        reviews = number < self.figures.members * REVIEWERS
        flags = (Flag.REVIEWER,) if reviews else ()
        return self.guild.join(f"Member {number}", *flags, locale="ru" if number % 3 == 0 else "en-US"), reviews

    async def run(self) -> None:
        """Let everybody act until told to stop."""
        await asyncio.gather(*(self._live(number, *one) for number, one in enumerate(self._members)))

    async def _live(self, number: int, person: SandboxUser, reviews: bool) -> None:
        draw = random.Random(number)
        wishes: dict[str, tuple[int, Callable[[SandboxUser, random.Random], Awaitable[None]]]] = {
            "look": (6, self._look),
            "history": (2, self._history),
            "language": (2, self._language),
            "request": (3, self._request),
            "type": (2, self._type),
            "opinion": (5 if reviews else 0, self._opinion),
        }
        while self.running:
            [wish] = draw.choices(list(wishes), [weight for weight, _ in wishes.values()])
            with contextlib.suppress(ClientRefused):
                await wishes[wish][1](person, draw)
            await asyncio.sleep(draw.uniform(0.5, 1.5) * self._pause)

    async def _note(self, kind: str, acting: Awaitable[Answer]) -> Answer:
        waited = waited_for_cpu(self._bot.pid)
        answer = await acting
        self.figures.kinds[kind] += 1
        if answer.ack_seconds is not None:
            self.figures.acknowledged.append(answer.ack_seconds)
        elif waited_for_cpu(self._bot.pid) - waited > STARVED:
            self.figures.starved += 1
        else:
            self.figures.late += 1
        return answer

    async def _look(self, person: SandboxUser, draw: random.Random) -> None:
        await self._note("queue info", person.slash(self.guild.home, "queue info"))

    async def _history(self, person: SandboxUser, draw: random.Random) -> None:
        await self._note("queue history", person.slash(self.guild.home, "queue history"))

    async def _language(self, person: SandboxUser, draw: random.Random) -> None:
        await self._note("language", person.slash(self.guild.home, "language", language=draw.choice(("en", "ru"))))

    async def _type(self, person: SandboxUser, draw: random.Random) -> None:
        await person.autocomplete(self.guild.home, "request widgets", focused="level_id", level_id="70")

    async def _request(self, person: SandboxUser, draw: random.Random) -> None:
        level_id = next(self._levels)
        self._world.game.add_level(Level(id=level_id, name=f"Level {level_id}", creator=catalogue.ANNA, stars_requested=2))
        asked = await self._note("request create", person.slash(self.guild.home, "request create", level_id=level_id))
        if asked.kind == "modal":
            await self._note("request form", person.submit(asked.modal, {"comment": "Please look"}))

    async def _opinion(self, person: SandboxUser, draw: random.Random) -> None:
        cards = self.guild.messages(Route.PENDING_REQUEST)[-30:]
        if not cards:
            return
        card = draw.choice(cards)
        button = str(card.components[0]["components"][0]["custom_id"])
        await self._note("opinion", person.press(card, button))


def silently(line: str) -> None:
    """Tell nobody."""


async def load(
    members: int, *, seconds: float, interactions: int = 0, pause: float = 3.0, tell: Callable[[str], None] = silently
) -> Figures:
    """Let members act for some seconds, and on until there were so many interactions; return what was measured."""
    figures = Figures(members)
    with tempfile.TemporaryDirectory(prefix="greenlight-load-") as name:
        upgrade(f"sqlite:///{name}/bot.db")
        server, game = SandboxDiscord(), SandboxGeometryDash()
        await server.start()
        await game.start()
        world = World(Path(name), server, game, server.create_application("Greenlight", TOKEN))
        await world.add_guild(parameters={Parameter.QUEUE_BLOCK_ENABLED: "false", Parameter.COOLDOWN_POST_REQUEST_USER_CD: "0"})
        bot = RealBot(world, LOG_LEVEL="WARNING")
        try:
            await bot.launch()
            await server.wait_until(lambda: world.application.commands.get(world.guild.id), 60)
            server.timing.acknowledge = ACKNOWLEDGE
            server.keep_requests(KEPT_REQUESTS)
            crowd = Crowd(world, world.guild, bot, figures, pause=pause)
            await _measure(crowd, bot, seconds, interactions, tell)
        finally:
            await bot.close()
            await game.stop()
            await server.stop()
    return figures


async def _measure(crowd: Crowd, bot: RealBot, seconds: float, interactions: int, tell: Callable[[str], None]) -> None:
    figures, began = crowd.figures, time.monotonic()
    running = asyncio.create_task(crowd.run())
    step = max(interactions // 20, 100)
    while time.monotonic() - began < seconds or figures.interactions < interactions:
        await asyncio.sleep(0.2)
        if running.done():
            break
        if not figures.memory or figures.interactions - figures.memory[-1][0] >= step:
            figures.memory.append((figures.interactions, resident(bot.pid)))
            tell(f"{figures.interactions} interactions, {figures.memory[-1][1]:.1f} MiB, {figures.late} late")
    crowd.running = False
    figures.seconds = time.monotonic() - began
    await running
    # What is still owed is sent before the last look.
    figures.memory.append((figures.interactions, resident(bot.pid)))


def resident(pid: int) -> float:
    """Return a process's resident memory in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Measure what the command line asks for; the exit code tells whether everybody was answered in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--interactions", type=int, default=10_000, help="go on until there were so many")
    parser.add_argument("--pause", type=float, default=3.0, help="seconds, on average, until a member acts again")
    options = parser.parse_args()
    Settings.model_config["env_file"] = None
    how_long = {"seconds": options.seconds, "interactions": options.interactions, "pause": options.pause}
    figures = asyncio.run(load(options.members, **how_long, tell=lambda line: click.echo(line, err=True)))
    sys.stdout.write(f"{figures}\n")
    sys.exit(figures.late > 0)


if __name__ == "__main__":
    main()
