"""Which fields each type of event has, and what kind of value each field holds.

A name means the same wherever it stands, so one table says its kind. A test compares this with what the actions log.
"""

from enum import StrEnum
from typing import Final

from util.identifiers import EventType


class FieldKind(StrEnum):
    """What a field's value is: how it is shown, and how what people type for it is read. Any of them may be null.

    `MOMENT` and `ENDING` (null: endless) are ISO 8601, `KEY` is one of the bot's own names.
    """

    USER = "user"
    ROLE = "role"
    CHANNEL = "channel"
    REQUEST = "request"
    LEVEL = "level"
    NUMBER = "number"
    BOOL = "bool"
    MOMENT = "moment"
    ENDING = "ending"
    VERDICT = "verdict"
    KEY = "key"
    TEXT = "text"


INTEGERS: Final = frozenset(
    {FieldKind.USER, FieldKind.ROLE, FieldKind.CHANNEL, FieldKind.REQUEST, FieldKind.LEVEL, FieldKind.NUMBER}
)
"""Kinds whose values are whole numbers."""

FIELD_KINDS: Final[dict[str, FieldKind]] = {
    "approved": FieldKind.BOOL,
    "approved_reviews": FieldKind.NUMBER,
    "assessed_reviews": FieldKind.NUMBER,
    "author_id": FieldKind.USER,
    "automatic": FieldKind.BOOL,
    "changed": FieldKind.KEY,
    "channels": FieldKind.TEXT,
    "creator_name": FieldKind.TEXT,
    "enabled": FieldKind.BOOL,
    "ends_at": FieldKind.ENDING,
    "feedback": FieldKind.TEXT,
    "flag": FieldKind.KEY,
    "flags": FieldKind.TEXT,
    "language": FieldKind.KEY,
    "leftovers": FieldKind.TEXT,
    "level_id": FieldKind.LEVEL,
    "level_name": FieldKind.TEXT,
    "module": FieldKind.KEY,
    "new_channel_id": FieldKind.CHANNEL,
    "new_roles": FieldKind.TEXT,
    "new_value": FieldKind.TEXT,
    "old_channel_id": FieldKind.CHANNEL,
    "old_ends_at": FieldKind.ENDING,
    "old_roles": FieldKind.TEXT,
    "rows": FieldKind.NUMBER,
    "snapshot_at": FieldKind.MOMENT,
    "scheduled": FieldKind.BOOL,
    "old_value": FieldKind.TEXT,
    "parameter": FieldKind.KEY,
    "pending": FieldKind.NUMBER,
    "preference": FieldKind.KEY,
    "reason": FieldKind.TEXT,
    "replaced": FieldKind.BOOL,
    "request_id": FieldKind.REQUEST,
    "requests": FieldKind.NUMBER,
    "reviews": FieldKind.NUMBER,
    "review_id": FieldKind.NUMBER,
    "role_id": FieldKind.ROLE,
    "roles": FieldKind.TEXT,
    "route": FieldKind.KEY,
    "template": FieldKind.KEY,
    "since": FieldKind.MOMENT,
    "status": FieldKind.KEY,
    "trainee_id": FieldKind.USER,
    "user_id": FieldKind.USER,
    "verdict": FieldKind.VERDICT,
}

PEOPLE: Final = frozenset(name for name, kind in FIELD_KINDS.items() if kind is FieldKind.USER)
"""Fields that name a member."""
WRITTEN: Final = frozenset({"feedback", "reason"})
"""Fields with what the one who acted wrote; the other texts are names and settings."""
TYPED_VALUES: Final = frozenset({"new_value", "old_value"})
"""Fields with a value in stored form, which for some parameters is a member's id."""

_COOLDOWN: Final = ("old_ends_at", "ends_at", "reason", "request_id")
_JUDGEMENT: Final = ("request_id", "level_id", "verdict", "reason", "review_id")
_PROBATION: Final = ("trainee_id", "assessed_reviews", "approved_reviews", "since")
_QUEUE: Final = ("automatic", "pending")

EVENT_FIELDS: Final[dict[EventType, tuple[str, ...]]] = {
    EventType.TEXT_EDITED: ("template", "language", "old_value", "new_value"),
    EventType.TEXT_RESET: ("template", "language", "old_value", "new_value"),
    EventType.ROUTE_CHANNEL_SET: ("route", "old_channel_id", "new_channel_id"),
    EventType.ROUTE_CHANNEL_RESET: ("route", "old_channel_id", "new_channel_id"),
    EventType.ROUTE_TOGGLED: ("route", "enabled"),
    EventType.PARAMETER_SET: ("parameter", "old_value", "new_value"),
    EventType.PARAMETER_RESET: ("parameter", "old_value", "new_value"),
    EventType.PERMISSION_BOUND: ("flag", "role_id"),
    EventType.PERMISSION_UNBOUND: ("flag", "role_id"),
    EventType.PERMISSION_CLEARED: ("role_id", "flags"),
    EventType.PREFERENCE_SET: ("preference", "old_value", "new_value"),
    EventType.USER_COOLDOWN_SET: ("user_id", *_COOLDOWN),
    EventType.USER_COOLDOWN_AMENDED: ("user_id", "old_ends_at", "reason", "request_id"),
    EventType.LEVEL_COOLDOWN_SET: ("level_id", *_COOLDOWN),
    EventType.LEVEL_COOLDOWN_AMENDED: ("level_id", "old_ends_at", "reason", "request_id"),
    EventType.REQUEST_CREATED: ("request_id", "level_id", "level_name", "language", "author_id", "creator_name"),
    EventType.OPINION_ADDED: _JUDGEMENT,
    EventType.RESOLUTION_ADDED: _JUDGEMENT,
    EventType.REQUEST_DELETED: ("request_id", "level_id", "level_name", "author_id", "creator_name", "status"),
    EventType.TRAINEE_REVIEW_ADDED: _JUDGEMENT,
    EventType.TRAINEE_REVIEW_ASSESSED: ("review_id", "trainee_id", "approved", "feedback"),
    EventType.TRAINEE_PROMOTED: _PROBATION,
    EventType.TRAINEE_EXPELLED: _PROBATION,
    EventType.QUEUE_OPENED: _QUEUE,
    EventType.QUEUE_CLOSED: _QUEUE,
    EventType.SNAPSHOT_SAVED: ("scheduled", "rows"),
    EventType.SNAPSHOT_LOADED: ("snapshot_at", "rows"),
    EventType.SETUP_CHANGED: (
        "changed",
        "route",
        "old_channel_id",
        "new_channel_id",
        "language",
        "old_roles",
        "new_roles",
        "channels",
        "roles",
        "leftovers",
    ),
    EventType.MODULE_TOGGLED: ("module", "enabled"),
    EventType.PANEL_TOKEN_ISSUED: ("replaced",),
    EventType.PANEL_TOKEN_REVOKED: (),
    EventType.MEMBER_ERASED: ("user_id", "requests", "reviews"),
}
"""The fields of each type in the order in which they are shown; an event need not have all of them."""


def fields_of(event_type: EventType | None) -> tuple[str, ...]:
    """Return the names of a type's fields; without a type, of all types together."""
    return tuple(sorted(FIELD_KINDS)) if event_type is None else EVENT_FIELDS[event_type]


def types_with(field: str) -> tuple[EventType, ...]:
    """Return the types of event that have a field."""
    return tuple(event_type for event_type, fields in EVENT_FIELDS.items() if field in fields)
