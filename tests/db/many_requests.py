"""Years of requests, opinions and reviews, written by the database itself: a report of some days meets a long history."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, text

from db.engine import sync_url

GUILD = 1_100_000_000_000_000_001
PACE = timedelta(hours=1)
END = datetime(2026, 3, 1, tzinfo=UTC)
REVIEWERS = 7
WAITING = 40
"""So many of the newest requests are pending: a queue does not grow with the history behind it."""


def fill(address: str, size: int) -> None:
    """Write `size` requests, one an hour until `END`, each with an opinion and a review; every tenth is another guild's."""
    engine = create_engine(sync_url(address))
    is_postgres = engine.dialect.name == "postgresql"
    start = (END - PACE * size).strftime("%Y-%m-%d %H:%M:%S")
    if is_postgres:
        at, later = (f"TIMESTAMPTZ '{start}+00' + ({n}) * INTERVAL '1 hour'" for n in ("n", "n + 20"))
    else:
        at, later = (f"strftime('%Y-%m-%d %H:%M:%S.000000', '{start}', '+' || ({n}) || ' hours')" for n in ("n", "n + 20"))
    rows = f"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size}),
        rows AS (
            SELECT n, CASE WHEN n % 10 = 0 THEN {GUILD + 1} ELSE {GUILD} END AS guild, {at} AS at, {later} AS later,
                n > {size - WAITING} AS waits, 100 + n % {REVIEWERS} AS reviewer
            FROM numbers
        )"""
    statements = (
        f"""INSERT INTO request (id, guild_id, level_id, level_name, level, language, author_id, judged, created_at,
                status, resolved_at) {rows}
            SELECT n, guild, 1000 + n, 'Level', '{{}}', 'en', 1, false, at,
                CASE WHEN waits THEN 'pending' ELSE 'resolved' END, CASE WHEN waits THEN NULL ELSE later END
            FROM rows""",
        f"""INSERT INTO opinion (id, guild_id, request_id, author_id, stage, verdict, created_at) {rows}
            SELECT n, guild, n, reviewer, 'reviewer', CASE WHEN n % 3 = 0 THEN 'reject' ELSE 'approve' END, at FROM rows""",
        f"""INSERT INTO review (id, guild_id, request_id, opinion_id, level_id, author_id, stage, verdict, language, text,
                created_at) {rows}
            SELECT n, guild, n, n, 1000 + n, reviewer, 'reviewer', 'approve', 'en', 'Fine', at FROM rows""",
        f"""INSERT INTO event (id, guild_id, type, actor_id, at, fields) {rows}
            SELECT n, guild, CASE n % 400 WHEN 1 THEN 'queue_closed' WHEN 201 THEN 'queue_opened' ELSE 'request_created' END,
                1, at, '{{}}'
            FROM rows""",
    )
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%") if is_postgres else statement)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
