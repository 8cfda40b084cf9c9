"""The process is killed while it loads a snapshot: there is the old state or the new one, never a mixture, and cards follow."""

import asyncio
from collections.abc import Sequence

import pytest

from facades.operations.snapshot_files import snapshots_of
from sandbox.discord import Answer
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.backups import confirm, load, saved
from tests.e2e.crash.points import Point
from tests.e2e.crash.process import PATIENCE, BotProcess
from tests.e2e.crash.rows import rows
from tests.thoroughness import some
from util.identifiers import Flag, Route, Verdict

pytestmark = pytest.mark.crash

SHARES = 2
EVERY = 8
FIRST, SECOND = catalogue.UNRATED_EASY, catalogue.UNRATED_HARD


class Scene:
    """A guild with a snapshot in which the first level waits; since then it was resolved, and a second one was requested."""

    def __init__(self, bot: BotProcess) -> None:
        self.bot = bot

    async def prepare(self) -> None:
        """Come to where everything is ready for loading."""
        world = self.bot.world
        self.guild = guild = await world.add_guild()
        await self.bot.up()
        await world.discord.wait_until(lambda: world.application.commands.get(guild.id), PATIENCE)
        self.bot.watch.begin(guild.id, ())
        self.ada = guild.join("Ada", Flag.ADMIN)
        await steps.fill(guild.join("Mira"), await steps.ask(guild, guild.people["Mira"], FIRST))
        await self.settled()
        self.file = await saved(guild, self.ada)
        await self.settled()
        [card] = guild.messages(Route.PENDING_REQUEST)
        await steps.opine(guild.join("Rhea", Flag.REVIEWER), card)
        await self.settled()
        [decided] = guild.messages(Route.RESOLUTION)
        await steps.resolve(guild.join("Mo", Flag.GD_MOD), decided, Verdict.LEGENDARY)
        await steps.fill(guild.join("Nora"), await steps.ask(guild, guild.people["Nora"], SECOND))
        await self.settled()
        assert self.state() == "old"

    async def settled(self) -> None:
        """Wait until nothing is owed to the guild any more."""
        async with asyncio.timeout(PATIENCE):
            while rows(self.bot.world.folder, "delivery", self.guild.id):
                await self.bot.up()
                await asyncio.sleep(0.005)

    async def restore(self, killed_at: Sequence[Point] = ()) -> list[Point]:
        """Ask, say yes, and wait until it is done or the process is dead; return the points that passed by."""
        asked = await load(self.guild, self.ada, self.file)
        self.bot.watch.begin(self.guild.id, killed_at)
        self.bot.watch.enter("restore")
        answer = await self.bot.while_alive(confirm(self.ada, asked))
        if answer is not None:
            await self.bot.while_alive(self._followed(answer))
        await self.bot.up()
        await self.settled()
        seen = list(self.bot.watch.seen)
        self.bot.watch.begin(self.guild.id, ())
        return seen

    async def _followed(self, answer: Answer) -> Message:
        await self.bot.world.discord.wait_until(lambda: answer.followups, PATIENCE)
        return answer.followups[-1]

    def state(self) -> str:
        """Tell which state there is, in the database and in the channels; fail where it is neither."""
        folder, guild = self.bot.world.folder, self.guild
        requests = rows(folder, "request", guild.id, "level_id, status", "level_id")
        loads = rows(folder, "event", guild.id, "type").count(("snapshot_loaded",))
        opinions = len(rows(folder, "opinion", guild.id))
        shown = {route: self._levels(route) for route in (Route.PENDING_REQUEST, Route.RESOLUTION, Route.ARCHIVE)}
        posted = sorted(rows(folder, "posted_card", guild.id, "message_id"))
        standing = sorted((card.id,) for route in shown for card in guild.messages(route))
        assert posted == standing
        if (requests, loads, opinions) == ([(FIRST.id, "pending")], 1, 0):
            assert list(shown.values()) == [[FIRST.id], [], []]
            return "new"
        assert (sorted(requests), loads, opinions) == (sorted([(FIRST.id, "resolved"), (SECOND.id, "pending")]), 0, 2)
        assert list(shown.values()) == [[SECOND.id], [FIRST.id], [FIRST.id]]
        return "old"

    def _levels(self, route: Route) -> list[int]:
        shown = [steps.everything(card) for card in self.guild.messages(route)]
        return [level.id for card in shown for level in (FIRST, SECOND) if f"`{level.id}`" in card]

    def leave(self) -> None:
        """Put the bot out, so that it has less to do the next time it starts."""
        self.guild.sandbox.kick(self.bot.world.application.user)


async def survive(bot: BotProcess, point: Point) -> str:
    """Kill the bot at a point, start it again, and fail unless there is one state; then load again where it is the old one."""
    scene = Scene(bot)
    await scene.prepare()
    deaths = bot.deaths
    await scene.restore([point])
    assert bot.deaths > deaths, "the point did not come up"
    found = scene.state()
    if found == "old":
        await scene.restore()
        assert scene.state() == "new"
    assert [item for item in snapshots_of(bot.world.settings()) if item.is_safety and item.guild_id == scene.guild.id]
    scene.leave()
    return found


@pytest.mark.parametrize("share", range(SHARES))
async def test_killed_at_any_point_of_loading_there_is_the_old_state_or_the_new_one(share: int, bot: BotProcess) -> None:
    scene = Scene(bot)
    await scene.prepare()
    points = sorted(await scene.restore())
    assert scene.state() == "new"
    scene.leave()
    commits = [point for point in points if "insert request" in point.what]
    assert len(commits) == 2, "loading is one transaction"
    assert len(points) > 15
    if share == 0:
        assert [await survive(bot, point) for point in commits] == ["new", "old"][:: 1 if commits[0].after else -1]
    for point in some(points, EVERY)[share::SHARES]:
        try:
            await survive(bot, point)
        except BaseException as error:
            error.add_note(f"Killed at: {point}\n{bot.output()}")
            raise
