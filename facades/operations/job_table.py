"""Which jobs there are: what is done regularly without anybody asking."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from facades.app import App
from facades.delivery.remove_old_failures import remove_old_failures
from facades.delivery.retry_cards import retry_cards
from facades.operations import daily_snapshot, resync_commands
from facades.operations.remove_old_snapshots import remove_old_snapshots
from facades.privacy.remove_old_events import remove_old_events
from facades.privacy.remove_old_reviews import remove_old_reviews
from facades.requests.remove_old_cooldowns import remove_old_cooldowns

ALL_GUILDS = 0
"""The guild of a job that is done once for all guilds."""


def at_once(now: datetime) -> datetime:
    """Return the due time of a job that is done at the first start."""
    return now


@dataclass(frozen=True)
class JobKind:
    """A kind of job. `next_due`: when it is due again after a run that ended at a moment; None: it was for once.

    `starts_by_itself`: it is for all guilds at once and due at the moment that `first_due` makes of the first start; others are
    put into the table by facades (`db.queries.jobs.schedule_job`). `lease`: after this time another process may take over; a
    run is ended then. `where_owed`: only the process that delivers what belongs to no guild does it.
    """

    name: str
    handler: Callable[[App, int], Awaitable[None]]
    next_due: Callable[[datetime], datetime | None]
    starts_by_itself: bool = True
    lease: timedelta = timedelta(minutes=10)
    first_due: Callable[[datetime], datetime] = at_once
    where_owed: bool = False


def every(interval: timedelta) -> Callable[[datetime], datetime]:
    """Return the due time of a job that is done again so long after each run."""
    return lambda now: now + interval


def once(now: datetime) -> None:
    """Say that a job is not due again once it is done."""


JOBS: tuple[JobKind, ...] = (
    JobKind("remove_old_failures", remove_old_failures, every(timedelta(days=1))),
    JobKind("retry_cards", retry_cards, every(timedelta(minutes=30))),
    JobKind("remove_old_cooldowns", remove_old_cooldowns, every(timedelta(days=1))),
    JobKind("remove_old_events", remove_old_events, every(timedelta(days=1)), lease=timedelta(hours=1)),
    JobKind("remove_old_reviews", remove_old_reviews, every(timedelta(days=1)), lease=timedelta(hours=1)),
    JobKind("remove_old_snapshots", remove_old_snapshots, every(timedelta(hours=1))),
    JobKind(
        daily_snapshot.NAME,
        daily_snapshot.daily_snapshot,
        daily_snapshot.next_daily,
        first_due=daily_snapshot.next_daily,
        lease=daily_snapshot.LEASE,
        where_owed=True,
    ),
    JobKind(resync_commands.NAME, resync_commands.resync_commands, once, starts_by_itself=False),
)
