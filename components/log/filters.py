"""Filters in words."""

from typing import Final

import discord

from components.log.values import field_name, shown_value, type_name
from components.pages.turning import COLOUR
from config.guild_settings import GuildSettings
from facades.operations.describe_log_filter import DescribedFilter
from facades.operations.log_filter import BOT, LogFilter
from facades.operations.saved_filters import KeptFilter
from util.event_fields import EVENT_FIELDS
from util.markdown import shorten
from util.phrases import Phrase, Raw, Value, phrase, user_mention
from util.texts import Text

SUMMARY_LENGTH: Final = 300
_ROOM: Final = 4_000
_LENGTHS: Final = (1_000, 300, 100, 30, 8)
_TITLE_LENGTH: Final = 256


def filter_embed(found: DescribedFilter, settings: GuildSettings, language: str) -> discord.Embed:
    """Describe a filter: the active one, or a saved one with who saved it and when."""
    lines = "\n".join(filter_lines(found.filter, settings, language))
    if found.saved is None:
        title = settings.label(Text.LOG_FILTER_TITLE, language)
    else:
        title = settings.label(Text.LOG_FILTER_SAVED_TITLE, language, name=found.saved.name)
        saved = phrase(Text.LOG_FILTER_SAVED, user=user_mention(found.saved.saved_by), at=found.saved.saved_at)
        lines = f"{lines}\n\n{settings.say(saved, language)}"
    return discord.Embed(title=shorten(title, _TITLE_LENGTH), description=lines, colour=COLOUR)


def kept_embed(kept: KeptFilter, settings: GuildSettings, language: str) -> discord.Embed:
    """Describe a saved filter."""
    return filter_embed(DescribedFilter(kept.filter, kept), settings, language)


def active_embed(active: LogFilter, settings: GuildSettings, language: str) -> discord.Embed:
    """Describe the filter with which somebody works."""
    return filter_embed(DescribedFilter(active), settings, language)


def filter_lines(described: LogFilter, settings: GuildSettings, language: str) -> list[str]:
    """Say what a filter restricts, a line for each restriction, with values as long as all of them together allow."""
    if described.is_empty:
        return [settings.say(Text.LOG_FILTER_EMPTY, language)]
    lines: list[str] = []
    for longest in _LENGTHS:
        lines = [settings.say(one, language) for one in _restrictions(described, longest)]
        if sum(len(line) + 1 for line in lines) <= _ROOM:
            break
    return lines


def filter_summary(described: LogFilter, settings: GuildSettings, language: str) -> Raw:
    """Say in a line what a filter restricts."""
    if described.is_empty:
        return Raw(settings.say(Text.LOG_FILTER_EMPTY, language))
    shown = [settings.say(one, language) for one in _restrictions(described, 40)]
    kept: list[str] = []
    for one in shown:
        if len(" · ".join([*kept, one])) > SUMMARY_LENGTH:
            kept.append("\N{HORIZONTAL ELLIPSIS}")
            break
        kept.append(one)
    return Raw(" · ".join(kept))


def user_value(user_id: int | None) -> Value:
    """Return who did it as a filter means it."""
    if user_id is None:
        return Text.LOG_UNRESTRICTED
    return Text.LOG_BOT if user_id == BOT else user_mention(user_id)


def fields_value(names: tuple[str, ...], settings: GuildSettings, language: str) -> Raw:
    """Name fields one after the other."""
    return Raw(", ".join(_said(field_name(name), settings, language) for name in names))


def _said(name: Text | Raw, settings: GuildSettings, language: str) -> str:
    return name.text if isinstance(name, Raw) else settings.say(name, language)


def _restrictions(described: LogFilter, longest: int) -> list[Phrase | Text]:
    found: list[Phrase | Text] = []
    if described.event_type is not None:
        found.append(phrase(Text.LOG_FILTER_TYPE, event=type_name(described.event_type)))
    if described.user_id is not None:
        found.append(phrase(Text.LOG_FILTER_USER, user=user_value(described.user_id)))
    found += [
        phrase(Text.LOG_FIELD, field=field_name(name), value=shown_value(name, value, longest))
        for name, value in described.fields.items()
    ]
    if not any(described.fields.keys() <= set(fields) for fields in EVENT_FIELDS.values()):
        found.append(Text.LOG_FILTER_IMPOSSIBLE)
    return found
