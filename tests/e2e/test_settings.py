"""Settings through the sandbox: setup, permissions, languages and help, as people use them."""

import pytest

from config.definitions import definitions
from facades.operations.diagnose_guild import invite_permissions
from sandbox.discord.actors import SandboxUser
from tests.e2e.world import Guild, World
from util.identifiers import Flag, Module, Route


@pytest.fixture
async def bare(empty_world: World) -> World:
    """A world with one guild that has one channel, and a bot with exactly the permissions of its invite link."""
    sandbox = empty_world.discord.create_guild("Fresh", owner="Ann")
    sandbox.add_bot(empty_world.application, permissions=invite_permissions())
    empty_world.guilds.append(Guild(sandbox, sandbox.general, {}, {}))
    await empty_world.start()
    return empty_world


def owner(world: World) -> SandboxUser:
    return world.guild.sandbox.owner


async def test_setup_creates_what_is_missing_and_shows_that_nothing_is_missing_then(bare: World) -> None:
    ann, home = owner(bare), bare.guild.home
    answer = await (await ann.slash(home, "setup")).final()
    assert answer.ephemeral
    assert "no channel" in str(answer.embeds)
    assert answer.message is not None
    pressed = await (await ann.press(answer.message, "Create everything that is missing")).final(20)
    assert "Done" in pressed.content
    settings = await bare.app.guild(bare.guild.id)
    names = {channel.id: channel.name for channel in ann.channels()}
    for route, definition in definitions().routes.items():
        assert names[settings.channel(route) or 0] == definition.suggested_channel
    assert "Everything that is needed is set up" in str(pressed.embeds)
    assert "where I lack" not in str(pressed.embeds)

    stranger = bare.guild.sandbox.add_member("Sam")
    seen = {channel.name for channel in stranger.channels()}
    assert "approved-levels" in seen
    assert not seen & {"bot-log", "pending-requests", "resolutions", "trainee-reviews"}
    reviewer = bare.guild.sandbox.add_member("Rae", roles=[bare.guild.sandbox.role("Reviewer")])
    assert "pending-requests" in {channel.name for channel in reviewer.channels()}


async def test_every_page_of_setup_works_after_a_restart(bare: World) -> None:
    ann, home = owner(bare), bare.guild.home
    speakers = bare.guild.sandbox.add_role("Русские")
    message = (await (await ann.slash(home, "setup")).final()).message
    assert message is not None
    await bare.stop()
    await bare.start()

    await (await ann.select(message, "setup_go", ["channels"])).final()
    await (await ann.select(message, "setup_item:channels", ["log"])).final()
    await (await ann.select(message, "setup_channel:log", [home])).final()
    assert (await bare.app.guild(bare.guild.id)).channel(Route.LOG) == home.id

    await (await ann.select(message, "setup_go", ["roles"])).final()
    await (await ann.select(message, "setup_item:roles", ["gd_mod"])).final()
    await (await ann.select(message, "setup_roles:gd_mod", [speakers])).final()
    assert (await bare.app.guild(bare.guild.id)).roles_of(Flag.GD_MOD) == (speakers.id,)
    await (await ann.select(message, "setup_roles:gd_mod", [])).final()
    assert (await bare.app.guild(bare.guild.id)).roles_of(Flag.GD_MOD) == ()

    await (await ann.select(message, "setup_go", ["queue"])).final()
    await (await ann.select(message, "setup_ping", [speakers])).final()
    assert (await bare.app.guild(bare.guild.id)).ping_role == speakers.id

    await (await ann.select(message, "setup_go", ["languages"])).final()
    await (await ann.select(message, "setup_language", ["ru"])).final()
    await (await ann.select(message, "setup_item:languages", ["ru"])).final()
    await (await ann.select(message, "setup_speakers:ru", [speakers])).final()
    settings = await bare.app.guild(bare.guild.id)
    assert settings.language == "ru"
    assert settings.language_roles == {speakers.id: "ru"}

    await (await ann.select(message, "setup_go", ["modules"])).final()
    await (await ann.press(message, "Switch off: Level requests")).final()
    assert not (await bare.app.guild(bare.guild.id)).is_on(Module.REQUESTS)
    assert "request create" not in {found.name for found in ann.commands(home)}
    await (await ann.press(message, "Switch on: Level requests")).final()
    assert "request create" in {found.name for found in ann.commands(home)}


@pytest.mark.parametrize("lost", [False, True], ids=["refused", "answer lost"])
async def test_a_creation_that_fails_is_undone_and_said(bare: World, lost: bool) -> None:
    ann, home = owner(bare), bare.guild.home
    before = {channel.name for channel in ann.channels()}, {role.name for role in bare.guild.sandbox.guild.roles.values()}
    message = (await (await ann.slash(home, "setup")).final()).message
    assert message is not None
    if lost:
        bare.discord.faults.lose_reply("/channels$", method="POST")
    else:
        bare.discord.faults.fail("/channels$", method="POST", status=403)
    pressed = await (await ann.press(message, "Create everything that is missing")).final(20)
    assert "Nothing has changed" in pressed.followups[0].content
    after = {channel.name for channel in ann.channels()}, {role.name for role in bare.guild.sandbox.guild.roles.values()}
    assert after == before
    assert (await bare.app.guild(bare.guild.id)).bindings == frozenset()


async def test_a_creation_that_the_library_repeats_leaves_no_twin(bare: World) -> None:
    ann, home = owner(bare), bare.guild.home
    message = (await (await ann.slash(home, "setup")).final()).message
    assert message is not None
    bare.discord.faults.lose_reply("/roles$", method="POST", bad_gateway=True)
    bare.discord.faults.lose_reply("/channels$", method="POST", bad_gateway=True)
    await (await ann.press(message, "Create everything that is missing")).final(30)
    for things in (bare.guild.sandbox.guild.channels, bare.guild.sandbox.guild.roles):
        names = [str(thing.name) for thing in things.values()]
        assert sorted(names) == sorted(set(names))


async def test_setup_is_refused_to_members(world: World) -> None:
    answer = await (await world.guild.join("Mia").slash(world.guild.home, "setup")).final()
    assert "`admin`" in answer.content


async def test_permissions_are_bound_described_listed_and_taken(world: World) -> None:
    guild = world.guild
    boss = guild.join("Boss", Flag.ADMIN)
    role = guild.sandbox.add_role("Helpers")
    helper = guild.sandbox.add_member("Hal", roles=[role])
    home = guild.home

    answer = await boss.slash(home, "permission bind", permission="ban_users", role=role)
    assert f"<@&{role.id}> now grants `ban_users`" in answer.content
    answer = await boss.slash(home, "permission bind", permission="ban_users", role=role)
    assert "already" in answer.content
    answer = await helper.slash(home, "permission describe_member", member=helper)
    assert f"`ban_users` through <@&{role.id}>" in str(answer.embeds)
    answer = await helper.slash(home, "permission describe_member", member=boss)
    assert "Only admins" in answer.content
    answer = await boss.slash(home, "permission list_roles")
    assert f"<@&{role.id}>: `ban_users`" in str(answer.embeds)
    answer = await boss.slash(home, "permission list_flags")
    assert all(f"`{flag.value}`" in str(answer.embeds) for flag in Flag)
    answer = await boss.slash(home, "permission unbind", permission="ban_users", role=role)
    assert "no longer grants" in answer.content
    answer = await boss.slash(home, "permission clear", role=role)
    assert "nothing to clear" in answer.content
    answer = await boss.slash(home, "permission unbind", permission="admin", role=guild.roles[Flag.ADMIN])
    assert "lock yourself out" in answer.content
    answer = await boss.slash(home, "permission bind", permission="admin", role=guild.sandbox.everyone)
    assert "Everybody on the server" in answer.content
    answer = await helper.slash(home, "permission bind", permission="admin", role=role)
    assert "`admin`" in answer.content


async def test_the_language_is_chosen_and_spoken(world: World) -> None:
    mia = world.guild.join("Mia")
    answer = await mia.slash(world.guild.home, "language", language="ru")
    assert answer.content == "Теперь я говорю с вами на языке: Русский."
    answer = await (await mia.slash(world.guild.home, "help commands")).final()
    assert "Заявки" in str(answer.embeds)


async def test_help_lists_what_the_caller_may_use_as_mentions(world: World) -> None:
    mia, boss = world.guild.join("Mia"), world.guild.join("Boss", Flag.ADMIN)
    seen = str((await (await mia.slash(world.guild.home, "help commands")).final()).embeds)
    assert "</language:" in seen
    assert "queue close" not in seen
    seen = str((await (await boss.slash(world.guild.home, "help commands")).final()).embeds)
    assert "</queue close:" in seen
