"""Alembic's entry point: it runs the migrations over the address that `db.migrate.config` passes."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Enum, String, create_engine
from sqlmodel.sql.sqltypes import AutoString

from db.models import metadata
from db.types import UtcDateTime

config = context.config
engine = create_engine(config.attributes["url"])


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types by what they are in the database, so that a migration never changes with the code."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Enum | String | AutoString):
        return f"sa.String(length={item.length if isinstance(item, Enum | String) else item.impl_instance.length})"
    if isinstance(item, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'
    return False


with engine.connect() as connection:
    # SQLite changes tables by copying them, which foreign keys must not see.
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=engine.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
