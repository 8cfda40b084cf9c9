"""`/usercd` and `/levelcd` through the sandbox, in both languages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.errors import ClientRefused
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import everything, hold_back, log_entries, new_level, request, says
from tests.e2e.world import Guild, World
from util.identifiers import CooldownKind, EventType, Flag
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
USER, LEVEL = CooldownKind.USER, CooldownKind.LEVEL
LANGUAGES = pytest.mark.parametrize("locale", ["en-US", "ru"])
BOTH = (Flag.BAN_USERS, Flag.BAN_LEVELS)


@dataclass
class Subject:
    """Whom or what a test puts on cooldown, and how that is named in the commands."""

    kind: CooldownKind
    group: str
    option: str
    value: object
    id: int
    shown: str


def subject_of(kind: CooldownKind, guild: Guild) -> Subject:
    if kind is LEVEL:
        return Subject(kind, "levelcd", "level_id", 54_321, 54_321, "54321")
    mira = guild.join("Mira")
    return Subject(kind, "usercd", "user", mira, mira.id, mira.mention)


async def use(staff: SandboxUser, guild: Guild, subject: Subject, command: str, **options: object) -> Answer:
    return await staff.slash(guild.home, f"{subject.group} {command}", **{subject.option: subject.value}, **options)


def text(answer: Answer) -> str:
    assert answer.ephemeral
    assert answer.message is not None
    return everything(answer.message)


@pytest.mark.parametrize("kind", [USER, LEVEL])
@LANGUAGES
async def test_a_cooldown_is_cast_moved_described_and_lifted(world: World, kind: CooldownKind, locale: str) -> None:
    guild = world.guild
    staff = guild.join("Stan", *BOTH, locale=locale)
    subject = subject_of(kind, guild)
    language = locale[:2]

    cast = text(await use(staff, guild, subject, "update", duration="1w", reason="Too many requests"))
    assert subject.shown in cast
    assert "Too many requests" in cast
    moved = text(await use(staff, guild, subject, "update", duration="-3d"))
    assert staff.mention in moved, "what held before is named"

    described = text(await use(staff, guild, subject, "describe"))
    assert "Too many requests" in described
    assert staff.mention in described
    end = int(described.partition("<t:")[2].partition(":")[0])
    expected = datetime.now(UTC) + timedelta(days=4)
    assert abs(datetime.fromtimestamp(end, UTC) - expected) < timedelta(minutes=1)

    lifted = text(await use(staff, guild, subject, "amend", reason="Said sorry"))
    assert "Said sorry" in lifted
    assert says(text(await use(staff, guild, subject, "describe")), Text.COOLDOWN_NONE, language)
    await world.settled()
    kinds = {USER: ("user_cooldown_set", "user_cooldown_amended"), LEVEL: ("level_cooldown_set", "level_cooldown_amended")}[kind]
    assert [entry["type"] for entry in log_entries(guild)] == [kinds[0], kinds[0], kinds[1]]
    assert "old_ends_at" in str(log_entries(guild)[-1])

    history = text(await use(staff, guild, subject, "history"))
    assert "Said sorry" in history
    assert history.index("Said sorry") < history.index("Too many requests"), "newest first"


@LANGUAGES
async def test_what_cannot_be_done_is_refused_with_the_reason(world: World, locale: str) -> None:
    guild = world.guild
    staff = guild.join("Stan", *BOTH, locale=locale)
    subject = subject_of(USER, guild)
    language = locale[:2]
    refusals = {
        "soon": Text.COOLDOWN_REFUSED_DURATION,
        "9999y": Text.COOLDOWN_REFUSED_TOO_LONG,
        "+1d": Text.COOLDOWN_REFUSED_NOTHING_TO_CHANGE,
        "0": Text.COOLDOWN_NONE,
    }
    for duration, refusal in refusals.items():
        assert says(text(await use(staff, guild, subject, "update", duration=duration)), refusal, language), duration
    assert says(text(await use(staff, guild, subject, "amend")), Text.COOLDOWN_NONE, language)
    await use(staff, guild, subject, "update", duration="2d")
    assert says(text(await use(staff, guild, subject, "update", duration="-2d")), Text.COOLDOWN_REFUSED_PAST, language)
    await use(staff, guild, subject, "update", duration="inf")
    assert says(text(await use(staff, guild, subject, "update", duration="+2d")), Text.COOLDOWN_REFUSED_ENDLESS, language)
    with pytest.raises(ClientRefused):
        await use(staff, guild, subject, "amend", reason="abc")


@LANGUAGES
async def test_overwriting_anothers_cooldown_takes_the_permission_and_a_yes(world: World, locale: str) -> None:
    guild = world.guild
    ann, stan = guild.join("Ann", *BOTH), guild.join("Stan", *BOTH, locale=locale)
    senior = guild.join("Sena", *BOTH, Flag.REMOVE_OTHER_USER_BANS, locale=locale)
    subject = subject_of(USER, guild)
    language = locale[:2]
    await use(ann, guild, subject, "update", duration="5d", reason="Rude to reviewers")

    for command, options in (("update", {"duration": "1d"}), ("amend", {})):
        refused = text(await use(stan, guild, subject, command, **options))
        assert says(refused, Text.COOLDOWN_REFUSED_OTHERS, language)
        assert ann.mention in refused

    question = await use(senior, guild, subject, "update", duration="inf")
    assert "Rude to reviewers" in text(question)
    assert question.message is not None
    replace, keep = question.message.components[0]["components"]
    kept = await senior.press(question.message, keep["custom_id"])
    assert says(kept.content, Text.COOLDOWN_KEPT, language)
    assert ann.mention in text(await use(senior, guild, subject, "describe"))

    question = await use(senior, guild, subject, "update", duration="inf")
    assert question.message is not None
    replace, _ = question.message.components[0]["components"]
    await world.stop()
    await world.start()
    done = await senior.press(question.message, replace["custom_id"])
    assert says(done.content, Text.COOLDOWN_SET_ENDLESS, language)
    assert not done.message or not done.message.components
    assert senior.mention in text(await use(senior, guild, subject, "describe"))


@LANGUAGES
async def test_a_cooldown_from_a_request_links_its_card_and_anybody_on_the_staff_may_lift_it(world: World, locale: str) -> None:
    guild = world.guild
    staff, mira = guild.join("Stan", Flag.BAN_USERS, locale=locale), guild.join("Mira")
    card = await request(world, guild, mira, new_level(world))
    described = text(await staff.slash(guild.home, "usercd describe", user=mira))
    assert f"/{card.channel.id}/{card.id}" in described
    assert says(described, Text.COOLDOWN_BY_BOT, locale[:2])
    lifted = await staff.slash(guild.home, "usercd amend", user=mira)
    assert says(text(lifted), Text.COOLDOWN_LIFTED, locale[:2])


@LANGUAGES
async def test_lists_are_paged_in_both_modes(world: World, locale: str) -> None:
    guild = world.guild
    staff, other = guild.join("Stan", *BOTH, locale=locale), guild.join("Ann", *BOTH)
    for number in range(12):
        await hold_back(world, guild, LEVEL, 1000 + number, for_=timedelta(days=1 + number))
    await hold_back(world, guild, LEVEL, 9999, for_=None, reason="Stolen")
    await hold_back(world, guild, LEVEL, 8888, for_=timedelta(seconds=-1))
    first = await staff.slash(guild.home, "levelcd list", cooldown_listing_type="temporary")
    assert "1000" in text(first)
    assert "1011" not in text(first)
    assert "8888" not in text(first)
    assert "9999" not in text(first)
    assert first.message is not None
    follow = first.message.components[0]["components"][2]["custom_id"]
    turned = await staff.press(first.message, follow)
    assert turned.message is not None
    assert "1011" in everything(turned.message)
    assert "1000" not in everything(turned.message)
    endless = text(await staff.slash(guild.home, "levelcd list", cooldown_listing_type="endless"))
    assert "9999" in endless
    assert "Stolen" in endless
    empty = text(await other.slash(guild.home, "usercd list", cooldown_listing_type="endless"))
    assert says(empty, Text.COOLDOWN_LIST_EMPTY, "en")


async def test_levels_are_suggested_with_their_names(world: World) -> None:
    guild = world.guild
    staff, mira = guild.join("Stan", *BOTH), guild.join("Mira")
    level = new_level(world, name="Sunny Meadow")
    await request(world, guild, mira, level)
    for command, expected in (("update", 1), ("history", 1), ("amend", 0), ("describe", 0)):
        options = {"duration": "1d"} if command == "update" else {}
        found = await staff.autocomplete(guild.home, f"levelcd {command}", focused="level_id", level_id="mead", **options)
        assert [choice["value"] for choice in found] == [level.id] * expected
    await hold_back(world, guild, LEVEL, level.id, for_=None)
    [choice] = await staff.autocomplete(guild.home, "levelcd amend", focused="level_id", level_id=str(level.id)[:4])
    assert "Sunny Meadow" in choice["name"]
    assert await mira.autocomplete(guild.home, "levelcd amend", focused="level_id", level_id="") == []


@LANGUAGES
async def test_members_without_the_permission_are_refused(world: World, locale: str) -> None:
    guild = world.guild
    mira = guild.join("Mira", locale=locale)
    for kind in (USER, LEVEL):
        subject = subject_of(kind, guild)
        for command, options in (("update", {"duration": "1d"}), ("amend", {}), ("describe", {}), ("history", {})):
            answer = text(await use(mira, guild, subject, command, **options))
            assert "ban_" in answer
        listed = await mira.slash(guild.home, f"{subject.group} list", cooldown_listing_type="temporary")
        assert "ban_" in text(listed)
    await world.settled()
    assert log_entries(guild, EventType.USER_COOLDOWN_SET) == []
