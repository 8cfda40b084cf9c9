"""Who gets past the token, and what bodies and paths the API refuses."""

import asyncio
import json
import logging
from typing import Any

import pytest

from api import guarded_route
from api.attempts import MOST_MESSAGES, MOST_WRONG
from db.models import GuildModule
from db.upsert import upsert
from tests.api.client import Panel, token_of
from tests.api.routes import GUARDED
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import label
from tests.e2e.world import World
from util.identifiers import Module, Parameter
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
CALLS = [(call.method, call.path, call.body) for call in GUARDED]


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(panel: Panel) -> None:
    """Forget the wrong tokens of other tests, which come from the same address."""
    panel.forget_attempts()


# Tokens


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_without_the_right_token_there_is_nothing(panel: Panel, method: str, path: str, body: Any) -> None:
    assert panel.token is not None
    for token in (None, "", "wrong", panel.token[:-1], panel.token + "x", panel.token.swapcase(), "é" * 20, "x" * 5000):
        reply = await panel.with_token(token).call(method, path, body)
        assert (reply.status, reply.body["error"]) == (401, "wrong_token")
        assert reply.headers["www-authenticate"]
        panel.forget_attempts()


async def test_the_token_is_asked_for_before_the_body_is_read(panel: Panel) -> None:
    reply = await panel.with_token("wrong").call("POST", "/request/create", b"{" * 300_000)
    assert reply.status == 401


async def test_a_revoked_token_opens_nothing(world: World, panel: Panel) -> None:
    assert await panel.get("/request/random") is None
    newer = await token_of(world, world.guild)
    assert (await panel.call("GET", "/request/random")).status == 401
    assert await panel.with_token(newer).get("/request/random") is None


async def test_who_tries_too_many_tokens_has_to_wait_even_with_the_right_one(panel: Panel) -> None:
    wrong = panel.with_token("wrong")
    statuses = [(await wrong.call("GET", "/request/random")).status for _ in range(MOST_WRONG + 2)]
    assert statuses == [401] * MOST_WRONG + [429, 429]
    reply = await panel.call("GET", "/request/random")
    assert (reply.status, reply.body["error"]) == (429, "too_many_attempts")
    assert 0 < int(reply.headers["retry-after"]) <= 60


async def test_nobody_is_taken_for_whom_an_unknown_proxy_names(panel: Panel) -> None:
    for number in range(MOST_WRONG):
        await panel.with_token("wrong").call("GET", "/request/random", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert (await panel.call("GET", "/request/random")).status == 429


async def test_right_tokens_do_not_count_as_wrong_ones(panel: Panel) -> None:
    for _ in range(MOST_WRONG * 2):
        await panel.get("/request/random")


async def test_a_right_token_that_calls_too_often_has_to_wait_and_others_have_not(
    world: World, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert panel.bot.api.application is not None
    monkeypatch.setattr(panel.bot.api.application.state.api.calls, "most", 3)
    other = await world.add_guild("Another")
    for _ in range(3):
        await panel.get("/request/random")
    for method, path, body in CALLS:
        reply = await panel.call(method, path, body)
        assert (reply.status, reply.body["error"]) == (429, "too_many_calls")
        assert 0 < int(reply.headers["retry-after"]) <= 60
    assert reply.body["message"] == label(Text.PANEL_ERROR_CALLS, seconds=int(reply.headers["retry-after"]))
    assert (await panel.with_token("wrong").call("GET", "/request/random")).status == 401
    await panel.with_token(await token_of(world, other)).get("/request/random")


async def test_messages_with_pings_have_a_limit_of_their_own(panel: Panel) -> None:
    for _ in range(MOST_MESSAGES):
        await panel.post("/message/stream_start", {"text": "@everyone"})
    for path, body in (("/message/stream_start", {"text": "Again"}), ("/message/stream_end", {})):
        reply = await panel.call("POST", path, body)
        assert (reply.status, reply.body["error"]) == (429, "too_many_calls")
    await panel.get("/request/random")


# Bodies


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"text": 5}',
        b'{"text": null}',
        b"\xff\xfe",
        b'{"text": NaN}',
        b'{"text": ' + b"9" * 5000 + b"}",
        b'{"text":' * 20_000,
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
async def test_a_body_that_does_not_fit_is_refused_in_words(panel: Panel, body: bytes) -> None:
    reply = await panel.call("POST", "/message/stream_start", body, headers={"Content-Type": "application/json"})
    assert reply.status == 422, reply
    assert reply.body["error"] == "invalid_body"
    assert reply.body["message"] == label(Text.PANEL_ERROR_BODY)


async def test_what_does_not_fit_is_named_and_not_repeated(panel: Panel) -> None:
    reply = await panel.call("POST", "/request/resolve", {"request_id": "my secret", "sent_for": "z"})
    assert [problem["where"] for problem in reply.body["problems"]] == ["body.request_id", "body.sent_for"]
    assert "my secret" not in str(reply.body)


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30, True, 1.5, "1x"])
async def test_a_number_that_no_request_can_have_is_refused(panel: Panel, number: object) -> None:
    assert (await panel.call("POST", "/request/preapprove", {"request_id": number})).status in {404, 422}


async def test_a_body_of_a_declared_size_beyond_the_limit_is_refused(panel: Panel) -> None:
    reply = await panel.call("POST", "/message/stream_start", b"x" * (guarded_route.LARGEST_BODY + 1))
    assert (reply.status, reply.body["error"]) == (413, "body_too_large")


async def test_a_body_that_grows_beyond_the_limit_is_refused(panel: Panel) -> None:
    async def grow() -> Any:
        for _ in range(guarded_route.LARGEST_BODY // 1024 + 2):
            yield b"x" * 1024

    async with panel.session.post(
        f"{panel.address}/message/stream_start", data=grow(), headers={"x-key": panel.token or ""}
    ) as reply:
        assert (reply.status, (await reply.json())["error"]) == (413, "body_too_large")


async def test_a_body_that_does_not_come_is_not_waited_for(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_route, "PATIENCE", 0.1)
    host, port = panel.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /message/stream_start HTTP/1.1\r\nHost: x\r\nx-key: {panel.token}\r\nContent-Length: 50\r\n\r\n{{"
    writer.write(head.encode())
    answer = await reader.readuntil(b"\r\n")
    assert b" 408 " in answer
    writer.close()


async def test_a_batch_has_a_limit(panel: Panel) -> None:
    item = {"level_id": 1, "creator_name": "A", "language": "eng", "showcase_yt_link": ""}
    assert (await panel.post("/request/create_batch", [item] * 500)) == [None] * 500
    assert (await panel.call("POST", "/request/create_batch", [item] * 501)).status == 422


async def test_one_misshapen_item_of_a_batch_is_named(panel: Panel) -> None:
    item = {"level_id": 2003, "creator_name": "A", "language": "eng", "showcase_yt_link": ""}
    reply = await panel.call("POST", "/request/create_batch", [item, item | {"language": "ger"}])
    assert (reply.status, reply.body["problems"][0]["where"]) == (422, "body.1.language")
    assert await panel.get("/request/random") is None


# Paths


@pytest.mark.parametrize("path", ["/", "/request", "/request/random/", "/docs", "/redoc", "/openapi.json", "/%00", "/../etc"])
async def test_unknown_paths_are_answered_in_json(panel: Panel, path: str) -> None:
    reply = await panel.call("GET", path)
    assert (reply.status, reply.body["error"]) == (404, "unknown_path")


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_other_methods_are_answered_in_json(panel: Panel, method: str, path: str, body: Any) -> None:
    for other in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} - {method}:
        reply = await panel.call(other, path)
        assert (reply.status, reply.body["error"], reply.headers["allow"]) == (405, "unknown_method", method)


# The guild


async def test_refusals_are_in_the_guilds_language(world: World, panel: Panel) -> None:
    await world.set_parameter(Parameter.GUILD_LANGUAGE, "ru")
    reply = await panel.call("POST", "/request/preapprove", {"request_id": 999})
    assert reply.body["message"] == label(Text.REQUEST_NOT_FOUND, "ru")
    assert (await panel.call("POST", "/request/preapprove", {})).body["message"] == label(Text.PANEL_ERROR_BODY, "ru")


async def test_with_requests_switched_off_everything_is_refused(world: World, panel: Panel) -> None:
    async with world.app.transaction(world.guild.id) as tx:
        await upsert(tx.session, GuildModule, {"guild_id": world.guild.id, "module": Module.REQUESTS}, {"enabled": False})
        tx.settings_changed = True
    for method, path, body in CALLS:
        reply = await panel.call(method, path, body)
        assert (reply.status, reply.body["error"]) == (403, Text.ERROR_MODULE_OFF.value)


async def test_a_silent_game_server_is_no_error_of_ours(world: World, panel: Panel) -> None:
    world.game.faults.status(503)
    item = {"level_id": 60_000_001, "creator_name": "A", "language": "eng", "showcase_yt_link": ""}
    for path, body in (("/request/create", item), ("/request/create_batch", [item])):
        reply = await panel.call("POST", path, body)
        assert (reply.status, reply.body["error"]) == (503, Text.REQUEST_REFUSED_SERVER.value)
        assert int(reply.headers["retry-after"]) > 0


async def test_an_error_of_ours_has_an_id_and_tells_nothing(
    world: World, panel: Panel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret details")

    monkeypatch.setattr("api.panel.announce_stream", fail)
    with caplog.at_level(logging.INFO):
        reply = await panel.call("POST", "/message/stream_start", {"text": "what was typed"})
    assert (reply.status, reply.body["error"]) == (500, "internal")
    assert reply.body["error_id"] in reply.body["message"]
    assert "secret" not in json.dumps(reply.body)
    assert "what was typed" not in caplog.text
    assert panel.token is not None
    assert panel.token not in caplog.text
