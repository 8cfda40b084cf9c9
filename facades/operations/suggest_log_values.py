"""Suggest what a field of an event may be restricted to."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from db.queries.events import recent_events
from facades.app import App
from facades.operations.log_filter import load_active, read_field
from facades.transaction import JsonValue
from util.actor import Actor
from util.canonical import canonical
from util.event_fields import EVENT_FIELDS, FIELD_KINDS, FieldKind, types_with
from util.identifiers import Flag, Module, Parameter, Route, Verdict

MOST_OF_ONE_TYPE: Final = 200
MOST_OF_ALL_TYPES: Final = 400
_KEYS: Final[dict[str, type[StrEnum]]] = {"flag": Flag, "route": Route, "parameter": Parameter, "module": Module}


async def suggest_log_fields(app: App, *, actor: Actor) -> tuple[str, ...]:
    """Return the fields of the type that the active filter shows, of all types without one. Raises `Forbidden`."""
    actor.require(Flag.LOG_VIEWER)
    async with app.reading() as session:
        active = await load_active(session, actor)
    return tuple(sorted(FIELD_KINDS)) if active.event_type is None else EVENT_FIELDS[active.event_type]


async def suggest_log_values(app: App, *, actor: Actor, key: str) -> tuple[str, tuple[JsonValue, ...]]:
    """Return the field that is meant and values of it: all where they are few, else those of the newest events first.

    Raises `Forbidden`, or `BadInput` for no field of ours.
    """
    actor.require(Flag.LOG_VIEWER)
    name = read_field(key, await app.guild(actor.guild_id), actor.language)
    async with app.reading() as session:
        active = await load_active(session, actor)
        types = types_with(name) if active.event_type is None else (active.event_type,)
        most = min(MOST_OF_ONE_TYPE, MOST_OF_ALL_TYPES // max(1, len(types)))
        recent = [event for one in types for event in await recent_events(session, actor.guild_id, one, most=most)]
    recent.sort(key=lambda event: -event.id)
    seen = [event.fields[name] for event in recent if name in event.fields]
    return name, _distinct([*_fixed(name), *seen])


def _fixed(name: str) -> list[JsonValue]:
    kind = FIELD_KINDS[name]
    if kind is FieldKind.BOOL:
        return [True, False]
    if kind is FieldKind.VERDICT:
        return [verdict.value for verdict in Verdict]
    return [key.value for key in _KEYS.get(name, ())]


def _distinct(values: Iterable[JsonValue]) -> tuple[JsonValue, ...]:
    return tuple({canonical(value): value for value in values}.values())
