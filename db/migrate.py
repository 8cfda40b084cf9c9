"""Bring a database to the newest schema, or tell how far it is."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from db.engine import sync_url
from db.models import metadata, processes

MIGRATIONS = Path(__file__).parent / "migrations"


class UnknownRevision(Exception):
    """The database was written by a newer release; `revision` is what it says."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database has revision {revision}, which this release does not know; update Greenlight")
        self.revision = revision


class ForeignDatabase(Exception):
    """The database holds tables that no migration of ours made; `tables` are some of their names."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(f"the database belongs to another program: it holds {', '.join(tables[:3])}")
        self.tables = tables


def config(address: str) -> Config:
    """Return alembic's configuration for a database."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("path_separator", "os")
    made.attributes["url"] = sync_url(address)
    return made


@cache
def head() -> str:
    """Return the newest revision that this release knows."""
    found = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert found is not None
    return found


@cache
def known_revisions() -> frozenset[str]:
    """Return every revision that this release knows."""
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def is_older(revision: str, than: str | None) -> bool:
    """Tell whether a revision (or `base`) comes before another one in history."""
    if than is None or revision == than:
        return False
    before = ScriptDirectory(str(MIGRATIONS)).walk_revisions("base", than)
    return revision == "base" or revision in {script.revision for script in before}


def current(address: str) -> str | None:
    """Return the revision a database is at; None when it is empty. Makes no file.

    Raises `UnknownRevision` for one of a newer release and `ForeignDatabase` for another program's database.
    """
    url = sync_url(address)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return None
    engine = create_engine(url)
    try:
        found = _read_revision(engine)
    finally:
        engine.dispose()
    if found is not None and found not in known_revisions():
        raise UnknownRevision(found)
    return found


def _read_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        # In this order: another process may finish its migration in between, and its tables come with its revision.
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        found = MigrationContext.configure(connection).get_current_revision()
    if found is not None:
        return found
    # A PostgreSQL database may be shared as long as nobody else's table has a name of ours; a SQLite file is ours alone.
    strangers = tables if engine.dialect.name == "sqlite" else tables & (metadata.tables.keys() | processes.tables.keys())
    if strangers:
        raise ForeignDatabase(sorted(strangers))
    return None


def upgrade(address: str, revision: str = "head") -> None:
    """Bring a database to a revision, all steps in one transaction, so that a stop in the middle changes nothing.

    Raises `UnknownRevision` and `ForeignDatabase` as `current` does.
    """
    url = sync_url(address)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    current(address)
    command.upgrade(config(address), revision)


def downgrade(address: str, revision: str) -> None:
    """Take a database back to a revision, in one transaction."""
    command.downgrade(config(address), revision)
