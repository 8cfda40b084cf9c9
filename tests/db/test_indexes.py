"""Every index serves a query that grows with the data; SQLite says which one it takes."""

from typing import Any

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import Select
from sqlmodel import col, select

from db.engine import Database
from db.models import (
    Assessment,
    Confirmation,
    Cooldown,
    Delivery,
    Event,
    EventField,
    FailedDelivery,
    Job,
    Opinion,
    PostedCard,
    Request,
    Review,
    SetupResidue,
    metadata,
)
from tests.db.factories import AUTHOR, GUILD, NOW
from util.identifiers import CooldownKind, EventType, RequestStatus, Stage

PENDING = RequestStatus.PENDING


def _of(model: Any, *conditions: Any) -> Any:
    return select(model).where(col(model.guild_id) == GUILD, *conditions)


QUERIES: dict[str, Any] = {
    "uq_request_pending_level": _of(Request, col(Request.level_id) == 128, col(Request.status) == PENDING),
    "ix_request_level": _of(Request, col(Request.level_id) == 128).order_by(col(Request.id).desc()).limit(1),
    "ix_request_status": _of(Request, col(Request.status) == PENDING).order_by(col(Request.id)).limit(1),
    "ix_request_judged": _of(Request, col(Request.status) == PENDING, col(Request.judged).is_(False))
    .order_by(col(Request.id))
    .limit(1),
    "ix_request_author": _of(Request, col(Request.author_id) == AUTHOR).order_by(col(Request.id).desc()).limit(1),
    "ix_request_created": _of(Request, col(Request.created_at) >= NOW),
    "ix_request_resolved": _of(Request, col(Request.resolved_at) >= NOW),
    "ix_opinion_request": _of(Opinion, col(Opinion.request_id) == 1, col(Opinion.stage) == Stage.REVIEWER).order_by(
        col(Opinion.id)
    ),
    "ix_opinion_author": _of(Opinion, col(Opinion.author_id) == AUTHOR, col(Opinion.stage) == Stage.TRAINEE),
    "ix_opinion_created": _of(Opinion, col(Opinion.stage) == Stage.REVIEWER, col(Opinion.created_at) >= NOW),
    "ix_review_author": _of(Review, col(Review.author_id) == AUTHOR).order_by(col(Review.id).desc()).limit(10),
    "ix_review_level": _of(Review, col(Review.level_id) == 128).order_by(col(Review.id).desc()).limit(10),
    "ix_review_request": _of(Review, col(Review.request_id) == 1),
    "ix_review_created": _of(Review, col(Review.stage) == Stage.REVIEWER, col(Review.created_at) >= NOW),
    "ix_assessment_trainee": _of(Assessment, col(Assessment.trainee_id) == AUTHOR).order_by(col(Assessment.created_at)),
    "ix_cooldown_request": select(Cooldown).where(col(Cooldown.request_id) == 1),
    "ix_cooldown_listing": _of(Cooldown, col(Cooldown.kind) == CooldownKind.USER, col(Cooldown.ends_at) > NOW)
    .order_by(col(Cooldown.ends_at), col(Cooldown.entity_id))
    .limit(10),
    "ix_confirmation_asked": select(Confirmation).where(col(Confirmation.asked_at) < NOW),
    "ix_event_guild": _of(Event).order_by(col(Event.id).desc()).limit(10),
    "ix_event_type": _of(Event, col(Event.type) == EventType.QUEUE_CLOSED).order_by(col(Event.id).desc()).limit(10),
    "ix_event_actor": _of(Event, col(Event.actor_id) == AUTHOR).order_by(col(Event.id).desc()).limit(10),
    "ix_event_at": _of(Event, col(Event.at) >= NOW).order_by(col(Event.at)).limit(1),
    "ix_event_field_value": _of(EventField, col(EventField.key) == "level_id", col(EventField.value) == "128")
    .order_by(col(EventField.event_id).desc())
    .limit(10),
    "ix_delivery_stream": _of(Delivery, col(Delivery.stream) == "log").order_by(col(Delivery.id)).limit(10),
    "ix_delivery_due": select(Delivery).where(col(Delivery.due_at) <= NOW).order_by(col(Delivery.due_at)).limit(10),
    "ix_failed_delivery_guild": _of(FailedDelivery).order_by(col(FailedDelivery.failed_at).desc()).limit(10),
    "ix_posted_card_message": _of(PostedCard, col(PostedCard.message_id) == 5),
    "ix_setup_residue_guild": _of(SetupResidue),
    "ix_job_due": select(Job).where(col(Job.due_at) <= NOW).order_by(col(Job.due_at)),
}


async def _plan(database: Database, query: Select[Any]) -> str:
    # SQLite matches a partial index only where the condition's value stands in the statement.
    statement = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    async with database.reading() as session:
        connection = await session.connection()
        rows = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")).all()
    return "; ".join(str(row[3]) for row in rows)


@pytest.mark.parametrize("name", sorted(QUERIES))
async def test_the_query_takes_its_index(sqlite_database: Database, name: str) -> None:
    plan = await _plan(sqlite_database, QUERIES[name])
    assert name in plan, plan
    assert "SCAN" not in plan, plan


@pytest.mark.parametrize("name", sorted(name for name, query in QUERIES.items() if "ORDER BY" in str(query)))
async def test_the_index_gives_the_order_too(sqlite_database: Database, name: str) -> None:
    assert "TEMP B-TREE" not in await _plan(sqlite_database, QUERIES[name])


def test_every_index_of_the_models_has_its_query_here() -> None:
    assert {str(index.name) for table in metadata.tables.values() for index in table.indexes} == set(QUERIES)
