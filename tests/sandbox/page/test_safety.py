"""The page's server against other sites, odd requests and slow pages."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from sandbox.page import connection
from tests.sandbox.page.conftest import House, Page


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", None])
async def test_other_sites_get_no_socket_and_no_upload(house: House, origin: str | None):
    headers = {} if origin is None else {"Origin": origin}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await house.http.ws_connect(f"{house.server.address}/ws", headers=headers)
    assert refused.value.status == 403
    async with house.http.post(f"{house.server.address}/upload?filename=x", data=b"x", headers=headers) as response:
        assert response.status == 403


async def test_a_name_that_another_site_lets_lead_here_is_refused(house: House):
    async with house.http.get(house.server.address, headers={"Host": "evil.example"}) as response:
        assert response.status == 403


async def test_every_answer_says_what_the_page_may_load(house: House):
    for path in ("/", "/nothing", "/static/nothing.js"):
        async with house.http.get(house.server.address + path) as response:
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["../server.py", "..%2fserver.py", "%2e%2e/server.py", "/etc/passwd", "..\\server.py", "%00", ""]
)
async def test_no_path_leads_out_of_the_pages_files(house: House, path: str):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.server.address.rsplit(":", 1)[1]))
    host = house.server.address.removeprefix("http://")
    writer.write(f"GET /static/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ", 2)[1] in (b"404", b"400"), answer


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '"x"', "null", '{"op": "hello"}', "[" * 50_000])
async def test_what_is_no_request_is_answered(house: House, text: str):
    page = await house.page()
    await page.socket.send_str(text)
    answer = await page.answer_to(None)
    assert (answer["ok"], answer["code"]) == (False, "malformed")
    await page.do("hello")


async def test_unknown_operations_and_wrong_fields_are_answered(house: House):
    page = await house.page(house.setup.mira)
    assert (await page.ask("format_disk"))["code"] == "unknown_op"
    for op in connection.OPERATIONS:
        for fields in ({"channel_id": [], "user_id": {}, "options": 1, "on": "yes"}, {"channel_id": house.channel_id}):
            answer = await page.ask(op, **fields)
            assert answer.get("code") != "mistake", (op, answer)


async def test_odd_values_of_options_are_answered(house: House):
    page = await house.page(house.setup.mira)
    for value in ([], {}, [1], 1e400, True, "x" * 10_000, None, {"a": 1}):
        for command, name in (("hello", "name"), ("level find", "user"), ("level find", "page"), ("level find", "self")):
            text = json.dumps({"channel_id": house.channel_id, "command": command, "options": {name: value}})
            answer = await page.ask("slash", **json.loads(text))
            assert answer.get("code") != "mistake", (command, name, value, answer)


async def test_a_file_that_is_too_large_is_refused(house: House):
    headers = {"Origin": house.server.address}
    data = b"x" * (10 * 1024 * 1024 + 1)
    async with house.http.post(f"{house.server.address}/upload?filename=x", data=data, headers=headers) as response:
        assert response.status == 413


async def test_too_much_at_once_is_refused(house: House):
    house.setup.server.timing.acknowledge = 0.5
    page = await house.page(house.setup.mira)
    ask = {"channel_id": house.channel_id, "command": "silent", "options": {}}
    answers = await asyncio.gather(*(page.ask("slash", **ask) for _ in range(connection.MOST_AT_ONCE + 3)))
    assert [answer.get("code") for answer in answers].count("busy") == 3


def frame(text: str) -> bytes:
    """Return a web socket's frame of a text, as a client sends it."""
    data = text.encode()
    assert len(data) < 65536
    return bytes([0x81, 0x80 | 126]) + len(data).to_bytes(2, "big") + b"\0\0\0\0" + data


async def test_a_page_that_takes_nothing_is_closed(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "LAST_PATIENCE", 0.1)
    for _ in range(50):
        house.setup.noor.send(house.setup.channel, "x" * 2000)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.server.address.rsplit(":", 1)[1]), limit=1024)
    host = house.server.address.removeprefix("http://")
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    writer.write(frame(json.dumps({"id": 0, "op": "be", "user_id": str(house.setup.mira.id)})))
    request = frame(json.dumps({"id": 1, "op": "open", "channel_id": house.channel_id}))
    async with asyncio.timeout(20):
        while house.server.connected:
            writer.write(request)
            await asyncio.wait([asyncio.ensure_future(writer.drain())], timeout=0.01)
    writer.transport.abort()


async def test_the_end_of_the_sandbox_is_told(house: House):
    page: Page = await house.page(house.setup.mira)
    await house.server.stop()
    await asyncio.wait_for(page._reader, 5)
    assert page.socket.close_code == 1001
