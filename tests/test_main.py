"""The program's commands: what cannot work is said in one sentence, and stopping is graceful."""

import asyncio
import logging
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import structlog
from click.testing import CliRunner, Result

import bot
import main
import startup
from config.errors import ConfigError
from db.alone import only_process
from db.migrate import current, head
from services.listening import CannotListen

TOKEN = "a-token-that-must-stay-secret"


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
    return f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put something that ends at once in the place of the bot; return the tokens it was started with."""
    tokens: list[str] = []

    async def run_bot(settings: Any, token: str) -> None:
        tokens.append(token)

    monkeypatch.setattr(bot, "run_bot", run_bot)
    return tokens


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main.main, arguments, env=environment)


def refusal(result: Result) -> str:
    """Return the one sentence of a refusal."""
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_a_missing_token_names_its_variable_and_the_demo() -> None:
    said = refusal(run())
    assert "BOT_TOKEN is not set" in said
    assert "make demo" in said


@pytest.mark.parametrize("arguments", [("--debug",), ("--stage", "test"), ("--debug", "--stage", "test")])
def test_the_testing_stage_asks_for_its_own_token(arguments: tuple[str, ...]) -> None:
    assert "BOT_TOKEN_TEST is not set" in refusal(run(*arguments, BOT_TOKEN=TOKEN))


def test_the_stages_cannot_be_mixed() -> None:
    assert run("--debug", "--stage", "production").exit_code == 2


def test_the_bot_starts_with_the_token_of_its_stage_and_a_fresh_database(address: str, started: list[str]) -> None:
    result = run("--debug", BOT_TOKEN="other", BOT_TOKEN_TEST=TOKEN, DATABASE_URL=address)
    assert result.exit_code == 0, result.output
    assert started == [TOKEN]
    assert current(address) == head()
    assert TOKEN not in result.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "loud"),
        ("GD_API_URL", "ftp://x"),
        ("DISCORD_API_URL", "x"),
        ("GREENLIGHT_STAGE", "moon"),
        ("API_TRUSTED_PROXIES", "me"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(name: str, value: str) -> None:
    said = refusal(run(**{"BOT_TOKEN": TOKEN, name: value}))
    assert name in said
    assert f"'{value}'" not in said


@pytest.mark.parametrize("address", ["mysql://root:hunter2@host/data", "not an address"])
def test_a_database_that_we_do_not_know_is_refused(address: str) -> None:
    said = refusal(run(BOT_TOKEN=TOKEN, DATABASE_URL=address))
    assert "DATABASE_URL" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("command", [(), ("migrate",)])
def test_a_database_of_a_newer_release_is_refused(command: tuple[str, ...], sqlite_address: str) -> None:
    with closing(sqlite3.connect(sqlite_address.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "revision 9999" in refusal(run(*command, BOT_TOKEN=TOKEN, DATABASE_URL=sqlite_address))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "garbage.db"
    path.write_bytes(b"garbage" * 200)
    assert "not a database" in refusal(run(BOT_TOKEN=TOKEN, DATABASE_URL=f"sqlite:///{path}"))


def test_a_database_server_that_does_not_answer_is_named_without_its_password() -> None:
    said = refusal(run(BOT_TOKEN=TOKEN, DATABASE_URL="postgresql://user:hunter2@127.0.0.1:9/data"))
    assert "127.0.0.1" in said
    assert "hunter2" not in said


def test_a_wrong_config_stops_the_start_with_file_key_and_reason(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> None:
        raise ConfigError(main_folder / "data" / "routes.json", "log", "the key is missing")

    main_folder = Path(main.__file__).parent
    monkeypatch.setattr("config.definitions.definitions", wrong)
    assert "data/routes.json: log: the key is missing" in refusal(run(BOT_TOKEN=TOKEN, DATABASE_URL=address))


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (discord.LoginFailure("Improper token has been passed."), "BOT_TOKEN"),
        (discord.PrivilegedIntentsRequired(None), "Server Members Intent"),
        (aiohttp.ClientConnectionError("nobody there"), "Discord does not answer"),
        (CannotListen("another program listens on 127.0.0.1:5000 already", in_use=True), "with API_HOST and API_PORT"),
    ],
)
def test_what_keeps_the_bot_from_connecting_is_said(
    error: Exception, hint: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run_bot(settings: Any, token: str) -> None:
        raise error

    monkeypatch.setattr(bot, "run_bot", run_bot)
    said = refusal(run(BOT_TOKEN=TOKEN, DATABASE_URL=address))
    assert hint in said
    assert TOKEN not in said


def test_an_address_that_is_none_of_sentrys_is_refused(address: str) -> None:
    assert "SENTRY_DSN is no address" in refusal(run(BOT_TOKEN=TOKEN, DATABASE_URL=address, SENTRY_DSN="nonsense"))


def test_a_bug_is_not_hidden(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run_bot(settings: Any, token: str) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(bot, "run_bot", run_bot)
    assert isinstance(run(BOT_TOKEN=TOKEN, DATABASE_URL=address).exception, KeyError)


def test_a_database_with_pending_migrations_is_copied_before_the_start(
    sqlite_address: str, started: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    present = head()
    monkeypatch.setattr("db.safety_copy.head", lambda: "9999")
    monkeypatch.setattr("facades.operations.bring_up_to_date.head", lambda: "9999")
    result = run(BOT_TOKEN=TOKEN, DATABASE_URL=sqlite_address)
    assert result.exit_code == 0, result.output
    copies = list((tmp_path / "snapshots").iterdir())
    assert [current(f"sqlite:///{copy}") for copy in copies] == [present]
    assert str(copies[0]) in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_work_gracefully(number: signal.Signals) -> None:
    steps: list[str] = []

    async def work() -> None:
        os.kill(os.getpid(), number)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("tidied up")

    startup.run_until_stopped(work())
    assert steps == ["tidied up"]


def test_a_cancellation_that_nobody_asked_for_is_not_taken_for_a_stop() -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        startup.run_until_stopped(work())


def test_migrate_goes_up_and_back_and_keeps_a_copy(address: str, tmp_path: Path) -> None:
    assert f"from empty to {head()}" in run("migrate", DATABASE_URL=address).stdout
    result = run("migrate", "--revision", "base", DATABASE_URL=address)
    assert f"from {head()} to empty" in result.stdout
    assert len(list((tmp_path / "snapshots").iterdir())) == 1


def test_migrate_says_that_postgresql_is_not_copied(empty_postgres_address: str) -> None:
    assert "copy" not in run("migrate", DATABASE_URL=empty_postgres_address).stdout
    result = run("migrate", "--revision", "base", DATABASE_URL=empty_postgres_address)
    assert "Made no copy" in result.stdout
    assert f"from {head()} to empty" in result.stdout


def test_migrate_refuses_a_revision_that_is_not_there(address: str) -> None:
    assert "no revision 77" in refusal(run("migrate", "--revision", "77", DATABASE_URL=address))


def test_the_doctor_ends_with_1_when_there_is_a_problem(address: str) -> None:
    result = run("doctor", DATABASE_URL=address, GD_API_URL="http://127.0.0.1:9")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "problem: BOT_TOKEN is not set. Put the bot's token into .env or the environment."
    assert all(line.startswith(("ok: ", "note: ", "warning: ", "problem: ")) for line in lines)


def test_the_doctor_speaks_every_language(address: str) -> None:
    result = run("doctor", "--language", "ru", DATABASE_URL=address, GD_API_URL="http://127.0.0.1:9")
    assert result.stdout.startswith("проблема: Переменная BOT_TOKEN не задана.")


def test_the_demo_has_no_empty_tour() -> None:
    assert run("demo", "--tour", "--empty").exit_code == 2


def test_a_second_process_on_a_sqlite_file_is_refused_in_one_sentence(
    sqlite_address: str, started: list[str], tmp_path: Path
) -> None:
    with only_process(sqlite_address):
        for command in ([], ["migrate"], ["migrate", "--revision", "0001"]):
            result = run(*command, BOT_TOKEN=TOKEN, DATABASE_URL=sqlite_address)
            assert (result.exit_code, started) == (2, [])
            assert result.output.strip().splitlines()[-1].startswith("Another process of the bot works with")
        saved = run("snapshot", "save", str(tmp_path / "beside.greenlight"), DATABASE_URL=sqlite_address)
        assert saved.exit_code == 0, saved.output
        loaded = run("snapshot", "load", str(tmp_path / "beside.greenlight"), "--yes", DATABASE_URL=sqlite_address)
        assert (loaded.exit_code, "Another process" in loaded.output) == (2, True)
    assert run(BOT_TOKEN=TOKEN, DATABASE_URL=sqlite_address).exit_code == 0


def test_a_part_of_the_shards_needs_postgresql(sqlite_address: str, started: list[str]) -> None:
    result = run(BOT_TOKEN=TOKEN, DATABASE_URL=sqlite_address, SHARDS_PER_PROCESS="2")
    assert (result.exit_code, started) == (2, [])
    assert "need PostgreSQL" in result.output
