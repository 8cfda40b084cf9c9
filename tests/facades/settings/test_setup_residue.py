"""`/setup` dies in the middle: what it had created is found and deleted, and nothing else."""

import dataclasses
from datetime import timedelta

import pytest

from config.definitions import definitions
from db.models import PermissionBinding, RouteOverride, SetupResidue
from facades.settings import create_missing as module
from facades.settings.bind_role import bind_role
from facades.settings.create_missing import create_missing
from facades.settings.describe_setup import describe_setup
from facades.settings.setup_plan import DISCORD_EPOCH_MS
from facades.settings.setup_residue import LATEST, remove_setup_residue
from services.discord import ChannelKind, ChannelShape, DiscordForbidden, GuildShape, RoleShape
from tests.facades.settings.world import ALL_ACCESS, GUILD, OTHER_GUILD, SettingsWorld
from tests.fakes.discord import Died
from tests.thoroughness import some
from util.identifiers import EventType, Flag

CHANNELS = {route.suggested_channel for route in definitions().routes.values()}
ROLES = {flag.suggested_role for flag in definitions().flags.values() if flag.suggested_role}
CREATIONS = len(CHANNELS) + len(ROLES) + 1


def kill_at(world: SettingsWorld, creation: int, *, answered: bool) -> None:
    """Let the process die right before a creation, or right after Discord did it; from then on nothing happens any more."""
    seen = 0
    dead = False

    def before(number: int, method: str) -> None:
        nonlocal dead
        dead = dead or (not answered and method.startswith("create_") and seen == creation)
        if dead:
            raise Died

    def after(number: int, method: str) -> None:
        nonlocal seen, dead
        dead = dead or (answered and seen == creation)
        seen += method.startswith("create_")
        if dead:
            raise Died

    world.discord.before, world.discord.after = before, after


def revive(world: SettingsWorld) -> None:
    """Start the process again."""
    world.discord.before = world.discord.after = lambda number, method: None
    world.app.guilds.drop_all()


async def die(world: SettingsWorld, creation: int, *, answered: bool = True) -> None:
    kill_at(world, creation, answered=answered)
    with pytest.raises(Died):
        await create_missing(world.app, actor=world.owner())
    revive(world)


def with_role(shape: GuildShape, role_id: int, name: str) -> GuildShape:
    role = RoleShape(role_id, name, 1, managed=False, assignable=True, is_everyone=False)
    return dataclasses.replace(shape, roles=(*shape.roles, role))


def with_channel(shape: GuildShape, channel_id: int, name: str, kind: ChannelKind, category: int | None = None) -> GuildShape:
    return dataclasses.replace(shape, channels=(*shape.channels, ChannelShape(channel_id, name, kind, category, ALL_ACCESS)))


@pytest.mark.parametrize("creation", some(range(CREATIONS), 8))
@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
async def test_killed_at_any_creation_nothing_is_left_after_the_next_start(
    world: SettingsWorld, creation: int, answered: bool
) -> None:
    before = world.discord.shapes[GUILD]
    await die(world, creation, answered=answered)
    removed = await remove_setup_residue(world.app, guild_id=GUILD)
    assert removed == creation + answered
    assert world.discord.shapes[GUILD] == before
    assert await world.rows(SetupResidue) == await world.rows(RouteOverride) == await world.rows(PermissionBinding) == []
    assert [event["changed"] for event in await world.events(EventType.SETUP_CHANGED)] == ["cleaned_up"] * bool(removed)
    assert await remove_setup_residue(world.app, guild_id=GUILD) == 0


@pytest.mark.parametrize("creation", [0, len(ROLES), CREATIONS - 1])
async def test_setup_itself_cleans_up_before_it_creates(world: SettingsWorld, creation: int) -> None:
    await die(world, creation)
    await create_missing(world.app, actor=world.owner())
    shape = world.discord.shapes[GUILD]
    for things in (shape.channels, shape.roles):
        names = [thing.name for thing in things]
        assert len(names) == len(set(names))
    assert (await describe_setup(world.app, actor=world.owner())).plan.is_empty
    assert await world.rows(SetupResidue) == []


async def test_killed_before_the_settings_are_written_everything_goes(
    world: SettingsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die_there(*args: object) -> bool:
        world.discord.before = lambda number, method: (_ for _ in ()).throw(Died)
        raise Died

    before = world.discord.shapes[GUILD]
    monkeypatch.setattr(module, "add_binding", die_there)
    with pytest.raises(Died):
        await create_missing(world.app, actor=world.owner())
    revive(world)
    assert await remove_setup_residue(world.app, guild_id=GUILD) == CREATIONS
    assert world.discord.shapes[GUILD] == before


async def test_once_everything_is_in_use_nothing_is_cleaned_up(world: SettingsWorld) -> None:
    await create_missing(world.app, actor=world.owner())
    assert await world.rows(SetupResidue) == []
    made = world.discord.shapes[GUILD]
    assert await remove_setup_residue(world.app, guild_id=GUILD) == 0
    assert world.discord.shapes[GUILD] == made


async def test_what_stood_there_before_under_the_same_names_stays(world: SettingsWorld) -> None:
    shape = with_role(world.discord.shapes[GUILD], 401, sorted(ROLES)[0])
    shape = with_channel(shape, 402, "Greenlight", ChannelKind.CATEGORY)
    world.discord.shapes[GUILD] = before = with_channel(shape, 403, sorted(CHANNELS)[0], ChannelKind.TEXT, 402)
    await die(world, CREATIONS - 1)
    await remove_setup_residue(world.app, guild_id=GUILD)
    assert world.discord.shapes[GUILD] == before


async def test_what_people_make_later_under_the_same_names_stays(world: SettingsWorld) -> None:
    await die(world, 0, answered=False)
    later = world.clock.now() + LATEST + timedelta(minutes=1)
    new_id = int(later.timestamp() * 1000 - DISCORD_EPOCH_MS) << 22
    shape = world.discord.shapes[GUILD]
    for number, name in enumerate(sorted(ROLES)):
        shape = with_role(shape, new_id + number, name)
    world.discord.shapes[GUILD] = with_channel(shape, new_id + 99, "Greenlight", ChannelKind.CATEGORY)
    before = world.discord.shapes[GUILD]
    assert await remove_setup_residue(world.app, guild_id=GUILD) == 0
    assert world.discord.shapes[GUILD] == before


async def test_what_is_in_use_by_now_stays(world: SettingsWorld) -> None:
    await die(world, len(ROLES) + 2)
    shape = world.discord.shapes[GUILD]
    role = next(one for one in shape.roles if one.name in ROLES)
    category = next(one for one in shape.channels if one.kind is ChannelKind.CATEGORY)
    world.discord.shapes[GUILD] = with_channel(shape, 90_000, "of-an-admin", ChannelKind.TEXT, category.id)
    await bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=role.id)
    await remove_setup_residue(world.app, guild_id=GUILD)
    left = world.discord.shapes[GUILD]
    assert {one.name for one in left.roles} & ROLES == {role.name}
    assert {one.name for one in left.channels} == {"general", "voice", "Greenlight", "of-an-admin"}
    assert await world.rows(SetupResidue) == []


async def test_what_discord_does_not_let_go_is_tried_again(world: SettingsWorld) -> None:
    before = world.discord.shapes[GUILD]
    await die(world, 2)
    made = next(one for one in world.discord.shapes[GUILD].roles if one.name in ROLES)
    world.discord.errors = {made.id: DiscordForbidden("no", status=403)}
    assert await remove_setup_residue(world.app, guild_id=GUILD) == 2
    assert len(await world.rows(SetupResidue)) == 1
    world.discord.errors = {}
    assert await remove_setup_residue(world.app, guild_id=GUILD) == 1
    assert world.discord.shapes[GUILD] == before


async def test_another_guilds_run_is_left_alone(world: SettingsWorld) -> None:
    await die(world, 3)
    assert await remove_setup_residue(world.app, guild_id=OTHER_GUILD) == 0
    assert len(await world.rows(SetupResidue)) == CREATIONS
