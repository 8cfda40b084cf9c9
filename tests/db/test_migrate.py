"""Migrations: they go up and down, tell the same as the models, and change nothing when they fail."""

import multiprocessing
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from db.engine import sync_url
from db.migrate import ForeignDatabase, UnknownRevision, config, current, downgrade, head, is_older, known_revisions, upgrade
from db.models import metadata, processes


def _tables(address: str) -> set[str]:
    engine = create_engine(sync_url(address))
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found - {"alembic_version"}


def _execute(address: str, statement: str) -> None:
    engine = create_engine(sync_url(address))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_migrations_go_up_down_and_up_again(empty_address: str) -> None:
    assert current(empty_address) is None
    upgrade(empty_address)
    assert current(empty_address) == head()
    assert _tables(empty_address) == {*metadata.tables, *processes.tables}
    downgrade(empty_address, "base")
    assert current(empty_address) is None
    assert _tables(empty_address) == set()
    upgrade(empty_address)
    assert _tables(empty_address) == {*metadata.tables, *processes.tables}


def test_old_requests_learn_whether_an_opinion_counts(empty_address: str) -> None:
    upgrade(empty_address, "0001")
    for number, stage in enumerate(("reviewer", "moderator", "trainee", None), 1):
        _execute(
            empty_address,
            "INSERT INTO request (id, guild_id, level_id, level_name, level, language, author_id, status, created_at) "
            f"VALUES ({number}, 1, {number + 200}, 'A level', '{{}}', 'en', 1, 'pending', '2026-05-01 12:00:00')",
        )
        if stage is not None:
            _execute(
                empty_address,
                "INSERT INTO opinion (guild_id, request_id, author_id, stage, verdict, created_at) "
                f"VALUES (1, {number}, 2, '{stage}', 'approve', '2026-05-01 12:00:00')",
            )
    upgrade(empty_address)
    engine = create_engine(sync_url(empty_address))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM request WHERE judged ORDER BY id")).scalars().all()
    engine.dispose()
    assert found == [1, 2]


def test_upgrading_twice_changes_nothing(empty_address: str) -> None:
    upgrade(empty_address)
    upgrade(empty_address)
    assert current(empty_address) == head()


def test_the_migrations_make_what_the_models_describe(any_address: str) -> None:
    command.check(config(any_address))


def test_indexes_and_constraints_are_those_of_the_models(any_address: str) -> None:
    engine = create_engine(sync_url(any_address))
    inspector = inspect(engine)
    for name, table in {**metadata.tables, **processes.tables}.items():
        unique = {item["name"] for item in inspector.get_unique_constraints(name)}
        found = {item["name"] for item in inspector.get_indexes(name) if "duplicates_constraint" not in item}
        assert found == {index.name for index in table.indexes}, name
        named = {str(item.name) for item in table.constraints if type(item).__name__ == "UniqueConstraint"}
        assert unique == named, name
    engine.dispose()


def test_a_database_of_a_newer_release_is_refused(any_address: str) -> None:
    _execute(any_address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnknownRevision, match="9999"):
        upgrade(any_address)


def test_a_database_of_another_program_is_refused_and_left_alone(empty_address: str) -> None:
    _execute(empty_address, "CREATE TABLE event (id INTEGER PRIMARY KEY)")
    with pytest.raises(ForeignDatabase, match="another program"):
        upgrade(empty_address)
    assert _tables(empty_address) == {"event"}


def test_a_postgresql_database_may_be_shared_with_tables_of_other_names(empty_postgres_address: str) -> None:
    _execute(empty_postgres_address, "CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY)")
    upgrade(empty_postgres_address)
    assert current(empty_postgres_address) == head()


def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    assert current(f"sqlite:///{tmp_path / 'nothing.db'}") is None
    assert list(tmp_path.iterdir()) == []


def test_a_failed_migration_leaves_nothing_behind(empty_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError("the disk is full")

    # The last step of every upgrade is to write the revision down.
    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        upgrade(empty_address)
    assert _tables(empty_address) == set()


def test_two_processes_that_start_together_both_find_the_newest_schema(empty_address: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=upgrade, args=(empty_address,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert current(empty_address) == head()


def test_a_migration_that_ends_while_another_process_looks_is_not_taken_for_a_stranger(
    empty_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(empty_address)
    downgrade(empty_address, "base")
    read = MigrationContext.get_current_revision

    def read_just_before_it_ends(context: MigrationContext) -> str | None:
        monkeypatch.undo()
        found = read(context)
        upgrade(empty_address)
        return found

    monkeypatch.setattr(MigrationContext, "get_current_revision", read_just_before_it_ends)
    assert current(empty_address) is None
    assert current(empty_address) == head()


def test_revisions_know_their_order() -> None:
    assert head() in known_revisions()
    assert is_older("base", head())
    assert not is_older(head(), head())
    assert not is_older(head(), None)
    assert all(is_older(revision, head()) for revision in known_revisions() - {head()})


def test_a_migrated_sqlite_file_has_no_broken_references(sqlite_address: str) -> None:
    path = sync_url(sqlite_address).database
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
