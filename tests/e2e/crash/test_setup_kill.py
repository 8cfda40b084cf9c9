"""The process is killed while `/setup` creates channels and roles: after the next start nothing of it is left."""

import asyncio
import contextlib

import pytest

from facades.operations.diagnose_guild import invite_permissions
from sandbox.discord.errors import ClientRefused
from tests.e2e.crash.process import BotProcess
from tests.e2e.crash.rows import rows

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("created", [1, 6, 9, 14])
async def test_a_setup_that_was_killed_is_cleaned_up_at_the_next_start(bot: BotProcess, created: int) -> None:
    server = bot.world.discord
    sandbox = server.create_guild("Fresh", owner="Ann")
    sandbox.add_bot(bot.world.application, permissions=invite_permissions())
    await bot.up()
    await server.wait_until(lambda: bot.world.application.commands.get(sandbox.id), 20)
    ann, guild = sandbox.owner, sandbox.guild
    before = set(guild.channels), set(guild.roles)

    page = (await (await ann.slash(sandbox.general, "setup")).final(20)).message
    assert page is not None
    pressing = asyncio.ensure_future(ann.press(page, "Create everything that is missing"))
    there = len(guild.channels) + len(guild.roles)
    await server.wait_until(lambda: len(guild.channels) + len(guild.roles) >= there + created, 20)
    bot.kill()
    with contextlib.suppress(ClientRefused, TimeoutError):
        await pressing

    await bot.up()
    async with asyncio.timeout(20):
        while (set(guild.channels), set(guild.roles)) != before or rows(bot.world.folder, "setup_residue", sandbox.id):
            await asyncio.sleep(0.02)
    assert rows(bot.world.folder, "route_override", sandbox.id) == []
