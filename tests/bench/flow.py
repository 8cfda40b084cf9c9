"""What happens in a guild, from a setting to a decision."""

import asyncio

from sandbox.discord.answers import Answer
from tests.bench.stage import answered
from tests.e2e.steps import new_level, opine, request_id
from tests.e2e.world import Guild, World
from util.identifiers import Flag, Route, Verdict

PATIENCE = 100.0
"""Seconds; several test runs may share the machine."""


async def flow(world: World, guild: Guild) -> list[Answer]:
    """Let a guild's people change a setting, make a request, judge it and decide it; return the answers they got."""
    boss, mira = guild.join("Boss", Flag.ADMIN), guild.join("Mira")
    rex, mod = guild.join("Rex", Flag.REVIEWER), guild.join("Mod", Flag.GD_MOD)
    discord, level = world.discord, new_level(world)
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
    card = await discord.wait_until(lambda: next(iter(guild.messages(Route.PENDING_REQUEST)), None), PATIENCE)
    answers.append(await opine(rex, card))
    card = await discord.wait_until(lambda: next(iter(guild.messages(Route.RESOLUTION)), None), PATIENCE)
    shown_form = await mod.press(card, f"resolve:{request_id(card)}:{Verdict.REJECT.value}")
    values = {"reason": "Not this time."}
    answers += [shown_form, await answered(mod.submit(shown_form.modal, values))] if shown_form.kind == "modal" else [shown_form]
    await discord.wait_until(lambda: guild.messages(Route.ARCHIVE), PATIENCE)
    return answers
