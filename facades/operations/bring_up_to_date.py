"""Bring the database to this release's schema before it is used."""

import contextlib
from typing import Final

import structlog

from db.alone import no_bot
from db.engine import use_wal
from db.migrate import current, head, upgrade
from db.safety_copy import copy_before_change

log = structlog.get_logger()

NO_COPY: Final = (
    "a migration is about to change PostgreSQL, of which only pg_dump makes a copy; it happens wholly or not at all, and "
    "`python main.py migrate --revision` takes it back"
)


def bring_up_to_date(address: str, *, alone: bool) -> None:
    """Copy a SQLite database that has pending migrations, then migrate; nothing is done where there are none.

    Of PostgreSQL no copy is made, and the log says so (docs/decisions/0019).
    `alone`: the caller has made sure that no bot works with the database. Raises `OthersAtWork` where one does, and what
    `db.migrate.upgrade` raises.
    """
    present = current(address)
    if present == head():
        use_wal(address)
        return
    with contextlib.nullcontext() if alone else no_bot(address):
        copy = copy_before_change(address, "head")
        if copy is not None:
            log.info("database_copied", copy=str(copy), reason="a migration is about to change it")
        elif present is not None:
            log.warning("database_not_copied", before=present, reason=NO_COPY)
        upgrade(address)
    use_wal(address)
    log.info("database_migrated", before=present, now=head())
