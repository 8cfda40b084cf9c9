"""A page of cooldowns or reviews costs the same among a thousand and a hundred thousand, near or deep, by index alone."""

import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from facades.requests.cooldown_history import cooldown_history
from facades.requests.list_cooldowns import list_cooldowns
from facades.requests.list_reviews import list_reviews_by_user, list_reviews_of_level
from facades.requests.suggest_cooldown_levels import suggest_cooldown_levels
from tests.facades.requests.world import GUILD, RequestWorld, person
from tests.fakes.clock import START
from tests.made_once import made_once
from util.identifiers import CooldownKind, Flag
from util.paging import FIRST_PAGE, Cursor, Where

FEW, MANY = 1_000, 100_000
MOST_RATIO = 1.5
ROUNDS = 60
STAFF = person(60, Flag.BAN_USERS, Flag.BAN_LEVELS, Flag.REVIEWER)
SUBJECT = 300
LAST = Cursor(Where.LAST)
Turn = Callable[[RequestWorld], Awaitable[Any]]


def _middle(where: Where) -> Turn:
    """Turn from the page in the middle of the list by its key."""

    def turn(world: RequestWorld) -> Awaitable[Any]:
        size = MANY if "many" in world.app.database.address else FEW
        cursor = Cursor(where, f"{int(START.timestamp() + 60 * (size // 2)) * 1_000_000}.0")
        return list_cooldowns(world.app, actor=STAFF, kind=CooldownKind.USER, endless=False, cursor=cursor)

    return turn


def _listing(kind: CooldownKind, cursor: Cursor, *, endless: bool = False) -> Turn:
    return lambda world: list_cooldowns(world.app, actor=STAFF, kind=kind, endless=endless, cursor=cursor)


TURNS: dict[str, Turn] = {
    "users, first": _listing(CooldownKind.USER, FIRST_PAGE),
    "users, on from the middle": _middle(Where.AFTER),
    "users, back from the middle": _middle(Where.BEFORE),
    "users, last": _listing(CooldownKind.USER, LAST),
    "levels for ever, first": _listing(CooldownKind.LEVEL, FIRST_PAGE, endless=True),
    "levels for ever, last": _listing(CooldownKind.LEVEL, LAST, endless=True),
    "history": lambda world: cooldown_history(
        world.app, actor=STAFF, kind=CooldownKind.USER, entity_id=SUBJECT, cursor=FIRST_PAGE
    ),
    "reviews of a level": lambda world: list_reviews_of_level(
        world.app, actor=STAFF, level_id=SUBJECT, cursor=FIRST_PAGE, room=9_999
    ),
    "reviews by a user": lambda world: list_reviews_by_user(world.app, actor=STAFF, author_id=7, cursor=LAST, room=9_999),
    "suggestions": lambda world: suggest_cooldown_levels(world.app, actor=STAFF, typed="30", pending=True),
}


def _fill(path: Path, count: int) -> None:
    """Write so many requests, cooldowns of each sort, reviews and cooldown events straight into a file."""
    at = START.strftime("%Y-%m-%d %H:%M:%S.%f")
    connection = sqlite3.connect(path)
    numbers = range(count)
    ends = [f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(START.timestamp() + 60 * (n + 1)))}.000000" for n in numbers]
    connection.executemany(
        "INSERT INTO cooldown (guild_id, kind, entity_id, cast_at, ends_at) VALUES (?, ?, ?, ?, ?)",
        [(GUILD, "user", n + 300, at, ends[n]) for n in numbers] + [(GUILD, "level", n + 300, at, None) for n in numbers],
    )
    connection.executemany(
        "INSERT INTO request (id, guild_id, level_id, level_name, level, language, author_id, status, judged, created_at) "
        "VALUES (?, ?, ?, ?, '{}', 'en', 1, 'resolved', 0, ?)",
        [(n + 1, GUILD, n + 300, f"Level {n}", at) for n in numbers],
    )
    connection.executemany(
        "INSERT INTO review (guild_id, level_id, author_id, stage, verdict, language, text, created_at) "
        "VALUES (?, ?, 7, 'reviewer', 'approve', 'en', 'Fine', ?)",
        [(GUILD, 300 + n % 50, at) for n in numbers],
    )
    connection.executemany(
        "INSERT INTO event (id, guild_id, type, actor_id, at, fields) VALUES (?, ?, 'user_cooldown_set', 1, ?, ?)",
        [(n + 1, GUILD, at, f'{{"user_id": {SUBJECT + n // 20}, "ends_at": null}}') for n in numbers],
    )
    connection.executemany(
        "INSERT INTO event_field (event_id, guild_id, key, value) VALUES (?, ?, 'user_id', ?)",
        [(n + 1, GUILD, str(SUBJECT + n // 20)) for n in numbers],
    )
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


@pytest.fixture(scope="module")
def files(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    def make(path: Path, size: int) -> None:
        shutil.copy(migrated_file, path)
        _fill(path, size)

    sizes = {"few": FEW, "many": MANY}
    return {
        name: made_once(tmp_path_factory, f"pages_{name}.db", lambda path, size=size: make(path, size))
        for name, size in sizes.items()
    }


@pytest.fixture
async def worlds(files: dict[str, Path]) -> AsyncIterator[tuple[RequestWorld, RequestWorld]]:
    few, many = (RequestWorld(f"sqlite:///{files[name]}") for name in ("few", "many"))
    yield few, many
    await few.app.database.close()
    await many.app.database.close()


async def _fastest(turn: Turn, worlds: tuple[RequestWorld, RequestWorld]) -> list[float]:
    """Return the fastest turn in each world; taking turns, so that whatever else the machine does hits both."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for number, world in enumerate(worlds):
            start = time.perf_counter()
            await turn(world)
            best[number] = min(best[number], time.perf_counter() - start)
    return best


@pytest.mark.parametrize("name", TURNS)
async def test_a_page_costs_the_same_however_many_there_are(name: str, worlds: tuple[RequestWorld, RequestWorld]) -> None:
    few, many = await _fastest(TURNS[name], worlds)
    assert many <= MOST_RATIO * few, f"{few * 1000:.2f} ms among {FEW}, {many * 1000:.2f} ms among {MANY}"


@contextmanager
def _statements(world: RequestWorld) -> Generator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    engine = world.app.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", remember)
    yield seen
    event.remove(engine, "before_cursor_execute", remember)


@pytest.mark.parametrize("name", TURNS)
async def test_every_statement_of_a_page_searches_an_index(
    name: str, worlds: tuple[RequestWorld, RequestWorld], files: dict[str, Path]
) -> None:
    with _statements(worlds[1]) as seen:
        await TURNS[name](worlds[1])
    connection = sqlite3.connect(files["many"])
    for statement, parameters in seen:
        if not statement.startswith("SELECT"):
            continue
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        of_tables = [step for step in plan if step.startswith("SCAN") and "subquery" not in step and "anon" not in step]
        assert of_tables == [], (statement, plan)
        # Windows of the event log are put together and sorted, some hundred numbers at most.
        is_of_windows = any("anon" in step for step in plan)
        assert is_of_windows or not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), (statement, plan)
    connection.close()
