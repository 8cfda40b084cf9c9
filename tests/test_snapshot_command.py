"""`python main.py snapshot save|load|inspect`: what it does, and how it refuses."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

import main
from db.engine import Database
from db.migrate import current, head, upgrade
from tests.db.snapshots.conftest import Samples, samples
from tests.db.snapshots.content import HERE, THERE, guild_rows, holds, put
from tests.db.snapshots.forging import forged

__all__ = ["samples"]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Undo what the program sets up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Give the address of a database that is not there yet."""
    return f"sqlite:///{tmp_path / 'bot.db'}"


def run(address: str, *arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(main.main, ["snapshot", *arguments], env={"DATABASE_URL": address}, input=answer)


def refusal(result: Result) -> str:
    """Return the one sentence of a refusal."""
    assert result.exit_code == 2, result.output
    return result.output.strip().splitlines()[-1]


def fill(address: str, *guilds: int) -> None:
    async def write() -> None:
        database = Database(address)
        await put(database, *(guild_rows(guild_id, 1 + 100 * place) for place, guild_id in enumerate(guilds)))
        await database.close()

    upgrade(address)
    asyncio.run(write())


def content(address: str, guild_id: int | None = None) -> dict[str, int]:
    async def read() -> dict[str, int]:
        database = Database(address)
        found = {table: len(rows) for table, rows in (await holds(database, guild_id)).items()}
        await database.close()
        return found

    return asyncio.run(read())


def test_everything_moves_into_a_new_database(address: str, tmp_path: Path) -> None:
    fill(address, HERE, THERE)
    file, moved = tmp_path / "all.greenlight", f"sqlite:///{tmp_path / 'moved.db'}"
    saved = run(address, "save", str(file))
    assert (saved.exit_code, saved.output) == (0, f"Saved {file}: everything, 2 guilds, 74 rows.\n")
    loaded = run(moved, "load", str(file), "--yes")
    assert loaded.exit_code == 0, loaded.output
    assert loaded.output.endswith("Loaded 74 rows of 2 guilds.\n")
    assert "The state before" not in loaded.output
    assert content(moved)["request"] == 4
    assert not (tmp_path / "snapshots").exists() or not list((tmp_path / "snapshots").iterdir())


def test_everything_moves_to_postgresql(address: str, empty_postgres_address: str, tmp_path: Path) -> None:
    fill(address, HERE)
    file = tmp_path / "all.greenlight"
    run(address, "save", str(file))
    loaded = run(empty_postgres_address, "load", str(file), "--yes")
    assert loaded.exit_code == 0, loaded.output
    assert content(empty_postgres_address)["review"] == 2


def test_what_would_be_replaced_is_shown_before_it_is(address: str, samples: Samples, tmp_path: Path) -> None:
    fill(address, HERE)
    before = content(address)
    result = run(address, "load", str(samples.whole), answer="n\n")
    assert refusal(result) == "Nothing was changed."
    shown = {line.split()[0]: line.split()[1:] for line in result.output.splitlines() if line}
    assert shown["request"] == ["2", "4"]
    assert shown["event_field"] == ["8", "16"]
    assert "must be stopped" in result.output
    assert content(address) == before
    assert refusal(run(address, "load", str(samples.whole))) == "Nothing was changed."


def test_the_state_before_is_saved_and_can_be_loaded_again(address: str, samples: Samples, tmp_path: Path) -> None:
    fill(address, HERE, 77)
    before = content(address)
    result = run(address, "load", str(samples.whole), answer="y\n")
    assert result.exit_code == 0, result.output
    assert content(address)["request"] == 4
    [copy] = (tmp_path / "snapshots").glob("*before-restore*.greenlight")
    assert f"The state before is saved in {copy}." in result.output
    assert run(address, "load", str(copy), "--yes").exit_code == 0
    assert content(address)["request"] == before["request"]


def test_one_guild_is_saved_and_loaded(address: str, tmp_path: Path) -> None:
    fill(address, HERE, THERE)
    file = str(tmp_path / "guild.greenlight")
    assert run(address, "save", file, "--guild", str(HERE)).exit_code == 0
    assert refusal(run(address, "load", file, "--yes")) == (
        f"{file} was not loaded: it holds guild {HERE} only. Nothing was changed."
    )
    assert refusal(run(address, "load", file, "--guild", str(THERE), "--yes")).endswith("Nothing was changed.")
    assert run(address, "load", file, "--guild", str(HERE), "--yes").exit_code == 0
    assert content(address, HERE)["request"] == content(address, THERE)["request"] == 2


def test_a_guild_is_taken_out_of_a_snapshot_of_everything(address: str, samples: Samples) -> None:
    result = run(address, "load", str(samples.whole), "--guild", str(THERE), "--yes")
    assert result.exit_code == 0, result.output
    assert content(address, HERE)["request"] == 0
    assert content(address, THERE)["request"] == 2


def test_a_file_is_shown_without_any_database(tmp_path: Path, samples: Samples) -> None:
    address = f"sqlite:///{tmp_path / 'none' / 'bot.db'}"
    result = run(address, "inspect", str(samples.whole))
    assert result.exit_code == 0
    assert "holds      everything, 2 guilds, 74 rows" in result.output
    assert "made       2026-05-01 12:30:15 UTC by Greenlight 0.1.0" in result.output
    assert f"guild      {HERE}" in result.output
    assert not (tmp_path / "none").exists()


def test_what_a_file_says_does_not_control_the_terminal(address: str, samples: Samples, tmp_path: Path) -> None:
    def rename(connection: object) -> None:
        connection.execute("UPDATE guild SET name = '\x1b[2J\x07evil\nname' WHERE guild_id = ?", (HERE,))  # type: ignore[attr-defined]

    file = forged(samples.whole, tmp_path / "evil", rename, release="\x1b]0;evil\x07")
    shown = run(address, "inspect", str(file)).output
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "?[2J?evil?name" in shown


@pytest.mark.parametrize("command", ["inspect", "load"])
def test_other_files_are_refused_in_one_sentence(address: str, tmp_path: Path, command: str) -> None:
    text = tmp_path / "text.greenlight"
    text.write_text("hello")
    for path in (str(text), str(tmp_path), str(tmp_path / "none"), "/dev/zero"):
        result = run(address, command, path)
        assert len(refusal(result)) > 20
        assert len(result.output.splitlines()) == 1
        assert "Traceback" not in result.output


def test_nothing_is_saved_over_a_file_nor_from_no_database(address: str, tmp_path: Path) -> None:
    file = tmp_path / "a.greenlight"
    assert refusal(run(address, "save", str(file))).startswith("There is no database yet")
    upgrade(address, "0003")
    assert refusal(run(address, "save", str(file))).startswith("The database has the older revision 0003")
    upgrade(address)
    file.write_text("precious")
    assert refusal(run(address, "save", str(file))) == f"{file} exists already; name another file."
    assert file.read_text() == "precious"
    assert refusal(run(address, "save", "/proc/nowhere/a")).startswith("/proc/nowhere/a cannot be written: ")


def test_loading_brings_an_older_database_up_to_date_first(address: str, samples: Samples) -> None:
    upgrade(address, "0002")
    assert run(address, "load", str(samples.whole), "--yes").exit_code == 0
    assert current(address) == head()
    assert content(address)["request"] == 4
