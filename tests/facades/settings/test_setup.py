"""`/setup`: what is missing is created, all of it or nothing."""

import asyncio
import dataclasses
from collections.abc import Callable

import pytest

from config.definitions import definitions
from db.models import PermissionBinding, RouteOverride
from facades.settings import create_missing as module
from facades.settings.bind_role import bind_role
from facades.settings.create_missing import create_missing
from facades.settings.describe_setup import describe_setup
from facades.settings.set_route import set_route
from services.discord import DiscordForbidden, DiscordUnavailable
from tests.facades.settings.world import BOSS_ROLE, CHANNEL, FIRST_NEW_ID, GUILD, OTHER_GUILD, SettingsWorld
from tests.thoroughness import some
from util.errors import Conflict, Forbidden, Refused, Unavailable
from util.identifiers import EventType, Flag, Route
from util.texts import Text

SUGGESTED_CHANNELS = {route.suggested_channel for route in definitions().routes.values()}
SUGGESTED_ROLES = {flag.suggested_role for flag in definitions().flags.values() if flag.suggested_role}
CREATIONS = len(SUGGESTED_CHANNELS) + len(SUGGESTED_ROLES) + 1


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for what was lost without waiting."""
    monkeypatch.setattr(module, "PAUSE_BETWEEN_LOOKS", 0)


def fail_creation(at: int, error: BaseException) -> Callable[[int, str], None]:
    """Return a fault that raises at one of the creations, counted from 0."""
    seen = iter(range(1000))

    def fault(number: int, method: str) -> None:
        if method.startswith("create_") and next(seen) == at:
            raise error

    return fault


async def test_everything_that_is_missing_is_created_and_put_into_use(world: SettingsWorld) -> None:
    created = await create_missing(world.app, actor=world.owner())
    shape = world.discord.shapes[GUILD]
    settings = await world.app.guild(GUILD)
    for route, definition in definitions().routes.items():
        channel = shape.channel(settings.channel(route) or 0)
        assert channel is not None
        assert channel.name == definition.suggested_channel
        assert channel.category_id is not None
    assert len(created.channels) == len(Route)
    assert {role.name for role in shape.roles} >= SUGGESTED_ROLES
    assert {flag for flag, _ in settings.bindings} == {flag for flag, one in definitions().flags.items() if one.suggested_role}
    assert settings.channel(Route.REQUESTS_CLOSED) == settings.channel(Route.REQUESTS_REOPENED)
    assert all(row.channel_id is None for row in await world.rows(RouteOverride))
    [event] = await world.events(EventType.SETUP_CHANGED)
    assert event["changed"] == "created"


async def test_channels_of_the_staff_are_hidden_from_everyone_and_shown_to_their_roles(world: SettingsWorld) -> None:
    created = await create_missing(world.app, actor=world.owner())
    hidden = world.discord.overwrites[created.channels[Route.RESOLUTION]]
    assert hidden[0].target_id == GUILD
    assert hidden[0].deny == {"view_channel"}
    assert {one.target_id for one in hidden[1:-1]} == {created.roles[Flag.ADMIN], created.roles[Flag.GD_MOD]}
    public = world.discord.overwrites[created.channels[Route.APPROVAL_NOTIFICATION]]
    assert public[0].allow >= {"view_channel"}
    assert "send_messages" in public[0].deny
    for overwrites in (hidden, public):
        assert overwrites[-1].target_id == 42
        assert overwrites[-1].is_member
        assert "send_messages" in overwrites[-1].allow


async def test_a_second_run_finds_nothing_to_create(world: SettingsWorld) -> None:
    await create_missing(world.app, actor=world.owner())
    before = world.discord.shapes[GUILD]
    with pytest.raises(Conflict):
        await create_missing(world.app, actor=world.owner())
    assert world.discord.shapes[GUILD] == before
    assert (await describe_setup(world.app, actor=world.owner())).plan.is_empty


async def test_two_admins_at_once_create_once(world: SettingsWorld) -> None:
    runs = (create_missing(world.app, actor=world.owner()) for _ in range(2))
    results = await asyncio.gather(*runs, return_exceptions=True)
    assert [type(result) for result in results].count(Conflict) == 1
    assert len([call for call in world.discord.calls if call[0].startswith("create_")]) == CREATIONS


async def test_only_what_is_missing_is_created(world: SettingsWorld) -> None:
    await set_route(world.app, actor=world.owner(), route=Route.LOG, channel_id=CHANNEL)
    await bind_role(world.app, actor=world.owner(), flag=Flag.REVIEWER, role_id=BOSS_ROLE)
    created = await create_missing(world.app, actor=world.owner())
    assert Route.LOG not in created.channels
    assert Flag.REVIEWER not in created.roles
    settings = await world.app.guild(GUILD)
    assert settings.channel(Route.LOG) == CHANNEL
    assert settings.roles_of(Flag.REVIEWER) == (BOSS_ROLE,)
    readers = {one.target_id for one in world.discord.overwrites[created.channels[Route.PENDING_REQUEST]]}
    assert BOSS_ROLE in readers


async def test_a_deleted_channel_is_created_again_and_a_living_twin_is_shared(world: SettingsWorld) -> None:
    first = await create_missing(world.app, actor=world.owner())
    world.discord.forget_channel(first.channels[Route.LOG])
    again = await create_missing(world.app, actor=world.owner())
    assert set(again.channels) == {Route.LOG}
    assert again.channels[Route.LOG] != first.channels[Route.LOG]
    await set_route(world.app, actor=world.owner(), route=Route.REQUESTS_CLOSED, channel_id=CHANNEL)
    world.discord.forget_channel(CHANNEL)
    shared = await create_missing(world.app, actor=world.owner())
    assert (shared.channels, shared.shared) == ({}, {Route.REQUESTS_CLOSED: first.channels[Route.REQUESTS_REOPENED]})
    settings = await world.app.guild(GUILD)
    assert settings.channel(Route.REQUESTS_CLOSED) == first.channels[Route.REQUESTS_REOPENED]


@pytest.mark.parametrize("at", some(range(CREATIONS), 6))
@pytest.mark.parametrize("lost", [False, True], ids=["refused", "answer lost"])
async def test_a_failure_at_any_creation_leaves_nothing_behind(world: SettingsWorld, at: int, lost: bool) -> None:
    before = world.discord.shapes[GUILD]
    if lost:
        world.discord.after = fail_creation(at, DiscordUnavailable("lost"))
    else:
        world.discord.before = fail_creation(at, DiscordForbidden("no", status=403))
    with pytest.raises(Unavailable) as refusal:
        await create_missing(world.app, actor=world.owner())
    assert refusal.value.phrase.key is Text.SETUP_FAILED
    assert world.discord.shapes[GUILD] == before
    assert await world.rows(RouteOverride) == await world.rows(PermissionBinding) == []
    assert await world.events(EventType.SETUP_CHANGED) == []
    await create_missing(world.app, actor=world.owner())
    assert (await describe_setup(world.app, actor=world.owner())).plan.is_empty


@pytest.mark.parametrize("at", range(0, CREATIONS, 4))
async def test_being_stopped_in_the_middle_leaves_nothing_behind(world: SettingsWorld, at: int) -> None:
    before = world.discord.shapes[GUILD]
    world.discord.before = fail_creation(at, asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await create_missing(world.app, actor=world.owner())
    assert world.discord.shapes[GUILD] == before
    assert await world.rows(RouteOverride) == []


async def test_a_creation_that_was_repeated_after_a_lost_answer_leaves_no_twin(world: SettingsWorld) -> None:
    repeated: list[int] = []

    def twice(number: int, method: str) -> None:
        if method.startswith("create_") and not repeated:
            repeated.append(number)
            shape = world.discord.shapes[GUILD]
            twin = dataclasses.replace(shape.roles[-1], id=99)
            world.discord.shapes[GUILD] = dataclasses.replace(shape, roles=(*shape.roles, twin))

    world.discord.after = twice
    await create_missing(world.app, actor=world.owner())
    names = [role.name for role in world.discord.shapes[GUILD].roles]
    assert len(names) == len(set(names))
    assert world.discord.shapes[GUILD].role(99) is None


async def test_a_failure_of_the_database_leaves_nothing_behind(world: SettingsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*args: object) -> bool:
        raise OSError("disk full")

    before = world.discord.shapes[GUILD]
    monkeypatch.setattr(module, "add_binding", broken)
    with pytest.raises(OSError, match="disk full"):
        await create_missing(world.app, actor=world.owner())
    assert world.discord.shapes[GUILD] == before
    assert await world.rows(RouteOverride) == []


async def test_what_cannot_be_deleted_again_is_named_and_recorded(world: SettingsWorld) -> None:
    world.discord.before = fail_creation(CREATIONS - 1, DiscordForbidden("no", status=403))
    world.discord.errors = {channel: DiscordForbidden("no") for channel in (FIRST_NEW_ID, FIRST_NEW_ID + 1)}
    with pytest.raises(Unavailable) as refusal:
        await create_missing(world.app, actor=world.owner())
    assert refusal.value.phrase.key is Text.SETUP_FAILED_LEFTOVERS
    assert (await world.app.guild(GUILD)).routes == {}
    [event] = await world.events(EventType.SETUP_CHANGED)
    assert event["changed"] == "leftovers"
    assert event["leftovers"].count("<@&") == 2


async def test_missing_permissions_are_named_before_anything_is_created(world: SettingsWorld) -> None:
    shape = world.discord.shapes[GUILD]
    world.discord.shapes[GUILD] = dataclasses.replace(shape, permissions=shape.permissions - {"manage_roles", "send_messages"})
    with pytest.raises(Refused) as refusal:
        await create_missing(world.app, actor=world.owner())
    assert refusal.value.phrase.parameters["permissions"] == "Manage Roles, Send Messages"
    assert world.discord.calls == []


async def test_the_overview_tells_what_is_missing_gone_and_forbidden(world: SettingsWorld) -> None:
    created = await create_missing(world.app, actor=world.owner())
    world.discord.forget_channel(created.channels[Route.LOG])
    shape = world.discord.shapes[GUILD]
    home = created.channels[Route.RESOLUTION]
    channels = tuple(
        dataclasses.replace(one, access=dataclasses.replace(one.access, embed=False)) if one.id == home else one
        for one in shape.channels
    )
    world.discord.shapes[GUILD] = dataclasses.replace(shape, channels=channels)
    state = await describe_setup(world.app, actor=world.owner())
    assert state.route(Route.LOG).is_gone
    assert state.route(Route.RESOLUTION).lacking == ("embed_links",)
    assert state.flag(Flag.GD_MOD).role_ids == (created.roles[Flag.GD_MOD],)
    assert [channel.name for channel in state.plan.channels] == ["bot-log"]


async def test_setup_is_for_admins_and_stays_in_its_guild(world: SettingsWorld) -> None:
    with pytest.raises(Forbidden):
        await create_missing(world.app, actor=await world.actor(BOSS_ROLE))
    with pytest.raises(Forbidden):
        await describe_setup(world.app, actor=await world.actor(BOSS_ROLE))
    other = world.discord.shapes[OTHER_GUILD]
    await create_missing(world.app, actor=world.owner())
    assert world.discord.shapes[OTHER_GUILD] == other
    assert (await world.app.guild(OTHER_GUILD)).routes == {}
