"""Bring a database to the newest schema, or tell how far it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from db.engine import sync_url

MIGRATIONS = Path(__file__).parent / "migrations"


class UnknownRevision(Exception):
    """The database was written by a newer release; `revision` is what it says."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database has revision {revision}, which this release does not know; update Greenlight")
        self.revision = revision


def config(address: str) -> Config:
    """Return alembic's configuration for a database."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("path_separator", "os")
    made.attributes["url"] = sync_url(address)
    return made


def head() -> str:
    """Return the newest revision that this release knows."""
    found = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert found is not None
    return found


def current(address: str) -> str | None:
    """Return the revision a database is at; None when it is empty."""
    engine = create_engine(sync_url(address))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def upgrade(address: str, revision: str = "head") -> None:
    """Bring a database to a revision, each step in a transaction. Raises `UnknownRevision` for one of a newer release."""
    url = sync_url(address)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    present = current(address)
    if present is not None and present not in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        raise UnknownRevision(present)
    command.upgrade(config(address), revision)


def downgrade(address: str, revision: str) -> None:
    """Take a database back to a revision."""
    command.downgrade(config(address), revision)
