"""All tables."""

from sqlmodel import SQLModel

from db.models.base import table
from db.models.confirmations import Confirmation
from db.models.deliveries import Delivery, FailedDelivery, Job, PostedCard
from db.models.events import ActiveFilter, Event, EventField, SavedFilter
from db.models.guilds import (
    Guild,
    GuildModule,
    LanguageRole,
    ParameterOverride,
    PermissionBinding,
    Preference,
    RouteOverride,
    SetupResidue,
    TextOverride,
)
from db.models.panel import PanelToken
from db.models.processes import bot_process, processes, shard_lease
from db.models.requests import Assessment, Cooldown, Opinion, Request, Review

metadata = SQLModel.metadata

__all__ = [
    "ActiveFilter",
    "Assessment",
    "Confirmation",
    "Cooldown",
    "Delivery",
    "Event",
    "EventField",
    "FailedDelivery",
    "Guild",
    "GuildModule",
    "Job",
    "LanguageRole",
    "Opinion",
    "PanelToken",
    "ParameterOverride",
    "PermissionBinding",
    "PostedCard",
    "Preference",
    "Request",
    "Review",
    "RouteOverride",
    "SavedFilter",
    "SetupResidue",
    "TextOverride",
    "bot_process",
    "metadata",
    "processes",
    "shard_lease",
    "table",
]
