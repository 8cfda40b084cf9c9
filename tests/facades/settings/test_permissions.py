"""`/permission` and the actions behind it."""

import asyncio

import pytest

from db.models import PermissionBinding
from facades.settings.bind_role import bind_role
from facades.settings.clear_role import clear_role
from facades.settings.describe_member import describe_member
from facades.settings.list_flags import list_flags
from facades.settings.list_roles import list_roles
from facades.settings.set_flag_roles import set_flag_roles
from facades.settings.unbind_role import unbind_role
from tests.facades.settings.world import (
    ADMIN,
    BOSS_ROLE,
    GUILD,
    MANAGED_ROLE,
    MEMBER,
    OTHER_GUILD,
    OTHER_ROLE,
    SECOND_ROLE,
    SettingsWorld,
)
from util.errors import Conflict, Forbidden, NotFound, Refused
from util.identifiers import EventType, Flag
from util.texts import Text


async def test_binding_gives_the_flag_to_the_holders_of_the_role_and_is_recorded(world: SettingsWorld) -> None:
    bound = await bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    assert bound.warnings == ()
    assert (await world.actor(BOSS_ROLE)).has(Flag.GD_MOD)
    assert await world.events(EventType.PERMISSION_BOUND) == [{"flag": "gd_mod", "role_id": BOSS_ROLE}]


async def test_binding_twice_is_refused_and_recorded_once(world: SettingsWorld) -> None:
    await bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    with pytest.raises(Conflict) as refusal:
        await bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    assert refusal.value.phrase.key is Text.PERMISSION_BOUND_ALREADY
    assert len(await world.events(EventType.PERMISSION_BOUND)) == 1


async def test_two_admins_binding_the_same_at_once_leave_one_binding(world: SettingsWorld) -> None:
    tries = (bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE) for _ in range(2))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result) for result in results].count(Conflict) == 1
    assert len(await world.rows(PermissionBinding)) == 1


async def test_unbinding_takes_the_flag_and_is_recorded(world: SettingsWorld) -> None:
    await bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    await unbind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    assert not (await world.actor(BOSS_ROLE)).has(Flag.GD_MOD)
    assert await world.events(EventType.PERMISSION_UNBOUND) == [{"flag": "gd_mod", "role_id": BOSS_ROLE}]


async def test_unbinding_what_is_not_bound_is_refused(world: SettingsWorld) -> None:
    with pytest.raises(NotFound) as refusal:
        await unbind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    assert refusal.value.phrase.key is Text.PERMISSION_NOT_BOUND
    assert await world.events(EventType.PERMISSION_UNBOUND) == []


async def test_clearing_takes_all_flags_of_the_role_and_of_no_other(world: SettingsWorld) -> None:
    for flag, role_id in ((Flag.GD_MOD, BOSS_ROLE), (Flag.REVIEWER, BOSS_ROLE), (Flag.GD_MOD, SECOND_ROLE)):
        await bind_role(world.app, actor=world.owner(), flag=flag, role_id=role_id)
    assert await clear_role(world.app, actor=world.owner(), role_id=BOSS_ROLE) == (Flag.REVIEWER, Flag.GD_MOD)
    assert (await world.app.guild(GUILD)).bindings == {(Flag.GD_MOD, SECOND_ROLE)}
    assert await world.events(EventType.PERMISSION_CLEARED) == [{"role_id": BOSS_ROLE, "flags": "reviewer, gd_mod"}]


async def test_clearing_a_role_without_flags_is_refused(world: SettingsWorld) -> None:
    with pytest.raises(NotFound) as refusal:
        await clear_role(world.app, actor=world.owner(), role_id=BOSS_ROLE)
    assert refusal.value.phrase.key is Text.PERMISSION_NOTHING_TO_CLEAR


@pytest.mark.parametrize("flag", [flag for flag in Flag if flag is not Flag.ADMIN])
async def test_only_admins_change_or_list_permissions(world: SettingsWorld, flag: Flag) -> None:
    await bind_role(world.app, actor=world.owner(), flag=flag, role_id=BOSS_ROLE)
    actor = await world.actor(BOSS_ROLE)
    for action in (
        bind_role(world.app, actor=actor, flag=Flag.ADMIN, role_id=BOSS_ROLE),
        unbind_role(world.app, actor=actor, flag=flag, role_id=BOSS_ROLE),
        clear_role(world.app, actor=actor, role_id=BOSS_ROLE),
        set_flag_roles(world.app, actor=actor, flag=Flag.ADMIN, role_ids=[BOSS_ROLE]),
        list_roles(world.app, actor=actor),
        list_flags(actor=actor),
        describe_member(world.app, actor=actor, member_id=ADMIN, role_ids=frozenset(), is_native_admin=True),
        describe_member(world.app, actor=actor, member_id=ADMIN, role_ids=None, is_native_admin=False),
    ):
        with pytest.raises(Forbidden):
            await action
    assert (await world.app.guild(GUILD)).bindings == {(flag, BOSS_ROLE)}


async def test_an_admin_by_role_cannot_take_away_their_own_last_way_to_be_admin(world: SettingsWorld) -> None:
    await bind_role(world.app, actor=world.owner(), flag=Flag.ADMIN, role_id=BOSS_ROLE)
    boss = await world.actor(BOSS_ROLE)
    for action in (
        unbind_role(world.app, actor=boss, flag=Flag.ADMIN, role_id=BOSS_ROLE),
        clear_role(world.app, actor=boss, role_id=BOSS_ROLE),
        set_flag_roles(world.app, actor=boss, flag=Flag.ADMIN, role_ids=[SECOND_ROLE]),
    ):
        with pytest.raises(Refused) as refusal:
            await action
        assert refusal.value.phrase.key is Text.PERMISSION_LAST_ADMIN
    assert (await world.app.guild(GUILD)).bindings == {(Flag.ADMIN, BOSS_ROLE)}


async def test_an_admin_by_two_roles_may_give_up_one_of_them(world: SettingsWorld) -> None:
    for role_id in (BOSS_ROLE, SECOND_ROLE):
        await bind_role(world.app, actor=world.owner(), flag=Flag.ADMIN, role_id=role_id)
    both = await world.actor(BOSS_ROLE, SECOND_ROLE)
    await unbind_role(world.app, actor=both, flag=Flag.ADMIN, role_id=BOSS_ROLE)
    with pytest.raises(Refused):
        await unbind_role(world.app, actor=both, flag=Flag.ADMIN, role_id=SECOND_ROLE)


async def test_the_owner_and_an_admin_by_another_role_may_take_admin_from_a_role(world: SettingsWorld) -> None:
    for role_id in (BOSS_ROLE, SECOND_ROLE):
        await bind_role(world.app, actor=world.owner(), flag=Flag.ADMIN, role_id=role_id)
    await unbind_role(world.app, actor=await world.actor(BOSS_ROLE), flag=Flag.ADMIN, role_id=SECOND_ROLE)
    await unbind_role(world.app, actor=world.owner(), flag=Flag.ADMIN, role_id=BOSS_ROLE)
    assert (await world.app.guild(GUILD)).bindings == frozenset()


@pytest.mark.parametrize("flag", [Flag.ADMIN, Flag.GD_MOD, Flag.TRAINEE, Flag.LOG_VIEWER])
async def test_flags_of_the_staff_are_not_bound_to_everyone(world: SettingsWorld, flag: Flag) -> None:
    with pytest.raises(Refused):
        await bind_role(world.app, actor=world.owner(), flag=flag, role_id=GUILD)
    with pytest.raises(Refused):
        await set_flag_roles(world.app, actor=world.owner(), flag=flag, role_ids=[GUILD])


async def test_a_harmless_flag_may_go_to_everyone_with_a_warning(world: SettingsWorld) -> None:
    bound = await bind_role(world.app, actor=world.owner(), flag=Flag.NO_REQUEST_COOLDOWN, role_id=GUILD)
    assert [warning.key for warning in bound.warnings] == [Text.PERMISSION_WARNING_EVERYONE]
    assert (await world.actor()).has(Flag.NO_REQUEST_COOLDOWN)


@pytest.mark.parametrize("flag", [Flag.REVIEWER, Flag.TRAINEE])
async def test_several_roles_for_a_flag_that_promotions_hand_out_are_warned_about(world: SettingsWorld, flag: Flag) -> None:
    first = await bind_role(world.app, actor=world.owner(), flag=flag, role_id=BOSS_ROLE)
    second = await bind_role(world.app, actor=world.owner(), flag=flag, role_id=MANAGED_ROLE, assignable=False)
    assert first.warnings == ()
    assert [warning.key for warning in second.warnings] == [
        Text.PERMISSION_WARNING_SEVERAL_ROLES,
        Text.PERMISSION_WARNING_NOT_ASSIGNABLE,
    ]


async def test_a_member_is_described_with_the_roles_that_grant_each_flag(world: SettingsWorld) -> None:
    for flag, role_id in ((Flag.GD_MOD, BOSS_ROLE), (Flag.GD_MOD, SECOND_ROLE), (Flag.REVIEWER, SECOND_ROLE)):
        await bind_role(world.app, actor=world.owner(), flag=flag, role_id=role_id)
    roles = frozenset({SECOND_ROLE, BOSS_ROLE, GUILD})
    found = await describe_member(world.app, actor=world.owner(), member_id=MEMBER, role_ids=roles, is_native_admin=False)
    assert found.granted == ((Flag.REVIEWER, (SECOND_ROLE,)), (Flag.GD_MOD, (BOSS_ROLE, SECOND_ROLE)))
    assert not found.is_admin


async def test_everybody_may_describe_themselves(world: SettingsWorld) -> None:
    actor = await world.actor()
    found = await describe_member(world.app, actor=actor, member_id=actor.user_id, role_ids=actor.role_ids, is_native_admin=False)
    assert found.granted == ()


async def test_roles_and_flags_are_listed(world: SettingsWorld) -> None:
    await bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    await bind_role(world.app, actor=world.owner(), flag=Flag.REVIEWER, role_id=BOSS_ROLE)
    assert await list_roles(world.app, actor=world.owner()) == ((BOSS_ROLE, (Flag.REVIEWER, Flag.GD_MOD)),)
    assert await list_flags(actor=world.owner()) == tuple(Flag)


async def test_nothing_of_permissions_is_seen_or_changed_in_another_guild(world: SettingsWorld) -> None:
    await bind_role(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_id=BOSS_ROLE)
    stranger = world.owner(OTHER_GUILD)
    assert await list_roles(world.app, actor=stranger) == ()
    for action in (
        unbind_role(world.app, actor=stranger, flag=Flag.GD_MOD, role_id=BOSS_ROLE),
        clear_role(world.app, actor=stranger, role_id=BOSS_ROLE),
        set_flag_roles(world.app, actor=stranger, flag=Flag.GD_MOD, role_ids=[BOSS_ROLE]),
    ):
        with pytest.raises(NotFound):
            await action
    assert (await world.app.guild(GUILD)).bindings == {(Flag.GD_MOD, BOSS_ROLE)}


async def test_choosing_all_roles_of_a_flag_records_only_what_changes(world: SettingsWorld) -> None:
    await set_flag_roles(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_ids=[BOSS_ROLE])
    await set_flag_roles(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_ids=[SECOND_ROLE, BOSS_ROLE])
    await set_flag_roles(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_ids=[SECOND_ROLE])
    assert (await world.app.guild(GUILD)).roles_of(Flag.GD_MOD) == (SECOND_ROLE,)
    assert [event["role_id"] for event in await world.events(EventType.PERMISSION_BOUND)] == [BOSS_ROLE, SECOND_ROLE]
    assert [event["role_id"] for event in await world.events(EventType.PERMISSION_UNBOUND)] == [BOSS_ROLE]
    with pytest.raises(NotFound):
        await set_flag_roles(world.app, actor=world.owner(), flag=Flag.GD_MOD, role_ids=[OTHER_ROLE])
