"""Check whether this process does its work now: for whoever looks after it and asks every few seconds."""

from dataclasses import dataclass
from datetime import timedelta

from facades.app import App
from facades.operations.look_at_backlog import PATIENCE, look_at_backlog
from facades.shards import ShardsState

YOUNG = timedelta(minutes=5)
"""How long something owed may have been due until the deliveries count as stuck."""
OK = "ok"


@dataclass(frozen=True)
class Readiness:
    """What came of each check, by its name: `ok`, or what is wrong. Nothing here is secret.

    `is_standby`: the process waits for shards, which others hold, and has nothing else to do.
    """

    checks: dict[str, str]
    is_standby: bool = False

    @property
    def is_ready(self) -> bool:
        """Tell whether all checks are passed."""
        return all(said == OK for said in self.checks.values())


async def check_readiness(app: App) -> Readiness:
    """Check process, gateway, database and deliveries. Never raises, and answers within two seconds."""
    database, deliveries = await _look(app)
    checks = {
        "process": "is stopping" if app.stopping else OK,
        "gateway": _gateway(app),
        "database": database,
        "deliveries": deliveries,
    }
    state = app.shards.state()
    if state is None:
        return Readiness(checks)
    return Readiness(checks | {"shards": _shards(state)}, state.is_standby)


def _shards(state: ShardsState) -> str:
    """Return what is to be said of the shards of a process that shares them with others."""
    if state.other_count is not None:
        return f"waits until the other processes, which work with {state.other_count} shards, are stopped"
    if state.is_standby:
        return "stands by: other processes hold all shards"
    return OK if state.is_fresh else "not sure to hold its shards: the database does not answer"


def _gateway(app: App) -> str:
    if app.discord.is_connected():
        return OK
    closed = [str(shard.id) for shard in app.discord.shards() if not shard.is_connected]
    return f"not connected: shard {', '.join(closed)}" if closed else "not ready yet"


async def _look(app: App) -> tuple[str, str]:
    """Return what is to be said of the database and of the deliveries in it."""
    try:
        found = await look_at_backlog(app)
    except Exception as error:  # noqa: BLE001 - whatever the database raises is the answer; its words may hold addresses
        return f"fails: {type(error).__name__}", "not known"
    if found is None:
        return f"no answer within {PATIENCE} s", "not known"
    if found.oldest_due is not None and found.oldest_due > YOUNG:
        return OK, f"the oldest has been due for {found.oldest_due.total_seconds():.0f} s"
    return OK, OK
