"""Write events down as messages of the log channel: a line for people, then the details as YAML."""

from collections.abc import Sequence
from typing import Any

import yaml

from config.guild_settings import GuildSettings
from db.models import Event
from util.markdown import code_block, shorten
from util.phrases import user_mention
from util.splitting import MESSAGE_LIMIT
from util.texts import Text

LONGEST_VALUE = 1_000
SHORTEST_VALUE = 8
LONGEST_HEADING = 300


def event_text(event: Event) -> Text:
    """Return the text that names an event's type."""
    return Text(f"event.{event.type.value}.name")


def write_entries(events: Sequence[Event], settings: GuildSettings, language: str) -> str:
    """Write events as one message; each gets its share of the message where they do not fit otherwise."""
    whole = "\n".join(write_entry(event, settings, language) for event in events)
    if len(whole) <= MESSAGE_LIMIT:
        return whole
    share = (MESSAGE_LIMIT + 1) // len(events) - 1
    return "\n".join(write_entry(event, settings, language, share) for event in events)


def write_entry(event: Event, settings: GuildSettings, language: str, limit: int = MESSAGE_LIMIT) -> str:
    """Write an event in at most `limit` characters, shortening its longest values first."""
    heading = _heading(event, settings, language)
    longest = LONGEST_VALUE
    while longest >= SHORTEST_VALUE:
        entry = f"{heading}\n{code_block(_yaml(event, longest), 'yaml')}"
        if len(entry) <= limit:
            return entry
        longest //= 2
    return shorten(heading, limit)


def _heading(event: Event, settings: GuildSettings, language: str) -> str:
    actor = user_mention(event.actor_id) if event.actor_id is not None else Text.LOG_BOT
    said = settings.say(Text.LOG_ENTRY, language, event=event_text(event), actor=actor, at=event.at)
    return shorten(said, LONGEST_HEADING)


def _yaml(event: Event, longest: int) -> str:
    details: dict[str, Any] = {
        "type": event.type.value,
        "actor": event.actor_id if event.actor_id is not None else "bot",
        "time": event.at.replace(microsecond=0),
    }
    details |= {key: _shown(event.fields[key], longest) for key in sorted(event.fields)}
    written = yaml.safe_dump(details, allow_unicode=True, sort_keys=False, width=MESSAGE_LIMIT * 2)
    return written.rstrip("\n")


def _shown(value: Any, longest: int) -> Any:
    return shorten(value, longest) if isinstance(value, str) else value
