"""Alembic's entry point: it runs the migrations over the address that `db.migrate.config` passes."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection, Enum, String, create_engine, event, text
from sqlmodel.sql.sqltypes import AutoString

from db.models import metadata, processes
from db.types import UtcDateTime

# Any number will do, as long as nothing else in the database takes the same advisory lock.
MIGRATION_LOCK = 4_701_301_217
config = context.config
engine = create_engine(config.attributes["url"])


def prepare_sqlite(connection: Any, record: object) -> None:
    """Leave transactions to us, and switch foreign keys off: SQLite changes tables by copying them, which keys must not see."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA busy_timeout=30000")


def begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once, so that of two processes that start together one waits for the other."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


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


def check_references(connection: Connection) -> None:
    """Raise RuntimeError when a migration left rows of SQLite that refer to rows which are not there."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"the migration leaves {len(broken)} broken references, first in table {broken[0][0]}")


is_sqlite = engine.dialect.name == "sqlite"
if is_sqlite:
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=[metadata, processes],
        render_as_batch=is_sqlite,
        compare_type=True,
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if not is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        context.run_migrations()
        if is_sqlite:
            check_references(connection)
engine.dispose()
