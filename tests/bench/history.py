"""Five years of a large server, written by SQLite itself: a million requests with five million events."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from db.engine import sync_url
from db.models import metadata
from tests.bench.stage import CACHE, migrated
from util.identifiers import EventType

GUILD = 1_100_000_000_000_000_001
OTHER_GUILD = 1_100_000_000_000_000_002
"""Every tenth request is this one's."""
PACE = timedelta(seconds=157)
WAITING = 40
"""So many of the newest requests are pending: a queue does not grow with the history behind it."""
PEOPLE = 5_000
REVIEWERS = 12
FILLED = ("request", "opinion", "review", "event", "event_field", "posted_card")
EVENTS = (
    EventType.REQUEST_CREATED,
    EventType.USER_COOLDOWN_SET,
    EventType.OPINION_ADDED,
    EventType.OPINION_ADDED,
    EventType.RESOLUTION_ADDED,
)


def database(requests: int) -> Path:
    """Return a database with so many requests and five times as many events, the newest of them of just now; made once."""
    revision = migrated().stem.rpartition("-")[2]
    path = CACHE / f"history-{requests}-{revision}.db"
    if not path.exists():
        made = path.with_suffix(".new")
        shutil.copy(migrated(), made)
        fill(f"sqlite:///{made}", requests)
        made.rename(path)
    return path


def fill(address: str, requests: int) -> None:
    """Write a history that ends now."""
    begun = time.monotonic()
    engine = create_engine(sync_url(address))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
    with engine.begin() as connection:
        indexes = [index for table in FILLED for index in metadata.tables[table].indexes]
        for index in indexes:
            index.drop(connection)
        _insert(connection, requests)
        for index in indexes:
            index.create(connection)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    print(f"Wrote {requests} requests in {time.monotonic() - begun:.0f} s.", flush=True)  # noqa: T201


def _insert(connection: Connection, size: int) -> None:
    start = (datetime.now(UTC) - PACE * size).strftime("%Y-%m-%d %H:%M:%S")

    def moment(seconds: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{start}', '+' || ({seconds}) || ' seconds')"

    pace = int(PACE.total_seconds())
    rows = f"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size}),
        rows AS (
            SELECT n, CASE WHEN n % 10 = 0 THEN {OTHER_GUILD} ELSE {GUILD} END AS guild, n > {size - WAITING} AS waits,
                {moment(f"n * {pace}")} AS at, 1000000 + n AS level, 100 + n % {PEOPLE} AS author,
                50 + n % {REVIEWERS} AS reviewer,
                CASE WHEN n % 3 = 0 THEN 'reject' ELSE 'approve' END AS verdict
            FROM numbers
        )"""
    types = " ".join(f"WHEN {number} THEN '{kind.value}'" for number, kind in enumerate(EVENTS))
    steps = "(SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS steps"
    fields = "json_object('request_id', n, 'level_id', level, 'verdict', verdict)"
    known = """'{"id":1,"name":"Level","creator":"Anna","difficulty":"hard","stars_requested":2}'"""
    for statement in (
        f"""INSERT INTO request (id, guild_id, level_id, level_name, level, language, author_id, judged, created_at, status,
                resolved_at) {rows}
            SELECT n, guild, level, 'Level ' || n, {known}, 'en', author, n % 2, at,
                CASE WHEN waits THEN 'pending' ELSE 'resolved' END, CASE WHEN waits THEN NULL ELSE at END FROM rows""",
        f"""INSERT INTO opinion (id, guild_id, request_id, author_id, stage, verdict, created_at) {rows}
            SELECT n, guild, n, reviewer, 'reviewer', verdict, at FROM rows WHERE NOT waits OR n % 2""",
        f"""INSERT INTO review (id, guild_id, request_id, opinion_id, level_id, author_id, stage, verdict, language, text,
                created_at) {rows}
            SELECT n, guild, n, n, level, reviewer, 'reviewer', verdict, 'en', 'It flows well.', at FROM rows
            WHERE NOT waits""",
        f"""INSERT INTO event (id, guild_id, type, actor_id, at, fields) {rows}
            SELECT 5 * n + step, guild, CASE step {types} END, CASE step WHEN 0 THEN author WHEN 1 THEN NULL ELSE reviewer END,
                at, {fields} FROM rows CROSS JOIN {steps}""",
        f"""INSERT INTO event_field (event_id, key, guild_id, value) {rows}
            SELECT 5 * n + step, key, guild, CASE key WHEN 'request_id' THEN n ELSE level END
            FROM rows CROSS JOIN {steps} CROSS JOIN (SELECT 'level_id' AS key UNION ALL SELECT 'request_id') AS keys""",
        f"""INSERT INTO posted_card (guild_id, kind, subject_id, channel_id, message_id, nonce, attempted_at) {rows}
            SELECT guild, 'resolution', n, 1, n, 'n' || n, at FROM rows""",
    ):
        connection.exec_driver_sql(statement)
