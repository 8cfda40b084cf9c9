"""Maintainers hear of errors, once a minute, without secrets, whatever else is broken."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from config.settings import StageParameters
from facades.operations.report_error import ErrorReport, redact, report_error, reports_written, write_report
from services.discord import DiscordUnavailable
from tests.facades.delivery.world import DeliveryWorld
from util.splitting import MESSAGE_LIMIT

OWNER = 77


def an_error(text: str = "boom") -> Exception:
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def another_error() -> Exception:
    try:
        raise KeyError("other")
    except KeyError as error:
        return error


async def report(world: DeliveryWorld, error: BaseException, **options: Any) -> str:
    error_id = await report_error(
        world.app, error, where="request create", guild_id=5, user_id=6, options={"level_id": 128} | options
    )
    await reports_written()
    return error_id


def received(world: DeliveryWorld, user_id: int = OWNER) -> list[str]:
    return world.discord.contents(world.discord.direct_channel(user_id))


async def test_the_owner_of_the_application_gets_id_place_options_and_traceback(world: DeliveryWorld) -> None:
    error_id = await report(world, an_error())
    await world.run_worker()
    (text,) = received(world)
    assert len(error_id) == 8
    for part in (error_id, "request create", "128", "ValueError: boom", "test_report_error.py"):
        assert part in text


async def test_the_stages_maintainers_come_before_the_owner(world: DeliveryWorld) -> None:
    world.app.stage = StageParameters((1, 2), frozenset(), None)
    await report(world, an_error())
    await world.run_worker()
    assert [len(received(world, user)) for user in (1, 2, OWNER)] == [1, 1, 0]


async def test_the_same_error_is_told_once_a_minute_and_another_at_once(world: DeliveryWorld) -> None:
    ids = {await report(world, an_error()) for _ in range(5)}
    await report(world, another_error())
    await world.run_worker()
    assert len(ids) == 5
    assert len(received(world)) == 2
    world.clock.advance(timedelta(minutes=1))
    await report(world, an_error())
    await world.run_worker()
    assert len(received(world)) == 3


async def test_a_report_waits_while_discord_is_down_and_arrives_once(world: DeliveryWorld) -> None:
    def down(number: int, method: str) -> None:
        raise DiscordUnavailable("503")

    world.discord.before = down
    await report(world, an_error())
    await world.run_worker()
    assert received(world) == []
    world.discord.before = lambda number, method: None
    world.clock.advance(timedelta(minutes=5))
    await world.run_worker()
    assert len(received(world)) == 1


async def test_when_the_database_fails_the_report_is_sent_directly(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(world.app.database, "transaction", fail)
    await report(world, an_error())
    assert len(received(world)) == 1


async def test_it_never_raises_even_when_everything_fails(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("disk full")

    def down(number: int, method: str) -> None:
        raise DiscordUnavailable("503")

    class Unprintable(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    monkeypatch.setattr(world.app.database, "transaction", fail)
    world.discord.before = down
    assert await report(world, an_error())
    assert await report(world, Unprintable(), odd=object())


async def test_tokens_and_passwords_are_not_told(world: DeliveryWorld) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789"
    world.app.settings.api_token = SecretStr("panel-password")
    await report(world, an_error(f"{token} /webhooks/123/{'w' * 60} postgresql://bot:hunter2@db/x panel-password"), key=token)
    await world.run_worker()
    (text,) = received(world)
    for secret in (token, "w" * 60, "hunter2", "panel-password"):
        assert secret not in text
    assert redact("nothing secret here") == "nothing secret here"


@given(st.text(max_size=3000), st.text(max_size=6000), st.text(max_size=200))
def test_a_report_always_fits_into_a_message(options: str, trace: str, where: str) -> None:
    report = ErrorReport("0a1b2c3d", where, 2**62, 2**62, json.dumps(options), "Error", trace)
    text = write_report(report)
    assert len(text) <= MESSAGE_LIMIT
    assert text.endswith("\n```")
