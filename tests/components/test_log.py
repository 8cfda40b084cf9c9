"""Events and filters as people read them: readable, in their language, harmless, and never too long for Discord."""

from datetime import UTC, datetime
from typing import Any

import pytest

from components.actions import CUSTOM_ID_LENGTH, find_action
from components.log.events import ROOM, event_entries
from components.log.filters import SUMMARY_LENGTH, filter_embed, filter_lines, filter_summary
from components.log.questions import DeleteFilterButton, ReplaceFilterButton
from components.log.values import shown_value, value_label
from config.guild_settings import GuildSettings
from facades.operations.describe_log_filter import DescribedFilter
from facades.operations.log_filter import BOT, LogFilter, fingerprint
from facades.operations.log_pages import PAGE_SIZE, LoggedEvent, LogPage
from facades.operations.saved_filters import LONGEST_NAME, KeptFilter, key_of_name, name_of_key
from util.event_fields import EVENT_FIELDS, FIELD_KINDS, INTEGERS, FieldKind
from util.identifiers import EventType
from util.paging import Page
from util.texts import Text

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SETTINGS = GuildSettings(1)
HOSTILE = "`x` **b** [link](https://evil.example) <@5> @everyone <#1>\n# heading ||s|| \u202e ```"
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru"])


def sample(name: str) -> Any:
    """Return a value as an action would log it."""
    kind = FIELD_KINDS[name]
    if kind in INTEGERS:
        return 1_200_000_000_000_000_003
    if kind is FieldKind.BOOL:
        return True
    if kind in {FieldKind.MOMENT, FieldKind.ENDING}:
        return NOW.isoformat()
    if kind is FieldKind.KEY:
        return "a.long_key" * 10
    return "epic" if kind is FieldKind.VERDICT else HOSTILE * 60


def page(*events: LoggedEvent) -> LogPage:
    return LogPage(Page(events))


def said(name: str, value: Any, language: str = "en", requests: dict[int, str] | None = None) -> str:
    return SETTINGS.say(Text.LOG_FIELD, language, field="", value=shown_value(name, value, 300, requests)).removeprefix(": ")


@pytest.mark.parametrize(
    ("name", "value", "english", "russian"),
    [
        ("user_id", 5, "<@5>", "<@5>"),
        ("role_id", 5, "<@&5>", "<@&5>"),
        ("old_channel_id", 5, "<#5>", "<#5>"),
        ("request_id", 5, "[#5](https://there)", "[#5](https://there)"),
        ("request_id", 6, "#6", "#6"),
        ("level_id", 128, "`128`", "`128`"),
        ("pending", 3, "3", "3"),
        ("automatic", True, "yes", "да"),
        ("automatic", False, "no", "нет"),
        ("reason", None, "none", "нет"),
        ("reason", "", "(empty text)", "(пустой текст)"),
        ("reason", "a\nb", "a b", "a b"),
        ("ends_at", None, "never", "никогда"),
        ("ends_at", "2026-05-01T12:00:00+00:00", "<t:1777636800:f>", "<t:1777636800:f>"),
        ("ends_at", "soon", "soon", "soon"),
        ("verdict", "reject", "Reject", "Отклонить"),
        ("verdict", "?", "?", "?"),
        ("route", "log", "`log`", "`log`"),
        ("user_id", "x*", "x\\*", "x\\*"),
        ("user_id", -5, "former member #5", "бывший участник №5"),
        ("colour", 5, "`5`", "`5`"),
        ("colour", ["*"], '`["*"]`', '`["*"]`'),
    ],
)
def test_a_value_is_shown_as_what_it_is(name: str, value: Any, english: str, russian: str) -> None:
    if name == "verdict" and value == "reject":
        english, russian = (SETTINGS.say(Text.VERDICT_REJECT, language) for language in ("en", "ru"))
    requests = {5: "https://there"}
    assert (said(name, value, "en", requests), said(name, value, "ru", requests)) == (english, russian)


@LANGUAGES
@pytest.mark.parametrize("event_type", EventType)
def test_a_page_of_the_longest_events_fits_and_nothing_in_it_takes_effect(event_type: EventType, language: str) -> None:
    fields = {name: sample(name) for name in EVENT_FIELDS[event_type]}
    event = LoggedEvent(1, event_type, 5, NOW, fields)
    entries = event_entries(page(*[event] * PAGE_SIZE), SETTINGS, language)
    assert len(entries) == PAGE_SIZE
    text = "\n".join(entries)
    assert len(text) <= ROOM
    assert "@everyone" not in text
    assert "](https://evil" not in text.replace("\\]", "")
    assert "\u202e" not in text
    assert "\n#" not in text
    assert SETTINGS.say(Text(f"event.{event_type.value}.name"), language) in text


def test_fields_stand_in_the_order_of_the_table_and_unknown_ones_behind() -> None:
    fields = {"zeta": 1, "reason": "r", "verdict": "epic", "level_id": 2, "request_id": 1}
    [entry] = event_entries(page(LoggedEvent(1, EventType.OPINION_ADDED, None, NOW, fields)), SETTINGS, "en")
    shown = [entry.index(word) for word in ("Request: #1", "Level ID: `2`", "Verdict:", "Reason: r", "`zeta`: `1`")]
    assert shown == sorted(shown)
    assert SETTINGS.say(Text.LOG_BOT, "en") in entry


@LANGUAGES
def test_the_fullest_filter_fits_into_its_description(language: str) -> None:
    full = LogFilter(EventType.OPINION_ADDED, BOT, {name: sample(name) for name in FIELD_KINDS})
    assert len("\n".join(filter_lines(full, SETTINGS, language))) <= 4_000
    assert len(filter_summary(full, SETTINGS, language).text) <= SUMMARY_LENGTH + 5
    kept = KeptFilter("*" * LONGEST_NAME, full, 5, NOW)
    embed = filter_embed(DescribedFilter(full, kept), SETTINGS, language)
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4_096


def test_a_filter_that_no_event_can_meet_says_so() -> None:
    impossible = SETTINGS.say(Text.LOG_FILTER_IMPOSSIBLE, "en")
    assert impossible in filter_lines(LogFilter(fields={"module": "requests", "verdict": "epic"}), SETTINGS, "en")
    assert impossible not in filter_lines(LogFilter(fields={"level_id": 1, "verdict": "epic"}), SETTINGS, "en")
    assert impossible not in filter_lines(LogFilter(EventType.QUEUE_CLOSED), SETTINGS, "en")
    assert filter_lines(LogFilter(), SETTINGS, "en") == [SETTINGS.say(Text.LOG_FILTER_EMPTY, "en")]


def test_the_longest_name_fits_into_the_buttons() -> None:
    for name in ("x" * LONGEST_NAME, ":" * LONGEST_NAME):
        kept = KeptFilter(name, LogFilter(user_id=5), 5, NOW)
        for button in (DeleteFilterButton(kept.key, kept.version), ReplaceFilterButton(kept.key, kept.version, "0" * 8)):
            assert len(button.custom_id) <= CUSTOM_ID_LENGTH
            assert find_action(button.custom_id) == button
            assert name_of_key(button.key) == name
    assert len(f"page:fl::after:{key_of_name('x' * LONGEST_NAME)}:-99999999999") <= CUSTOM_ID_LENGTH


def test_a_fingerprint_differs_where_filters_do() -> None:
    filters = [
        LogFilter(),
        LogFilter(user_id=BOT),
        LogFilter(user_id=1),
        LogFilter(EventType.QUEUE_CLOSED),
        *(LogFilter(fields={"reason": value}) for value in (None, "null", "1", 1, True, "true", "")),
        LogFilter(fields={"level_name": "1"}),
    ]
    assert len({fingerprint(one) for one in filters}) == len(filters)
    assert all(LogFilter.from_json(one.to_json()) == one for one in filters)


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [
        ("automatic", True, "yes"),
        ("user_id", 5, "5"),
        ("level_name", "*a*", "*a*"),
        ("reason", None, "none"),
        ("route", "log", "log"),
    ],
)
def test_choices_show_values_without_markdown(name: str, value: Any, label: str) -> None:
    assert value_label(name, value, SETTINGS, "en") == label
