"""What is suggested while somebody types an option of `/log …`."""

from typing import Any

from components.autocomplete import CHOICE_LENGTH, Suggestion
from components.log.values import type_name, value_label
from facades.app import App
from facades.operations.describe_log_filter import describe_log_filter
from facades.operations.suggest_log_filters import suggest_log_filters
from facades.operations.suggest_log_values import suggest_log_fields, suggest_log_values
from util.actor import Actor
from util.canonical import canonical
from util.identifiers import EventType, Flag
from util.texts import Text


async def suggest_types(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> list[Suggestion]:
    """Suggest the types of events."""
    actor.require(Flag.LOG_VIEWER)
    settings = await app.guild(actor.guild_id)
    named = [(one.value, settings.label(type_name(one), actor.language)) for one in EventType]
    return sorted(named, key=lambda one: one[1].casefold())


async def suggest_fields(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> list[Suggestion]:
    """Suggest the fields of the type that the active filter shows."""
    return await _named_fields(app, actor, await suggest_log_fields(app, actor=actor))


async def suggest_restricted_fields(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> list[Suggestion]:
    """Suggest the fields that the active filter restricts."""
    found = await describe_log_filter(app, actor=actor)
    return await _named_fields(app, actor, tuple(found.filter.fields))


async def suggest_values(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> list[Suggestion]:
    """Suggest values of the field that is filled in already, as JSON, so that what is picked means exactly that value."""
    name = str(filled.get("key") or "")
    field, values = await suggest_log_values(app, actor=actor, key=name)
    settings = await app.guild(actor.guild_id)
    suggested = [(canonical(value), value_label(field, value, settings, actor.language)) for value in values]
    # Discord takes no longer values; those can still be typed.
    return [one for one in suggested if len(one[0]) <= CHOICE_LENGTH]


async def suggest_filters(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> list[Suggestion]:
    """Suggest the guild's saved filters."""
    return [(name, name) for name in await suggest_log_filters(app, actor=actor)]


async def _named_fields(app: App, actor: Actor, names: tuple[str, ...]) -> list[Suggestion]:
    settings = await app.guild(actor.guild_id)
    return [(name, settings.label(Text(f"event.field.{name}"), actor.language)) for name in names]
