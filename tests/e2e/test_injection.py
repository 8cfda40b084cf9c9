"""Hostile text in every place where somebody can put one: it pings nobody, formats nothing, and stays readable."""

import re

import pytest

from sandbox.discord.actors import SandboxUser
from sandbox.geometry_dash import catalogue
from sandbox.geometry_dash.levels import Level
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    ask,
    assert_told,
    field,
    fill,
    log_entries,
    new_level,
    opine,
    request,
    request_id,
    resolution_card,
    resolve,
)
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Route, Verdict
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
FORMATS = re.compile(r"(?<!\\)(?:\*|_|~|`|\[|<(?=[@#:/a])|\|(?=\|))|(?m:^\s*(?:#|>|- |[0-9]+\. ))|@(?:everyone|here|[!&]?[0-9])")
"""What would take effect in Discord: unescaped marks, the beginnings of headings, quotes and lists, and mentions."""
KINDS = ("mentions", "fences", "headings", "links", "commands")


def hostile(kind: str, victim: SandboxUser, guild: Guild) -> str:
    """Return one kind of hostile text, between 40 and 400 characters."""
    role = guild.roles[Flag.ADMIN]
    found = {
        "mentions": f"@everyone @here <@{victim.id}> <@!{victim.id}> <@&{role.id}> <@&{guild.id}> <#{guild.home.id}>",
        "fences": "```\nactor: bot\n```\n@everyone ``` ```yaml\ntype: permission_bound\n``` \\``` `` ` ~~~ \\\\```",
        "headings": "# Free robux\n## Now\n> quoted\n>>> all of it\n- list\n1. list\n-# small\n**bold** __u__ ~~s~~ ||spoiler||",
        "links": "[an innocent level](https://evil.example/x) [x](<https://evil.example>) <https://evil.example> [a]: https://e.example",
        "commands": f"</ban:{victim.id}> <t:0:R> <:gd:{victim.id}> <id:customize> {{author}} {{0.__class__}} \\n \\u0040everyone",
    }[kind]
    return found.ljust(40, "!")


def readable(shown: str) -> str:
    """Return what a reader sees of an escaped text."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", shown.replace("\u200b", ""))


def squeezed(text: str) -> str:
    """Return a text without the differences that line breaks make."""
    return " ".join(text.replace("\u200b", "").split())


def assert_harmless(shown: str, typed: str) -> None:
    """Fail unless a text that was typed shows as it was typed and without effect."""
    found = FORMATS.search(re.sub(r"\\\\", "", shown))
    assert found is None, f"{found[0]!r} takes effect in {shown!r}"
    assert squeezed(readable(shown)) == squeezed(typed)


def pinged(guild: Guild) -> set[str]:
    """Return who of the guild's people got a notification."""
    return {name for name, person in guild.people.items() if person.pings}


async def cast(guild: Guild) -> tuple[SandboxUser, ...]:
    """Let everybody join: a victim first, then author, reviewer, trainee, curator, moderator."""
    return (
        guild.join("Victor", Flag.ADMIN),
        guild.join("Mira"),
        guild.join("Rhea", Flag.REVIEWER),
        guild.join("Toni", Flag.TRAINEE),
        guild.join("Cora", Flag.TRAINEE_SUPERVISOR),
        guild.join("Mo", Flag.GD_MOD),
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_a_hostile_comment_is_shown_as_typed_on_every_card(world: World, kind: str) -> None:
    guild = world.guild
    victim, mira, rhea, *_, mo = await cast(guild)
    typed = hostile(kind, victim, guild)
    card = await request(world, guild, mira, catalogue.UNRATED_EASY, comment=typed)
    assert_harmless(field(card, Text.CARD_FIELD_COMMENT), typed)
    await opine(rhea, card)
    shown = await resolution_card(world, guild, request_id(card))
    assert_harmless(field(shown, Text.CARD_FIELD_COMMENT), typed)
    await resolve(mo, shown, Verdict.EPIC)
    await world.settled()
    [archived] = guild.messages(Route.ARCHIVE)
    assert_harmless(field(archived, Text.CARD_FIELD_COMMENT), typed)
    assert pinged(guild) == {"Mira"}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_hostile_review_is_sent_as_typed_and_pings_only_the_author(world: World, kind: str) -> None:
    guild = world.guild
    victim, mira, rhea, toni, _, mo = await cast(guild)
    typed = hostile(kind, victim, guild)
    card = await request(world, guild, mira, catalogue.UNRATED_EASY)
    await opine(rhea, card, Verdict.REJECT, review=typed)
    await opine(toni, card, review=typed)
    shown = await resolution_card(world, guild, request_id(card))
    await resolve(mo, shown, Verdict.REJECT, review=typed)
    await world.settled()
    reviews = guild.messages(Route.REVIEW_TEXT)
    assert len(reviews) == 2
    for review in reviews:
        assert_harmless(review.content.split("\n\n", 1)[1], typed)
    [practice] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    assert_harmless(practice.embeds[0]["description"], typed)
    assert pinged(guild) == {"Mira"}


@pytest.mark.parametrize("kind", KINDS)
async def test_hostile_reasons_notes_and_feedback_are_shown_as_typed(world: World, kind: str) -> None:
    guild = world.guild
    victim, mira, rhea, toni, cora, mo = await cast(guild)
    typed = hostile(kind, victim, guild)
    card = await request(world, guild, mira, catalogue.UNRATED_EASY)
    await opine(rhea, card, Verdict.REJECT, reason=typed)
    await opine(toni, card, Verdict.APPROVE, review="A review of forty characters, no more, no less.")
    await world.settled()
    [practice] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    await fill(cora, await cora.press(practice, practice.components[0]["components"][1]["custom_id"]), feedback=typed)
    shown = await resolution_card(world, guild, request_id(card))
    await resolve(mo, shown, Verdict.REJECT, comment=typed)
    await world.settled()
    listed = field(shown, Text.CARD_FIELD_CONSENSUS, approvals=0, rejections=1)
    assert_harmless(_after(listed, ": "), typed)
    assert_harmless(_after(field(shown, Text.CARD_FIELD_RESOLUTIONS), ": "), typed)
    [notice] = guild.messages(Route.REJECTION_NOTIFICATION)
    assert_harmless(_after(notice.content, "\nReason: "), typed)
    assert_harmless(field(practice, Text.CARD_FIELD_FEEDBACK), typed)
    # The feedback also stands in a thread, for the trainee.
    assert practice.thread is not None
    [told] = [message for message in practice.thread.messages.values() if message.author.bot and message.content]
    assert_harmless(told.content.partition("\n")[2], typed)
    assert pinged(guild) == {"Mira", "Toni"}


@pytest.mark.parametrize("kind", KINDS)
async def test_hostile_texts_stay_inside_the_code_blocks_of_the_log(world: World, kind: str) -> None:
    guild = world.guild
    victim, mira, rhea, toni, cora, mo = await cast(guild)
    typed = hostile(kind, victim, guild)
    # The format of the game's server has no place for these in a name.
    name = re.sub(r"[:#|~]", "", typed)[:60].strip()
    level = new_level(world, name=name)
    card = await request(world, guild, mira, level)
    await opine(rhea, card, Verdict.REJECT, reason=typed)
    await opine(toni, card, review="A review of forty characters, no more, no less.")
    await world.settled()
    [practice] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    await fill(cora, await cora.press(practice, practice.components[0]["components"][0]["custom_id"]), feedback=typed)
    await resolve(mo, await resolution_card(world, guild, request_id(card)), Verdict.EPIC, comment=typed)
    await world.settled()
    assert_log_is_sound(guild, expected=6)
    [created] = log_entries(guild, EventType.REQUEST_CREATED)
    assert squeezed(created["level_name"]) == squeezed(name)
    for event, key in (
        (EventType.OPINION_ADDED, "reason"),
        (EventType.TRAINEE_REVIEW_ASSESSED, "feedback"),
        (EventType.RESOLUTION_ADDED, "reason"),
    ):
        [entry] = log_entries(guild, event)
        assert squeezed(entry[key]) == squeezed(typed)


def assert_log_is_sound(guild: Guild, *, expected: int) -> None:
    """Fail unless the log is headings and closed YAML blocks, one of each for every event."""
    count = 0
    for message in guild.messages(Route.LOG):
        outside = message.content.split("```")[0::2]
        inside = message.content.split("```")[1::2]
        assert all(block.startswith("yaml\n") for block in inside), message.content
        headings = [line for part in outside for line in part.split("\n") if line]
        assert len(headings) == len(inside)
        assert all(re.fullmatch(r"\*\*[^*]+\*\* · (?:<@\d+>|the bot) · <t:\d+:\w>", line) for line in headings), headings
        count += len(inside)
    assert count == expected


async def test_a_hostile_level_name_creator_and_description_are_readable_and_harmless_everywhere(world: World) -> None:
    guild = world.guild
    _, mira, rhea, _, _, mo = await cast(guild)
    level = catalogue.HOSTILE
    opened = await ask(guild, mira, level)
    assert opened.modal is not None
    assert len(opened.modal.title) <= 45
    taken = await fill(mira, opened)
    name = r"**bold** @everyone <@1> [x](//a.example)"
    assert name in readable(taken.content)
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    assert squeezed(readable(card.embeds[0]["title"])) == name
    assert_harmless(field(card, Text.CARD_FIELD_CREATOR), level.creator.name)
    assert FORMATS.search(re.sub(r"\\\\", "", card.embeds[0]["description"])) is None
    assert "\u202e" not in str(card.embeds)
    await opine(rhea, card, review="A review of forty characters, no more, no less.")
    await resolve(mo, await resolution_card(world, guild, request_id(card)), Verdict.EPIC)
    await world.settled()
    notices = [*guild.messages(Route.REVIEW_TEXT), *guild.messages(Route.APPROVAL_NOTIFICATION)]
    assert len(notices) == 2
    assert all(name in readable(notice.content) for notice in notices)
    assert_told(await ask(guild, guild.join("Nora"), level), Text.REQUEST_REFUSED_APPROVED, level=name)
    assert pinged(guild) == {"Mira"}


@pytest.mark.parametrize(
    "level",
    [catalogue.ZERO_WIDTH_NAME, catalogue.EMPTY_NAME, catalogue.LONG_NAME, catalogue.UNKNOWN_CREATOR, catalogue.NEGATIVE_LIKES],
    ids=lambda level: f"{level.id}",
)
async def test_levels_with_odd_names_go_through_the_whole_flow(world: World, level: Level) -> None:
    guild = world.guild
    _, mira, rhea, _, _, mo = await cast(guild)
    card = await request(world, guild, mira, level)
    await opine(rhea, card, review="A review of forty characters, no more, no less.")
    await resolve(mo, await resolution_card(world, guild, request_id(card)), Verdict.REJECT)
    await world.settled()
    assert len(guild.messages(Route.ARCHIVE)) == len(guild.messages(Route.REJECTION_NOTIFICATION)) == 1


@pytest.mark.parametrize("name", ["@everyone", "**Boss** <@&1>", "```", "[click](https://evil.example)"])
async def test_a_hostile_nickname_pings_nobody(world: World, name: str) -> None:
    guild = world.guild
    victim = guild.join("Victor", Flag.ADMIN)
    impostor = guild.join(name, Flag.ADMIN)
    await request(world, guild, impostor, catalogue.UNRATED_EASY)
    answer = await impostor.slash(guild.home, "permission describe_member", member=impostor)
    assert name in str(answer.embeds) or name in readable(str(answer.embeds))
    await impostor.slash(guild.home, "queue close")
    await world.settled()
    assert victim.pings == impostor.pings == []
    assert_log_is_sound(guild, expected=2)


async def test_what_is_given_back_after_a_refusal_stays_in_its_code_block(world: World) -> None:
    guild = world.guild
    _, mira, *_ = await cast(guild)
    typed = hostile("fences", mira, guild)
    answer = await fill(mira, await ask(guild, mira, catalogue.UNRATED_EASY), showcase="javascript:alert(1)", comment=typed)
    assert_told(answer, Text.REQUEST_REFUSED_SHOWCASE_WRONG)
    for embed in answer.embeds:
        assert embed["description"].count("```") == 2
    assert squeezed("".join(_block(answer.embeds[-1]["description"]))) == squeezed(typed)


@pytest.mark.parametrize("link", ["https://youtu.be/dQw4w9WgXcQ) [x](https://evil.example", "https://youtu.be/dQw4w9WgXcQ\u202e"])
async def test_a_showcase_cannot_smuggle_markdown(world: World, link: str) -> None:
    guild = world.guild
    _, mira, *_ = await cast(guild)
    answer = await fill(mira, await ask(guild, mira, catalogue.UNRATED_EASY), showcase=link)
    await world.settled()
    for card in guild.messages(Route.PENDING_REQUEST):
        assert "evil" not in str(card.embeds)
        assert field(card, Text.CARD_FIELD_SHOWCASE).count("](") == 1
    assert answer.ephemeral


def _after(shown: str, mark: str) -> str:
    return shown.split(mark, 1)[1]


def _block(shown: str) -> list[str]:
    return shown.split("```")[1::2]
