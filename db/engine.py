"""The database: one engine, and the two ways to use it: a transaction that writes and a session that reads."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from db import sqlite_driver

BUSY_TIMEOUT_MS = 30_000
_WRITING = "greenlight_writes"
_LEAVING_S = 5.0
_WAL = "journal_mode=WAL"


def async_url(address: str) -> URL:
    """Return an address with the async driver that we use. Raises ValueError for a database that we do not know."""
    url = make_url(address)
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise ValueError(f"DATABASE_URL names {backend!r}; known are sqlite and postgresql")


def is_sqlite(address: str) -> bool:
    """Tell whether an address is that of a SQLite file. Raises ValueError for a database that we do not know."""
    return async_url(address).get_backend_name() == "sqlite"


def sync_url(address: str) -> URL:
    """Return an address with the blocking driver, for migrations and tools."""
    url = async_url(address)
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


def use_wal(address: str) -> None:
    """Switch a SQLite file to its write-ahead log, in which it stays; nothing for PostgreSQL.

    To be called while nobody else has it open: two connections that switch at once can be refused, and SQLite does not wait.
    """
    if not is_sqlite(address):
        return
    engine = create_engine(sync_url(address))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA {_WAL}")
    finally:
        engine.dispose()


class Database:
    """The engine with its rules. Nobody outside this class commits."""

    def __init__(self, address: str, *, name: str | None = None) -> None:
        """Prepare for a database. `name`: what PostgreSQL calls the connections, so that others can find them."""
        self.address = address
        self.url = async_url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        # Errors go into the log and to maintainers, where what people wrote has no place.
        options: dict[str, Any] = {} if self.is_sqlite or name is None else {"connect_args": {"application_name": name}}
        if self.is_sqlite:
            options["module"] = sqlite_driver.Module()
        self.engine: AsyncEngine = create_async_engine(
            self.url, pool_pre_ping=not self.is_sqlite, hide_parameters=True, **options
        )
        self._users = set[asyncio.Task[Any]]()
        # SQLite has one writer at a time. Waiting here wakes at once; its own busy handler would poll.
        self._writer = asyncio.Lock() if self.is_sqlite else contextlib.nullcontext()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Open a transaction that writes: it commits when the block is left and rolls back when the block raises."""
        with self._in_use():
            async with self._writer:
                engine = self.engine.execution_options(**{_WRITING: True})
                async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
                    yield session

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """Open a session that reads from one consistent state and never waits for a writer."""
        with self._in_use():
            async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session, session.begin():
                yield session

    def connect_options(self) -> dict[str, Any]:
        """Return what the driver takes to connect to PostgreSQL, for a connection outside the pool.

        A machine that vanished is noticed within half a minute.
        """
        _, options = self.engine.dialect.create_connect_args(self.url)
        return {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, **options}

    async def close(self) -> None:
        """Close all connections, after cancelled tasks have let go of theirs."""
        leaving = {task for task in self._users if task.cancelling()}
        if leaving:
            await asyncio.wait(leaving, timeout=_LEAVING_S)
        await self.engine.dispose()
        # SQLAlchemy closes the connection of a cancelled task in a task of its own, and aiosqlite then waits for a thread that
        # has ended already. Cancelled while it closes, it waits for good, and so would the end of the event loop for it: the
        # second cancellation is the one that ends it.
        while left := {task for task in asyncio.all_tasks() if _is_closing(task)}:
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=0.02)

    @contextlib.contextmanager
    def _in_use(self) -> Generator[None]:
        if (task := asyncio.current_task()) is None or task in self._users:
            yield
            return
        self._users.add(task)
        try:
            yield
        finally:
            self._users.discard(task)


def _is_closing(task: asyncio.Task[Any]) -> bool:
    return getattr(task.get_coro(), "__name__", None) == "_terminate_graceful_close"


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` decides how.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", _WAL, "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(_WRITING, False)
    connection.connection.dbapi_connection.begin(sqlite_driver.WRITE if writes else sqlite_driver.READ)
