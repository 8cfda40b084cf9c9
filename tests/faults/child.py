"""The bot's process for these runs: it does not wait as long as usual, so that a run takes seconds."""

from collections.abc import Mapping
from multiprocessing.connection import Connection as Gate
from typing import Any

from discord import Client
from discord.backoff import ExponentialBackoff
from discord.state import ConnectionState

import db.engine
from facades.delivery import deliver_head, worker
from facades.operations.hold_shards import HeldShards
from services.discord import DiscordService
from services.geometry_dash import GeometryDash
from tests.e2e.crash.child import run_bot

HEARTBEAT = 0.5
DEAD_AFTER = 2.0
"""Seconds between heartbeats, and of silence after which a connection counts as dead (usually 41 and 60)."""
CALL_LIMIT = 2.5
"""Seconds that a call to Discord may take (usually 20)."""
BUSY_LIMIT_MS = 1500
"""Milliseconds for which SQLite waits for another writer (usually 30,000)."""


async def _at_once(client: Client, shard_id: int | None, *, initial: bool = False) -> None:
    """Identify without the five seconds that discord.py waits."""


async def _take_no_turn(held: HeldShards, bucket: int) -> None:
    """Identify without the five seconds that processes keep between each other."""


def run_briskly(environment: Mapping[str, str], output: str, gate: Gate, ahead: float) -> None:
    """Run the bot until it is killed, with short pauses and limits."""
    deliver_head.FIRST_PAUSE, deliver_head.LONGEST_PAUSE = 0.05, 0.4
    worker.PAUSE_AFTER_FAILURE = 0.2
    db.engine.BUSY_TIMEOUT_MS = BUSY_LIMIT_MS
    ExponentialBackoff.delay = lambda self: 0.05  # pyright: ignore
    Client.before_identify_hook = _at_once  # pyright: ignore
    HeldShards.turn_to_identify = _take_no_turn
    DiscordService.__init__.__defaults__ = (CALL_LIMIT,)
    assert GeometryDash.__init__.__kwdefaults__ is not None
    GeometryDash.__init__.__kwdefaults__ |= {"pace": 0.02, "pause": 0.5}
    _notice_dead_connections()
    run_bot(environment, output, gate, ahead)


def _notice_dead_connections() -> None:
    made = ConnectionState.__init__

    def make(self: Any, **options: Any) -> None:
        made(self, **options)
        self.heartbeat_timeout = DEAD_AFTER

    ConnectionState.__init__ = make
