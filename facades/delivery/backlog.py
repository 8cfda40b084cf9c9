"""How much is owed to Discord, for `/status` and the health check."""

from dataclasses import dataclass
from datetime import timedelta

from db.queries.deliveries import count_backlog
from facades.app import App


@dataclass(frozen=True)
class Backlog:
    """The number of items owed, and how long the oldest has been waiting (None: nothing is owed)."""

    count: int
    oldest: timedelta | None


async def backlog(app: App) -> Backlog:
    """Return how much is owed in all guilds."""
    async with app.reading() as session:
        count, since = await count_backlog(session)
    # What is put off for later has not been waiting yet.
    return Backlog(count, None if since is None else max(timedelta(0), app.now() - since))
