"""Logs of any size, written by the database itself, in which the same filters find as much whatever the size."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, create_engine, inspect, text

from db.engine import sync_url
from db.models import metadata
from util.identifiers import EventType

GUILD = 1_100_000_000_000_000_001
OTHER_GUILD = 1_100_000_000_000_000_002
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
PACE = timedelta(minutes=1)
TYPES = (EventType.OPINION_ADDED, EventType.REQUEST_CREATED, EventType.RESOLUTION_ADDED, EventType.USER_COOLDOWN_SET)
ACTORS = 5
"""Events are spread over so many actors, numbered from 100; the first of them is the bot itself."""
RARE = 50
"""So many events have the level 1, spread over the whole log; the others have the level 2."""


def moment_of(number: int) -> datetime:
    """Return when an event happened."""
    return BEGINNING + PACE * number


def fill(address: str, size: int) -> None:
    """Write a log of `size` events, numbered from 1; every tenth of them is another guild's."""
    engine = create_engine(sync_url(address))
    with engine.begin() as connection:
        indexes = [index for table in ("event", "event_field") for index in metadata.tables[table].indexes]
        for index in indexes:
            index.drop(connection)
        _insert(connection, size)
        for index in indexes:
            index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    assert "event" in inspect(engine).get_table_names()
    engine.dispose()


def _insert(connection: Connection, size: int) -> None:
    is_postgres = connection.dialect.name == "postgresql"
    types = " ".join(f"WHEN {number} THEN '{event_type.value}'" for number, event_type in enumerate(TYPES))
    start = BEGINNING.strftime("%Y-%m-%d %H:%M:%S")
    if is_postgres:
        at = f"TIMESTAMPTZ '{start}+00' + n * INTERVAL '1 minute'"
        made = "jsonb_build_object('level_id', level, 'verdict', verdict)"
    else:
        at = f"strftime('%Y-%m-%d %H:%M:%S.000000', '{start}', '+' || n || ' minutes')"
        made = "json_object('level_id', level, 'verdict', verdict)"
    rare = max(1, size // RARE)
    rows = f"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size}),
        rows AS (
            SELECT n,
                CASE WHEN n % 10 = 0 THEN {OTHER_GUILD} ELSE {GUILD} END AS guild,
                CASE (n / 3) % {len(TYPES)} {types} END AS type,
                CASE WHEN (n / 7) % {ACTORS} = 0 THEN NULL ELSE 100 + (n / 7) % {ACTORS} END AS actor,
                CASE WHEN (n + 1) % {rare} = 0 THEN 1 ELSE 2 END AS level,
                CASE WHEN n % 2 = 0 THEN 'approve' ELSE 'reject' END AS verdict
            FROM numbers
        )
    """
    statements = (
        f"""INSERT INTO event (id, guild_id, type, actor_id, at, fields) {rows}
            SELECT n, guild, type, actor, {at}, {made} FROM rows""",
        f"""INSERT INTO event_field (event_id, key, guild_id, value) {rows}
            SELECT n, key, guild, CASE key WHEN 'level_id' THEN CAST(level AS VARCHAR) ELSE '"' || verdict || '"' END
            FROM rows CROSS JOIN (SELECT 'level_id' AS key UNION ALL SELECT 'verdict') AS keys
            ORDER BY n, key""",
    )
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%") if is_postgres else statement)
