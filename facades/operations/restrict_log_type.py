"""Let the active log filter show one type of event only."""

from dataclasses import dataclass, replace

from config.guild_settings import GuildSettings
from facades.app import App
from facades.operations.log_filter import FilterChange, LogFilter, change_active
from util.actor import Actor
from util.errors import BadInput
from util.event_fields import EVENT_FIELDS
from util.identifiers import EventType, Flag
from util.texts import Text


@dataclass(frozen=True)
class TypeRestricted:
    """The change, and the fields whose restrictions were lifted because such events do not have them."""

    change: FilterChange
    dropped: tuple[str, ...]


async def restrict_log_type(app: App, *, actor: Actor, event_type: str) -> TypeRestricted:
    """Show only events of a type, named by its key or in the actor's language. Raises `Forbidden` or `BadInput`.

    Restrictions of fields that such events do not have are lifted: with them, nothing at all could be found.
    """
    actor.require(Flag.LOG_VIEWER)
    wanted = _read_type(event_type, await app.guild(actor.guild_id), actor.language)

    def restrict(before: LogFilter) -> LogFilter:
        foreign = [name for name in before.fields if name not in EVENT_FIELDS[wanted]]
        return replace(before.without_fields(*foreign), event_type=wanted)

    change = await change_active(app, actor=actor, change=restrict)
    return TypeRestricted(change, tuple(name for name in change.before.fields if name not in change.after.fields))


def _read_type(typed: str, settings: GuildSettings, language: str) -> EventType:
    wanted = typed.strip().casefold()
    for event_type in EventType:
        if wanted in {event_type.value, settings.label(Text(f"event.{event_type.value}.name"), language).casefold()}:
            return event_type
    raise BadInput(Text.LOG_UNKNOWN_TYPE, value=typed[:100])
