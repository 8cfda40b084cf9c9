"""The driver for SQLite, with as few trips to the connection's thread as can be.

SQLAlchemy's own adapter goes there for the cursor, the statement, its rows and the cursor's end, and once more to begin: five
trips for a question that SQLite answers in a few microseconds, each of them as long as the machine takes to switch threads twice.
Here a statement is one trip, which begins the transaction on its way, and nobody waits for the end of one that only read.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

READ: Final = "BEGIN"
# A writer takes the lock at once: upgrading a reading transaction later can fail without waiting.
WRITE: Final = "BEGIN IMMEDIATE"


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor whose statement runs, and whose rows are fetched, in one trip."""

    __slots__ = ("_found",)

    def __init__(self, adapt_connection: "Connection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection  # pyright: ignore[reportPrivateUsage]
        self._rows = deque()
        self._found: tuple[Any, int, int | None] = (None, -1, None)

    @property
    def description(self) -> Any:
        """The columns of the rows, None without any."""
        return self._found[0]

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._found[1]

    @property
    def lastrowid(self) -> Any:
        """The number of the row that was inserted last."""
        return self._found[2]

    @property
    def arraysize(self) -> int:
        """How many rows `fetchmany` returns unless told."""
        return 1

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        """Take a number that is of no importance: all rows are here already."""

    async def _async_soft_close(self) -> None:
        pass

    def close(self) -> None:
        """Forget the rows; the real cursor is closed already."""
        self._rows.clear()

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Run a statement."""
        self._run("execute", operation, *(() if parameters is None else (parameters,)))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        """Run a statement with each of some sets of parameters."""
        self._run("executemany", operation, seq_of_parameters)

    def _run(self, method: str, *arguments: Any) -> None:
        adapted: Any = self._adapt_connection
        begin = adapted.take_begin()

        def work(connection: sqlite3.Connection) -> tuple[tuple[Any, int, int | None], list[Any]]:
            cursor = connection.cursor()
            try:
                if begin is not None:
                    cursor.execute(begin)
                getattr(cursor, method)(*arguments)
                rows = cursor.fetchall() if cursor.description else []
                return (cursor.description, cursor.rowcount, cursor.lastrowid), rows
            finally:
                cursor.close()

        self._found, rows = adapted.visit(work)
        self._rows = deque(rows)


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection that begins its transactions with their first statement."""

    __slots__ = ("_begin", "_is_open", "_reads")
    _cursor_cls = Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._begin: str | None = None
        self._is_open = self._reads = False

    def begin(self, how: str) -> None:
        """Begin a transaction, `READ` or `WRITE`, with the next statement."""
        self._begin, self._reads = how, how == READ

    def take_begin(self) -> str | None:
        """Return what has to be said before the next statement."""
        begin, self._begin = self._begin, None
        self._is_open = self._is_open or begin is not None
        return begin

    def cursor(self, server_side: bool = False) -> Any:
        """Make a cursor. One that fetches its rows little by little begins the transaction now."""
        if server_side and (begin := self.take_begin()) is not None:
            self.visit(lambda connection: connection.execute(begin))
        return super().cursor(server_side)

    def visit(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Do something with the real connection, in its thread."""
        driver: Any = self._connection
        try:
            return await_(driver._execute(lambda: work(driver._conn)))
        except Exception as error:  # noqa: BLE001 - it is passed on, under the name that SQLAlchemy knows
            self._handle_exception(error)

    def commit(self) -> None:
        """Commit. What cannot be committed stays open, to be rolled back."""
        if not self._is_over():
            super().commit()
            self._is_open = False

    def rollback(self) -> None:
        """Roll back."""
        if not self._is_over():
            super().rollback()
            self._is_open = False

    def _is_over(self) -> bool:
        """Tell whether there is nothing to wait for: nothing was begun, or it only read, and ends before the next statement."""
        driver: Any = self._connection
        self._begin = None
        if self._is_open and self._reads:
            self._is_open = False
            if driver._connection is not None:
                # The queue of the connection's thread: what comes later waits for this.
                driver._tx.put_nowait((None, driver._connection.rollback))
        return not self._is_open


class Module(AsyncAdapt_aiosqlite_dbapi):
    """What SQLAlchemy takes for the driver's module."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)  # pyright: ignore[reportArgumentType]

    def connect(self, *arg: Any, **kw: Any) -> Connection:
        """Connect."""
        adapted = super().connect(*arg, **kw)
        return Connection(self, adapted._connection)  # pyright: ignore[reportPrivateUsage]
