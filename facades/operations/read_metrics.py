"""Write down all figures of the process, for Prometheus."""

import asyncio

from config.version import revision, version
from facades.app import App
from facades.delivery.due_backlog import DueBacklog
from facades.operations.look_at_backlog import look_at_backlog
from services.geometry_dash import BreakerState
from util.metrics import CONTENT_TYPE, Reading, Total

__all__ = ["CONTENT_TYPE", "read_metrics"]


async def read_metrics(app: App) -> bytes:
    """Return the figures as text. Never raises, and answers within two seconds: what cannot be looked up is not a number."""
    reading = _read(app, await _backlog(app))
    app.metrics.build.info(
        {"version": version(), "revision": revision() or "", "database": "sqlite" if app.database.is_sqlite else "postgresql"}
    )
    # Some thousands of lines take longer than the loop should stand still.
    return await asyncio.to_thread(app.metrics.text, reading)


async def _backlog(app: App) -> DueBacklog | None:
    try:
        return await look_at_backlog(app)
    except Exception:  # noqa: BLE001 - figures are wanted most of all while the database fails
        return None


def _read(app: App, backlog: DueBacklog | None) -> Reading:
    game = app.game.health()
    oldest = None
    if backlog is not None:
        oldest = 0.0 if backlog.oldest_due is None else backlog.oldest_due.total_seconds()
    shards, state = app.discord.shards(), app.shards.state()
    return Reading(
        backlog=None if backlog is None else backlog.count,
        oldest_due=oldest,
        shards={shard.id: (shard.is_connected, float("nan") if shard.latency is None else shard.latency) for shard in shards},
        guilds=app.discord.guild_count(),
        cached_settings=len(app.guilds),
        breaker={state.value: state is game.state for state in BreakerState},
        levels_cached=game.cached,
        levels_waiting=game.waiting,
        serving=len(app.serving),
        uptime=(app.now() - app.started_at).total_seconds(),
        totals=_charts(app),
        fences=None if state is None else state.fences,
    )


def _charts(app: App) -> tuple[Total, ...]:
    counts = app.charts.counts
    made = {"picture": counts.pictures, "file": counts.files, "failed": counts.failures}
    return (
        Total("chart_renders", "Charts that were asked for, by what came of it.", "outcome", {**made}),
        Total("chart_render_seconds", "Time that pictures of charts took together.", None, {"": counts.seconds}),
        Total("chart_browser_starts", "Starts of the browser that draws.", None, {"": counts.starts}),
        Total("chart_browser_crashes", "Crashes of the browser that draws.", None, {"": counts.crashes}),
    )
