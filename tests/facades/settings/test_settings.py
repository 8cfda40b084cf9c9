"""Language, parameters, routes, language roles and modules."""

import dataclasses

import pytest

from db.models import GuildModule, ParameterOverride, RouteOverride
from facades.identify import identify
from facades.settings.reset_parameter import reset_parameter
from facades.settings.set_language import set_language
from facades.settings.set_language_roles import set_language_roles
from facades.settings.set_module import set_module
from facades.settings.set_parameter import set_parameter
from facades.settings.set_route import set_route
from tests.facades.settings.world import (
    BOSS_ROLE,
    CHANNEL,
    GUILD,
    MEMBER,
    OTHER_CHANNEL,
    OTHER_GUILD,
    OTHER_ROLE,
    SECOND_ROLE,
    VOICE,
    SettingsWorld,
)
from util.errors import BadInput, Conflict, Forbidden, NotFound, Refused
from util.identifiers import EventType, Module, Parameter, Route


async def language_of(world: SettingsWorld, *roles: int, locale: str | None = None, guild_id: int = GUILD) -> tuple[str, bool]:
    actor = await identify(
        world.app,
        guild_id=guild_id,
        user_id=MEMBER,
        name="m",
        role_ids=frozenset(roles),
        is_native_admin=False,
        locale=locale,
    )
    return actor.language, actor.language_reliable


async def test_a_chosen_language_goes_before_the_locale_in_that_guild_alone(world: SettingsWorld) -> None:
    assert await set_language(world.app, actor=await world.actor(), language="ru") == "ru"
    assert await language_of(world, locale="en-US") == ("ru", True)
    assert await language_of(world, locale="en-US", guild_id=OTHER_GUILD) == ("en", True)
    assert await world.events(EventType.PREFERENCE_SET) == [{"preference": "language", "old_value": None, "new_value": "ru"}]


async def test_a_language_without_texts_is_refused(world: SettingsWorld) -> None:
    with pytest.raises(BadInput):
        await set_language(world.app, actor=await world.actor(), language="tlh")


async def test_a_role_tells_the_language_when_discord_does_not(world: SettingsWorld) -> None:
    await set_language_roles(world.app, actor=world.owner(), language="ru", role_ids=[BOSS_ROLE])
    assert await language_of(world, BOSS_ROLE) == ("ru", False)
    assert await language_of(world, BOSS_ROLE, locale="en-GB") == ("en", True)
    assert await language_of(world, SECOND_ROLE) == ("en", False)


async def test_a_role_speaks_one_language_and_roles_can_be_taken_back(world: SettingsWorld) -> None:
    await set_language_roles(world.app, actor=world.owner(), language="ru", role_ids=[BOSS_ROLE, SECOND_ROLE])
    await set_language_roles(world.app, actor=world.owner(), language="en", role_ids=[BOSS_ROLE])
    assert (await world.app.guild(GUILD)).language_roles == {BOSS_ROLE: "en", SECOND_ROLE: "ru"}
    await set_language_roles(world.app, actor=world.owner(), language="ru", role_ids=[])
    assert (await world.app.guild(GUILD)).language_roles == {BOSS_ROLE: "en"}
    assert len(await world.events(EventType.SETUP_CHANGED)) == 3


async def test_roles_of_another_guild_and_everyone_speak_no_language(world: SettingsWorld) -> None:
    with pytest.raises(NotFound):
        await set_language_roles(world.app, actor=world.owner(), language="ru", role_ids=[OTHER_ROLE])
    with pytest.raises(Refused):
        await set_language_roles(world.app, actor=world.owner(), language="ru", role_ids=[GUILD])


async def test_a_parameter_is_set_recorded_and_reset(world: SettingsWorld) -> None:
    changed = await set_parameter(world.app, actor=world.owner(), name=Parameter.QUEUE_BLOCK_AT, typed="7")
    assert (changed.old, changed.new) == (50, 7)
    assert (await world.app.guild(GUILD)).number(Parameter.QUEUE_BLOCK_AT) == 7
    assert (await world.app.guild(OTHER_GUILD)).number(Parameter.QUEUE_BLOCK_AT) == 50
    await reset_parameter(world.app, actor=world.owner(), name=Parameter.QUEUE_BLOCK_AT)
    assert await world.rows(ParameterOverride) == []
    assert await world.events(EventType.PARAMETER_SET) == [{"parameter": "queue.block_at", "old_value": "50", "new_value": "7"}]
    assert await world.events(EventType.PARAMETER_RESET) == [{"parameter": "queue.block_at", "old_value": "7", "new_value": "50"}]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        (Parameter.QUEUE_BLOCK_AT, "0"),
        (Parameter.QUEUE_BLOCK_ENABLED, "maybe"),
        (Parameter.COOLDOWN_POST_REQUEST_USER_CD, "soon"),
        (Parameter.GUILD_LANGUAGE, "tlh"),
        (Parameter.QUEUE_PING_ROLE, "somebody"),
        (Parameter.QUEUE_PING_ROLE, "123456789012345678"),
    ],
)
async def test_a_parameter_refuses_values_of_another_form(world: SettingsWorld, key: Parameter, typed: str) -> None:
    with pytest.raises(BadInput):
        await set_parameter(world.app, actor=world.owner(), name=key, typed=typed)
    assert await world.rows(ParameterOverride) == []


async def test_a_parameter_that_does_not_exist_is_neither_set_nor_reset(world: SettingsWorld) -> None:
    with pytest.raises(NotFound):
        await set_parameter(world.app, actor=world.owner(), name="no such thing", typed="7")
    with pytest.raises(NotFound):
        await reset_parameter(world.app, actor=world.owner(), name="no such thing")


async def test_the_state_of_the_queue_is_not_set_directly(world: SettingsWorld) -> None:
    with pytest.raises(Refused):
        await set_parameter(world.app, actor=world.owner(), name=Parameter.QUEUE_BLOCKED, typed="true")
    with pytest.raises(Refused):
        await reset_parameter(world.app, actor=world.owner(), name=Parameter.QUEUE_BLOCKED)


async def test_a_route_leads_where_it_was_set_and_falls_back_to_what_setup_chose(world: SettingsWorld) -> None:
    await set_route(world.app, actor=world.owner(), route=Route.LOG, channel_id=CHANNEL, as_default=True)
    [row] = await world.rows(RouteOverride)
    assert (row.channel_id, row.default_channel_id) == (None, CHANNEL)
    with pytest.raises(Conflict):
        await set_route(world.app, actor=world.owner(), route=Route.LOG, channel_id=CHANNEL)
    assert (await world.app.guild(GUILD)).channel(Route.LOG) == CHANNEL
    assert (await world.app.guild(OTHER_GUILD)).channel(Route.LOG) is None
    assert len(await world.events(EventType.SETUP_CHANGED)) == 1


async def test_a_route_says_what_the_bot_lacks_in_its_channel(world: SettingsWorld) -> None:
    shape = world.discord.shapes[GUILD]
    channel = shape.channels[0]
    access = dataclasses.replace(channel.access, send=False, threads=False)
    world.discord.shapes[GUILD] = dataclasses.replace(shape, channels=(dataclasses.replace(channel, access=access),))
    route, boss = Route.TRAINEE_REVIEW_TEXT, world.owner()
    with pytest.raises(Refused) as refusal:
        await set_route(world.app, actor=boss, route=route, channel_id=CHANNEL)
    assert refusal.value.phrase.parameters["count"] == 3
    assert "Send Messages in Threads" in str(refusal.value.phrase.parameters["permissions"])
    changed = await set_route(world.app, actor=boss, route=route, channel_id=CHANNEL, as_default=True)
    assert changed.lacking == ("send_messages", "create_public_threads", "send_messages_in_threads")


@pytest.mark.parametrize(("channel_id", "refusal"), [(OTHER_CHANNEL, NotFound), (VOICE, Refused)])
async def test_a_route_refuses_channels_of_other_guilds_and_without_messages(
    world: SettingsWorld, channel_id: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await set_route(world.app, actor=world.owner(), route=Route.LOG, channel_id=channel_id)


async def test_a_module_is_switched_in_one_guild_and_its_commands_are_synced(world: SettingsWorld) -> None:
    synced: list[int] = []

    async def note(guild_id: int) -> bool:
        synced.append(guild_id)
        return True

    world.app.commands_changed = note
    assert await set_module(world.app, actor=world.owner(), module=Module.REQUESTS, enabled=False)
    assert not await set_module(world.app, actor=world.owner(), module=Module.REQUESTS, enabled=False)
    assert not (await world.app.guild(GUILD)).is_on(Module.REQUESTS)
    assert (await world.app.guild(OTHER_GUILD)).is_on(Module.REQUESTS)
    assert synced == [GUILD]
    assert len(await world.rows(GuildModule)) == 1
    assert await world.events(EventType.MODULE_TOGGLED) == [{"module": "requests", "enabled": False}]


async def test_only_admins_change_settings(world: SettingsWorld) -> None:
    actor = await world.actor(BOSS_ROLE)
    for action in (
        set_parameter(world.app, actor=actor, name=Parameter.QUEUE_BLOCK_AT, typed="7"),
        reset_parameter(world.app, actor=actor, name=Parameter.QUEUE_BLOCK_AT),
        set_parameter(world.app, actor=actor, name="no such thing", typed="7"),
        reset_parameter(world.app, actor=actor, name="no such thing"),
        set_route(world.app, actor=actor, route=Route.LOG, channel_id=CHANNEL),
        set_module(world.app, actor=actor, module=Module.REQUESTS, enabled=False),
        set_language_roles(world.app, actor=actor, language="ru", role_ids=[BOSS_ROLE]),
    ):
        with pytest.raises(Forbidden):
            await action
