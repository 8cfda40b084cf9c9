"""Lift restrictions of the active log filter."""

from dataclasses import replace
from enum import StrEnum

from facades.app import App
from facades.operations.log_filter import FilterChange, LogFilter, change_active
from util.actor import Actor
from util.errors import Refused
from util.texts import Text


class Part(StrEnum):
    """What of a filter is lifted."""

    TYPE = "type"
    USER = "user"
    FIELDS = "fields"
    ALL = "all"


class NothingToLift(Refused):
    """The active filter restricts nothing of the kind."""

    def __init__(self) -> None:
        super().__init__(Text.LOG_NOTHING_TO_LIFT)


async def lift_log_restrictions(app: App, *, actor: Actor, part: Part) -> FilterChange:
    """Lift one part of the actor's active filter, or all of it. Raises `Forbidden` or `NothingToLift`."""

    def lift(before: LogFilter) -> LogFilter:
        after = _lifted(before, part)
        if after == before:
            raise NothingToLift
        return after

    return await change_active(app, actor=actor, change=lift)


def _lifted(before: LogFilter, part: Part) -> LogFilter:
    match part:
        case Part.TYPE:
            return replace(before, event_type=None)
        case Part.USER:
            return replace(before, user_id=None)
        case Part.FIELDS:
            return replace(before, fields={})
        case Part.ALL:
            return LogFilter()
