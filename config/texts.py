"""The catalogue of texts: what the bot says by default, in every language, and what each text is for.

Adding a language is adding its folder: `data/texts/<language>/*.json` and `data/long_texts/<language>/*.md`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from config.errors import ConfigError
from config.json_files import load
from config.paths import DATA
from config.templates import parameters_of
from util.texts import Text

FALLBACK_LANGUAGE = "en"
KNOWN = frozenset(key.value for key in Text)
_FORM = re.compile(r"^\[(zero|one|two|few|many|other)\][ \t]*", re.MULTILINE)


@dataclass(frozen=True)
class TextEntry:
    """One text in one language. A text with plural forms is chosen by the number in the parameter `plural`."""

    text: str
    description: str
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    plural: str | None = None


def plural_category(language: str, count: int) -> str:
    """Return the CLDR plural category of a number in a language."""
    return str(Locale.parse(language).plural_form(count))


def plural_forms(text: str) -> dict[str, str]:
    """Split a text with plural forms: each starts on its own line with `[one]`, `[few]`, … `[other]`.

    Raises `ValueError` when the text does not begin with a form or lacks `[other]`.
    """
    marks = list(_FORM.finditer(text))
    if not marks or marks[0].start() != 0:
        raise ValueError("a text with plural forms begins with one of [one] [few] [many] [other]")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    forms = {mark[1]: text[mark.end() : end].removesuffix("\n") for mark, end in zip(marks, ends, strict=True)}
    if "other" not in forms:
        raise ValueError("the form [other] is missing")
    return forms


def join_forms(forms: Mapping[str, str]) -> str:
    """Write plural forms as one text, the reverse of `plural_forms`."""
    return "\n".join(f"[{category}] {text}" for category, text in forms.items())


class Catalogue:
    """All texts of all languages, checked."""

    def __init__(self, entries: Mapping[str, Mapping[Text, TextEntry]]) -> None:
        self._entries = entries
        self.languages: tuple[str, ...] = tuple(sorted(entries, key=lambda code: (code != FALLBACK_LANGUAGE, code)))

    def entry(self, key: Text, language: str) -> TextEntry:
        """Return a text's entry; a language that the catalogue does not have gives the English one."""
        return self._entries.get(language, self._entries[FALLBACK_LANGUAGE])[key]

    def language_of_locale(self, locale: str) -> str | None:
        """Return the catalogue's language for a Discord locale such as `pt-BR`, or None when there is none."""
        if locale in self._entries:
            return locale
        short = locale.partition("-")[0]
        return short if short in self._entries else None


def _read_area(path: Path) -> dict[str, TextEntry]:
    entries: dict[str, TextEntry] = {}
    for key, value in load(path, "texts").items():
        text: Any = value["text"]
        plural = value.get("plural")
        if isinstance(text, dict):
            text = join_forms(text)  # pyright: ignore[reportUnknownArgumentType]
        parameters: dict[str, str] = value.get("parameters", {})
        entry = TextEntry(text, value["description"], parameters, plural)
        unknown = parameters_of(entry.text) - parameters.keys()
        if unknown:
            raise ConfigError(path, key, f"uses parameters that are not described: {', '.join(sorted(unknown))}")
        if (plural is not None) != isinstance(value["text"], dict) or (plural is not None and plural not in parameters):
            raise ConfigError(path, key, "plural forms and the parameter that chooses them belong together")
        entries[key] = entry
    return entries


def _read_language(folder: Path, language: str) -> dict[Text, TextEntry]:
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ConfigError(folder, language, "the folder's name is not a language code") from error
    found: dict[Text, TextEntry] = {}
    for path in sorted(folder.glob("*.json")):
        for name, entry in _read_area(path).items():
            if name not in KNOWN:
                raise ConfigError(path, name, "no text of this name is known; run `python -m config.text_enum`")
            if Text(name) in found:
                raise ConfigError(path, name, "the text stands in two files")
            found[Text(name)] = entry
    for path in sorted((DATA / "long_texts" / language).glob("*.md")):
        if path.stem not in KNOWN:
            raise ConfigError(path, path.stem, "no text of this name is known; run `python -m config.text_enum`")
        heading, _, body = path.read_text("utf-8").partition("\n")
        found[Text(path.stem)] = TextEntry(body.strip(), heading.strip("<!- >"))
    return found


def load_catalogue(folder: Path = DATA / "texts") -> Catalogue:
    """Read all languages. Raises `ConfigError` when a text is missing somewhere or its parameters differ."""
    languages = {path.name: _read_language(path, path.name) for path in sorted(folder.iterdir()) if path.is_dir()}
    if FALLBACK_LANGUAGE not in languages:
        raise ConfigError(folder, FALLBACK_LANGUAGE, "the English texts are missing")
    english = languages[FALLBACK_LANGUAGE]
    for language, entries in languages.items():
        for key in Text:
            if key not in entries:
                raise ConfigError(folder / language, key.value, "the text is missing")
            if entries[key].parameters.keys() != english[key].parameters.keys() or entries[key].plural != english[key].plural:
                raise ConfigError(folder / language, key.value, "the parameters differ from those of the English text")
    return Catalogue(languages)


@cache
def catalogue() -> Catalogue:
    """Return the project's catalogue, read once."""
    return load_catalogue()
