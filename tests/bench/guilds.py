"""A thousand guilds in one process: each gets a setting changed and a request made, judged and decided."""

import asyncio
import time

from tests.bench.figures import Row, Section, percentile, shown
from tests.bench.flow import flow
from tests.bench.stage import Stage, stage
from tests.e2e.world import Guild
from util.identifiers import Route

GUILDS, QUICK_GUILDS = 1_000, 30
AT_ONCE = 10


async def measure(quick: bool) -> list[Section]:
    """Play a flow in every guild, some at a time."""
    count = QUICK_GUILDS if quick else GUILDS
    section = Section(f"{count:,} guilds in one process")
    async with stage(guilds=count) as place:
        place.world.discord.keep_requests(5_000)
        begun = time.perf_counter()
        await place.real.start()
        connected = time.perf_counter() - begun
        place.world.discord.timing.acknowledge = 3.0
        before, worked = place.real.memory, place.real.processor_time
        begun = time.perf_counter()
        acknowledged = await play(place)
        seconds = time.perf_counter() - begun
        worked = place.real.processor_time - worked
        after = place.real.memory
    done = sum(len(guild.messages(Route.ARCHIVE)) == 1 for guild in place.world.guilds)
    late = max(acknowledged)
    section.rows = [
        Row("connected, commands sent everywhere", shown(connected)),
        Row("guilds with their request decided and in the archive", f"{done:,}", target=f"{count:,}", met=done == count),
        Row("slowest acknowledgement", shown(late), f"p50 {shown(percentile(acknowledged, 0.5))}", target="< 3 s", met=late < 3),
        Row(f"all flows, {AT_ONCE} guilds at a time", shown(seconds), f"{shown(seconds / count)} a guild"),
        Row("processor time of a guild's flow", shown(worked / count)),
        Row("memory", f"{after / 2**20:.0f} MB", f"{before / 2**20:.0f} MB before the flows"),
    ]
    return [section]


async def play(place: Stage) -> list[float]:
    """Play the flow in all guilds; return how long each acknowledgement took."""
    acknowledged: list[float] = []
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(guild: Guild) -> None:
        async with slots:
            acknowledged.extend(answer.ack_seconds or 99.0 for answer in await flow(place.world, guild))

    await asyncio.gather(*(one(guild) for guild in place.world.guilds))
    return acknowledged
