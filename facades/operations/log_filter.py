"""Filters over the event log: what they hold, how they are stored, and how what people type is read into them."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from config.guild_settings import GuildSettings
from db.locks import lock_guild
from db.models import ActiveFilter
from db.queries.events import Wanted
from db.upsert import upsert
from facades.app import App
from facades.transaction import JsonValue
from util.actor import Actor
from util.canonical import canonical
from util.errors import BadInput, Conflict
from util.event_fields import FIELD_KINDS, INTEGERS, FieldKind
from util.identifiers import EventType, Flag
from util.texts import Text

BOT: Final = 0
"""Stands for the bot itself where a filter names who did something."""
_FINGERPRINT_LENGTH: Final = 8
_NUMBER = re.compile(r"(?:<(?:@[!&]?|#)(?P<mentioned>[0-9]{1,19})>|#?(?P<plain>-?[0-9]{1,19}))")
_TRUTH: Final = {"true": True, "yes": True, "да": True, "false": False, "no": False, "нет": False}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class FilterChangedMeanwhile(Conflict):
    """The active or the saved filter is not the one that the person was shown."""

    def __init__(self) -> None:
        super().__init__(Text.LOG_CHANGED_MEANWHILE)


@dataclass(frozen=True)
class LogFilter:
    """What events must have to be shown, all of it. `fields` holds values as JSON; empty parts restrict nothing."""

    event_type: EventType | None = None
    user_id: int | None = None
    fields: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    @property
    def is_empty(self) -> bool:
        """Whether it lets every event through."""
        return self == LogFilter()

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        event_type = None if self.event_type is None else self.event_type.value
        return {"type": event_type, "user": self.user_id, "fields": dict(self.fields)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "LogFilter":
        """Read it as it was stored. Raises `ValueError` for a type of event that this release does not know."""
        event_type = None if stored.get("type") is None else EventType(stored["type"])
        return cls(event_type, stored.get("user"), dict(sorted(stored.get("fields", {}).items())))

    def with_field(self, name: str, value: JsonValue) -> "LogFilter":
        """Return it with one field restricted to a value, in place of an earlier one."""
        return replace(self, fields=dict(sorted({**self.fields, name: value}.items())))

    def without_fields(self, *names: str) -> "LogFilter":
        """Return it without the restrictions of some fields."""
        return replace(self, fields={name: value for name, value in self.fields.items() if name not in names})

    def wanted(self, guild_id: int) -> Wanted:
        """Return what to look for in a guild's log."""
        return Wanted(
            guild_id,
            types=() if self.event_type is None else (self.event_type,),
            of_actor=self.user_id is not None,
            actor_id=None if self.user_id == BOT else self.user_id,
            fields=self.fields,
        )


@dataclass(frozen=True)
class FilterChange:
    """The active filter before and after a command."""

    before: LogFilter
    after: LogFilter


def fingerprint(*parts: Any) -> str:
    """Return a short text that is another one for other values: it tells whether something is still what was shown."""
    text = canonical([part.to_json() if isinstance(part, LogFilter) else str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


async def load_active(session: AsyncSession, actor: Actor) -> LogFilter:
    """Return the filter with which a member works; at the start it is empty."""
    row = await session.get(ActiveFilter, (actor.guild_id, actor.user_id))
    return LogFilter() if row is None else LogFilter.from_json(row.filter)


async def store_active(session: AsyncSession, actor: Actor, made: LogFilter) -> None:
    """Let a member work with a filter from now on."""
    if made.is_empty:
        own = (col(ActiveFilter.guild_id) == actor.guild_id, col(ActiveFilter.user_id) == actor.user_id)
        await session.exec(delete(ActiveFilter).where(*own))
        return
    key = {"guild_id": actor.guild_id, "user_id": actor.user_id}
    await upsert(session, ActiveFilter, key, {"filter": made.to_json()})


async def change_active(app: App, *, actor: Actor, change: Callable[[LogFilter], LogFilter]) -> FilterChange:
    """Put another filter in place of the actor's active one. Raises `Forbidden` and what `change` raises."""
    actor.require(Flag.LOG_VIEWER)
    async with app.transaction(actor.guild_id) as tx:
        await lock_guild(tx.session, tx.guild_id)
        before = await load_active(tx.session, actor)
        after = change(before)
        await store_active(tx.session, actor, after)
    return FilterChange(before, after)


def read_field(typed: str, settings: GuildSettings, language: str) -> str:
    """Return the field that somebody means by its key or its name in their language. Raises `BadInput`."""
    wanted = typed.strip().casefold()
    for name in FIELD_KINDS:
        if wanted in {name, settings.label(Text(f"event.field.{name}"), language).casefold()}:
            return name
    raise BadInput(Text.LOG_UNKNOWN_FIELD, value=typed[:100])


def read_value(name: str, typed: str) -> JsonValue:
    """Return the one JSON value that somebody means for a field. Raises `BadInput`.

    `null` and JSON strings in quotes are taken as such; beyond that the field's kind decides, so `128` is a number for a level
    and a string for a text.
    """
    kind, word = FIELD_KINDS[name], typed.strip()
    if word == "null":
        return None
    if kind in INTEGERS:
        match = _NUMBER.fullmatch(word)
        if match is None:
            raise BadInput(Text.LOG_VALUE_NO_NUMBER, value=word[:100])
        return int(match["mentioned"] or match["plain"])
    if kind is FieldKind.BOOL:
        if word.casefold() not in _TRUTH:
            raise BadInput(Text.LOG_VALUE_NO_TRUTH, value=word[:100])
        return _TRUTH[word.casefold()]
    value = _json_string(word)
    value = typed if value is None else value
    if _UNSTORABLE.search(value):
        raise BadInput(Text.LOG_VALUE_UNUSABLE)
    return value


def _json_string(word: str) -> str | None:
    if not word.startswith('"'):
        return None
    try:
        return str(json.loads(word))
    except ValueError:
        return None
