"""What is logged goes through one formatter, ours and libraries' alike, and holds no secrets."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config.logging import OURS, log_uncaught, set_up_logging
from config.paths import ROOT
from config.settings import Settings

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789"
PANEL = "panel-token-of-the-environment"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in OURS}
    yield
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def begin(stream: io.StringIO | None = None, **settings: Any) -> io.StringIO:
    stream = stream or io.StringIO()
    set_up_logging(Settings(**settings), stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("name", ["discord.gateway", "uvicorn.error", "py.warnings", "asyncio", "facades.app"])
def test_every_logger_writes_the_same_fields(name: str) -> None:
    stream = begin()
    logging.getLogger(name).warning("it is %s", "late")
    [line] = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "it is late", "level": "warning", "logger": name}


def test_what_is_bound_around_the_work_stands_in_every_line() -> None:
    stream = begin()
    with structlog.contextvars.bound_contextvars(guild=5, command="queue info"):
        structlog.get_logger("facades.x").info("ours")
        logging.getLogger("discord.http").warning("theirs")
    structlog.get_logger("facades.x").info("after")
    assert [(line["event"], line.get("guild"), line.get("command")) for line in lines(stream)] == [
        ("ours", 5, "queue info"),
        ("theirs", 5, "queue info"),
        ("after", None, None),
    ]


def test_only_our_own_loggers_tell_what_is_for_debugging() -> None:
    """There, discord.py writes down whole messages and aiosqlite whole statements."""
    stream = begin(log_level="DEBUG")
    for name in ("discord.http", "aiosqlite", "sqlalchemy.engine.Engine", "uvicorn.access", "urllib3"):
        logging.getLogger(name).debug("a whole message")
    logging.getLogger("uvicorn.access").info("GET /?key=secret")
    structlog.get_logger("facades.x").debug("ours")
    assert [line["event"] for line in lines(stream)] == ["ours"]


def test_every_package_of_ours_is_known_as_such() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "sandbox"}
    assert packages | {"__main__", "bot", "main", "startup"} == set(OURS)


def test_secrets_are_taken_out_wherever_they_stand() -> None:
    stream = begin(
        bot_token=TOKEN, api_token=PANEL, database_url="postgresql://bot:hunter2@db/x", sentry_dsn="https://publickey@host/1"
    )
    log = logging.getLogger("discord.http")
    log.warning("We are being rate limited. POST https://discord.com/api/v10/webhooks/12/%s responded with 429", "w" * 80)
    log.error("login as %s at %s", TOKEN, "postgresql://bot:hunter2@db/x", extra={"key": PANEL})
    try:
        raise ValueError(f"{PANEL} publickey")
    except ValueError:
        structlog.get_logger("facades.x").exception("failed", token=PANEL)
    for secret in (TOKEN, PANEL, "hunter2", "publickey", "w" * 80):
        assert secret not in stream.getvalue()
    assert len(lines(stream)) == 3


def test_a_terminal_gets_lines_for_people_and_plain_tracebacks() -> None:
    stream = begin(Terminal())
    a_local_variable = "what somebody wrote"
    try:
        raise ValueError("boom")
    except ValueError:
        structlog.get_logger("facades.x").exception("failed", guild=5)
    text = stream.getvalue()
    assert a_local_variable not in text
    assert "failed" in text
    assert "ValueError: boom" in text
    assert not text.startswith("{")


@pytest.mark.parametrize(("wanted", "begins"), [("json", "{"), ("text", "2")])
def test_the_format_can_be_chosen(wanted: Any, begins: str) -> None:
    stream = begin(Terminal(), log_format=wanted)
    logging.getLogger("discord").warning("hello")
    assert stream.getvalue().replace("\x1b[2m", "").startswith(begins)


def test_what_ends_the_process_is_a_line_too() -> None:
    stream = begin()
    try:
        raise KeyError("the end")
    except KeyError:
        log_uncaught(*sys.exc_info())  # pyright: ignore[reportArgumentType]
    [line] = lines(stream)
    assert (line["event"], line["level"]) == ("crashed", "critical")
    assert "KeyError: 'the end'" in line["exception"]


def test_warnings_of_python_are_lines() -> None:
    stream = begin()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert lines(stream)[0]["logger"] == "py.warnings"
