"""Tell what a text is for, where it is used and what it says, by default and in a guild."""

from dataclasses import dataclass

from config.text_rules import marks_of
from config.text_usage import Place, limit_of, places_of
from config.texts import TextEntry, catalogue
from facades.app import App
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import Flag
from util.markdown import shorten
from util.texts import Text

_LONGEST_SHOWN = 100


@dataclass(frozen=True)
class TextVersion:
    """A text in one language. `is_edited`: the guild has changed it."""

    language: str
    current: str
    default: str
    is_edited: bool


@dataclass(frozen=True)
class TextDetails:
    """A text. `entry`: its entry in the asker's language; `forms`: the marks of its plural forms there, if it has any."""

    key: Text
    entry: TextEntry
    places: tuple[Place, ...]
    limit: int
    forms: str | None
    versions: tuple[TextVersion, ...]


async def describe_text(app: App, *, actor: Actor, name: str) -> TextDetails:
    """Return a text of the actor's guild. Raises `Forbidden` or `NotFound`."""
    actor.require(Flag.ADMIN)
    key = find_text(name)
    settings = await app.guild(actor.guild_id)
    entry = catalogue().entry(key, actor.language)
    versions = tuple(
        TextVersion(
            language,
            current=settings.template(key, language),
            default=catalogue().entry(key, language).text,
            is_edited=(key, language) in settings.texts,
        )
        for language in catalogue().languages
    )
    forms = None if entry.plural is None else marks_of(known_language(actor.language))
    return TextDetails(key, entry, places_of(key), limit_of(key)[1], forms, versions)


def find_text(name: str) -> Text:
    """Return the text of a key that somebody typed. Raises `NotFound`."""
    try:
        return Text(name.strip().lower())
    except ValueError as error:
        raise NotFound(Text.TEXT_UNKNOWN, name=shorten(name, _LONGEST_SHOWN)) from error


def known_language(language: str) -> str:
    """Return a language of the catalogue: the one given, or the first."""
    return language if language in catalogue().languages else catalogue().languages[0]
