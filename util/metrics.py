"""What the process counts about itself, in the form that Prometheus reads. The only module that knows prometheus-client.

Names follow Prometheus' conventions: base units, `_total` for what only grows. Labels have few values, all of them ours: never an
id, nor anything that somebody typed.
"""

import contextlib
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
UNKNOWN = "unknown"
"""The name of what nobody of ours named, for example a forged button."""
_ANSWERS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)
"""Seconds; Discord waits for three."""
_STALLS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_JOBS = (0.01, 0.1, 1.0, 10.0, 60.0, 600.0)

# When each series began is told by twice as many series, which nobody asks for.
disable_created_metrics()


class Outcome(StrEnum):
    """How something that was asked for ended: well, with what the person did wrong, or with a mistake of ours."""

    OK = "ok"
    USER_ERROR = "user_error"
    ERROR = "error"


@dataclass(frozen=True)
class Total:
    """What another part counts since the start; `label` and `values`: by what it is told apart."""

    name: str
    meaning: str
    label: str | None
    values: dict[str, float]


class _Totals(Collector):
    """Shows what other parts counted."""

    def __init__(self) -> None:
        self.totals: tuple[Total, ...] = ()

    def collect(self) -> Iterator[CounterMetricFamily]:
        for total in self.totals:
            family = CounterMetricFamily(f"greenlight_{total.name}", total.meaning, labels=[total.label] if total.label else [])
            for value, number in total.values.items():
                family.add_metric([value] if total.label else [], number)
            yield family


@dataclass(frozen=True)
class Reading:
    """What cannot be counted as it happens and is looked up when somebody asks.

    `backlog`, `oldest_due`: what is owed to Discord, and for how many seconds the item due longest has been due; None where the
    database did not say. `shards`: whether each is connected, and its latency in seconds. `breaker`: each state and whether it is
    the present one. `totals`: what other parts count.
    """

    backlog: int | None
    oldest_due: float | None
    shards: dict[int, tuple[bool, float]]
    guilds: int
    cached_settings: int
    breaker: dict[str, bool]
    levels_cached: int
    levels_waiting: int
    serving: int
    uptime: float
    totals: tuple[Total, ...] = ()
    fences: Mapping[int, int] | None = None
    """Of a process that shares the shards with others: its own, with how often each was taken."""


class Metrics:
    """All figures of one process. Parts of the bot count into its fields; `text` writes them down."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._add_interactions()
        self._add_background()
        self._add_outside()
        self._add_readings()
        self.build = Info("greenlight_build", "What is running.", registry=self.registry)
        self._process = ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def _add_interactions(self) -> None:
        self.interactions = self._counter(
            "interactions", "Commands, buttons, selects, forms and suggestions served.", "kind", "name", "outcome"
        )
        self.interaction_seconds = self._histogram(
            "interaction_duration_seconds", "From arrival to the last answer.", _ANSWERS, "kind", "name"
        )
        self.requests = self._counter(
            "http_requests", "Calls of the bot's own HTTP side, by the path's template.", "method", "path", "status"
        )
        self.request_seconds = self._histogram(
            "http_request_duration_seconds", "Calls of the bot's own HTTP side.", _ANSWERS, "method", "path"
        )
        self.errors = self._counter("errors", "Errors that are nobody's fault but ours, by where they happened.", "where")

    def _add_background(self) -> None:
        self.deliveries = self._counter(
            "deliveries", "Items owed to Discord: delivered, postponed (tried again later) or given up.", "kind", "outcome"
        )
        self.jobs = self._counter("jobs", "Runs of jobs.", "name", "outcome")
        self.job_seconds = self._histogram("job_duration_seconds", "Runs of jobs.", _JOBS, "name")
        self.loop_lag = self._histogram("event_loop_lag_seconds", "How late the event loop returns to a waiting task.", _STALLS)
        self.cache = self._counter("guild_settings_cache_requests", "Questions for a guild's settings.", "result")

    def _add_outside(self) -> None:
        self.game_calls = self._counter("game_server_calls", "Calls of the Geometry Dash server.", "outcome")
        self.game_seconds = self._histogram("game_server_call_duration_seconds", "Calls of the Geometry Dash server.", _ANSWERS)
        self.discord_responses = self._counter("discord_responses", "Answers of Discord's HTTP interface.", "status")
        self.discord_seconds = self._histogram(
            "discord_response_duration_seconds", "Single HTTP calls to Discord, without waiting for rate limits.", _ANSWERS
        )
        self.rate_limits = self._counter("discord_rate_limits", "Answers 429 by what Discord says the limit is of.", "scope")

    def _add_readings(self) -> None:
        self._backlog = self._gauge("deliveries_pending", "Items owed to Discord.")
        self._oldest = self._gauge(
            "deliveries_oldest_due_seconds", "For how long the item of a served guild that is due longest has been due."
        )
        self._connected = self._gauge("gateway_connected", "Whether a shard is connected.", "shard")
        self._latency = self._gauge("gateway_latency_seconds", "From a heartbeat to its answer.", "shard")
        self._fence = self._gauge(
            "shard_fence", "How often a shard that this process holds has been taken, by any process.", "shard"
        )
        self._standby = self._gauge("standby", "Whether the process waits for shards that others hold.")
        self._guilds = self._gauge("guilds", "Guilds that this process serves.")
        self._cached = self._gauge("guild_settings_cache_size", "Guilds whose settings are in memory.")
        self._breaker = self._gauge("game_server_breaker_state", "1 for the present state.", "state")
        self._levels = self._gauge("game_server_cached_levels", "Levels in memory.")
        self._waiting = self._gauge("game_server_waiting_levels", "Levels that wait to be asked for.")
        self._serving = self._gauge("interactions_in_progress", "Interactions that are being served.")
        self._uptime = self._gauge("uptime_seconds", "Since the process began to work.")
        self._totals = _Totals()
        self.registry.register(self._totals)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"greenlight_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"greenlight_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"greenlight_{name}", meaning, labels, registry=self.registry, buckets=buckets)

    def text(self, reading: Reading) -> bytes:
        """Write everything down, with what was looked up just now."""
        self._backlog.set(_number(reading.backlog))
        self._oldest.set(_number(reading.oldest_due))
        # A shard that is no longer ours must not stay in the list.
        self._connected.clear()
        self._latency.clear()
        self._fence.clear()
        for shard, fence in (reading.fences or {}).items():
            self._fence.labels(shard).set(fence)
        self._standby.set(reading.fences is not None and not reading.fences)
        for shard, (is_connected, latency) in reading.shards.items():
            self._connected.labels(shard).set(is_connected)
            self._latency.labels(shard).set(latency)
        for state, is_present in reading.breaker.items():
            self._breaker.labels(state).set(is_present)
        self._guilds.set(reading.guilds)
        self._cached.set(reading.cached_settings)
        self._levels.set(reading.levels_cached)
        self._waiting.set(reading.levels_waiting)
        self._serving.set(reading.serving)
        self._uptime.set(reading.uptime)
        self._totals.totals = reading.totals
        return generate_latest(self.registry)

    def memory(self) -> int | None:
        """Return the bytes of memory that the process takes; None where the system does not tell."""
        samples = (sample for family in self._process.collect() for sample in family.samples)
        return next((int(sample.value) for sample in samples if sample.name == "process_resident_memory_bytes"), None)


def _number(value: float | None) -> float:
    """Return a value as Prometheus has it: not a number is one that is not known."""
    return float("nan") if value is None else value


@contextlib.contextmanager
def timed(histogram: Histogram) -> Generator[None]:
    """Observe how many seconds a block takes, also one that raises."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        histogram.observe(time.perf_counter() - begun)
