"""Finding one request costs the same among a thousand and a hundred thousand, by index alone, even where it stands last."""

import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from facades.panel.pick_request import pick_oldest_request, pick_random_request
from facades.requests.find_ignored_request import find_ignored_request
from facades.requests.find_request_cards import find_request_cards
from facades.requests.find_unresolved_request import find_unresolved_request
from facades.requests.pick_for_trainee import pick_for_trainee
from facades.requests.suggest_requests import suggest_pending, suggest_requests
from tests.facades.requests.world import ADMIN, GUILD, OTHER_GUILD, REVIEWER, TRAINEE, RequestWorld, person
from tests.fakes.clock import START
from tests.made_once import made_once
from util.identifiers import Flag

FEW, MANY = 1_000, 100_000
MOST_RATIO = 1.5
ROUNDS = 40
SUBJECT = 300
Act = Callable[[RequestWorld], Awaitable[Any]]

ACTS: dict[str, Act] = {
    "ignored": lambda world: find_ignored_request(world.app, actor=REVIEWER),
    "unresolved": lambda world: find_unresolved_request(world.app, actor=person(30, Flag.GD_MOD, guild_id=OTHER_GUILD)),
    "widgets": lambda world: find_request_cards(world.app, actor=REVIEWER, level_id=SUBJECT),
    "pick": lambda world: pick_for_trainee(world.app, actor=TRAINEE),
    "panel random": lambda world: pick_random_request(world.app, actor=REVIEWER),
    "panel oldest": lambda world: pick_oldest_request(world.app, actor=REVIEWER),
    "suggested levels": lambda world: suggest_pending(world.app, actor=REVIEWER),
    "suggested requests": lambda world: suggest_requests(world.app, actor=ADMIN, typed="500"),
}


def _fill(path: Path, count: int) -> None:
    """Write requests into two guilds: in one all but the last are judged, in the other only the last one is."""
    at = START.strftime("%Y-%m-%d %H:%M:%S.%f")
    connection = sqlite3.connect(path)
    for guild_id, judged in ((GUILD, True), (OTHER_GUILD, False)):
        connection.executemany(
            "INSERT INTO request (guild_id, level_id, level_name, level, language, author_id, status, judged, created_at) "
            "VALUES (?, ?, ?, '{}', 'en', 1, 'pending', ?, ?)",
            [(guild_id, SUBJECT + n, f"Level {n}", judged is (n < count - 1), at) for n in range(count)],
        )
    connection.executemany(
        "INSERT INTO opinion (guild_id, request_id, author_id, stage, verdict, created_at) "
        "VALUES (?, ?, ?, 'trainee', 'approve', ?)",
        [(GUILD, n + 1, TRAINEE.user_id, at) for n in range(100)],
    )
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


@pytest.fixture(scope="module")
def files(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    def make(path: Path, size: int) -> None:
        shutil.copy(migrated_file, path)
        _fill(path, size)

    return {
        size: made_once(tmp_path_factory, f"requests_{size}.db", lambda path, size=size: make(path, size)) for size in (FEW, MANY)
    }


@pytest.fixture
async def worlds(files: dict[int, Path]) -> AsyncIterator[tuple[RequestWorld, RequestWorld]]:
    few, many = (RequestWorld(f"sqlite:///{files[size]}") for size in (FEW, MANY))
    yield few, many
    await few.app.database.close()
    await many.app.database.close()


@pytest.mark.parametrize("name", ACTS)
async def test_it_costs_the_same_however_many_there_are(name: str, worlds: tuple[RequestWorld, RequestWorld]) -> None:
    best = [float("inf"), float("inf")]
    # Taking turns, so that whatever else the machine does hits both.
    for _ in range(ROUNDS):
        for number, world in enumerate(worlds):
            start = time.perf_counter()
            await ACTS[name](world)
            best[number] = min(best[number], time.perf_counter() - start)
    few, many = best
    assert many <= MOST_RATIO * few, f"{few * 1000:.2f} ms among {FEW}, {many * 1000:.2f} ms among {MANY}"


@pytest.mark.parametrize("name", ACTS)
async def test_every_statement_searches_an_index(
    name: str, worlds: tuple[RequestWorld, RequestWorld], files: dict[int, Path]
) -> None:
    seen: list[tuple[str, Any]] = []

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    engine = worlds[1].app.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", remember)
    await ACTS[name](worlds[1])
    connection = sqlite3.connect(files[MANY])
    for statement, parameters in seen:
        if "FROM request" in statement:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in plan), (statement, plan)
    connection.close()
