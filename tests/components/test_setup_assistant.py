"""The pages of `/setup` are within Discord's limits, whatever the state of the guild."""

import dataclasses
from collections.abc import AsyncIterator

import discord
import pytest

from components.actions import UnknownAction, find_action
from components.setup.assistant import setup_message
from components.setup.page import SetupPage
from facades.settings.create_missing import create_missing
from facades.settings.set_flag_roles import set_flag_roles
from services.discord import ChannelAccess, RoleShape
from tests.facades.settings.world import GUILD, SettingsWorld
from util.errors import Forbidden
from util.identifiers import Flag, Route

ITEMS = {SetupPage.CHANNELS: [route.value for route in Route], SetupPage.ROLES: [flag.value for flag in Flag]}
NOTHING = ChannelAccess(
    view=False, send=False, embed=False, attach=False, history=False, threads=False, manage=False, mention=False
)


@pytest.fixture
async def world(sqlite_address: str) -> AsyncIterator[SettingsWorld]:
    """Two guilds in which nothing is set."""
    made = SettingsWorld(sqlite_address)
    yield made
    await made.app.database.close()


async def crowd(world: SettingsWorld) -> None:
    """Set up everything, with as many roles as possible and as few permissions."""
    await create_missing(world.app, actor=world.owner())
    shape = world.discord.shapes[GUILD]
    many = tuple(RoleShape(10**18 + n, f"r{n}", 1, managed=False, assignable=True, is_everyone=False) for n in range(40))
    channels = tuple(dataclasses.replace(channel, access=NOTHING) for channel in shape.channels)
    world.discord.shapes[GUILD] = dataclasses.replace(
        shape, channels=channels, roles=(*shape.roles, *many), permissions=frozenset()
    )
    for flag in (Flag.REVIEWER, Flag.GD_MOD):
        await set_flag_roles(world.app, actor=world.owner(), flag=flag, role_ids=[role.id for role in many])


async def check(world: SettingsWorld, page: SetupPage, item: str, language: str) -> None:
    actor = dataclasses.replace(world.owner(), language=language)
    embeds, view = await setup_message(world.app, actor, page, item)
    assert sum(len(embed) for embed in embeds) <= 6000
    assert all(len(embed.description or "") <= 4096 for embed in embeds)
    rows = view.to_components()
    assert len(rows) <= 5
    parts = [part for row in rows for part in row["components"]]
    ids = [str(part.get("custom_id")) for part in parts]
    assert len(ids) == len(set(ids))
    for part, custom_id in zip(parts, ids, strict=True):
        assert find_action(custom_id).custom_id == custom_id
        assert len(str(part.get("placeholder") or "")) <= 150
        assert len(str(part.get("label") or "")) <= 80
        assert 1 <= len(part.get("options") or [None]) <= 25
        assert len(part.get("default_values") or []) <= (part.get("max_values") or 1)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("crowded", [False, True], ids=["nothing set", "everything set"])
async def test_every_page_is_within_discords_limits(world: SettingsWorld, language: str, crowded: bool) -> None:
    if crowded:
        await crowd(world)
    for page in SetupPage:
        for item in ["", *ITEMS.get(page, ["ru", "en"])]:
            await check(world, page, item, language)


async def test_a_forged_item_is_refused(world: SettingsWorld) -> None:
    for page in ITEMS:
        with pytest.raises(UnknownAction):
            await setup_message(world.app, world.owner(), page, "forged")


async def test_pages_are_for_admins(world: SettingsWorld) -> None:
    with pytest.raises(Forbidden):
        await setup_message(world.app, await world.actor(), SetupPage.OVERVIEW)


async def test_the_button_that_creates_is_off_when_nothing_is_missing(world: SettingsWorld) -> None:
    async def is_off() -> bool:
        _, view = await setup_message(world.app, world.owner(), SetupPage.OVERVIEW)
        return next(item.disabled for item in view.children if isinstance(item, discord.ui.Button))

    assert not await is_off()
    await create_missing(world.app, actor=world.owner())
    assert await is_off()
