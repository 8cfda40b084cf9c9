"""Let the active log filter show only events with one value of a field."""

from dataclasses import dataclass

from facades.app import App
from facades.operations.log_filter import FilterChange, LogFilter, change_active, read_field, read_value
from facades.transaction import JsonValue
from util.actor import Actor
from util.errors import Refused
from util.event_fields import EVENT_FIELDS
from util.identifiers import EventType, Flag
from util.phrases import Raw
from util.texts import Text


@dataclass(frozen=True)
class FieldRestricted:
    """The change. `old` is the value that the field was restricted to before, if it was (`replaced`)."""

    change: FilterChange
    name: str
    value: JsonValue
    replaced: bool
    old: JsonValue = None


class TypeLacksField(Refused):
    """Events of the chosen type do not have this field."""

    def __init__(self, event_type: EventType, name: str) -> None:
        has = Raw(", ".join(f"`{one}`" for one in EVENT_FIELDS[event_type]) or "\N{EM DASH}")
        event, field = Text(f"event.{event_type.value}.name"), Text(f"event.field.{name}")
        super().__init__(Text.LOG_TYPE_LACKS_FIELD, event=event, field=field, fields=has)


async def restrict_log_field(app: App, *, actor: Actor, key: str, value: str) -> FieldRestricted:
    """Show only events in which a field has exactly a value. Raises `Forbidden`, `BadInput` or `TypeLacksField`.

    `key` is the field's key or its name in the actor's language; how `value` is read: `log_filter.read_value`.
    """
    actor.require(Flag.LOG_VIEWER)
    name = read_field(key, await app.guild(actor.guild_id), actor.language)
    meant = read_value(name, value)

    def restrict(before: LogFilter) -> LogFilter:
        if before.event_type is not None and name not in EVENT_FIELDS[before.event_type]:
            raise TypeLacksField(before.event_type, name)
        return before.with_field(name, meant)

    change = await change_active(app, actor=actor, change=restrict)
    return FieldRestricted(change, name, meant, name in change.before.fields, change.before.fields.get(name))
