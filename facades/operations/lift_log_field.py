"""Lift the restriction of one field of the active log filter."""

from dataclasses import dataclass

from facades.app import App
from facades.operations.lift_log_restrictions import NothingToLift
from facades.operations.log_filter import FilterChange, LogFilter, change_active, read_field
from facades.transaction import JsonValue
from util.actor import Actor
from util.identifiers import Flag


@dataclass(frozen=True)
class FieldLifted:
    """The change, and the value that the field was restricted to."""

    change: FilterChange
    name: str
    old: JsonValue


async def lift_log_field(app: App, *, actor: Actor, key: str) -> FieldLifted:
    """Lift a field's restriction. Raises `Forbidden`, `BadInput` for no field of ours, or `NothingToLift`."""
    actor.require(Flag.LOG_VIEWER)
    name = read_field(key, await app.guild(actor.guild_id), actor.language)

    def lift(before: LogFilter) -> LogFilter:
        if name not in before.fields:
            raise NothingToLift
        return before.without_fields(name)

    change = await change_active(app, actor=actor, change=lift)
    return FieldLifted(change, name, change.before.fields[name])
