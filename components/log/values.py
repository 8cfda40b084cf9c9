"""Values of events' fields in a reader's language: mentions, links, times, words."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from config.guild_settings import GuildSettings
from facades.requests.wording import verdict_name
from util.event_fields import FIELD_KINDS, INTEGERS, FieldKind
from util.identifiers import EventType, Verdict
from util.markdown import inline_code, shorten
from util.phrases import Phrase, Raw, Value, channel_mention, link, role_mention, user_mention
from util.plain_text import fit_plain
from util.texts import Text

_SHORTEST: Final = 8
_SNOWFLAKE: Final = 2**63
_MENTIONS: Final = {FieldKind.ROLE: role_mention, FieldKind.CHANNEL: channel_mention}


def type_name(event_type: EventType) -> Text:
    """Return the name of a type of event."""
    return Text(f"event.{event_type.value}.name")


def field_name(name: str) -> Text | Raw:
    """Return the name of a field; one that this release does not know keeps its key."""
    return Text(f"event.field.{name}") if name in FIELD_KINDS else Raw(inline_code(name))


def shown_value(name: str, value: Any, longest: int, requests: Mapping[int, str] | None = None) -> Value:
    """Return a field's value for a message, a text in it shortened to `longest` characters. `requests`: addresses of cards."""
    kind = FIELD_KINDS.get(name, FieldKind.TEXT)
    if value is None:
        return Text.LOG_VALUE_ENDLESS if kind is FieldKind.ENDING else Text.LOG_VALUE_NONE
    if isinstance(value, bool):
        return Text.LOG_VALUE_YES if value else Text.LOG_VALUE_NO
    if isinstance(value, int) and kind in INTEGERS:
        return _shown_number(kind, value, requests or {})
    if isinstance(value, str):
        return _shown_text(kind, value, max(longest, _SHORTEST))
    return Raw(inline_code(shorten(json.dumps(value, ensure_ascii=False), max(longest, _SHORTEST))))


def value_label(name: str, value: Any, settings: GuildSettings, language: str) -> str:
    """Return a field's value for a list of choices, which shows neither markdown nor mentions."""
    shown = shown_value(name, value, 90)
    if isinstance(shown, Text | Phrase):
        return settings.label(shown, language)
    return str(value) if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)


def _shown_number(kind: FieldKind, value: int, requests: Mapping[int, str]) -> Value:
    if kind is FieldKind.USER and -_SNOWFLAKE < value < _SNOWFLAKE and value:
        return user_mention(value)
    if kind in _MENTIONS and 0 < value < _SNOWFLAKE:
        return _MENTIONS[kind](value)
    if kind is FieldKind.REQUEST:
        return link(f"#{value}", requests[value]) if value in requests else Raw(f"#{value}")
    return Raw(inline_code(str(value))) if kind is FieldKind.LEVEL else value


def _shown_text(kind: FieldKind, value: str, longest: int) -> Value:
    if kind is FieldKind.VERDICT and value in set(Verdict):
        return verdict_name(Verdict(value))
    if kind in {FieldKind.MOMENT, FieldKind.ENDING}:
        moment = _moment(value)
        if moment is not None:
            return moment
    if kind is FieldKind.KEY:
        return Raw(inline_code(shorten(value, longest)))
    line = " ".join(value.split())
    return Raw(fit_plain(line, longest)) if line else Text.LOG_VALUE_EMPTY


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment
