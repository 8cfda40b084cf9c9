"""One run: the plan is played, the faults end, everything settles, and what there is is compared with what must be."""

import asyncio
import re
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

from facades.operations.diagnose_guild import invite_permissions
from sandbox.geometry_dash import catalogue
from sandbox.geometry_dash.levels import Level
from tests.e2e.world import Guild
from tests.faults.acting import Company
from tests.faults.compare import Found, differences, strike_hits_cards
from tests.faults.expected import UNBLOCK_AT, Expectation
from tests.faults.host import Host
from tests.faults.plan import (
    BY_HAND,
    FLAGS,
    LATE_MODERATOR,
    LATE_REVIEWER,
    LEVELS,
    RUSSIAN,
    Act,
    Beat,
    Kind,
    Plan,
    Strike,
    level_name,
)
from tests.faults.records import Records
from tests.faults.rendered import stale_cards
from tests.faults.stage import FaultWorld, Stage
from tests.faults.strikes import End, Striker
from util.identifiers import Parameter, Verdict

PATIENCE = 60.0
LONGEST_RUN = 400.0
SLACK = 0.5
"""Seconds after a fault in which its consequences may still be felt."""
STANDSTILL = 0.8
"""Seconds for which this process itself was held up: then nobody can say who was slow."""


@dataclass
class Result:
    """A run at its end."""

    plan: Plan
    differences: list[str] = field(default_factory=list[str])
    faults: Counter[str] = field(default_factory=Counter[str])
    interactions: int = 0
    kills: int = 0
    hits: int = 0
    repeats: int = 0
    unanswered: int = 0
    starved: int = 0
    events: int = 0
    ended: int = 0
    longest: float = 0.0
    seconds: float = 0.0
    output: str = ""

    def __str__(self) -> str:
        """Say what was planned, what differs, and what the bot wrote."""
        listed = "\n".join(f"  - {one}" for one in self.differences) or "  none"
        again = f"python -m tests.faults.run --seed {self.plan.seed}{' --postgres' if self.plan.postgres else ''}"
        return f"{self.plan}\ndifferences:\n{listed}\nagain: {again}\nthe bot's last words:\n{self.output}"


@dataclass
class _Windows:
    """When faults were in force that may keep the bot from answering in time."""

    open: int = 0
    last: float = 0.0

    def hinders(self, since: float) -> bool:
        """Tell whether one was in force at any time since a moment."""
        return self.open > 0 or self.last + SLACK >= since


class Run:
    """A run in its world."""

    def __init__(self, plan: Plan, world: FaultWorld, stage: Stage, guild: Guild) -> None:
        self.plan = plan
        self.world = world
        self.guild = guild
        self.host = Host(world)
        self.records = Records(world.database_url, guild.id)
        self.windows = _Windows()
        self.company = Company(plan, self.host, guild, self.windows.hinders)
        restart = stage.postgres.restart if plan.postgres else None
        self.striker = Striker(self.host, guild, self.records, restart)

    @classmethod
    async def prepare(cls, plan: Plan, world: FaultWorld, stage: Stage) -> "Run":
        """Make the guild, gather the people, and put the levels on the game server."""
        guild = await world.add_guild(
            parameters={
                Parameter.QUEUE_BLOCK_AT: str(plan.block_at),
                Parameter.QUEUE_UNBLOCK_ENABLED: "true",
                Parameter.QUEUE_UNBLOCK_AT: str(UNBLOCK_AT),
            }
        )
        for role in guild.sandbox.guild.roles.values():
            if role.bot_id == world.application.id:
                guild.sandbox.edit_role(role, permissions=invite_permissions())
        for name, flags in FLAGS.items():
            guild.join(name, *flags, locale="ru" if name in RUSSIAN else "en-US")
        for level in range(LEVELS):
            world.game.add_level(
                Level(id=plan.level_id(level), name=level_name(level), creator=catalogue.ANNA, stars_requested=2)
            )
        return cls(plan, world, stage, guild)

    async def play(self) -> None:
        """Play the plan to its end and wait until all is calm."""
        await self.host.up()
        await self.world.discord.wait_until(lambda: self.world.application.commands.get(self.guild.id), PATIENCE)
        for beat in self.plan.beats:
            await self._beat(beat)
        self.world.discord.faults.clear()
        await self.settled()
        if strike_hits_cards(self.striker.struck):
            await self._call_cards_back()

    async def _beat(self, beat: Beat) -> None:
        """Let people act at once while faults strike; at its end no fault is in force."""
        acts = [asyncio.create_task(self.company.perform(act)) for act in beat.acts]
        strikes = [asyncio.create_task(self._strike(strike)) for strike in beat.strikes]
        await asyncio.gather(*acts)
        ends = [end for end in await asyncio.gather(*strikes) if end is not None]
        if any(strike.fault in BY_HAND for strike in beat.strikes):
            await self._nothing_owed(1.5)
        for end in ends:
            await end()
        await self.host.up()
        await self.world.discord.wait_until(self._is_reachable, PATIENCE)
        self.windows.open = 0
        if beat.strikes:
            self.windows.last = max(self.windows.last, time.monotonic() if any(one.hinders for one in beat.strikes) else 0.0)
        while self.striker.mending:
            await self.company.perform(self.striker.mending.pop())
        if beat.settles:
            await self.settled()

    async def _strike(self, strike: Strike) -> End | None:
        await asyncio.sleep(strike.after)
        self.windows.open += strike.hinders
        return await self.striker.strike(strike)

    def _is_reachable(self) -> bool:
        """Tell whether the bot hears what happens."""
        sessions = self.world.application.sessions
        return bool(sessions) and all(one.connection is not None and not one.connection.zombie for one in sessions)

    async def _nothing_owed(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while (owed := self.records.owed()) != 0 and time.monotonic() < until:
            await self.host.up()
            await asyncio.sleep(0.03)
        return owed == 0

    async def settled(self) -> None:
        """Wait until nothing is owed to the guild any more."""
        if not await self._nothing_owed(PATIENCE):
            self.company.wrong.append(
                f"still owed after {PATIENCE:.0f} s: {self.records.rows('delivery', 'stream, kind, attempts')}"
            )

    async def _call_cards_back(self) -> None:
        """Let somebody act on every request, so that cards that were taken away are posted again."""
        for number, level_id, status in self.records.rows("request", "id, level_id, status", "id"):
            level = level_id - self.plan.level_id(0)
            token = f"late{number}z"
            if status == "pending":
                await self.company.perform(Act(Kind.OPINION, LATE_REVIEWER, level, Verdict.APPROVE, token=token, stale=number))
            else:
                await self.company.perform(Act(Kind.RESOLVE, LATE_MODERATOR, level, Verdict.EPIC, token=token, stale=number))
        await self.settled()

    async def compare(self) -> list[str]:
        """Return everything that is not as it must be."""
        found = Found(
            self.guild,
            self.records,
            self.world.application.id,
            self.striker.places,
            self.striker.removed,
            self.striker.struck,
        )
        ids = {name: person.id for name, person in self.guild.people.items()}
        events = found.events()
        state = Expectation(self.plan, ids, self.company.outcomes).replay(events)
        messages = {message.id: message for message in self.world.discord.messages()}
        stale = await stale_cards(self.world.settings(), self.guild.id, self.records, messages)
        return [*self.company.wrong, *differences(found, state, events), *stale]


async def play(stage: Stage, plan: Plan) -> Result:
    """Play a plan and return how it ended; whatever goes wrong is in the result."""
    result, began = Result(plan), time.monotonic()
    async with stage.world(postgres=plan.postgres) as world:
        run = await Run.prepare(plan, world, stage)
        began = time.monotonic()
        watching = asyncio.create_task(_watch(run.windows))
        try:
            async with asyncio.timeout(LONGEST_RUN):
                await run.play()
                result.differences += await run.compare()
                result.events = len(run.records.rows("event", "id"))
        except Exception:  # noqa: BLE001 - it belongs into the result, with the plan
            result.differences += [*run.company.wrong, f"the run broke off: {traceback.format_exc()}"]
        finally:
            watching.cancel()
            _note(result, run)
            await run.host.stop()
    result.seconds = time.monotonic() - began
    return result


def _note(result: Result, run: Run) -> None:
    company = run.company
    result.faults = Counter(strike.fault.value for strike in run.striker.struck)
    result.interactions, result.longest = company.interactions, company.longest
    result.repeats, result.unanswered = company.repeats, company.unanswered
    result.starved = company.starved
    result.kills, result.ended = run.host.deaths, run.host.ended
    result.hits = run.world.discord.faults.hits
    lines = [line for line in run.host.output(60_000).splitlines() if re.match(r"\d{4}-|\w+(\.\w+)*Error|\[SQL", line)]
    result.output = "\n".join(line[:400] for line in lines[-40:])


async def _watch(windows: _Windows) -> None:
    """Count moments in which this process itself stood still among those that excuse a late answer."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.05)
        if time.monotonic() - before > STANDSTILL:
            windows.last = time.monotonic()
