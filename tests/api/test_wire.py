"""Whatever is sent over the wire is answered in JSON or cut off: never an error of the bot, and the next call works."""

import asyncio
import logging

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api import http_protocol
from tests.api.client import Panel
from tests.api.routes import GUARDED, Call
from tests.api.wire import METHODS, PATHS, ask, errors_of, exchange, plain, requests
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.world import World
from tests.thoroughness import HOWEVER_LONG, THOROUGH, some

pytestmark = [ONE_LOOP, HOWEVER_LONG]
world = guild_of_its_own()
TRIED = settings(
    max_examples=1_000 if THOROUGH else 30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


class Watch:
    """Looks whether anything was reported or logged as an error since it was made."""

    def __init__(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        self._world, self._caplog = world, caplog
        caplog.clear()
        self._before = errors_of(world.app.metrics)

    def holds(self) -> None:
        """Fail when something was."""
        assert errors_of(self._world.app.metrics) == self._before
        assert [record.getMessage() for record in self._caplog.records if record.levelno >= logging.ERROR] == []


@pytest.fixture(autouse=True)
def without_limits(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let as much be tried as one likes."""
    assert panel.bot.api.application is not None
    state = panel.bot.api.application.state.api
    for limit in (state.attempts, state.calls, state.messages):
        monkeypatch.setattr(limit, "most", 10_000_000)


@given(data=st.data())
@TRIED
async def test_whatever_is_sent_is_answered_in_json_or_cut_off(
    world: World, panel: Panel, caplog: pytest.LogCaptureFixture, data: st.DataObject
) -> None:
    watch, token = Watch(world, caplog), panel.token or ""
    for answer in await exchange(panel.address, data.draw(requests(token))):
        answer.holds()
        assert token not in answer.body
    watch.holds()
    answer = await ask(panel.address, plain("GET", "/request/oldest", token))
    assert answer.status == 200


async def test_every_method_on_every_path_is_answered_in_json(
    world: World, panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch(world, caplog)
    for path in PATHS:
        for method in some(METHODS, 3):
            for answer in await exchange(panel.address, [plain(method, path, "wrong", "Connection: close")]):
                answer.holds()
    watch.holds()


async def test_nonsense_is_refused_in_json(panel: Panel) -> None:
    for sent in (
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        answer = await ask(panel.address, sent)
        assert (answer.status, answer.headers["content-type"], answer.headers["connection"]) == (400, "application/json", "close")
        answer.holds()


BROKEN = b"2\r\n{}\r\nzz\r\n"
"""Chunks of which the second has no length."""


@pytest.mark.parametrize("key", ["right", "wrong"])
@pytest.mark.parametrize("call", some([call for call in GUARDED if call.body is not None], 5), ids=lambda call: call.path)
async def test_a_body_that_goes_wrong_on_its_way_is_no_error_of_ours(
    world: World, panel: Panel, caplog: pytest.LogCaptureFixture, call: Call, key: str
) -> None:
    watch, token = Watch(world, caplog), panel.token or "" if key == "right" else "wrong"
    head = plain(call.method, call.path, token, "Transfer-Encoding: chunked")
    for pieces in ([head + BROKEN], [head, BROKEN], [head, b"2\r\n", b"{}\r\n", b"zz\r\n"], [head, b"2\r\n{"]):
        for answer in await exchange(panel.address, pieces):
            answer.holds()
            assert answer.status in {400, 401}
    await asyncio.sleep(0)
    watch.holds()


async def test_whoever_hangs_up_before_the_body_is_there_is_no_error_of_ours(
    world: World, panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch(world, caplog)
    host, port = panel.address.removeprefix("http://").split(":")
    answered = world.app.metrics.requests.labels("POST", "/message/stream_start", "400")._value
    before = answered.get()
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(plain("POST", "/message/stream_start", panel.token or "", "Content-Length: 50") + b"{")
    await writer.drain()
    writer.close()
    async with asyncio.timeout(10):
        while answered.get() == before:
            await asyncio.sleep(0.005)
    watch.holds()


async def test_a_long_method_is_not_written_down(panel: Panel, capsys: pytest.CaptureFixture[str]) -> None:
    assert (await ask(panel.address, plain("Q" * 5_000, "/healthz", "x"))).status == 405
    assert "Q" * 100 not in capsys.readouterr().out


async def test_an_upgrade_is_not_taken_up(panel: Panel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    upgrade = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    )
    answer = await ask(panel.address, plain("GET", "/request/oldest", panel.token or "", *upgrade))
    assert answer.status == 200
    assert caplog.records == []


async def test_who_says_nothing_is_not_waited_for(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "PATIENCE", 0.1)
    host, port = panel.address.removeprefix("http://").split(":")
    finished = plain("GET", "/healthz", "x")
    for begun in (
        b"",
        b"GET /healthz HTTP/1.1\r\nHost",
        finished + b"GET",
        plain("POST", "/request/create", "wrong", "Content-Length: 9") + b"{",
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(begun)
        async with asyncio.timeout(3):
            await reader.read()
        writer.close()


async def test_a_connection_too_many_is_told_so_in_json_and_harms_no_other(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    host, port = panel.address.removeprefix("http://").split(":")
    first = await asyncio.open_connection(host, int(port))
    first[1].write(plain("GET", "/healthz", "x"))
    await first[0].readuntil(b"}")
    monkeypatch.setattr(http_protocol, "MOST_CONNECTIONS", 1)
    answer = await ask(panel.address, plain("GET", "/healthz", "x"))
    assert (answer.status, answer.headers["connection"]) == (503, "close")
    answer.holds()
    first[1].write(plain("GET", "/healthz", "x"))
    assert b" 200 " in await first[0].readuntil(b"\r\n")
    first[1].close()
