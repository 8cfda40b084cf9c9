"""What is no snapshot of ours is refused, whatever somebody has done to it, and never in another way than by `BadSnapshot`."""

import gzip
import hashlib
import os
import socket
import sqlite3
import struct
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from db.snapshots import BadSnapshot, Limits, Refusal, check_snapshot, load_into, read_manifest
from db.snapshots.manifest import GuildRows
from tests.db.snapshots.conftest import Samples
from tests.db.snapshots.content import HERE, THERE, holds
from tests.db.snapshots.forging import forged, put_together, taken_apart


async def refusal_of(path: Path, workdir: Path, guild_id: int | None = None, **options: Any) -> Refusal:
    """Return why a file is refused."""
    with pytest.raises(BadSnapshot) as caught:
        async with check_snapshot(path, guild_id=guild_id, workdir=workdir, **options):
            pass
    assert not list(workdir.glob(".snapshot-*"))
    assert caught.value.detail
    return caught.value.reason


def sql(*statements: str) -> Callable[[sqlite3.Connection], None]:
    """Return what runs some statements."""

    def run(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return run


def schema(name: str, before: str, after: str) -> Callable[[sqlite3.Connection], None]:
    """Return what rewrites a statement of the schema behind SQLite's back."""

    def run(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA writable_schema=ON")
        changed = connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = ? AND instr(sql, ?)", (before, after, name, before)
        )
        assert changed.rowcount == 1

    return run


LONG = "x" * (1 << 20)
DEEP = "[" * 2000 + "]" * 2000
SCHEMAS = {
    "a view": sql("CREATE VIEW extra AS SELECT * FROM request"),
    "a view in place of a table": sql("DROP TABLE preference", "CREATE VIEW preference AS SELECT 1 AS guild_id"),
    "a trigger": sql("CREATE TRIGGER extra AFTER INSERT ON event BEGIN DELETE FROM request; END"),
    "a trigger at deleting numbers": sql("CREATE TRIGGER extra BEFORE UPDATE ON guild BEGIN SELECT load_extension('x'); END"),
    "a virtual table": sql("CREATE VIRTUAL TABLE extra USING fts5(text)"),
    "an extra table": sql("CREATE TABLE extra (guild_id INTEGER)"),
    "statistics": sql("ANALYZE"),
    "a missing table": sql("DROP TABLE setup_residue"),
    "a missing index": sql("DROP INDEX ix_event_at"),
    "an index on an expression": sql("CREATE INDEX extra ON request (abs(id))"),
    "a partial index": sql("CREATE INDEX extra ON request (id) WHERE id > 5"),
    "an extra column": sql("ALTER TABLE event ADD COLUMN extra TEXT"),
    "a generated column": sql("ALTER TABLE event ADD COLUMN extra TEXT AS (hex(zeroblob(1000000)))"),
    "a check that was taken away": schema("request", "<>", ">="),
    "another check": schema("request", "(author_id IS NULL)", "(randomblob(9) IS NULL)"),
    "a default that is called": schema("request", "DEFAULT 0", "DEFAULT (abs(random()))"),
    "another collation": schema("preference", "VARCHAR(16)", "VARCHAR(16) COLLATE NOCASE"),
    "a table under another's name": schema("ix_event_at", "ix_event_at", "ix_event_xt"),
}
VALUES = {
    "text among numbers": "UPDATE request SET level_id = 'many' WHERE id = 1",
    "a fraction among numbers": "UPDATE request SET level_id = 1.5 WHERE id = 1",
    "infinity among numbers": "UPDATE request SET level_id = 9e999 WHERE id = 1",
    "bytes as text": "UPDATE review SET text = x'00ff' WHERE id = 1",
    "text that is no UTF-8": "UPDATE review SET text = CAST(x'c328' AS TEXT) WHERE id = 1",
    "a surrogate": "UPDATE review SET text = CAST(x'eda080' AS TEXT) WHERE id = 1",
    "a zero in text": "UPDATE review SET text = 'a' || char(0) || 'b' WHERE id = 1",
    "text too long for its column": "UPDATE request SET level_name = printf('%300d', 1) WHERE id = 1",
    "an unknown enum member": "UPDATE request SET status = 'approved' WHERE id = 1",
    "an enum member in capitals": "UPDATE event SET type = 'QUEUE_OPENED' WHERE id = 1",
    "a truth value of two": "UPDATE request SET judged = 2 WHERE id = 1",
    "a moment with a zone": "UPDATE request SET created_at = '2026-05-01 12:00:00.000000+02:00' WHERE id = 1",
    "a moment as a number": "UPDATE request SET created_at = 1777777777 WHERE id = 1",
    "a moment that never was": "UPDATE request SET created_at = '2026-02-30 12:00:00.000000' WHERE id = 1",
    "the year zero": "UPDATE request SET created_at = '0000-01-01 12:00:00.000000' WHERE id = 1",
    "no JSON": "UPDATE event SET fields = '{' WHERE id = 1",
    "JSON that is no object": "UPDATE event SET fields = '[1]' WHERE id = 1",
    "an object for a list": "UPDATE review SET further_messages = '{}' WHERE id = 1",
    "JSON null": "UPDATE event SET fields = 'null' WHERE id = 1",
    "NaN in JSON": """UPDATE event SET fields = '{"a":NaN}' WHERE id = 1""",
    "infinity in JSON": """UPDATE event SET fields = '{"a":1e999}' WHERE id = 1""",
    "a zero in JSON": """UPDATE event SET fields = '{"a":"\\u0000"}' WHERE id = 1""",
    "a surrogate in JSON": """UPDATE event SET fields = '{"a":"\\ud800"}' WHERE id = 1""",
    "a huge number in JSON": """UPDATE event SET fields = '{"a":' || printf('%.5000d', 1) || '}' WHERE id = 1""",
    "JSON as bytes": """UPDATE event SET fields = CAST('{}' AS BLOB) WHERE id = 1""",
    "deep JSON": f"""UPDATE event SET fields = '{{"a":{DEEP}}}' WHERE id = 1""",
    "too many attempts": "UPDATE delivery SET attempts = 4294967296 WHERE id = 1",
    "a number below one": "UPDATE event SET id = -5 WHERE id = 1",
    "numbering that is text": "UPDATE sqlite_sequence SET seq = 'high' WHERE name = 'request'",
    "numbering below zero": "UPDATE sqlite_sequence SET seq = -1 WHERE name = 'request'",
    "numbering of a table that is not there": "INSERT INTO sqlite_sequence VALUES ('extra', 5)",
    "a row that refers to none": "UPDATE opinion SET request_id = 999 WHERE id = 1",
    "a field of no event": "INSERT INTO event_field VALUES (999, 'a', 1100000000000000001, '1')",
}


@pytest.mark.parametrize("name", SCHEMAS)
async def test_another_schema_is_refused(samples: Samples, tmp_path: Path, name: str) -> None:
    path = forged(samples.whole, tmp_path / "bad", SCHEMAS[name], recount=False)
    # SQLite itself refuses to open some of them.
    assert await refusal_of(path, tmp_path) in {Refusal.FOREIGN_SCHEMA, Refusal.DAMAGED}


@pytest.mark.parametrize("name", VALUES)
async def test_a_value_that_the_bot_would_not_write_is_refused(samples: Samples, tmp_path: Path, name: str) -> None:
    path = forged(samples.whole, tmp_path / "bad", sql("PRAGMA ignore_check_constraints=ON", VALUES[name]))
    assert await refusal_of(path, tmp_path) is Refusal.WRONG_VALUE


async def test_what_breaks_a_rule_of_the_database_is_refused(samples: Samples, tmp_path: Path) -> None:
    both = "UPDATE request SET creator_name = 'x' WHERE id = 1"
    path = forged(samples.whole, tmp_path / "bad", sql("PRAGMA ignore_check_constraints=ON", both))
    assert await refusal_of(path, tmp_path) in {Refusal.DAMAGED, Refusal.WRONG_VALUE}


async def test_an_index_that_hides_a_second_pending_request_is_refused(samples: Samples, tmp_path: Path) -> None:
    def hide(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA writable_schema=ON")
        [(statement, root)] = connection.execute(
            "SELECT sql, rootpage FROM sqlite_master WHERE name = 'uq_request_pending_level'"
        ).fetchall()
        connection.execute("DELETE FROM sqlite_master WHERE name = 'uq_request_pending_level'")
        connection.execute("PRAGMA schema_version = 900")
        connection.execute("UPDATE request SET status = 'pending', level_id = 1001 WHERE guild_id = ?", (HERE,))
        connection.execute(
            "INSERT INTO sqlite_master VALUES ('index', 'uq_request_pending_level', 'request', ?, ?)", (root, statement)
        )

    path = forged(samples.whole, tmp_path / "bad", hide)
    assert await refusal_of(path, tmp_path) in {Refusal.DAMAGED, Refusal.WRONG_VALUE}


@pytest.mark.parametrize("kind", ["review", "event"])
async def test_a_huge_value_is_refused(samples: Samples, tmp_path: Path, kind: str) -> None:
    column = {"review": "text", "event": "fields"}[kind]
    path = forged(
        samples.whole, tmp_path / "bad", lambda one: one.execute(f"UPDATE {kind} SET {column} = ? WHERE id = 1", (LONG,))
    )
    assert await refusal_of(path, tmp_path) is Refusal.TOO_LARGE


async def test_numbers_that_leave_no_room_are_refused(sqlite_database: Database, samples: Samples, tmp_path: Path) -> None:
    path = forged(samples.whole, tmp_path / "bad", sql(f"UPDATE sqlite_sequence SET seq = {2**63 - 1} WHERE name = 'request'"))
    async with check_snapshot(path, guild_id=None, workdir=tmp_path) as checked:
        with pytest.raises(BadSnapshot) as caught:
            async with sqlite_database.transaction() as session:
                await load_into(session, checked)
    assert caught.value.reason is Refusal.WRONG_VALUE
    assert not any((await holds(sqlite_database)).values())


class TestGuilds:
    """A guild's file is for this guild, and holds nothing else."""

    async def test_another_guilds_file_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        assert await refusal_of(samples.guild, tmp_path, THERE) is Refusal.OTHER_GUILD

    async def test_a_whole_file_is_refused_for_a_guild(self, samples: Samples, tmp_path: Path) -> None:
        assert await refusal_of(samples.whole, tmp_path, HERE) is Refusal.WHOLE_DATABASE

    async def test_a_guilds_file_is_refused_for_everything(self, samples: Samples, tmp_path: Path) -> None:
        assert await refusal_of(samples.guild, tmp_path, None) is Refusal.ONE_GUILD

    async def test_a_guild_that_is_not_in_the_whole_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        assert await refusal_of(samples.whole, tmp_path, 5, from_whole=True) is Refusal.OTHER_GUILD

    async def test_rows_of_another_guild_are_refused(self, samples: Samples, tmp_path: Path) -> None:
        hide = sql(f"INSERT INTO preference VALUES ({THERE}, 5, 'ru')")
        path = forged(samples.guild, tmp_path / "bad", hide)
        assert await refusal_of(path, tmp_path, HERE) is Refusal.OTHER_GUILD

    async def test_rows_of_another_guild_that_the_description_denies_are_refused(self, samples: Samples, tmp_path: Path) -> None:
        hide = sql(f"UPDATE preference SET guild_id = {THERE}")
        path = forged(samples.guild, tmp_path / "bad", hide, recount=False)
        assert await refusal_of(path, tmp_path, HERE) is Refusal.OTHER_GUILD

    async def test_rows_of_no_guild_are_refused(self, samples: Samples, tmp_path: Path) -> None:
        path = forged(samples.guild, tmp_path / "bad", sql("INSERT INTO preference VALUES (0, 5, 'ru')"))
        assert await refusal_of(path, tmp_path, HERE) is Refusal.OTHER_GUILD

    async def test_a_row_that_refers_to_another_guilds_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        path = forged(samples.whole, tmp_path / "bad", sql("UPDATE review SET request_id = 10 WHERE id = 1"))
        assert await refusal_of(path, tmp_path) is Refusal.OTHER_GUILD


class TestFiles:
    """The file around the database."""

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\n\n\n",
            b"greenlight snapshot",
            b"greenlight snapshot 0\n{}\n",
            b"SQLite format 3\x00" + bytes(4000),
            gzip.compress(b"greenlight snapshot 1\n", mtime=0),
            b"PK\x03\x04" + bytes(100),
            b"\xff" * 100,
            b"greenlight snapshot 1" * 1000,
        ],
    )
    async def test_something_else_is_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "bad"
        path.write_bytes(content)
        assert await refusal_of(path, tmp_path) is Refusal.NOT_OURS

    @pytest.mark.parametrize(
        "line",
        [
            b"",
            b"{}",
            b"[]",
            b"null",
            b"[" * 100_000,
            b'{"revision":1}',
            b"\xff",
            b'{"made_at":"2026-05-01T00:00:00","revision":"0004"}',
            b'{"made_at":"9999-12-31T23:59:59-23:59","revision":"0004"}',
            b'{"made_at":5}',
        ],
    )
    async def test_a_description_that_says_nothing_is_refused(self, tmp_path: Path, line: bytes) -> None:
        path = tmp_path / "bad"
        path.write_bytes(b"greenlight snapshot 1\n" + line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n")
        assert await refusal_of(path, tmp_path) is Refusal.DAMAGED

    async def test_a_file_cut_off_anywhere_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        content, path = samples.whole.read_bytes(), tmp_path / "bad"
        for length in [*range(0, 30, 7), *range(30, len(content), len(content) // 25), len(content) - 1]:
            path.write_bytes(content[:length])
            assert await refusal_of(path, tmp_path) in {Refusal.NOT_OURS, Refusal.DAMAGED}

    async def test_something_behind_the_end_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        for more in (b"x", gzip.compress(b"more")):
            path = tmp_path / "bad"
            path.write_bytes(samples.whole.read_bytes() + more)
            assert await refusal_of(path, tmp_path) is Refusal.DAMAGED

    async def test_a_newer_format_and_a_newer_schema_are_refused(self, samples: Samples, tmp_path: Path) -> None:
        newer = tmp_path / "newer"
        newer.write_bytes(samples.whole.read_bytes().replace(b"snapshot 1\n", b"snapshot 2\n", 1))
        assert await refusal_of(newer, tmp_path) is Refusal.NEWER
        manifest, database = taken_apart(samples.whole, tmp_path)
        assert await refusal_of(put_together(manifest, database, newer, revision="9999"), tmp_path) is Refusal.NEWER
        with pytest.raises(BadSnapshot, match="9999"):
            read_manifest(newer)

    async def test_an_older_schema_than_the_description_says_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        manifest, database = taken_apart(samples.whole, tmp_path)
        assert (
            await refusal_of(put_together(manifest, database, tmp_path / "bad", revision="0001"), tmp_path)
            is Refusal.FOREIGN_SCHEMA
        )

    @pytest.mark.parametrize(
        "changes",
        [
            {"sha256": "0" * 64},
            {"size": 5},
            {"size": 5_000_000},
            {"rows": {}},
            {"rows": {"request": 2}},
            {"guilds": ()},
            {"guilds": (GuildRows(HERE, "x", 37), GuildRows(THERE, "y", 37))},
        ],
    )
    async def test_a_description_that_does_not_fit_is_refused(
        self, samples: Samples, tmp_path: Path, changes: dict[str, Any]
    ) -> None:
        manifest, database = taken_apart(samples.whole, tmp_path)
        path = put_together(manifest, database, tmp_path / "bad", **changes)
        assert await refusal_of(path, tmp_path) in {Refusal.DAMAGED, Refusal.TOO_LARGE}

    async def test_a_bomb_is_refused_before_it_fills_the_disk(self, samples: Samples, tmp_path: Path) -> None:
        manifest, _ = taken_apart(samples.whole, tmp_path)
        bomb = tmp_path / "bomb.db"
        with bomb.open("wb") as file:
            file.truncate(200 << 20)
        honest = put_together(manifest, bomb, tmp_path / "honest", size=200 << 20)
        assert honest.stat().st_size < 1 << 20
        assert await refusal_of(honest, tmp_path) is Refusal.TOO_LARGE
        lying = put_together(manifest, bomb, tmp_path / "lying", size=manifest.size)
        assert await refusal_of(lying, tmp_path) is Refusal.TOO_LARGE
        assert await refusal_of(samples.whole, tmp_path, limits=Limits(unpacked=1000)) is Refusal.TOO_LARGE
        assert await refusal_of(samples.whole, tmp_path, limits=Limits(packed=1000)) is Refusal.TOO_LARGE

    async def test_what_takes_too_long_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        assert await refusal_of(samples.whole, tmp_path, limits=Limits(seconds=0.0)) is Refusal.TOO_SLOW

    async def test_what_is_no_plain_file_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        link, pipe, wire = tmp_path / "link", tmp_path / "pipe", tmp_path / "wire"
        link.symlink_to(samples.whole)
        os.mkfifo(pipe)
        with closing(socket.socket(socket.AF_UNIX)) as listening:
            listening.bind(str(wire))
            for path in (link, pipe, wire, tmp_path, tmp_path / "none", Path("/dev/zero"), tmp_path / ("n" * 300), Path("a\0b")):
                assert await refusal_of(path, tmp_path) is Refusal.NOT_A_FILE

    async def test_another_database_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        manifest, _ = taken_apart(samples.whole, tmp_path)
        other = tmp_path / "other.db"
        with closing(sqlite3.connect(other)) as connection, connection:
            connection.execute("CREATE TABLE notes (text TEXT)")
        assert await refusal_of(put_together(manifest, other, tmp_path / "bad"), tmp_path) is Refusal.FOREIGN_SCHEMA
        other.write_bytes(b"no database at all" * 100)
        assert await refusal_of(put_together(manifest, other, tmp_path / "bad"), tmp_path) is Refusal.DAMAGED
        other.write_bytes(b"")
        assert await refusal_of(put_together(manifest, other, tmp_path / "bad"), tmp_path) is Refusal.FOREIGN_SCHEMA

    async def test_another_encoding_is_refused(self, samples: Samples, tmp_path: Path) -> None:
        manifest, database = taken_apart(samples.whole, tmp_path)
        other = tmp_path / "utf16.db"
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(other, isolation_level=None)) as target:
            target.execute("PRAGMA encoding = 'UTF-16'")
            for (statement,) in source.execute("SELECT sql FROM sqlite_master WHERE sql NOTNULL AND name NOT LIKE 'sqlite%'"):
                target.execute(statement)
        assert await refusal_of(put_together(manifest, other, tmp_path / "bad"), tmp_path) is Refusal.DAMAGED


def test_the_parts_of_a_packed_file_are_what_is_promised(samples: Samples) -> None:
    """`head` and `gunzip` are enough to get at the database."""
    first, line, digest, packed = samples.whole.read_bytes().split(b"\n", 3)
    assert (first, digest) == (b"greenlight snapshot 1", hashlib.sha256(line).hexdigest().encode())
    content = zlib.decompress(packed, 31)
    assert content.startswith(b"SQLite format 3\x00")
    assert struct.unpack(">H", content[16:18]) == (4096,)
