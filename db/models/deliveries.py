"""What is owed to Discord, what was posted, and what is to be done at a given time."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import Table, choice, json_value, moment, row_id, row_reference, snowflake
from util.identifiers import CardKind, DeliveryKind


class Delivery(Table, table=True):
    """A message owed to Discord. Items of one stream go out in the order of their ids; a row leaves only after Discord took it.

    `nonce` makes a repeated attempt find the first one's message; items sent as one message share it.
    """

    __table_args__ = (
        Index("ix_delivery_stream", "guild_id", "stream", "id"),
        Index("ix_delivery_due", "due_at"),
        {"sqlite_autoincrement": True},
    )

    id: int = row_id()
    guild_id: int = snowflake()
    stream: str = Field(max_length=64)
    kind: DeliveryKind = choice(DeliveryKind)
    payload: dict[str, Any] = json_value()
    nonce: str = Field(max_length=25)
    created_at: datetime = moment()
    due_at: datetime = moment()
    attempts: int = 0
    attempted_at: datetime | None = moment(optional=True)
    last_error: str | None = Field(default=None, max_length=400)


class FailedDelivery(Table, table=True):
    """A delivery that was given up, because its channel or permission is gone; `/doctor` and the log route tell of it."""

    __table_args__ = (Index("ix_failed_delivery_guild", "guild_id", "failed_at"), {"sqlite_autoincrement": True})

    id: int = row_id()
    guild_id: int = snowflake()
    kind: DeliveryKind = choice(DeliveryKind)
    payload: dict[str, Any] = json_value()
    reason: str = Field(max_length=400)
    failed_at: datetime = moment()


class PostedCard(Table, table=True):
    """A card in a channel. Written before the message is posted (`message_id` None), so that a crash in between is mended."""

    __table_args__ = (
        UniqueConstraint("guild_id", "kind", "subject_id"),
        Index("ix_posted_card_message", "guild_id", "message_id"),
        {"sqlite_autoincrement": True},
    )

    id: int = row_id()
    guild_id: int = snowflake()
    kind: CardKind = choice(CardKind)
    subject_id: int = row_reference()
    channel_id: int = snowflake()
    message_id: int | None = snowflake(optional=True)
    nonce: str = Field(max_length=25)
    attempted_at: datetime = moment()


class Job(Table, table=True):
    """Something to do at a given time, once among all processes: whoever holds the lease does it."""

    __table_args__ = (Index("ix_job_due", "due_at"),)

    name: str = Field(primary_key=True, max_length=100)
    guild_id: int = snowflake(key=True)
    due_at: datetime = moment()
    leased_until: datetime | None = moment(optional=True)
    lease: str | None = Field(default=None, max_length=36)
    attempts: int = 0
