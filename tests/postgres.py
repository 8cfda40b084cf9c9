"""Databases on a PostgreSQL server: new ones, and emptied ones, which cost a fraction."""

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, create_engine, make_url, text

from db.engine import sync_url
from db.migrate import upgrade
from db.models import metadata, processes

_END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
_SHAPE = """SELECT relname, attname, atttypid, attnotnull FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0 ORDER BY 1, 2"""


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Connection]:
    engine = create_engine(sync_url(address), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def execute(address: str, statement: str) -> None:
    """Execute one statement outside a transaction."""
    with _connected(address) as connection:
        connection.execute(text(statement))


def _create(server: str, template: str = "template0") -> str:
    name = f"test_{uuid.uuid4().hex}"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _shape(connection: Connection) -> Sequence[Any]:
    """Return the columns of all tables, and which revision the database says that it has."""
    columns = connection.execute(text(_SHAPE)).all()
    if not any(column.relname == "alembic_version" for column in columns):
        return columns
    return [*columns, *connection.execute(text("SELECT version_num FROM alembic_version"))]


def _name(address: str) -> str:
    return str(make_url(address).database)


@contextlib.contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Give the address of a database without tables, which is dropped afterwards."""
    address = _create(server)
    try:
        yield address
    finally:
        execute(server, f"DROP DATABASE {_name(address)} WITH (FORCE)")


class Shelf:
    """Databases at the newest revision. What comes back is emptied; what comes back in another shape is dropped."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._template = _create(server)
        upgrade(self._template)
        with _connected(self._template) as connection:
            self._shape = _shape(connection)
            names = connection.execute(text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")).scalars()
            restarts = [f"SELECT setval('\"{name}\"', 1, false)" for name in names]
            tables = [*metadata.sorted_tables, *processes.sorted_tables]
            filled = [table.name for table in tables if connection.execute(table.select()).first()]
        assert not filled, "a migration fills tables: emptying would not give them back"
        self._emptying = [f'DELETE FROM "{table.name}"' for table in reversed(tables)] + restarts
        self._free: list[str] = []

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of an empty database."""
        address = self._free.pop() if self._free else _create(self._server, _name(self._template))
        try:
            yield address
        finally:
            self._take_back(address)

    def _take_back(self, address: str) -> None:
        with _connected(address) as connection:
            # Whoever still holds a lock here would be waited for.
            connection.execute(text(_END_OTHERS), {"name": _name(address)})
            good = _shape(connection) == self._shape
            if good:
                connection.execute(text("; ".join(self._emptying)))
        if good:
            self._free.append(address)
        else:
            execute(self._server, f"DROP DATABASE {_name(address)} WITH (FORCE)")
