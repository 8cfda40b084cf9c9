"""Events as paragraphs: what happened, who did it and when, and under it the fields."""

from collections.abc import Iterable, Mapping
from typing import Final

from components.log.values import field_name, shown_value, type_name
from config.guild_settings import GuildSettings
from facades.operations.log_pages import LoggedEvent, LogPage
from util.event_fields import EVENT_FIELDS
from util.markdown import quote
from util.phrases import user_mention
from util.texts import Text

ROOM: Final = 3_600
"""What the paragraphs of a page may take of an embed's 4,096 characters; the rest is for the lines around them."""
_LENGTHS: Final = (300, 150, 80, 40, 20, 8)
"""How long a value may be, tried one after the other until a page fits."""


def event_entries(log: LogPage, settings: GuildSettings, language: str, room: int = ROOM) -> tuple[str, ...]:
    """Write the events of a page, with values as long as all of them together allow."""
    for longest in _LENGTHS:
        entries = tuple(_entry(event, settings, language, longest, log.requests) for event in log.page.rows)
        if sum(len(entry) + 1 for entry in entries) <= room:
            return entries
    return tuple(_heading(event, settings, language) for event in log.page.rows)


def _entry(event: LoggedEvent, settings: GuildSettings, language: str, longest: int, requests: Mapping[int, str]) -> str:
    heading = _heading(event, settings, language)
    if not event.fields:
        return heading
    fields = [
        settings.say(
            Text.LOG_FIELD, language, field=field_name(name), value=shown_value(name, event.fields[name], longest, requests)
        )
        for name in _ordered(event)
    ]
    return f"{heading}\n{quote(' · '.join(fields))}"


def _heading(event: LoggedEvent, settings: GuildSettings, language: str) -> str:
    actor = Text.LOG_BOT if event.actor_id is None else user_mention(event.actor_id)
    return settings.say(Text.LOG_ENTRY, language, event=type_name(event.type), actor=actor, at=event.at)


def _ordered(event: LoggedEvent) -> Iterable[str]:
    known = [name for name in EVENT_FIELDS[event.type] if name in event.fields]
    return [*known, *sorted(event.fields.keys() - set(known))]
