"""Every HTTP call with every sort of token, and with whatever the streamer's account may do on Discord."""

import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from starlette.routing import Route as HttpRoute

from db.models import PanelToken
from sandbox.discord.permissions import Permission
from tests.api.client import Panel, panel_of, token_of
from tests.api.routes import GUARDED, OPEN, ROUTES, Call
from tests.e2e.shared import ONE_LOOP
from tests.e2e.steps import new_level, request, request_id
from tests.e2e.world import Guild, World
from tests.thoroughness import some
from util.identifiers import Flag, Parameter, Route
from util.texts import Text

pytestmark = ONE_LOOP
OF_THE_ENVIRONMENT = "a-token-of-the-environment-1234567890"


@dataclass
class Two:
    """A guild whose token is tried, and another one, each with a pending request."""

    world: World
    guild: Guild
    other: Guild
    panel: Panel
    other_token: str
    request_id: int
    other_request_id: int

    def rows(self, guild: Guild) -> dict[str, list[Any]]:
        """Return what there is of a guild in the database."""
        tables = ("request", "opinion", "event", "delivery", "parameter_override", "panel_token")
        with closing(sqlite3.connect(self.world.folder / "bot.db")) as connection:
            query = "SELECT * FROM {} WHERE guild_id = ? ORDER BY 1, 2"
            return {table: connection.execute(query.format(table), (guild.id,)).fetchall() for table in tables}

    def posted(self, guild: Guild) -> list[int]:
        """Return the messages that everybody sees in a guild."""
        return [message.id for route in Route for message in guild.messages(route)]

    async def statuses(self, panel: Panel, request_id: int) -> dict[str, tuple[int, str]]:
        """Make every guarded call that a right token makes unharmed again and again; return how each was answered."""
        found: dict[str, tuple[int, str]] = {}
        for call in GUARDED:
            reply = await panel.call(call.method, call.path, call.naming(request_id))
            code = reply.body.get("error", "") if isinstance(reply.body, dict) else ""
            found[call.path] = (reply.status, code)
        await self.world.settled()
        return found


def _routes(parent: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield the paths with the methods of all routes, whatever includes them."""
    for route in parent.routes:
        if isinstance(route, HttpRoute):
            yield route.path, route.methods or set()
        else:
            assert getattr(route, "original_router", None) is not None, f"{route} is no route that this test knows"
            yield from _routes(route.original_router)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two(shared_world: World) -> AsyncGenerator[Two]:
    guild, other = await shared_world.add_guild("Quagga"), await shared_world.add_guild("Quokka")
    cards = [await request(shared_world, one, one.join("Mira"), new_level(shared_world)) for one in (guild, other)]
    other_token = await token_of(shared_world, other)
    async with panel_of(shared_world, await token_of(shared_world, guild)) as panel:
        assert panel.bot.api.application is not None
        state = panel.bot.api.application.state.api
        for limit in (state.attempts, state.calls, state.messages):
            limit.most = 10_000
        await shared_world.settled()
        yield Two(shared_world, guild, other, panel, other_token, request_id(cards[0]), request_id(cards[1]))


async def test_the_table_names_every_route(two: Two) -> None:
    assert two.panel.bot.api.application is not None
    found = [(method, path) for path, methods in _routes(two.panel.bot.api.application) for method in methods]
    assert sorted(found) == sorted((call.method, call.path) for call in ROUTES)


@pytest.mark.parametrize("call", GUARDED, ids=lambda call: call.path)
async def test_a_token_counts_only_where_it_belongs_and_while_it_is_valid(two: Two, call: Call) -> None:
    right = two.panel.token or ""
    before, posted = two.rows(two.guild), two.posted(two.guild)
    elsewhere: tuple[dict[str, Any], ...] = (
        {"headers": {"Authorization": f"Bearer {right}"}},
        {"headers": {"Authorization": f"ApiKey {right}"}},
        {"headers": {"Cookie": f"x-key={right}"}},
        {"headers": {"x_key": right}},
        {"headers": {"x-api-key": right, "x-key": ""}},
        {"headers": {"x-key": f"Bearer {right}"}},
        {"headers": {"x-key": f"{right}, {right}"}},
        {"params": {"x-key": right}},
    )
    nobody = two.panel.with_token(None)
    for more in elsewhere:
        reply = await nobody.call(call.method, call.path, call.naming(two.request_id), **more)
        assert (reply.status, reply.body["error"]) == (401, "wrong_token"), more
    assert two.rows(two.guild) == before
    assert two.posted(two.guild) == posted


@pytest.mark.parametrize("call", GUARDED, ids=lambda call: call.path)
async def test_another_guilds_token_reaches_nothing_here(two: Two, call: Call) -> None:
    before, posted = two.rows(two.guild), two.posted(two.guild)
    reply = await two.panel.with_token(two.other_token).call(call.method, call.path, call.naming(two.request_id))
    await two.world.settled()
    if call.body is not None and "request_id" in call.body:
        assert (reply.status, reply.body["error"]) == (404, Text.REQUEST_NOT_FOUND.value)
    else:
        assert reply.status == 200
        if call.method == "GET":
            assert reply.body["id"] == two.other_request_id
    assert two.rows(two.guild) == before
    assert two.posted(two.guild) == posted


async def test_what_the_token_allows_does_not_depend_on_what_the_streamers_account_may_do(two: Two) -> None:
    guild = two.guild
    boss = guild.join("Administrator")
    guild.sandbox.give_role(boss, guild.sandbox.add_role("Administrators", permissions=Permission.ADMINISTRATOR))
    gone = guild.join("Gone")
    gone.leave()
    accounts = [guild.join("Nobody"), *(guild.join(f"Only {flag.value}", flag) for flag in Flag), boss, guild.sandbox.owner, gone]
    for account in some(accounts, 5):
        await two.world.set_parameter(Parameter.STREAM_ACCOUNT, str(account.id), guild)
        card = await request(two.world, guild, guild.join("Fan"), new_level(two.world))
        found = await two.statuses(two.panel, request_id(card))
        # The request was resolved before it is put off.
        expected = {call.path: (200, "") for call in GUARDED}
        expected["/request/preapprove"] = (409, Text.OPINION_REFUSED_RESOLVED.value)
        assert found == expected, account.name


@pytest.mark.parametrize("call", GUARDED, ids=lambda call: call.path)
async def test_an_action_is_given_its_one_flag_and_no_other(two: Two, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from api import panel as routes

    asked: list[Flag] = []
    whole = routes.panel_actor

    async def watched(app: Any, *, caller: Any, flag: Flag) -> Any:
        actor = await whole(app, caller=caller, flag=flag)
        assert actor.flags == {flag}
        assert actor.guild_id == two.guild.id
        asked.append(flag)
        return actor

    monkeypatch.setattr(routes, "panel_actor", watched)
    await two.panel.call(call.method, call.path, call.naming(two.request_id))
    await two.world.settled()
    assert asked == [call.flag]


@pytest.mark.parametrize("call", GUARDED, ids=lambda call: call.path)
async def test_the_environments_token_opens_nothing_while_its_guild_is_not_clear(
    two: Two, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two.world.app.settings, "api_token", SecretStr(OF_THE_ENVIRONMENT))
    before = two.rows(two.guild), two.rows(two.other)
    reply = await two.panel.with_token(OF_THE_ENVIRONMENT).call(call.method, call.path, call.naming(two.request_id))
    assert (reply.status, reply.body["error"]) == (403, Text.PANEL_REFUSED_NO_GUILD.value)
    assert (two.rows(two.guild), two.rows(two.other)) == before


async def test_the_token_of_a_guild_that_the_bot_was_taken_out_of_opens_nothing(two: Two) -> None:
    gone = await two.world.add_guild("Thylacine")
    token = await token_of(two.world, gone)
    panel = two.panel.with_token(token)
    assert (await panel.call("GET", "/request/random")).status == 200
    gone.sandbox.kick(two.world.application.user)
    two.world.guilds.remove(gone)
    await two.world.discord.wait_until(lambda: not two.world.app.discord.is_serving(gone.id))
    found = await two.statuses(panel, two.request_id)
    assert {status for status, _ in found.values()} == {503}, found


@pytest.mark.parametrize("call", OPEN, ids=lambda call: call.path)
async def test_what_is_open_to_everybody_tells_nothing_of_guilds_and_people(two: Two, call: Call) -> None:
    async with two.panel.session.get(two.panel.address + call.path) as reply:
        told = await reply.text()
    assert reply.status == 200
    for guild in (two.guild, two.other):
        assert guild.sandbox.guild.name not in told
        assert str(guild.id) not in told
        for person in guild.people.values():
            assert str(person.id) not in told
            assert person.name not in told
    for token in (two.panel.token, two.other_token):
        assert token is not None
        assert token not in told
    async with two.world.app.reading() as session:
        for guild in (two.guild, two.other):
            row = await session.get(PanelToken, guild.id)
            assert row is not None
            assert row.token_hash not in told
