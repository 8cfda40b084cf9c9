"""`/permission`: what each of its six subcommands answers, and that it takes effect at once."""

import pytest

from sandbox.discord.permissions import Permission
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import assert_told, label, log_entries, opine, request, says
from tests.e2e.world import World
from util.identifiers import EventType, Flag
from util.phrases import Raw, role_mention, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


@LANGUAGES
async def test_binding_and_unbinding_is_said_in_the_admins_language(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada, role = guild.join("Ada", Flag.ADMIN, locale=locale), guild.sandbox.add_role("Helpers")
    named = {"role": role_mention(role.id), "flag": Raw("ban_users")}
    bind = {"permission": "ban_users", "role": role}
    assert_told(await ada.slash(guild.home, "permission bind", **bind), Text.PERMISSION_BOUND, language, **named)
    assert_told(await ada.slash(guild.home, "permission bind", **bind), Text.PERMISSION_BOUND_ALREADY, language, **named)
    assert_told(await ada.slash(guild.home, "permission unbind", **bind), Text.PERMISSION_UNBOUND, language, **named)
    assert_told(await ada.slash(guild.home, "permission unbind", **bind), Text.PERMISSION_NOT_BOUND, language, **named)
    assert_told(await ada.slash(guild.home, "permission clear", role=role), Text.PERMISSION_NOTHING_TO_CLEAR, language)
    for flag in ("ban_users", "ban_levels"):
        await ada.slash(guild.home, "permission bind", permission=flag, role=role)
    told = assert_told(await ada.slash(guild.home, "permission clear", role=role), Text.PERMISSION_CLEARED, language)
    assert "`ban_levels`, `ban_users`" in told
    await world.settled()
    assert [entry["type"] for entry in log_entries(guild)] == [
        EventType.PERMISSION_BOUND,
        EventType.PERMISSION_UNBOUND,
        EventType.PERMISSION_BOUND,
        EventType.PERMISSION_BOUND,
        EventType.PERMISSION_CLEARED,
    ]


async def test_a_flag_opens_and_closes_buttons_at_once(world: World) -> None:
    guild = world.guild
    ada, role = guild.join("Ada", Flag.ADMIN), guild.sandbox.add_role("Jury")
    rhea, rob = (guild.sandbox.add_member(name, roles=[role]) for name in ("Rhea", "Rob"))
    card = await request(world, guild, guild.join("Mira"), catalogue.UNRATED_EASY)
    assert_told(await opine(rhea, card), Text.ERROR_FORBIDDEN, flags=Flag.REVIEWER.value)
    await ada.slash(guild.home, "permission bind", permission="reviewer", role=role)
    assert_told(await opine(rhea, card), Text.OPINION_ADDED_APPROVED)
    await ada.slash(guild.home, "permission unbind", permission="reviewer", role=role)
    assert_told(await opine(rob, card), Text.ERROR_FORBIDDEN, flags=Flag.REVIEWER.value)


@pytest.mark.parametrize("command", ["permission unbind", "permission clear"])
async def test_an_admin_cannot_take_away_the_only_role_that_makes_them_admin(world: World, command: str) -> None:
    guild = world.guild
    ada, role = guild.join("Ada", Flag.ADMIN), guild.roles[Flag.ADMIN]
    options = {"role": role} | ({"permission": "admin"} if command == "permission unbind" else {})
    assert_told(await ada.slash(guild.home, command, **options), Text.PERMISSION_LAST_ADMIN, role=role_mention(role.id))
    assert_told(await ada.slash(guild.home, "queue close"), Text.QUEUE_CLOSED, pending=0)
    second = guild.sandbox.add_role("Deputies")
    guild.sandbox.give_role(ada, second)
    await ada.slash(guild.home, "permission bind", permission="admin", role=second)
    told = Text.PERMISSION_UNBOUND if command == "permission unbind" else Text.PERMISSION_CLEARED
    assert_told(await ada.slash(guild.home, command, **options), told)
    assert_told(await ada.slash(guild.home, "queue open"), Text.QUEUE_OPENED, pending=0)


async def test_owner_and_discords_administrators_are_admins_whatever_is_bound(world: World) -> None:
    guild = world.guild
    owner = guild.sandbox.owner
    role = guild.sandbox.add_role("Masters", permissions=Permission.ADMINISTRATOR)
    master = guild.sandbox.add_member("Max", roles=[role])
    assert_told(await owner.slash(guild.home, "permission clear", role=guild.roles[Flag.ADMIN]), Text.PERMISSION_CLEARED)
    assert_told(await owner.slash(guild.home, "queue close"), Text.QUEUE_CLOSED, pending=0)
    assert_told(await master.slash(guild.home, "queue open"), Text.QUEUE_OPENED, pending=0)
    answer = await master.slash(guild.home, "permission describe_member", member=master)
    assert says(str(answer.embeds), Text.PERMISSION_MEMBER_NATIVE)


async def test_flags_of_the_staff_cannot_be_bound_to_everyone_and_harmless_ones_can(world: World) -> None:
    guild = world.guild
    ada, everyone = guild.join("Ada", Flag.ADMIN), guild.sandbox.everyone
    for flag in Flag:
        answer = await ada.slash(guild.home, "permission bind", permission=flag.value, role=everyone)
        if flag in (Flag.NO_REQUEST_COOLDOWN, Flag.REQUEST_WHILE_QUEUE_CLOSED):
            assert_told(answer, Text.PERMISSION_WARNING_EVERYONE, flag=Raw(flag.value))
        else:
            assert_told(answer, Text.PERMISSION_NOT_FOR_EVERYONE, flag=Raw(flag.value))


async def test_two_roles_for_one_flag_are_warned_of(world: World) -> None:
    guild = world.guild
    ada, role = guild.join("Ada", Flag.ADMIN), guild.sandbox.add_role("More reviewers")
    answer = await ada.slash(guild.home, "permission bind", permission="reviewer", role=role)
    told = assert_told(answer, Text.PERMISSION_WARNING_SEVERAL_ROLES, flag=Raw("reviewer"))
    assert role_mention(guild.roles[Flag.REVIEWER].id).text in told


@LANGUAGES
async def test_everybody_may_look_at_their_own_permissions_and_admins_at_anybodys(
    world: World, locale: str, language: str
) -> None:
    guild = world.guild
    ada, rhea = guild.join("Ada", Flag.ADMIN), guild.join("Rhea", Flag.REVIEWER, Flag.GD_MOD, locale=locale)
    mira = guild.join("Mira", locale=locale)
    answer = await rhea.slash(guild.home, "permission describe_member", member=rhea)
    assert answer.ephemeral
    assert answer.embeds[0]["title"] == label(Text.PERMISSION_MEMBER_TITLE, language, member="Rhea")
    for flag in (Flag.REVIEWER, Flag.GD_MOD):
        roles = role_mention(guild.roles[flag].id)
        assert says(str(answer.embeds), Text.PERMISSION_MEMBER_LINE, language, flag=Raw(flag.value), roles=roles)
    answer = await mira.slash(guild.home, "permission describe_member", member=mira)
    assert says(str(answer.embeds), Text.PERMISSION_MEMBER_NONE, language)
    assert_told(await mira.slash(guild.home, "permission describe_member", member=rhea), Text.PERMISSION_ONLY_OWN, language)
    answer = await ada.slash(guild.home, "permission describe_member", member=rhea)
    assert says(str(answer.embeds), Text.PERMISSION_MEMBER_LINE, "en", flag=Raw("gd_mod"))
    answer = await ada.slash(guild.home, "permission describe_member", member=ada)
    assert says(str(answer.embeds), Text.PERMISSION_MEMBER_IMPLIED)


async def test_somebody_who_has_left_is_no_member(world: World) -> None:
    guild = world.guild
    ada, gone = guild.join("Ada", Flag.ADMIN), guild.join("Gone", Flag.REVIEWER)
    gone.leave()
    answer = await ada.forge_slash(guild.home, "permission describe_member", member=gone)
    assert_told(answer, Text.PERMISSION_NOT_A_MEMBER, member=user_mention(gone.id))


@LANGUAGES
async def test_lists_name_every_flag_and_every_bound_role(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    flags = str((await ada.slash(guild.home, "permission list_flags")).embeds)
    roles = str((await ada.slash(guild.home, "permission list_roles")).embeds)
    for flag in Flag:
        description = Text(f"flag.{flag.value}.description")
        assert says(flags, Text.PERMISSION_FLAG_LINE, language, key=Raw(flag.value), description=description)
        assert says(roles, Text.PERMISSION_ROLE_LINE, language, role=role_mention(guild.roles[flag].id), flags=Raw(flag.value))
