"""`/log …` and `/queue history` through the sandbox, in both languages, good and bad input."""

import re
from typing import Any

import pytest

from db.queries import events
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Message
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import assert_told, label, new_level, opine, request, says, text
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Verdict
from util.phrases import Raw, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


def reader(guild: Guild, locale: str = "en-US", name: str = "Lara") -> SandboxUser:
    return guild.join(name, Flag.LOG_VIEWER, locale=locale)


def body(answer: Answer | Message) -> str:
    """Return what an answer's embeds say."""
    message = answer if isinstance(answer, Message) else answer.message
    assert message is not None
    return "\n".join(f"{embed.get('title', '')}\n{embed.get('description', '')}" for embed in message.embeds)


async def log(member: SandboxUser, guild: Guild, command: str, **options: Any) -> Answer:
    answer = await member.slash(guild.home, f"log {command}", **options)
    assert answer.ephemeral, answer.kind
    return answer


async def view(member: SandboxUser, guild: Guild, **options: Any) -> str:
    return body(await log(member, guild, "view", **options))


async def suggested(member: SandboxUser, guild: Guild, command: str, focused: str, **options: Any) -> dict[Any, str]:
    found = await member.autocomplete(guild.home, f"log {command}", focused=focused, **options)
    return {choice["value"]: choice["name"] for choice in found}


async def speak(guild: Guild, member: SandboxUser, *languages: str) -> None:
    """Leave an event for each language."""
    for language in languages:
        await member.slash(guild.home, "language", language=language)


@LANGUAGES
async def test_the_log_shows_each_event_readable_with_its_fields(world: World, locale: str, language: str) -> None:
    guild = world.guild
    lara, mira, rhea = reader(guild, locale), guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    assert says(await view(lara, guild), Text.LOG_EMPTY, language)
    level = new_level(world, name="*Star* [x](https://evil.example) @everyone")
    card = await request(world, guild, mira, level)
    await opine(rhea, card, Verdict.REJECT, reason="Too *short*\n# and plain")
    await world.settled()
    shown = await view(lara, guild)
    title = label(Text.LOG_TITLE, language)
    assert shown.startswith(title)
    for kind, who in (
        (Text.EVENT_REQUEST_CREATED_NAME, user_mention(mira.id)),
        (Text.EVENT_USER_COOLDOWN_SET_NAME, Text.LOG_BOT),
    ):
        assert says(shown, Text.LOG_ENTRY, language, event=kind, actor=who)
    assert says(shown, Text.LOG_FIELD, language, field=Text.EVENT_FIELD_LEVEL_ID, value=Raw(f"`{level.id}`"))
    assert says(shown, Text.LOG_FIELD, language, field=Text.EVENT_FIELD_VERDICT, value=Text.VERDICT_REJECT)
    assert says(shown, Text.LOG_FIELD, language, field=Text.EVENT_FIELD_USER_ID, value=user_mention(mira.id))
    assert says(shown, Text.LOG_FIELD, language, field=Text.EVENT_FIELD_REASON, value="Too *short* # and plain")
    assert says(shown, Text.LOG_FIELD, language, field=Text.EVENT_FIELD_REVIEW_ID, value=Text.LOG_VALUE_NONE)
    assert re.search(rf"\[#\d+\]\(https://discord.com/channels/{guild.id}/\d+/{card.id}\)", shown)
    assert re.search(r"<t:\d+:f>", shown)
    assert "*Star*" not in shown.replace("\\*", "")
    assert "@everyone" not in shown


async def test_pages_are_turned_and_the_log_is_entered_at_a_moment(world: World) -> None:
    guild = world.guild
    lara, mira = reader(guild), guild.join("Mira")
    await speak(guild, mira, *["en", "ru"] * 12)
    first = await log(lara, guild, "view")
    assert first.message is not None
    assert body(first).count("**Preference set**") == 10
    assert label(Text.PAGE_NUMBER, number=1) in str(first.message.embeds)
    last = await lara.press(first.message, label(Text.PAGE_BUTTON_LAST).removeprefix("⏭️ "))
    assert last.message is not None
    assert body(last).count("**Preference set**") == 10
    assert label(Text.PAGE_LAST) in str(last.message.embeds)
    second = await lara.press(last.message, label(Text.PAGE_BUTTON_PREVIOUS).removeprefix("◀️ "))
    assert second.message is not None
    assert body(second).count("**Preference set**") == 10
    one = await lara.press(second.message, label(Text.PAGE_BUTTON_PREVIOUS).removeprefix("◀️ "))
    assert body(one).count("**Preference set**") == 4

    assert (await view(lara, guild, timestamp="2015-01-01")).count("**Preference set**") == 10
    shown = await log(lara, guild, "view", timestamp="in 1 day")
    assert text(Text.LOG_EMPTY_HERE) in body(shown)
    assert shown.message is not None
    back = await lara.press(shown.message, label(Text.PAGE_BUTTON_PREVIOUS).removeprefix("◀️ "))
    assert body(back).count("**Preference set**") == 10
    refused = await log(lara, guild, "view", timestamp="yesteryear")
    assert_told(refused, Text.MOMENT_REFUSED_UNKNOWN, value="yesteryear")


@LANGUAGES
async def test_the_filter_is_put_together_and_taken_apart(world: World, locale: str, language: str) -> None:
    guild = world.guild
    lara, mira, boss = reader(guild, locale), guild.join("Mira"), guild.join("Boss", Flag.ADMIN)
    await speak(guild, mira, "en", "ru")
    await speak(guild, boss, "ru")
    await boss.slash(guild.home, "queue close")
    preference, free = Text.EVENT_PREFERENCE_SET_NAME, Text.LOG_UNRESTRICTED

    answer = await log(lara, guild, "restrict_type", event_type="preference_set")
    assert_told(answer, Text.LOG_CHANGED_TYPE, language, new=preference, old=free)
    assert says(body(answer), Text.LOG_FILTER_TYPE, language, event=preference)
    answer = await log(lara, guild, "restrict_user", user=mira)
    assert_told(answer, Text.LOG_CHANGED_USER, language, new=user_mention(mira.id), old=free)
    shown = await view(lara, guild)
    assert shown.count("<t:") == 2
    assert user_mention(boss.id).text not in shown

    answer = await log(lara, guild, "restrict_custom_field", key="new_value", value="ru")
    field = Text.EVENT_FIELD_NEW_VALUE
    assert_told(answer, Text.LOG_CHANGED_FIELD, language, field=field, new="ru", old=free)
    assert (await view(lara, guild)).count("<t:") == 1
    answer = await log(lara, guild, "restrict_custom_field", key=label(field, language), value='"en"')
    assert_told(answer, Text.LOG_CHANGED_FIELD, language, field=field, new="en", old="ru")
    described = body(await log(lara, guild, "describe_filter"))
    assert says(described, Text.LOG_FIELD, language, field=field, value="en")

    answer = await log(lara, guild, "unrestrict_custom_field", key="new_value")
    assert_told(answer, Text.LOG_CHANGED_FIELD, language, field=field, new=free, old="en")
    assert_told(await log(lara, guild, "unrestrict_custom_field", key="new_value"), Text.LOG_NOTHING_TO_LIFT, language)
    answer = await log(lara, guild, "unrestrict_user")
    assert_told(answer, Text.LOG_CHANGED_USER, language, new=free, old=user_mention(mira.id))
    assert_told(await log(lara, guild, "unrestrict_user"), Text.LOG_NOTHING_TO_LIFT, language)
    await log(lara, guild, "restrict_custom_field", key="old_value", value="null")
    answer = await log(lara, guild, "restrict_type", event_type=label(Text.EVENT_QUEUE_CLOSED_NAME, language))
    told = assert_told(answer, Text.LOG_CHANGED_TYPE, language, new=Text.EVENT_QUEUE_CLOSED_NAME, old=preference)
    assert says(told, Text.LOG_CHANGED_DROPPED, language, fields=text(Text.EVENT_FIELD_OLD_VALUE, language))
    await log(lara, guild, "restrict_custom_field", key="automatic", value="false")
    answer = await log(lara, guild, "clear_custom_field_restrictions")
    assert_told(answer, Text.LOG_CHANGED_FIELDS, language, fields=text(Text.EVENT_FIELD_AUTOMATIC, language))
    answer = await log(lara, guild, "unrestrict_type")
    assert_told(answer, Text.LOG_CHANGED_TYPE, language, new=free, old=Text.EVENT_QUEUE_CLOSED_NAME)
    assert says(body(await log(lara, guild, "describe_filter")), Text.LOG_FILTER_EMPTY, language)
    assert_told(await log(lara, guild, "clear_filter"), Text.LOG_NOTHING_TO_LIFT, language)
    await log(lara, guild, "restrict_user", user=boss)
    answer = await log(lara, guild, "clear_filter")
    assert_told(answer, Text.LOG_CHANGED_ALL, language)
    assert user_mention(boss.id).text in body(answer)
    assert (await view(lara, guild)).count("<t:") == 4


@LANGUAGES
async def test_what_cannot_be_restricted_is_refused_with_the_reason(world: World, locale: str, language: str) -> None:
    guild = world.guild
    lara = reader(guild, locale)
    assert_told(await log(lara, guild, "restrict_type", event_type="party"), Text.LOG_UNKNOWN_TYPE, language, value="party")
    answer = await log(lara, guild, "restrict_custom_field", key="colour", value="red")
    assert_told(answer, Text.LOG_UNKNOWN_FIELD, language, value="colour")
    answer = await log(lara, guild, "restrict_custom_field", key="level_id", value="five")
    assert_told(answer, Text.LOG_VALUE_NO_NUMBER, language, value="five")
    answer = await log(lara, guild, "restrict_custom_field", key="automatic", value="perhaps")
    assert_told(answer, Text.LOG_VALUE_NO_TRUTH, language, value="perhaps")
    await log(lara, guild, "restrict_type", event_type="queue_opened")
    answer = await log(lara, guild, "restrict_custom_field", key="level_id", value="5")
    event, field = Text.EVENT_QUEUE_OPENED_NAME, Text.EVENT_FIELD_LEVEL_ID
    assert "`automatic`, `pending`" in assert_told(answer, Text.LOG_TYPE_LACKS_FIELD, language, event=event, field=field)
    for command in ("select_filter", "delete_filter", "describe_filter"):
        answer = await log(lara, guild, command, name="none `such`")
        assert_told(answer, Text.LOG_FILTER_NOT_FOUND, language, name="none `such`")
    answer = await log(lara, guild, "save_filter", name="x" * 51)
    assert_told(answer, Text.LOG_BAD_NAME, language, most=50)
    await log(lara, guild, "clear_filter")
    assert_told(await log(lara, guild, "save_filter", name="empty"), Text.LOG_NOTHING_TO_SAVE, language)


async def test_a_list_opened_with_another_filter_is_not_gone_on_with(world: World) -> None:
    guild = world.guild
    lara, mira = reader(guild), guild.join("Mira")
    await speak(guild, mira, *["en", "ru"] * 6)
    first = await log(lara, guild, "view")
    assert first.message is not None
    await log(lara, guild, "restrict_user", user=mira)
    turned = await lara.press(first.message, label(Text.PAGE_BUTTON_NEXT).removeprefix("▶️ "))
    assert turned.message is not None
    assert says(turned.content, Text.LOG_CHANGED_MEANWHILE)


@LANGUAGES
async def test_a_search_that_finds_next_to_nothing_says_how_far_it_has_looked(
    world: World, monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    guild = world.guild
    lara = reader(guild, locale)
    async with world.app.transaction(guild.id) as tx:
        for number in range(400):
            tx.log(EventType.QUEUE_CLOSED, 5 + number % 2, automatic=number % 2 == 0, pending=number)
    monkeypatch.setattr(events, "MOST_EXAMINED", 100)
    await log(lara, guild, "restrict_user", user=lara)
    await log(lara, guild, "restrict_custom_field", key="automatic", value="true")
    assert says(await view(lara, guild), Text.LOG_EMPTY_FILTERED, language)
    async with world.app.transaction(guild.id) as tx:
        for number in range(400):
            tx.log(EventType.QUEUE_CLOSED, lara.id if number % 2 else 5, automatic=number % 2 == 0, pending=number)
        tx.log(EventType.QUEUE_CLOSED, lara.id, automatic=True, pending=4711)
    shown = (await log(lara, guild, "view")).message
    assert shown is not None
    turns = 0
    while "4711" not in body(shown):
        assert says(body(shown), Text.LOG_SEARCHED_TO, language)
        turned = await lara.press(shown, label(Text.PAGE_BUTTON_NEXT, language).removeprefix("▶️ "))
        assert turned.message is not None
        shown, turns = turned.message, turns + 1
    assert turns > 0
    assert not says(body(shown), Text.LOG_SEARCHED_TO, language)


async def test_what_the_bot_did_by_itself_is_found_by_its_account(world: World) -> None:
    guild = world.guild
    lara, mira = reader(guild), guild.join("Mira")
    await request(world, guild, mira, new_level(world))
    bot = world.application.user
    answer = await log(lara, guild, "restrict_user", user=bot)
    assert_told(answer, Text.LOG_CHANGED_USER, new=Text.LOG_BOT)
    shown = await view(lara, guild)
    assert says(shown, Text.LOG_ENTRY, event=Text.EVENT_USER_COOLDOWN_SET_NAME, actor=Text.LOG_BOT)
    assert shown.count("<t:") == 2  # The event's own time and the end of the cooldown.


@LANGUAGES
async def test_filters_are_saved_for_the_guild_and_replaced_only_on_a_yes(world: World, locale: str, language: str) -> None:
    guild = world.guild
    lara, luca = reader(guild, locale), reader(guild, locale, "Luca")
    name = "Мои: `фильтры` 1"
    assert says(body(await log(lara, guild, "list_filters")), Text.LOG_FILTERS_NONE, language)
    await log(lara, guild, "restrict_type", event_type="queue_closed")
    assert_told(await log(lara, guild, "save_filter", name=f"  {name}"), Text.LOG_SAVED, language, name=name)
    answer = await log(lara, guild, "save_filter", name=name)
    assert_told(answer, Text.LOG_SAVED_ALREADY, language, name=name, user=user_mention(lara.id))

    assert_told(await log(luca, guild, "select_filter", name=name), Text.LOG_SELECTED, language, name=name)
    assert says(await view(luca, guild), Text.LOG_FILTER_TYPE, language, event=Text.EVENT_QUEUE_CLOSED_NAME)
    await log(luca, guild, "restrict_type", event_type="queue_opened")
    answer = await log(luca, guild, "save_filter", name=name)
    assert_told(answer, Text.LOG_REPLACE_ASK, language, name=name)
    assert answer.message is not None
    kept = await luca.press(answer.message, label(Text.LOG_KEEP, language))
    assert says(kept.content, Text.LOG_KEPT, language)
    assert not kept.message or not kept.message.components
    described = await log(lara, guild, "describe_filter", name=name)
    assert says(body(described), Text.LOG_FILTER_TYPE, language, event=Text.EVENT_QUEUE_CLOSED_NAME)
    assert label(Text.LOG_FILTER_SAVED_TITLE, language, name=name) in body(described)
    assert says(body(described), Text.LOG_FILTER_SAVED, language, user=user_mention(lara.id))

    answer = await log(luca, guild, "save_filter", name=name)
    other = await log(luca, guild, "save_filter", name=name)
    assert answer.message is not None
    assert other.message is not None
    replaced = await luca.press(answer.message, label(Text.LOG_REPLACE_YES, language))
    assert says(replaced.content, Text.LOG_REPLACED, language, name=name)
    late = await luca.press(other.message, label(Text.LOG_REPLACE_YES, language))
    assert late.followups == []
    assert says(late.content, Text.LOG_SAVED_ALREADY, language) or says(late.content, Text.LOG_CHANGED_MEANWHILE, language)
    listed = body(await log(lara, guild, "list_filters"))
    assert says(listed, Text.LOG_FILTERS_LINE, language, name=name, user=user_mention(luca.id))
    assert says(listed, Text.LOG_FILTER_TYPE, language, event=Text.EVENT_QUEUE_OPENED_NAME)


@LANGUAGES
async def test_filters_are_deleted_only_on_a_yes_and_only_as_they_were_shown(world: World, locale: str, language: str) -> None:
    guild = world.guild
    lara = reader(guild, locale)
    await log(lara, guild, "restrict_type", event_type="queue_closed")
    await log(lara, guild, "save_filter", name="a")
    asked = await log(lara, guild, "delete_filter", name="a")
    assert_told(asked, Text.LOG_DELETE_ASK, language, name="a")
    again = await log(lara, guild, "delete_filter", name="a")
    await log(lara, guild, "restrict_user", user=lara)
    answer = await log(lara, guild, "save_filter", name="a")
    assert answer.message is not None
    await lara.press(answer.message, label(Text.LOG_REPLACE_YES, language))
    assert asked.message is not None
    stale = await lara.press(asked.message, label(Text.LOG_DELETE_YES, language))
    assert says(stale.content, Text.LOG_CHANGED_MEANWHILE, language)
    assert again.message is not None
    fresh = await log(lara, guild, "delete_filter", name="a")
    assert fresh.message is not None
    done = await lara.press(fresh.message, label(Text.LOG_DELETE_YES, language))
    assert says(done.content, Text.LOG_DELETED, language, name="a")
    gone = await lara.press(again.message, label(Text.LOG_DELETE_YES, language))
    assert says(gone.content, Text.LOG_FILTER_NOT_FOUND, language, name="a")


async def test_names_are_suggested_while_somebody_types(world: World) -> None:
    guild = world.guild
    lara, ruth, mira = reader(guild), reader(guild, "ru", "Ruth"), guild.join("Mira")
    level = new_level(world, name="Найти меня")
    await request(world, guild, mira, level)
    assert await suggested(lara, guild, "restrict_type", "event_type", event_type="party") == {}
    types = await suggested(lara, guild, "restrict_type", "event_type", event_type="evel cool")
    assert set(types) == {"level_cooldown_amended", "level_cooldown_set"}
    types = await suggested(ruth, guild, "restrict_type", "event_type", event_type="очередь")
    assert types == {"queue_closed": "Очередь закрыта", "queue_opened": "Очередь открыта"}
    assert len(await suggested(lara, guild, "restrict_type", "event_type")) == 25

    await log(lara, guild, "restrict_type", event_type="request_created")
    keys = await suggested(lara, guild, "restrict_custom_field", "key", value="x")
    assert set(keys) == {"request_id", "level_id", "level_name", "language", "author_id", "creator_name"}
    values = await suggested(lara, guild, "restrict_custom_field", "value", key="level_name", value="ти ме")
    assert values == {'"Найти меня"': "Найти меня"}
    [value] = values
    await log(lara, guild, "restrict_custom_field", key="level_name", value=value)
    assert (await view(lara, guild)).count("<t:") == 1
    assert set(await suggested(lara, guild, "unrestrict_custom_field", "key")) == {"level_name"}
    await log(lara, guild, "save_filter", name="Sought: levels")
    for command in ("select_filter", "delete_filter", "describe_filter", "save_filter"):
        assert set(await suggested(ruth, guild, command, "name", name="lev")) == {"Sought: levels"}
    assert await suggested(lara, guild, "restrict_custom_field", "value", key="", value="x") == {}
    assert await suggested(mira, guild, "select_filter", "name") == {}
    assert await suggested(mira, guild, "restrict_type", "event_type") == {}


async def test_a_guild_sees_nothing_of_another(world: World) -> None:
    guild, other = world.guild, await world.add_guild("Elsewhere")
    lara, mira, stranger = reader(guild), guild.join("Mira"), other.join("Stan", Flag.LOG_VIEWER)
    await speak(guild, mira, "ru")
    await log(lara, guild, "restrict_user", user=mira)
    await log(lara, guild, "save_filter", name="ours")
    assert says(await view(stranger, other), Text.LOG_EMPTY)
    assert_told(await log(stranger, other, "select_filter", name="ours"), Text.LOG_FILTER_NOT_FOUND, name="ours")
    assert await suggested(stranger, other, "select_filter", "name") == {}


async def test_who_may_not_read_the_log_is_refused(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    assert_told(await log(mira, guild, "view"), Text.ERROR_FORBIDDEN, flags=Raw("log_viewer"))


@LANGUAGES
async def test_the_history_of_the_queue_opens_at_its_newest_page(world: World, locale: str, language: str) -> None:
    guild = world.guild
    lara, boss = reader(guild, locale), guild.join("Boss", Flag.ADMIN)
    answer = await lara.slash(guild.home, "queue history")
    assert answer.ephemeral
    assert says(body(answer), Text.QUEUE_HISTORY_NONE, language)
    await speak(guild, boss, "en")
    for _ in range(6):
        await boss.slash(guild.home, "queue close")
        await boss.slash(guild.home, "queue open")
    answer = await lara.slash(guild.home, "queue history")
    shown = body(answer)
    assert shown.count("<t:") == 10
    assert says(shown, Text.LOG_ENTRY, language, event=Text.EVENT_QUEUE_CLOSED_NAME, actor=user_mention(boss.id))
    assert says(shown, Text.LOG_FIELD, language, field=Text.EVENT_FIELD_AUTOMATIC, value=Text.LOG_VALUE_NO)
    assert text(EVENT_NAMES[EventType.PREFERENCE_SET], language) not in shown
    assert answer.message is not None
    before = await lara.press(answer.message, label(Text.PAGE_BUTTON_PREVIOUS, language).removeprefix("◀️ "))
    assert body(before).count("<t:") == 2
    refused = await guild.join("Mira", locale=locale).slash(guild.home, "queue history")
    assert_told(refused, Text.ERROR_FORBIDDEN, language)


EVENT_NAMES = {one: Text(f"event.{one.value}.name") for one in EventType}
