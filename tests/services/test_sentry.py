"""Errors reach Sentry with what finds them again, and without anything personal; Sentry's part is played by a local server."""

import gzip
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pydantic import SecretStr

from facades.operations.report_error import report_error
from services import sentry
from services.sentry import Sentry, SentryUnusable
from tests.facades.delivery.world import DeliveryWorld

TYPED = "Pamplemousse is what somebody wrote"
TOKEN = "a-token-that-must-stay-secret"


class Project:
    """Sentry's side: it keeps the events that it gets."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str]] = []
        self.raw = ""
        project = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                project.take(self.path, self.headers.get("X-Sentry-Auth", ""), body.decode())
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.dsn = f"http://publickey@127.0.0.1:{self.server.server_port}/17"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path: str, auth: str, body: str) -> None:
        self.calls.append((path, auth))
        self.raw += body
        _, *items = (json.loads(line) for line in body.splitlines() if line)
        self.events += [payload for header, payload in zip(items[::2], items[1::2], strict=True) if header["type"] == "event"]


@pytest.fixture
def project() -> Iterator[Project]:
    made = Project()
    yield made
    made.server.shutdown()
    made.server.server_close()


def failing(work: Callable[[], object]) -> BaseException:
    personal = TYPED
    try:
        work()
    except (ValueError, ZeroDivisionError) as error:
        assert personal
        return error
    raise AssertionError


async def test_an_error_arrives_with_its_id_command_and_guild(project: Project, sqlite_address: str) -> None:
    world = DeliveryWorld(sqlite_address)
    world.app.settings.api_token = SecretStr(TOKEN)
    world.app.tracker = Sentry(project.dsn, release="1.2.3", environment="test")
    error = failing(lambda: int(f"{TYPED} {TOKEN}"))
    error_id = await report_error(
        world.app, error, where="request create", guild_id=5, user_id=6, options={"comment": TYPED}, typed=[TYPED]
    )
    world.app.tracker.close()
    await world.app.database.close()
    [event] = project.events
    [(path, auth)] = project.calls
    assert path == "/api/17/envelope/"
    assert "sentry_key=publickey" in auth
    assert event["tags"] == {"error_id": error_id, "where": "request create", "guild": "5"}
    assert (event["release"], event["environment"], event["server_name"]) == ("1.2.3", "test", "greenlight")
    [value] = event["exception"]["values"]
    assert value["type"] == "ValueError"
    assert value["stacktrace"]["frames"][-1]["function"] == "<lambda>"
    assert "Pamplemousse is" not in value["value"]
    for word in (TOKEN, '"vars"', '"user"', '"breadcrumbs": {"values": [{', "sys.argv"):
        assert word not in project.raw, word


async def test_a_sentry_that_is_gone_costs_nothing(project: Project, sqlite_address: str) -> None:
    project.server.shutdown()
    project.server.server_close()
    world = DeliveryWorld(sqlite_address)
    world.app.tracker = Sentry(project.dsn, release="1.2.3", environment="test")
    error = failing(lambda: 1 / 0)
    assert await report_error(world.app, error, where="x", guild_id=None, user_id=None, options={})
    world.app.tracker.close()
    await world.app.database.close()


@pytest.mark.parametrize("dsn", ["nonsense", "https://sentry.io/1", "http://key@/1"])
def test_an_address_that_is_none_of_sentrys_is_refused_in_one_sentence(dsn: str) -> None:
    with pytest.raises(SentryUnusable, match="SENTRY_DSN is no address") as refusal:
        Sentry(dsn, release="", environment="")
    assert dsn not in str(refusal.value)


def test_without_the_package_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentry, "PACKAGE", "sentry_sdk_that_nobody_has_installed")
    with pytest.raises(SentryUnusable, match="pip install sentry-sdk"):
        Sentry("http://key@host/1", release="", environment="")
