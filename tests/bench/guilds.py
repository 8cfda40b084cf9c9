"""A thousand guilds in one process: each gets a setting changed and a request made, judged and decided."""

import asyncio
import time

from sandbox.discord.answers import Answer
from tests.bench.figures import Row, Section, percentile, shown
from tests.bench.stage import Stage, answered, stage
from tests.e2e.steps import new_level, opine, request_id
from tests.e2e.world import Guild
from util.identifiers import Flag, Route, Verdict

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
            acknowledged.extend(answer.ack_seconds or 99.0 for answer in await flow(place, guild))

    await asyncio.gather(*(one(guild) for guild in place.world.guilds))
    return acknowledged


async def flow(place: Stage, guild: Guild) -> list[Answer]:
    """Let a guild's people change a setting, make a request, judge it and decide it; return the answers they got."""
    boss, mira = guild.join("Boss", Flag.ADMIN), guild.join("Mira")
    rex, mod = guild.join("Rex", Flag.REVIEWER), guild.join("Mod", Flag.GD_MOD)
    discord, level = place.world.discord, new_level(place.world)
    setting = {"parameter": "queue.block_at", "new_value": "77"}
    answers = [await answered(boss.slash(guild.home, "parameter set", **setting))]
    form = await answered(mira.slash(guild.home, "request create", level_id=level.id))
    while form.kind != "modal":
        # The game server is asked for ten levels at a time.
        answers.append(form)
        assert form.message is not None
        form = await mira.press(form.message, f"continue:{level.id}")
        await asyncio.sleep(0.5)
    answers += [form, await answered(mira.submit(form.modal, {"comment": guild.sandbox.name}))]
    card = await discord.wait_until(lambda: next(iter(guild.messages(Route.PENDING_REQUEST)), None), 60)
    answers.append(await opine(rex, card))
    card = await discord.wait_until(lambda: next(iter(guild.messages(Route.RESOLUTION)), None), 60)
    shown_form = await mod.press(card, f"resolve:{request_id(card)}:{Verdict.REJECT.value}")
    values = {"reason": "Not this time."}
    answers += [shown_form, await answered(mod.submit(shown_form.modal, values))] if shown_form.kind == "modal" else [shown_form]
    await discord.wait_until(lambda: guild.messages(Route.ARCHIVE), 60)
    return answers
