"""Check whether this process does its work now: for whoever looks after it and asks every few seconds."""

from dataclasses import dataclass
from datetime import timedelta

from facades.app import App
from facades.operations.look_at_backlog import PATIENCE, look_at_backlog

YOUNG = timedelta(minutes=5)
"""How long something owed may have been due until the deliveries count as stuck."""
OK = "ok"


@dataclass(frozen=True)
class Readiness:
    """What came of each check, by its name: `ok`, or what is wrong. Nothing here is secret."""

    checks: dict[str, str]

    @property
    def is_ready(self) -> bool:
        """Tell whether all checks are passed."""
        return all(said == OK for said in self.checks.values())


async def check_readiness(app: App) -> Readiness:
    """Check process, gateway, database and deliveries. Never raises, and answers within two seconds."""
    database, deliveries = await _look(app)
    return Readiness(
        {
            "process": "is stopping" if app.stopping else OK,
            "gateway": _gateway(app),
            "database": database,
            "deliveries": deliveries,
        }
    )


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
