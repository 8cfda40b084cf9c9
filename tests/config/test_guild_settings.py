"""A guild's own settings lie over the defaults; parameters of texts are shown safely."""

from datetime import UTC, datetime, timedelta

import pytest

from config.guild_settings import GuildSettings, RouteState
from config.texts import catalogue
from util.durations import Duration
from util.identifiers import Flag, Module, Parameter, Route
from util.markdown import inline_code, plain
from util.phrases import Raw, phrase
from util.texts import Text

PLAIN = GuildSettings(guild_id=1)
HOSTILE = "**x** @everyone <@1> `y` [a](https://b.c) \\"


def test_parameters_have_their_defaults_until_the_guild_sets_them() -> None:
    assert PLAIN.number(Parameter.QUEUE_BLOCK_AT) == 50
    assert PLAIN.flag_value(Parameter.QUEUE_BLOCK_ENABLED) is True
    assert PLAIN.duration(Parameter.COOLDOWN_POST_REQUEST_USER_CD) == Duration(timedelta(days=3))
    assert PLAIN.ping_role is None
    assert PLAIN.language == "en"
    own = GuildSettings(1, parameters={Parameter.QUEUE_BLOCK_AT: "7", Parameter.QUEUE_PING_ROLE: "123456789012345678"})
    assert own.number(Parameter.QUEUE_BLOCK_AT) == 7
    assert own.ping_role == 123_456_789_012_345_678
    assert own.number(Parameter.QUEUE_UNBLOCK_AT) == 30


def test_a_parameter_is_not_read_as_another_type() -> None:
    with pytest.raises(TypeError):
        PLAIN.number(Parameter.COOLDOWN_POST_REQUEST_USER_CD)
    with pytest.raises(TypeError):
        PLAIN.flag_value(Parameter.QUEUE_BLOCK_AT)


def test_a_route_leads_to_its_channel_only_while_it_is_enabled() -> None:
    routes = {Route.LOG: RouteState(5), Route.ARCHIVE: RouteState(6, enabled=False), Route.RESOLUTION: RouteState(None)}
    settings = GuildSettings(1, routes=routes)
    assert [settings.channel(route) for route in (Route.LOG, Route.ARCHIVE, Route.RESOLUTION, Route.REVIEW_TEXT)] == [
        5,
        None,
        None,
        None,
    ]


def test_roles_grant_the_flags_bound_to_them() -> None:
    settings = GuildSettings(1, bindings=frozenset({(Flag.REVIEWER, 1), (Flag.GD_MOD, 1), (Flag.REVIEWER, 2), (Flag.ADMIN, 3)}))
    assert settings.flags_of([1, 9]) == {Flag.REVIEWER, Flag.GD_MOD}
    assert settings.flags_of([]) == frozenset()
    assert settings.roles_of(Flag.REVIEWER) == (1, 2)
    assert settings.roles_of(Flag.TRAINEE) == ()


def test_modules_are_on_until_they_are_switched_off() -> None:
    assert PLAIN.is_on(Module.REQUESTS)
    assert not GuildSettings(1, modules_off=frozenset({Module.REQUESTS})).is_on(Module.REQUESTS)


def test_a_guilds_own_text_replaces_the_default_in_its_language_only() -> None:
    own = GuildSettings(1, texts={(Text.ERROR_GUILD_ONLY, "en"): "Nope."})
    assert own.say(Text.ERROR_GUILD_ONLY, "en") == "Nope."
    assert own.say(Text.ERROR_GUILD_ONLY, "ru") == PLAIN.say(Text.ERROR_GUILD_ONLY, "ru")


def test_a_language_without_texts_gets_the_english_ones() -> None:
    assert PLAIN.say(Text.ERROR_GUILD_ONLY, "tlh") == PLAIN.say(Text.ERROR_GUILD_ONLY, "en")
    assert PLAIN.say(Text.DURATION_DAYS, "tlh", count=1) == "1 day"


def test_what_people_typed_neither_formats_nor_pings_in_messages() -> None:
    own = GuildSettings(1, texts={(Text.ERROR_VALUE_BOOL, "en"): "{value}?"})
    assert own.say(Text.ERROR_VALUE_BOOL, "en", value=HOSTILE) == f"{plain(HOSTILE)}?"


def test_what_people_typed_is_shown_as_code_where_a_text_says_so() -> None:
    own = GuildSettings(1, texts={(Text.ERROR_VALUE_BOOL, "en"): "`{value}`, {value}"})
    assert own.say(Text.ERROR_VALUE_BOOL, "en", value="gd_mod") == "`gd_mod`, gd\\_mod"
    assert own.say(Text.ERROR_VALUE_BOOL, "en", value=HOSTILE) == f"{inline_code(HOSTILE)}, {plain(HOSTILE)}"
    assert own.label(Text.ERROR_VALUE_BOOL, "en", value="gd_mod") == "`gd_mod`, gd_mod"


def test_labels_show_what_people_typed_as_it_is() -> None:
    assert HOSTILE in PLAIN.label(Text.ERROR_VALUE_BOOL, "en", value=HOSTILE)


def test_what_the_bot_made_itself_is_not_escaped() -> None:
    assert "<@5>" in PLAIN.say(Text.ERROR_VALUE_BOOL, "en", value=Raw("<@5>"))


def test_a_value_cannot_name_another_parameter() -> None:
    own = GuildSettings(1, texts={(Text.ERROR_VALUE_LANGUAGE, "en"): "{value} {known}"})
    assert own.label(Text.ERROR_VALUE_LANGUAGE, "en", value="{known}", known="{value}") == "{known} {value}"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 day"),
        ("en", 5, "5 days"),
        ("ru", 1, "1 день"),
        ("ru", 3, "3 дня"),
        ("ru", 5, "5 дней"),
        ("ru", 21, "21 день"),
    ],
)
def test_a_number_chooses_its_plural_form(language: str, count: int, said: str) -> None:
    assert PLAIN.label(Text.DURATION_DAYS, language, count=count) == said


def test_a_guilds_own_plural_text_is_chosen_by_number_too() -> None:
    own = GuildSettings(1, texts={(Text.DURATION_DAYS, "en"): "[one] a day\n[other] {count} sunsets"})
    assert own.label(Text.DURATION_DAYS, "en", count=1) == "a day"
    assert own.label(Text.DURATION_DAYS, "en", count=2) == "2 sunsets"


def test_phrases_nest_and_bring_their_own_values() -> None:
    inner = phrase(Text.DURATION_DAYS, count=2)
    assert "2 days" in PLAIN.label(phrase(Text.ERROR_VALUE_BOOL, value=inner), "en")
    assert "2 дня" in PLAIN.label(phrase(Text.ERROR_VALUE_BOOL, value=inner), "ru")


def test_moments_are_shown_in_each_readers_own_time_zone_in_messages() -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert "<t:1777636800:f>" in PLAIN.say(Text.ERROR_VALUE_BOOL, "en", value=moment)
    assert "2026" in PLAIN.label(Text.ERROR_VALUE_BOOL, "en", value=moment)


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (Duration(None), "forever"),
        (Duration(timedelta()), "0 seconds"),
        (Duration(timedelta(days=1, hours=2, minutes=3)), "1 day 2 hours"),
        (Duration(timedelta(days=400, seconds=5)), "400 days 5 seconds"),
    ],
)
def test_durations_are_said_by_their_two_largest_units(duration: Duration, said: str) -> None:
    assert PLAIN.say_duration(duration, "en") == said


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("en-GB", "en"), ("ru", "ru"), ("tlh", None), ("", None)])
def test_discords_locales_lead_to_our_languages(locale: str, language: str | None) -> None:
    assert catalogue().language_of_locale(locale) == language


def test_english_is_the_first_language() -> None:
    assert catalogue().languages[0] == "en"
