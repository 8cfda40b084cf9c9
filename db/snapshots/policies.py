"""What saving and loading do with each table. A table without a policy fails a test."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Table

from db.models import metadata
from util.identifiers import CardKind, DeliveryKind


class Policy(StrEnum):
    """What becomes of a table's rows. "Everywhere": in snapshots of one guild and of everything."""

    REPLACED = "replaced"
    """Saved everywhere; loading puts the snapshot's rows in the place of the present ones."""
    PRESENT_WINS = "present_wins"
    """Saved everywhere. It tells how things are on Discord now, so loading only adds what the database knows nothing of."""
    OWED = "owed"
    """Saved with everything and loaded into an empty database only: elsewhere it would be sent again. What is owed now to the
    guilds that are replaced is dropped, except what says nothing about the past (`STILL_OWED`)."""
    MOVED = "moved"
    """Saved with everything and loaded into an empty database only; what is there now stays."""
    DROPPED = "dropped"
    """Never saved; it concerns what people were just doing, which loading ends."""
    STAYS = "stays"
    """Never saved, never touched."""


POLICIES: Final[Mapping[str, Policy]] = {
    "active_filter": Policy.REPLACED,
    "assessment": Policy.REPLACED,
    "confirmation": Policy.DROPPED,
    "cooldown": Policy.REPLACED,
    # A guild's file comes from its admins: nothing in it may make the bot send what they wrote, or anything twice.
    "delivery": Policy.OWED,
    "event": Policy.REPLACED,
    "event_field": Policy.REPLACED,
    "failed_delivery": Policy.MOVED,
    "guild": Policy.PRESENT_WINS,
    "guild_module": Policy.REPLACED,
    "job": Policy.MOVED,
    "language_role": Policy.REPLACED,
    "opinion": Policy.REPLACED,
    # A token that was revoked after the snapshot must stay revoked.
    "panel_token": Policy.MOVED,
    "parameter_override": Policy.REPLACED,
    "permission_binding": Policy.REPLACED,
    "posted_card": Policy.PRESENT_WINS,
    "preference": Policy.REPLACED,
    "request": Policy.REPLACED,
    "review": Policy.REPLACED,
    "route_override": Policy.REPLACED,
    "saved_filter": Policy.REPLACED,
    # What a running /setup is creating, and what to take away should it fail.
    "setup_residue": Policy.STAYS,
    "text_override": Policy.REPLACED,
}

STILL_OWED: Final = (DeliveryKind.REQUEST_CARDS, DeliveryKind.TRAINEE_CARD, DeliveryKind.FILE, DeliveryKind.REMOVAL)
"""What is sent as the database says when it is sent, is a file, or takes away what somebody wanted gone: right before and after
loading."""

BLANKED: Final = frozenset(
    {
        # A mark that the commands on Discord are up to date; whoever loads the snapshot may be another application.
        ("guild", "command_hash"),
        ("job", "lease"),
        ("job", "leased_until"),
    }
)
"""Columns that mean nothing elsewhere; snapshots hold null there."""

JSON_REFERENCES: Final[Mapping[str, str]] = {"request_id": "request", "review_id": "review"}
"""Names under which events, and filters over them, mention rows, and the tables of these rows."""


def tables_with(*policies: Policy) -> list[Table]:
    """Return the tables of some policies, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if POLICIES[table.name] in policies]


def saved_tables(guild_id: int | None) -> list[Table]:
    """Return the tables that a snapshot of a guild (None: of everything) holds."""
    everywhere = (Policy.REPLACED, Policy.PRESENT_WINS)
    return tables_with(*everywhere) if guild_id is not None else tables_with(*everywhere, Policy.OWED, Policy.MOVED)


def numbers_rows(table: Table) -> bool:
    """Tell whether the database numbers a table's rows and never uses a number twice."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def references(table: Table) -> dict[str, str]:
    """Return the columns of a table that hold numbers of rows, its own among them, with the tables of these rows.

    `posted_card.subject_id` is none of them: its table depends on the row (`subject_table`).
    """
    found = {"id": table.name} if numbers_rows(table) else {}
    for key in table.foreign_keys:
        if key.column.name == "id":
            found[key.parent.name] = key.column.table.name
    return found


def subject_table(kind: Any) -> str:
    """Return the table of what a kind of card is about."""
    return "review" if kind is CardKind.TRAINEE_REVIEW else "request"
