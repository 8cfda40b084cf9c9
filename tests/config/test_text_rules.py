"""What a guild may make of a text."""

import pytest

from config.text_rules import check_text, read_typed, tags_of, worst_case
from config.text_usage import LIMITS, Place
from util.errors import BadInput
from util.texts import Text


@pytest.mark.parametrize(
    ("key", "language", "value", "reason"),
    [
        (Text.REQUEST_CREATED, "en", "", Text.TEXT_REFUSED_EMPTY),
        (Text.REQUEST_CREATED, "en", " \n\u200e", Text.TEXT_REFUSED_EMPTY),
        (Text.REQUEST_CREATED, "en", "x" * 4001, Text.TEXT_REFUSED_LONG),
        (Text.REQUEST_CREATED, "en", "{nobody}", Text.TEXT_REFUSED_PARAMETERS),
        (Text.REQUEST_CREATED, "en", "{ level }", Text.TEXT_REFUSED_PARAMETERS),
        (Text.REQUEST_CREATED, "en", "{Level}", Text.TEXT_REFUSED_PARAMETERS),
        (Text.REQUEST_CREATED, "en", "{level.name}", Text.TEXT_REFUSED_PARAMETERS),
        (Text.REQUEST_CREATED, "ru", "{уровень}", Text.TEXT_REFUSED_PARAMETERS),
        (Text.PAGE_LAST, "en", "{number}", Text.TEXT_REFUSED_NO_PARAMETERS),
        (Text.QUEUE_CLOSED, "en", "[one] 1", Text.TEXT_REFUSED_PLURAL),
        (Text.QUEUE_CLOSED, "en", "before [one] 1\n[other] 2", Text.TEXT_REFUSED_PLURAL),
        (Text.QUEUE_CLOSED, "en", "[many] 1\n[other] 2", Text.TEXT_REFUSED_PLURAL_FORM),
        (Text.QUEUE_CLOSED, "en", "[one] 1\n[one] 3\n[other] 2", Text.TEXT_REFUSED_PLURAL_TWICE),
        (Text.QUEUE_CLOSED, "en", "[one] \n[other] 2", Text.TEXT_REFUSED_PLURAL_EMPTY),
        (Text.QUEUE_CLOSED, "en", f"[one] 1\n[other] {'x' * 2001}", Text.TEXT_REFUSED_LONG),
        (Text.EMOJI_VERDICT_APPROVE, "en", "✅✅", Text.TEXT_REFUSED_EMOJI),
        (Text.OPTION_LEVEL_ID, "ru", "Уровень", Text.TEXT_REFUSED_OPTION_NAME),
        (Text.OPTION_LEVEL_ID, "ru", "у" * 33, Text.TEXT_REFUSED_LONG),
        (Text.CARD_FIELD_ID, "en", "a\nb", Text.TEXT_REFUSED_LINES),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(key: Text, language: str, value: str, reason: Text) -> None:
    with pytest.raises(BadInput) as refusal:
        check_text(key, language, value)
    assert refusal.value.phrase.key is reason or (key is Text.OPTION_LEVEL_ID and len(value) > 32)


@pytest.mark.parametrize(
    ("key", "language", "value"),
    [
        (Text.REQUEST_CREATED, "en", "Fine: {level} {{} {} {1}"),
        (Text.REQUEST_CREATED, "en", "x" * 2000),
        (Text.QUEUE_CLOSED, "en", "[other] always"),
        (Text.QUEUE_CLOSED, "ru", "[one] {pending}\n[few] 2\n[many] 5\n[other] 1,5"),
        (Text.EMOJI_VERDICT_APPROVE, "en", "<:yes:123456789012345678>"),
        (Text.EMOJI_VERDICT_APPROVE, "en", "👩‍🚀"),
        (Text.EMOJI_VERDICT_APPROVE, "en", "🇪🇺"),
        (Text.OPTION_LEVEL_ID, "ru", "номер-уровня"),
        (Text.BUTTON_REQUEST_CONTINUE, "en", "x" * 80),
    ],
)
def test_a_text_that_fits_is_taken_as_it_is(key: Text, language: str, value: str) -> None:
    assert check_text(key, language, value) == value


def test_the_worst_case_counts_every_place_of_a_parameter() -> None:
    once = worst_case(Text.REQUEST_CREATED, "{level}")
    assert worst_case(Text.REQUEST_CREATED, "{level}{level}") == 2 * once
    assert worst_case(Text.REQUEST_CREATED, "no parameters") == 13
    room = LIMITS[Place.MESSAGE] - once
    assert check_text(Text.REQUEST_CREATED, "en", "x" * room + "{level}")
    with pytest.raises(BadInput) as refusal:
        check_text(Text.REQUEST_CREATED, "en", "x" * (room + 1) + "{level}")
    assert refusal.value.phrase.key is Text.TEXT_REFUSED_LONG_FILLED


def test_escape_codes_are_read_and_unknown_ones_named() -> None:
    assert read_typed("a\\nb\\\\") == "a\nb\\"
    with pytest.raises(BadInput) as refusal:
        read_typed("a\\d")
    assert refusal.value.phrase.parameters == {"sequence": "\\d"}


def test_plural_forms_are_listed_as_grammars_do() -> None:
    assert tags_of("en") == ("one", "other")
    assert tags_of("ru") == ("one", "few", "many", "other")
