"""The page's own words: the same in every language, and none that nothing says."""

import re
from functools import cache

import pytest

from sandbox.demo.cast import CAST
from sandbox.discord import Reason
from sandbox.page.files import STATIC

ENTRY = re.compile(r'^  "([\w.]+)": (.+),$')
PARAMETER = re.compile(r"\{(\w+)\}")
FORM = re.compile(r'\b(one|few|many|other): "')
CALL = re.compile(r'\bword\("([\w.]+)"(?:, \{([^{}]*)\})?\)')
FORMS = {"en": ["one", "other"], "ru": ["one", "few", "many", "other"]}


@cache
def words(language: str) -> dict[str, str]:
    """Return what is said by key, as it is written in the file."""
    lines = (STATIC / f"words-{language}.js").read_text("utf-8").splitlines()
    body = lines[lines.index(f"export const {language} = {{") + 1 : lines.index("};")]
    entries = [ENTRY.match(line) for line in body]
    assert None not in entries, [line for line, entry in zip(body, entries, strict=True) if entry is None]
    return {entry[1]: entry[2] for entry in entries if entry is not None}


def code() -> str:
    """Return the page's modules, without the words themselves."""
    return "\n".join(path.read_text("utf-8") for path in STATIC.glob("*.js") if not path.stem.startswith("words-"))


def test_both_languages_say_the_same_things_in_the_same_order() -> None:
    assert list(words("en")) == list(words("ru")) == sorted(words("en"))


@pytest.mark.parametrize("language", FORMS)
def test_numbers_have_all_their_forms(language: str) -> None:
    for key, said in words(language).items():
        if said.startswith("{"):
            assert FORM.findall(said) == FORMS[language], key


@pytest.mark.parametrize("key", words("en"))
def test_parameters_are_the_same_and_given(key: str) -> None:
    expected = set(PARAMETER.findall(words("en")[key]))
    assert set(PARAMETER.findall(words("ru")[key])) == expected
    for said, given in CALL.findall(code()):
        if said == key:
            assert {part.split(":")[0].strip() for part in given.split(",") if part.strip()} >= expected


def test_everything_is_said_somewhere_and_everything_said_is_known() -> None:
    source = code()
    literal = set(re.findall(r'"([\w.]+)"', source))
    beginnings = tuple(re.findall(r"`([a-z_]+\.)\$\{", source))
    assert [key for key in words("en") if key not in literal and not key.startswith(beginnings)] == []
    assert {key for key, _ in CALL.findall(source)} <= set(words("en"))


@pytest.mark.parametrize("language", FORMS)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_why_the_client_refuses_has_its_words(reason: Reason, language: str) -> None:
    # A line says it with the place's limits, or there are words for the reason alone.
    line = re.search(rf"^  {reason}: (.*)$", (STATIC / "refusals.js").read_text("utf-8"), re.MULTILINE)
    keys = (
        {key for key, _ in CALL.findall(line[1])} | set(re.findall(r'"(\w+\.\w+)"', line[1])) if line else {f"refused.{reason}"}
    )
    assert keys
    assert keys <= set(words(language))


def test_what_the_cast_does_is_said_in_every_language() -> None:
    source = (STATIC / "people.js").read_text("utf-8")
    assert [part.what for part in CAST if f'  "{part.what}": "part.' not in source] == []
