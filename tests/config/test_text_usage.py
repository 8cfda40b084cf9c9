"""The registry of where texts are used, held against the code, against Discord's limits and against the texts themselves."""

import ast
from collections.abc import Iterator

import pytest

from components.actions import CUSTOM_ID_LENGTH
from components.modals.text_edit import EditTextAgain, TextForm
from config.paths import ROOT
from config.text_rules import check_text
from config.text_usage import LIMITS, WITHOUT_MARKDOWN, Place, concerns_commands, places_of
from config.texts import catalogue
from util.errors import BadInput
from util.texts import Text

FOLDERS = ("cogs", "cog_presets", "components", "facades")
# What the code does with a text says where it goes: the function it is given to, and the limit it is given.
MAKERS = {"button_label": Place.BUTTON, "form_title": Place.FORM_TITLE}
LIMIT_NAMES = {
    "FORM_TITLE": Place.FORM_TITLE,
    "FIELD_LABEL": Place.FORM_LABEL,
    "FIELD_DESCRIPTION": Place.FORM_HINT,
    "BUTTON_LABEL": Place.BUTTON,
    "BUTTON_LENGTH": Place.BUTTON,
}


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            yield from (
                (f"{path.relative_to(ROOT)}:{node.lineno}", node) for node in ast.walk(tree) if isinstance(node, ast.Call)
            )


def _texts(nodes: list[ast.expr]) -> Iterator[Text]:
    """Return the texts that stand in arguments themselves, also where a condition chooses."""
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _texts([node.body, node.orelse])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Text":
            yield Text[node.attr]


def _expected(call: ast.Call) -> Place | None:
    name = _called(call)
    if name in MAKERS:
        return MAKERS[name]
    if name in {"short_label", "label"}:
        return next((LIMIT_NAMES[one.id] for one in call.args if isinstance(one, ast.Name) and one.id in LIMIT_NAMES), None)
    return None


def test_texts_of_buttons_and_forms_are_known_as_such() -> None:
    wrong = [
        f"{where}: {text.value} is a {place.value}, not {[one.value for one in places_of(text)]}"
        for where, call in _calls()
        if (place := _expected(call)) is not None
        for text in _texts(call.args)
        if place not in places_of(text)
    ]
    assert wrong == [], "say so in config/text_usage.py"


def test_texts_of_embeds_are_known_as_such() -> None:
    wrong: list[str] = []
    for where, call in _calls():
        inner: list[tuple[Place, ast.expr]] = [(Place.TITLE, one.value) for one in call.keywords if one.arg == "title"]
        if _called(call) in {"field", "typed_field"} and call.args:
            inner.append((Place.FIELD_NAME, call.args[0]))
        if _called(call) == "footer" and call.args:
            inner.append((Place.FOOTER, call.args[0]))
        for place, node in inner:
            if isinstance(node, ast.Call) and _called(node) == "label":
                texts = [text for text in _texts(node.args) if place not in places_of(text)]
                wrong += [f"{where}: {text.value} is a {place.value}" for text in texts]
    assert wrong == [], "say so in config/text_usage.py"


def test_what_is_raised_is_said_in_a_message() -> None:
    wrong = [
        f"{where}: {text.value}"
        for where, call in _calls()
        if _called(call) in {"BadInput", "Conflict", "NotFound", "Refused", "Forbidden", "Unavailable"}
        for text in _texts(call.args)
        if Place.MESSAGE not in places_of(text)
    ]
    assert wrong == [], "say so in config/text_usage.py"


@pytest.mark.parametrize("language", catalogue().languages)
def test_every_default_keeps_the_rules_that_guilds_must_keep(language: str) -> None:
    broken: dict[str, str] = {}
    for key in Text:
        if Place.OPTION_NAME in places_of(key) and language == "en":
            continue
        try:
            check_text(key, language, catalogue().entry(key, language).text)
        except BadInput as error:
            broken[key.value] = f"{error} {error.phrase.parameters}"
    assert broken == {}


def test_every_place_has_a_limit_and_words() -> None:
    for place in Place:
        assert LIMITS[place] > 0
        assert Text(f"text.place.{place.value}")
    assert Place.MESSAGE not in WITHOUT_MARKDOWN


def test_texts_of_commands_are_told_from_others() -> None:
    assert concerns_commands(Text.COMMAND_QUEUE_CLOSE)
    assert concerns_commands(Text.OPTION_LEVEL_ID)
    assert not concerns_commands(Text.QUEUE_CLOSED)
    assert places_of(Text.COMMAND_LANGUAGE_LANGUAGE) == (Place.OPTION,)
    assert places_of(Text.COMMAND_PERMISSION_BIND) == (Place.COMMAND,)
    assert places_of(Text.COMMAND_PERMISSION_BIND_ROLE) == (Place.OPTION,)


def test_the_form_of_every_text_fits_into_a_custom_id() -> None:
    for key in Text:
        for action in (TextForm(key.value, "pt-BR", "0" * 8), EditTextAgain(key.value, "pt-BR")):
            assert len(action.custom_id) <= CUSTOM_ID_LENGTH
