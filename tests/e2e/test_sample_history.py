"""A bot on a year that was made up: reports, lists and buttons show it, and nothing of it is posted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from db.engine import Database
from db.models import Cooldown, Delivery, Request
from facades.samples.write_history import write_history
from sandbox.discord.actors import SandboxUser
from tests.e2e.commands.reporting import COMMANDS, PNG, Painter, file, options
from tests.e2e.steps import says
from tests.e2e.world import World
from tests.facades.samples.people import ADMIN, MODERATOR, REVIEWER, TRAINEE, description
from util.identifiers import CooldownKind, Flag, Route
from util.texts import Text


@pytest.fixture
async def people(empty_world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, SandboxUser]:
    """Give the people of a guild with a past, of whom only four are still there; the bot runs."""
    world, painter = empty_world, Painter()
    guild = await world.add_guild()
    ada, rhea = guild.join("Ada", Flag.ADMIN), guild.join("Rhea", Flag.REVIEWER, Flag.TRAINEE_SUPERVISOR)
    mo, theo = guild.join("Mo", Flag.GD_MOD), guild.join("Theo", Flag.TRAINEE)
    real = {ADMIN: ada.id, REVIEWER: rhea.id, MODERATOR: mo.id, TRAINEE: theo.id}
    end = datetime.now(UTC) - timedelta(minutes=5)
    database = Database(world.database_url)
    try:
        await write_history(database, description(guild_id=guild.id, end=end, people=real))
    finally:
        await database.close()
    await world.start()
    monkeypatch.setattr(world.app.charts, "picture", painter.picture)
    return {"ada": ada, "rhea": rhea, "mo": mo, "theo": theo}


async def count(world: World, *conditions: Any) -> int:
    async with world.app.reading() as session:
        return (await session.exec(select(func.count()).where(*conditions))).one()


def shown(answer: Any) -> str:
    """Return everything that an answer says."""
    message = answer.message
    return f"{message.content} {message.embeds}"


async def test_reports_and_lists_show_the_past_and_nothing_of_it_is_posted(
    empty_world: World, people: dict[str, SandboxUser]
) -> None:
    world, home = empty_world, empty_world.guild.home
    ada, rhea, theo = people["ada"], people["rhea"], people["theo"]
    requests = await count(world, col(Request.guild_id) == world.guild.id)
    for command in COMMANDS:
        answer = await (await ada.slash(home, command, **options(command, rhea))).final()
        assert file(answer).data == PNG, command
        if command == "report new_requests":
            assert f"**{requests}**" in answer.content
        if command == "report review_activity":
            assert all(name in answer.content for name in ("Rhea", "Ada", "Mo"))
    for kind, group in ((CooldownKind.USER, "usercd"), (CooldownKind.LEVEL, "levelcd")):
        for listing in ("temporary", "endless"):
            answer = await ada.slash(home, f"{group} list", cooldown_listing_type=listing)
            assert f"<@{ada.id}>" in shown(answer) or listing == "temporary", (group, listing)
        assert await count(world, col(Cooldown.kind) == kind)
    for command, values, expected in (
        ("queue history", {}, f"<@{ada.id}>"),
        ("log view", {}, "#1"),
        ("reviews user", {"author": theo}, f"<@{theo.id}>"),
        ("request widgets", {"level_id": await _some_level(world)}, "is resolved"),
        ("reviews level", {"level_id": await _some_level(world)}, ""),
    ):
        assert expected in shown(await ada.slash(home, command, **values)), command
    assert says((await ada.slash(home, "request unresolved")).content, Text.REQUEST_UNRESOLVED_NONE, "en")
    picked = await theo.slash(home, "trainee pick")
    assert picked.message is not None
    assert picked.message.components
    await world.stop()
    await world.start()
    assert "**0**" in (await ada.slash(home, "queue info")).content
    assert await count(world, col(Delivery.id) > 0) == 0
    assert {route: len(world.guild.messages(route)) for route in Route} == dict.fromkeys(Route, 0)


async def _some_level(world: World) -> int:
    async with world.app.reading() as session:
        return (await session.exec(select(Request.level_id).order_by(col(Request.id)).limit(1))).one()
