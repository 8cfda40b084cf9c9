"""The bot in a process of its own, as `python main.py` runs it; it asks at each of its commits whether to go on.

The test's process holds the other end of the pipe: it answers, or it kills.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from multiprocessing.connection import Connection as Gate
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

import main
from bot import Greenlight
from config.settings import Settings
from services.clock import Clock

_WROTE = "tables_written"
_VERBS = {"INSERT": 2, "UPDATE": 1, "DELETE": 2}


def run_bot(environment: Mapping[str, str], output: str, gate: Gate, ahead: float) -> None:
    """Run the bot until it is killed; what it writes goes to a file. Its clock is `ahead` by so many seconds."""
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.environ.update(environment)
    Settings.model_config["env_file"] = None
    # The sandbox sends all guilds at once.
    assert Greenlight.__init__.__kwdefaults__ is not None
    Greenlight.__init__.__kwdefaults__["guild_ready_timeout"] = 0.02
    _put_ahead(timedelta(seconds=ahead))
    _ask_at_commits(lambda tables, after: _ask(gate, tables, after))
    main.main([], standalone_mode=False)


def _put_ahead(span: timedelta) -> None:
    now = Clock.now
    Clock.now = lambda self: now(self) + span


def _end_with_the_test() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _ask(gate: Gate, tables: str, after: bool) -> None:
    gate.send((tables, after))
    gate.recv()


def _ask_at_commits(ask: Callable[[str, bool], None]) -> None:
    """Ask right before and right after each commit that writes something."""

    @event.listens_for(Engine, "before_cursor_execute")
    def _(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split(maxsplit=3)
        place = _VERBS.get(words[0])
        if place is not None:
            connection.info.setdefault(_WROTE, {})[f"{words[0].lower()} {words[place]}"] = None

    @event.listens_for(Engine, "rollback")
    def _(connection: Connection) -> None:
        connection.info.pop(_WROTE, None)

    @event.listens_for(Engine, "commit")
    def _(connection: Connection) -> None:
        wrote = connection.info.pop(_WROTE, None)
        if not wrote:
            return
        tables = ", ".join(wrote)
        ask(tables, False)
        dialect, commit = connection.dialect, type(connection.dialect).do_commit

        def commit_and_ask(given: Any) -> None:
            del dialect.do_commit
            commit(dialect, given)
            ask(tables, True)

        # The engine calls this next: there is no event for what comes after a commit.
        dialect.do_commit = commit_and_ask
