"""Tell an admin how the bot does: for this guild, and for maintainers of the process as a whole."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.definitions import definitions
from config.version import revision, version
from db.models import Delivery, FailedDelivery
from db.queries.about import postgres_size, schema_revision, sqlite_size
from facades.app import App
from facades.delivery.backlog import backlog
from facades.operations.check_readiness import YOUNG
from facades.operations.diagnose_snapshots import TOO_OLD
from facades.operations.last_snapshot import last_snapshot
from facades.operations.maintainers import is_maintainer
from facades.settings.describe_setup import RouteSetup, describe_setup
from facades.settings.required_permissions import REQUIRED_IN_GUILD
from facades.shards import ShardsState
from util.actor import Actor
from util.errors import Unavailable
from util.identifiers import Flag

LATELY = timedelta(days=7)
"""For how long a delivery that was given up is worth a word."""
JUST_STARTED = timedelta(days=2)
"""For so long, nobody misses a first snapshot."""


@dataclass(frozen=True)
class Deliveries:
    """What is owed to a guild. `oldest`: since when; `failed` lately, the last of them at `failed_at`."""

    waiting: int
    oldest: datetime | None
    failed: int
    failed_at: datetime | None


@dataclass(frozen=True)
class Gateway:
    """The shard that serves the guild. `latency` in seconds, None: not measured yet."""

    is_connected: bool
    latency: float | None


@dataclass(frozen=True)
class GameServer:
    """How the Geometry Dash server has been answering. `failure`: why it did not, the last time; None: it did.

    `asked_at`: when it answered last, or failed to; None: nobody has asked yet. `resumes_at`: when it is asked again after it was
    left alone; None: it is not left alone.
    """

    failure: str | None
    asked_at: datetime | None
    resumes_at: datetime | None


@dataclass(frozen=True)
class Charts:
    """Whether charts can be drawn. `reason`: why not, for maintainers; `failed`: the last picture did not come about."""

    is_possible: bool
    failed: bool
    reason: str | None


@dataclass(frozen=True)
class Process:
    """What only maintainers are told, for it is about all guilds. Sizes in bytes; None: not known here.

    `shards`: None where the process shares them with nobody.
    """

    guilds: int
    waiting: int
    database_size: int
    memory: int | None
    shards: ShardsState | None = None


@dataclass(frozen=True)
class Status:
    """All of it. `lacking`: names of the permissions that the bot lacks on the server; `routes`: those that cannot be used."""

    version: str
    revision: str | None
    started_at: datetime
    now: datetime
    gateway: Gateway
    deliveries: Deliveries
    game: GameServer
    is_sqlite: bool
    schema: str
    snapshot_at: datetime | None
    charts: Charts
    lacking: tuple[str, ...]
    routes: tuple[RouteSetup, ...]
    process: Process | None

    @property
    def deliveries_are_late(self) -> bool:
        """Tell whether something has been owed for long."""
        return self.deliveries.oldest is not None and self.now - self.deliveries.oldest > YOUNG

    @property
    def snapshot_is_missed(self) -> bool:
        """Tell whether there should have been a snapshot since."""
        if self.snapshot_at is None:
            return self.now - self.started_at > JUST_STARTED
        return self.now - self.snapshot_at > TOO_OLD

    @property
    def does_not_work(self) -> bool:
        """Tell whether something that people do here cannot work now."""
        return bool(self.lacking or self.routes) or not self.gateway.is_connected

    @property
    def needs_a_look(self) -> bool:
        """Tell whether something is not as it should be."""
        is_troubled = self.deliveries_are_late or self.deliveries.failed > 0 or self.game.failure is not None
        return is_troubled or self.snapshot_is_missed or not self.charts.is_possible or self.charts.failed


async def describe_status(app: App, *, actor: Actor) -> Status:
    """Return how the bot does in the actor's guild; maintainers get the whole process too.

    Raises `Forbidden`, or what the Discord service raises when the guild is not known.
    """
    actor.require(Flag.ADMIN)
    setup = await describe_setup(app, actor=actor)
    settings, shape = await app.guild(actor.guild_id), app.discord.guild_shape(actor.guild_id)
    shard = app.discord.shard_of(actor.guild_id)
    snapshot = await last_snapshot(app)
    async with app.reading() as session:
        deliveries = await _deliveries(session, actor.guild_id, app.now())
        schema = await schema_revision(session)
    return Status(
        version=version(),
        revision=revision(),
        started_at=app.started_at,
        now=app.now(),
        gateway=Gateway(shard is not None and shard.is_connected, None if shard is None else shard.latency),
        deliveries=deliveries,
        game=_game(app),
        is_sqlite=app.database.is_sqlite,
        schema=schema,
        snapshot_at=None if snapshot is None else snapshot.saved_at,
        charts=_charts(app),
        lacking=tuple(name for name in REQUIRED_IN_GUILD if name not in shape.permissions),
        routes=tuple(one for one in setup.routes if settings.is_on(definitions().routes[one.route].module) and _is_broken(one)),
        process=await _process(app) if await _is_for_maintainers(app, actor) else None,
    )


def _is_broken(one: RouteSetup) -> bool:
    """Tell whether a route that is wanted cannot be used."""
    leads_nowhere = one.channel_id is None and not one.optional
    return one.enabled and (leads_nowhere or one.is_gone or bool(one.lacking))


async def _deliveries(session: AsyncSession, guild_id: int, now: datetime) -> Deliveries:
    owed = select(func.count(), func.min(Delivery.created_at)).where(col(Delivery.guild_id) == guild_id)
    waiting, oldest = (await session.exec(owed)).one()
    given_up = select(func.count(), func.max(FailedDelivery.failed_at)).where(
        col(FailedDelivery.guild_id) == guild_id, col(FailedDelivery.failed_at) > now - LATELY
    )
    failed, failed_at = (await session.exec(given_up)).one()
    return Deliveries(waiting, oldest, failed, failed_at)


def _game(app: App) -> GameServer:
    health = app.game.health()
    if health.is_up or health.last_failure is None:
        return GameServer(None, health.last_answer_at, None)
    return GameServer(health.last_failure.value, health.last_failure_at, health.resumes_at)


def _charts(app: App) -> Charts:
    state = app.charts.state()
    return Charts(state.browser is not None, state.last_failure is not None, state.reason or state.last_failure)


async def _is_for_maintainers(app: App, actor: Actor) -> bool:
    try:
        return await is_maintainer(app, actor.user_id)
    except Unavailable:
        # Discord does not say who owns the bot; the guild's own part is worth showing all the same.
        return False


async def _process(app: App) -> Process:
    if app.database.is_sqlite:
        size = await asyncio.to_thread(sqlite_size, app.database.url.database or "")
    else:
        async with app.reading() as session:
            size = await postgres_size(session)
    memory = app.metrics.memory()
    return Process(app.discord.guild_count(), (await backlog(app)).count, size, memory, app.shards.state())
