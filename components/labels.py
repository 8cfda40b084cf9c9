"""Texts for places where Discord limits the length: a guild may have written anything there."""

from config.guild_settings import GuildSettings
from util.markdown import shorten
from util.phrases import Phrase, Value
from util.texts import Text

BUTTON_LABEL = 80
FORM_TITLE = 45
FIELD_LABEL = 45
FIELD_DESCRIPTION = 100
_NOTHING = "\N{HORIZONTAL ELLIPSIS}"


def short_label(settings: GuildSettings, what: Phrase | Text, language: str, limit: int, **parameters: Value) -> str:
    """Return a label of at most `limit` characters and at least one."""
    return shorten(settings.label(what, language, **parameters).strip(), limit) or _NOTHING


def button_label(settings: GuildSettings, key: Text, language: str) -> str:
    """Return what a button says."""
    return short_label(settings, key, language, BUTTON_LABEL)


def form_title(settings: GuildSettings, key: Text, language: str, *, level: str) -> str:
    """Return a form's title that names a level; of a long one the name is shortened, not what the form is for."""
    bare = len(settings.label(key, language, level=""))
    name = shorten(level, max(8, FORM_TITLE - bare))
    return short_label(settings, key, language, FORM_TITLE, level=name)
