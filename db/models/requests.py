"""Requests and what people thought of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from db.models.base import Json, Table, choice, column, json_value, moment, row_id, row_reference, snowflake
from util.identifiers import CooldownKind, RequestStatus, Stage, Verdict

PENDING = text("status = 'pending'")


class Request(Table, table=True):
    """A level that somebody wants to be looked at. `level` is what the game server said of it when it was requested.

    A level has at most one pending request in a guild. Exactly one of `author_id` and `creator_name` addresses the author.
    `judged`: somebody's opinion counts (a trainee's does not), so that the oldest request without or with one is found by index.
    """

    __table_args__ = (
        Index("uq_request_pending_level", "guild_id", "level_id", unique=True, sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_request_level", "guild_id", "level_id", "id"),
        Index("ix_request_status", "guild_id", "status", "id"),
        Index("ix_request_judged", "guild_id", "status", "judged", "id"),
        Index("ix_request_author", "guild_id", "author_id", "id"),
        Index("ix_request_created", "guild_id", "created_at"),
        Index("ix_request_resolved", "guild_id", "resolved_at"),
        UniqueConstraint("guild_id", "id"),
        CheckConstraint("(author_id IS NULL) <> (creator_name IS NULL)", name="one_addressee"),
        {"sqlite_autoincrement": True},
    )

    id: int = row_id()
    guild_id: int = snowflake()
    level_id: int = snowflake()
    level_name: str = Field(max_length=255)
    level: dict[str, Any] = json_value()
    language: str = Field(max_length=16)
    showcase: str | None = Field(default=None, max_length=200)
    comment: str | None = Field(default=None, max_length=400)
    author_id: int | None = snowflake(optional=True)
    creator_name: str | None = Field(default=None, max_length=100)
    inserted_by: int | None = snowflake(optional=True)
    status: RequestStatus = choice(RequestStatus, default=RequestStatus.PENDING)
    judged: bool = False
    created_at: datetime = moment()
    resolved_at: datetime | None = moment(optional=True)


class Opinion(Table, table=True):
    """What one person thinks of one request, once per stage: an opinion, a trainee's exercise or a resolution."""

    __table_args__ = (
        UniqueConstraint("request_id", "author_id", "stage"),
        ForeignKeyConstraint(["guild_id", "request_id"], ["request.guild_id", "request.id"], ondelete="CASCADE"),
        Index("ix_opinion_request", "guild_id", "request_id", "stage", "id"),
        Index("ix_opinion_author", "guild_id", "author_id", "stage", "created_at"),
        Index("ix_opinion_created", "guild_id", "stage", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: int = row_id()
    guild_id: int = snowflake()
    request_id: int = row_reference()
    author_id: int = snowflake()
    stage: Stage = choice(Stage)
    verdict: Verdict = choice(Verdict)
    reason: str | None = Field(default=None, max_length=400)
    created_at: datetime = moment()


class Review(Table, table=True):
    """A review's text. It outlives its request: deleting that leaves the review with its level's id.

    `text` is empty once it was erased or its time was over. `message_id`: where the review begins; `further_messages`: the ids
    of the messages in the same channel that continue a long one.
    """

    __table_args__ = (
        UniqueConstraint("opinion_id"),
        Index("ix_review_author", "guild_id", "author_id", "id"),
        Index("ix_review_level", "guild_id", "level_id", "id"),
        # Its column first: the database itself looks for the reviews of a request that is deleted, and knows no guild.
        Index("ix_review_request", "request_id", "guild_id"),
        Index("ix_review_created", "guild_id", "stage", "created_at", "author_id"),
        {"sqlite_autoincrement": True},
    )

    id: int = row_id()
    guild_id: int = snowflake()
    request_id: int | None = row_reference("request.id", optional=True, on_delete="SET NULL")
    opinion_id: int | None = row_reference("opinion.id", optional=True, on_delete="SET NULL")
    level_id: int = snowflake()
    author_id: int = snowflake()
    stage: Stage = choice(Stage)
    verdict: Verdict = choice(Verdict)
    language: str = Field(max_length=16)
    text: str = Field(max_length=4000)
    created_at: datetime = moment()
    channel_id: int | None = snowflake(optional=True)
    message_id: int | None = snowflake(optional=True)
    further_messages: list[int] | None = column(default=None, sa_type=Json)


class Assessment(Table, table=True):
    """A curator's grade for a trainee's review; a review has at most one."""

    __table_args__ = (Index("ix_assessment_trainee", "guild_id", "trainee_id", "created_at"),)

    review_id: int = row_reference("review.id", key=True)
    guild_id: int = snowflake()
    trainee_id: int = snowflake()
    curator_id: int = snowflake()
    approved: bool
    feedback: str | None = Field(default=None, max_length=4000)
    created_at: datetime = moment()


class Cooldown(Table, table=True):
    """What holds a user or a level back now; `ends_at` None: for ever. `cast_by` None: the bot itself."""

    __table_args__ = (
        Index("ix_cooldown_listing", "guild_id", "kind", "ends_at", "entity_id"),
        Index("ix_cooldown_request", "request_id"),
    )

    guild_id: int = snowflake(key=True)
    kind: CooldownKind = choice(CooldownKind, key=True)
    entity_id: int = snowflake(key=True)
    cast_at: datetime = moment()
    ends_at: datetime | None = moment(optional=True)
    cast_by: int | None = snowflake(optional=True)
    reason: str | None = Field(default=None, max_length=400)
    request_id: int | None = row_reference("request.id", optional=True, on_delete="SET NULL")
