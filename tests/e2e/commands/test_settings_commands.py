"""`/parameter`, `/route` and `/text` through the sandbox, in both languages, good and bad input."""

from typing import Any

import pytest

from config.texts import catalogue
from db.models import Job
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Message
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import assert_told, fill, label, log_entries, says
from tests.e2e.world import Guild, World
from util.identifiers import Flag, Parameter, Route
from util.phrases import Raw, channel_mention, phrase, role_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


def boss_of(guild: Guild, locale: str = "en-US") -> SandboxUser:
    return guild.join("Boss", Flag.ADMIN, locale=locale)


async def use(member: SandboxUser, guild: Guild, command: str, **options: Any) -> Answer:
    answer = await (await member.slash(guild.home, command, **options)).final(20)
    assert answer.kind == "modal" or answer.ephemeral
    return answer


def body(answer: Answer | Message) -> str:
    message = answer if isinstance(answer, Message) else answer.message
    assert message is not None
    return "\n".join(f"{embed.get('title', '')}\n{embed.get('description', '')}" for embed in message.embeds)


async def all_pages(member: SandboxUser, guild: Guild, command: str) -> str:
    """Return a list from its first page to its last."""
    answer = await use(member, guild, command)
    assert answer.message is not None
    shown = [body(answer)]
    while forward := [
        button["custom_id"]
        for row in answer.message.components
        for button in row["components"]
        if ":after:" in button["custom_id"] and not button.get("disabled")
    ]:
        await member.press(answer.message, forward[0])
        shown.append(body(answer))
    return "\n".join(shown)


async def suggested(member: SandboxUser, guild: Guild, command: str, focused: str, **options: Any) -> list[str]:
    found = await member.autocomplete(guild.home, command, focused=focused, **options)
    return [choice["value"] for choice in found]


def descriptions(world: World, guild: Guild) -> dict[str, str]:
    """Return what Discord shows of each of the bot's commands in a guild."""
    return {one["name"]: one["description"] for one in world.application.commands[guild.id].values()}


@LANGUAGES
async def test_parameters_are_described_listed_set_and_reset(world: World, locale: str, language: str) -> None:
    guild = world.guild
    boss = boss_of(guild, locale)
    block_at = Raw("queue.block_at")
    listed = await all_pages(boss, guild, "parameter list")
    assert all(f"`{key.value}`" in listed for key in Parameter)
    assert "✏️" not in listed
    answer = await use(boss, guild, "parameter set", parameter="queue.block_at", new_value="7")
    assert_told(answer, Text.PARAMETER_SET, language, parameter=block_at, new=Raw("`7`"), old=Raw("`50`"))
    answer = await use(boss, guild, "parameter set", parameter="queue.block_at", new_value="7")
    assert_told(answer, Text.PARAMETER_UNCHANGED, language, parameter=block_at, value=Raw("`7`"))
    assert "✏️ `queue.block_at` = `7`" in body(await use(boss, guild, "parameter list"))
    shown = body(await use(boss, guild, "parameter describe", parameter="queue.block_at"))
    assert says(shown, Text.PARAMETER_DETAILS, language, value=Raw("`7`"), default=Raw("`50`"))
    assert label(Text.PARAMETER_QUEUE_BLOCK_AT_DESCRIPTION, language) in shown
    answer = await use(boss, guild, "parameter reset", parameter="queue.block_at")
    assert_told(answer, Text.PARAMETER_RESET, language, parameter=block_at, new=Raw("`50`"), old=Raw("`7`"))
    assert_told(await use(boss, guild, "parameter reset", parameter="queue.block_at"), Text.PARAMETER_RESET_ALREADY, language)
    role = guild.sandbox.add_role("Pinged")
    answer = await use(boss, guild, "parameter set", parameter="queue.ping_role", new_value=f"<@&{role.id}>")
    assert_told(answer, Text.PARAMETER_SET, language, new=role_mention(role.id), old=Text.VALUE_NONE)
    await world.settled()
    fields = [entry for entry in log_entries(guild) if entry["type"].startswith("parameter_")]
    assert [(entry["old_value"], entry["new_value"]) for entry in fields][:2] == [("50", "7"), ("7", "50")]


@LANGUAGES
async def test_what_is_no_parameter_or_no_value_of_it_is_refused(world: World, locale: str, language: str) -> None:
    guild = world.guild
    boss = boss_of(guild, locale)
    for command in ("parameter describe", "parameter reset"):
        assert_told(await use(boss, guild, command, parameter="`x`" * 1000), Text.PARAMETER_UNKNOWN, language)
    for parameter, value, refusal in (
        ("queue.block_at", "0", Text.ERROR_VALUE_NATURAL),
        ("queue.block_at", "9" * 5000, Text.ERROR_VALUE_NATURAL),
        ("queue.block_enabled", "maybe", Text.ERROR_VALUE_BOOL),
        ("cooldown.post_request_user_cd", "1d" * 1000, Text.ERROR_VALUE_DURATION),
        ("queue.ping_role", str(guild.id), Text.ERROR_VALUE_ROLE),
        ("queue.ping_role", "100000000000000001", Text.ERROR_VALUE_ROLE),
        ("guild.language", "tlh", Text.ERROR_VALUE_LANGUAGE),
        ("queue.blocked", "true", Text.PARAMETER_NOT_DIRECT),
    ):
        answer = await use(boss, guild, "parameter set", parameter=parameter, new_value=value)
        assert_told(answer, refusal, language)
    assert (await world.app.guild(guild.id)).parameters == {}


async def test_parameters_and_their_values_are_suggested(world: World) -> None:
    guild = world.guild
    boss, role = boss_of(guild), guild.sandbox.add_role("Pinged people")
    command = "parameter set"
    assert await suggested(boss, guild, command, "parameter", parameter="ping nobody") == ["queue.ping_role"]

    async def values(parameter: str, typed: str = "") -> list[str]:
        return await suggested(boss, guild, command, "new_value", parameter=parameter, new_value=typed)

    assert await values("queue.block_enabled") == ["true", "false"]
    assert await values("guild.language") == ["en", "ru"]
    assert await values("queue.ping_role", "pinged") == [str(role.id)]
    assert "Europe/Berlin" in await values("guild.time_zone", "berl")
    assert (await values("queue.block_at"))[0] == "50"
    assert await values("nonsense") == []
    assert await suggested(guild.join("Mia"), guild, command, "parameter", parameter="") == []


@LANGUAGES
async def test_routes_are_described_listed_and_switched(world: World, locale: str, language: str) -> None:
    guild = world.guild
    boss = boss_of(guild, locale)
    listed = body(await use(boss, guild, "route list"))
    assert all(f"`{route.value}`" in listed for route in Route)
    name = Text.ROUTE_ARCHIVE_NAME
    assert_told(await use(boss, guild, "route disable", route="archive"), Text.ROUTE_TURNED_OFF, language, route=name)
    assert_told(await use(boss, guild, "route disable", route="archive"), Text.ROUTE_OFF_ALREADY, language, route=name)
    shown = body(await use(boss, guild, "route describe", route="archive"))
    mention = channel_mention(guild.channels[Route.ARCHIVE].id)
    assert says(shown, Text.ROUTE_DETAILS, language, state=Text.ROUTE_STATE_OFF, channel=mention, access=Text.ROUTE_ACCESS_FINE)
    answer = await use(boss, guild, "route enable", route="archive")
    assert_told(answer, Text.ROUTE_TURNED_ON, language, route=name, channel=mention)
    assert_told(await use(boss, guild, "route enable", route="archive"), Text.ROUTE_ON_ALREADY, language, route=name)
    await world.settled()
    toggled = [entry["enabled"] for entry in log_entries(guild) if entry["type"] == "route_toggled"]
    assert toggled == [False, True]


@LANGUAGES
async def test_a_routes_channel_is_changed_and_put_back(world: World, locale: str, language: str) -> None:
    guild = world.guild
    boss = boss_of(guild, locale)
    first, second = channel_mention(guild.channels[Route.ARCHIVE].id), guild.sandbox.add_channel("elsewhere")
    answer = await use(boss, guild, "route reset_channel", route="archive")
    assert_told(answer, Text.ROUTE_NO_DEFAULT, language, route=Text.ROUTE_ARCHIVE_NAME)
    answer = await use(boss, guild, "route update_channel", route="archive", new_value=second)
    assert_told(answer, Text.ROUTE_SET, language, new=channel_mention(second.id), old=first)
    answer = await use(boss, guild, "route update_channel", route="archive", new_value=second)
    assert_told(answer, Text.ROUTE_UNCHANGED, language, channel=channel_mention(second.id))
    assert (await world.app.guild(guild.id)).channel(Route.ARCHIVE) == second.id
    page = (await use(boss, guild, "setup")).message
    assert page is not None
    await (await boss.select(page, "setup_go", ["channels"])).final()
    await (await boss.select(page, "setup_item:channels", ["archive"])).final()
    await (await boss.select(page, "setup_channel:archive", [guild.home])).final()
    assert_told(await use(boss, guild, "route reset_channel", route="archive"), Text.ROUTE_RESET_ALREADY, language)
    await use(boss, guild, "route update_channel", route="archive", new_value=second)
    answer = await use(boss, guild, "route reset_channel", route="archive")
    assert_told(answer, Text.ROUTE_RESET, language, new=channel_mention(guild.home.id), old=channel_mention(second.id))


@LANGUAGES
async def test_a_text_is_edited_in_a_command_described_listed_and_reset(world: World, locale: str, language: str) -> None:
    guild = world.guild
    boss, name = boss_of(guild, locale), Raw("queue.opened")
    new = "[one] Open\\n**one** {pending}\n[other] Open: {pending}"
    if language == "ru":
        new = "[one] Открыто\\n**{pending}**\n[few] {pending}\n[many] Открыто: {pending}\n[other] Открыто: {pending}"
    answer = await use(
        boss, guild, "text edit", template_name="queue.opened", language=language, new_value=new.replace("\n", "\\n")
    )
    assert_told(answer, Text.TEXT_EDITED, language, name=name)
    assert catalogue().entry(Text.QUEUE_OPENED, language).text in body(answer)
    assert new.replace("\\n", "\n") in body(answer)
    await use(boss, guild, "queue close")
    assert (await use(boss, guild, "queue open")).content.startswith(new[6:10].strip())
    shown = await use(boss, guild, "text describe", template_name="queue.opened")
    seen = body(shown) + "".join(body(more) for more in shown.followups)
    assert says(seen, Text.TEXT_DETAILS, language, places=Text.TEXT_PLACE_MESSAGE)
    assert "`{pending}`" in seen
    assert "[other]" in seen
    assert new.replace("\\n", "\n") in seen
    found = await boss.slash(guild.home, "text list")
    assert label(Text.TEXT_LIST_TITLE, language) in body(found)
    assert found.message is not None
    await boss.press(found.message, label(Text.PAGE_BUTTON_NEXT, language).split()[-1])
    answer = await use(boss, guild, "text reset", template_name="queue.opened", language=language)
    assert_told(answer, Text.TEXT_RESET_DONE, language, name=name)
    answer = await use(boss, guild, "text reset", template_name="queue.opened", language=language)
    assert_told(answer, Text.TEXT_RESET_ALREADY, language, name=name)
    await world.settled()
    kinds = [entry["type"] for entry in log_entries(guild) if entry["type"].startswith("text_")]
    assert kinds == ["text_edited", "text_reset"]


@LANGUAGES
async def test_a_text_is_edited_in_a_form_that_gives_refused_words_back(world: World, locale: str, language: str) -> None:
    guild = world.guild
    boss = boss_of(guild, locale)
    form = await use(boss, guild, "text edit", template_name="error.guild_only", language="en")
    answer = await fill(boss, form, text="Only {here}!")
    assert_told(answer, Text.TEXT_REFUSED_NO_PARAMETERS, language, names="{here}")
    assert "Only {here}!" in body(answer)
    form = await use(boss, guild, "text edit", template_name="error.guild_only", language="en")
    other = guild.join("Other boss", Flag.ADMIN, locale=locale)
    stale = await use(other, guild, "text edit", template_name="error.guild_only", language="en")
    answer = await fill(boss, form, text="Line one\nback\\slash")
    assert_told(answer, Text.TEXT_EDITED, language, name=Raw("error.guild_only"))
    assert "Line one\nback\\slash" in body(answer)
    answer = await fill(other, stale, text="Lost update")
    assert_told(answer, Text.TEXT_CHANGED_MEANWHILE, language)
    assert answer.message is not None
    again = await other.press(answer.message, label(Text.TEXT_EDIT_AGAIN_BUTTON, language))
    assert_told(await fill(other, again, text="Line one\nback\\slash"), Text.TEXT_UNCHANGED, language)


@LANGUAGES
async def test_texts_that_cannot_be_used_are_refused_with_the_reason(world: World, locale: str, language: str) -> None:
    guild = world.guild
    boss = boss_of(guild, locale)
    for name, spoken, value, refusal in (
        ("no.such.text", "en", "x", Text.TEXT_UNKNOWN),
        ("error.guild_only", "en", "a\\qb", Text.TEXT_REFUSED_ESCAPE),
        ("error.guild_only", "en", " \\n ", Text.TEXT_REFUSED_EMPTY),
        ("queue.closed", "en", "No forms", Text.TEXT_REFUSED_PLURAL),
        ("queue.closed", "en", "[one] 1\\n[few] 2\\n[other] 3", Text.TEXT_REFUSED_PLURAL_FORM),
        ("request.created", "en", "{Level} {levle}", Text.TEXT_REFUSED_PARAMETERS),
        ("command.queue", "en", "x" * 101, Text.TEXT_REFUSED_LONG),
        ("button.request_continue", "en", "x" * 81, Text.TEXT_REFUSED_LONG),
        ("form.request_title", "en", "x" * 46, Text.TEXT_REFUSED_LONG),
        ("request.created", "en", "x" * 1900 + "{level}", Text.TEXT_REFUSED_LONG_FILLED),
        ("emoji.verdict.approve", "en", "ok", Text.TEXT_REFUSED_EMOJI),
        ("option.level_id", "ru", "Два слова", Text.TEXT_REFUSED_OPTION_NAME),
        ("option.level_id", "en", "level", Text.TEXT_REFUSED_OPTION_FIXED),
        ("command.queue", "en", "two\\nlines", Text.TEXT_REFUSED_LINES),
    ):
        assert_told(await use(boss, guild, "text edit", template_name=name, language=spoken, new_value=value), refusal, language)
    assert (await world.app.guild(guild.id)).texts == {}


async def test_texts_are_suggested_by_key_words_and_purpose(world: World) -> None:
    guild = world.guild
    boss = boss_of(guild)
    command = "text describe"
    assert (await suggested(boss, guild, command, "template_name", template_name="queue.opened"))[0] == "queue.opened"
    assert "button.request_continue" in await suggested(boss, guild, command, "template_name", template_name="ontinu request_")
    assert "queue.opened" in await suggested(boss, guild, command, "template_name", template_name="reply to /queue op")


async def test_a_commands_text_shows_without_a_restart_and_later_when_discord_is_down(world: World) -> None:
    guild = world.guild
    boss = boss_of(guild)

    def described() -> str:
        return str(descriptions(world, guild)["queue"])

    change = {"template_name": "command.queue", "language": "en"}
    answer = await use(boss, guild, "text edit", **change, new_value="Our own queue")
    assert_told(answer, Text.TEXT_COMMANDS_SHOWN)
    assert described() == "Our own queue"
    world.discord.faults.fail("/commands$", method="PUT", status=403)
    answer = await use(boss, guild, "text edit", **change, new_value="Another queue")
    assert_told(answer, Text.TEXT_COMMANDS_LATER)
    assert described() == "Our own queue"
    assert (await world.app.guild(guild.id)).template(Text.COMMAND_QUEUE, "en") == "Another queue"
    async with world.app.reading() as session:
        assert await session.get(Job, ("resync_commands", guild.id)) is not None
    world.discord.faults.clear()
    assert await world.app.commands_changed(guild.id)
    assert described() == "Another queue"


async def test_what_one_guild_sets_another_does_not_see(world: World) -> None:
    changed, other = world.guild, await world.add_guild("Next Door")
    boss, neighbour = boss_of(changed), boss_of(other)
    await use(boss, changed, "text edit", template_name="parameter.reset_already", language="en", new_value="Ours! {value}")
    await use(boss, changed, "text edit", template_name="command.route", language="en", new_value="Our routes")
    await use(boss, changed, "parameter set", parameter="queue.block_at", new_value="9")
    await use(boss, changed, "route disable", route="archive")
    await use(boss, changed, "route update_channel", route="log", new_value=changed.sandbox.add_channel("our-log"))

    assert (await use(boss, changed, "parameter reset", parameter="queue.unblock_at")).content == "Ours! `30`"
    answer = await use(neighbour, other, "parameter reset", parameter="queue.unblock_at")
    assert_told(answer, Text.PARAMETER_RESET_ALREADY, value=Raw("`30`"))
    assert "`queue.block_at` = `50`" in body(await use(neighbour, other, "parameter list"))
    theirs = body(await use(neighbour, other, "route list"))
    assert "🔇" not in theirs
    assert "🔇" in body(await use(boss, changed, "route list"))
    assert f"<#{other.channels[Route.LOG].id}>" in body(await use(neighbour, other, "route describe", route="log"))
    assert descriptions(world, changed)["route"] == "Our routes"
    assert descriptions(world, other)["route"] != "Our routes"
    foreign = other.sandbox.add_channel("theirs")
    settings = await world.app.guild(other.id)
    assert (settings.texts, settings.parameters) == ({}, {})
    assert foreign.id not in {state.channel_id for state in (await world.app.guild(changed.id)).routes.values()}
    world.guilds.remove(other)


async def test_only_admins_may(world: World) -> None:
    guild = world.guild
    mia = guild.join("Mia")
    refusal = phrase(Text.ERROR_FORBIDDEN, flags=Raw("admin"))
    for command, options in (
        ("parameter list", {}),
        ("parameter describe", {"parameter": "queue.block_at"}),
        ("parameter set", {"parameter": "queue.block_at", "new_value": "7"}),
        ("parameter reset", {"parameter": "queue.block_at"}),
        ("route list", {}),
        ("route describe", {"route": "log"}),
        ("route disable", {"route": "log"}),
        ("route reset_channel", {"route": "log"}),
        ("route update_channel", {"route": "log", "new_value": guild.home}),
        ("text list", {}),
        ("text describe", {"template_name": "queue.opened"}),
        ("text edit", {"template_name": "queue.opened", "language": "en"}),
        ("text reset", {"template_name": "queue.opened", "language": "en"}),
    ):
        assert_told(await use(mia, guild, command, **options), refusal.key, **refusal.parameters)
