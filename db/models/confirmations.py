"""What members have been asked to confirm."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import Table, json_value, moment, row_id, snowflake


class Confirmation(Table, table=True):
    """Something a member asked for that waits for their Yes, because it does not fit into a button. `purpose`: what it is."""

    __table_args__ = (Index("ix_confirmation_asked", "asked_at"), {"sqlite_autoincrement": True})

    id: int = row_id()
    guild_id: int = snowflake()
    user_id: int = snowflake()
    purpose: str = Field(max_length=32)
    details: dict[str, Any] = json_value()
    asked_at: datetime = moment()
