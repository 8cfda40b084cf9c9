"""The doctor finds what is wrong and names what mends it, on a Discord and a game server of the sandbox."""

import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from discord import Permissions

from config.guild_settings import GuildSettings
from config.settings import Settings
from db.engine import Database
from db.models import Delivery, FailedDelivery, Guild, PanelToken, RouteOverride
from facades.operations.diagnose import Examined, diagnose
from facades.operations.diagnose_guild import invite_permissions, invite_url
from facades.operations.findings import Diagnosis, Severity
from facades.settings.required_permissions import REQUIRED_IN_GUILD, all_channel_permissions
from sandbox.discord import SandboxDiscord
from sandbox.discord.guilds import SandboxGuild
from sandbox.discord.models import Application, Channel
from sandbox.geometry_dash import SandboxGeometryDash
from services.clock import Clock
from services.discord_probe import BITS, DiscordProbe
from services.geometry_dash import GeometryDash
from util.identifiers import DeliveryKind, Route
from util.texts import Text

TOKEN = "the-token-of-the-doctor"


@dataclass
class Ward:
    """A Discord with one guild, a game server, a database, and the doctor."""

    discord: SandboxDiscord
    game: SandboxGeometryDash
    database: Database
    application: Application
    guild: SandboxGuild
    channel: Channel

    async def add(self, *rows: Any) -> None:
        async with self.database.transaction() as session:
            session.add_all(rows)

    async def examine(self, token: str | None = TOKEN, **changes: Any) -> Diagnosis:
        values = {"bot_token": token, "database_url": self.database.address}
        values |= {"discord_api_url": self.discord.api_url, "gd_api_url": self.game.base_url}
        settings = Settings(**values | changes)
        game = GeometryDash(settings.gd_api_url)
        try:
            if token is None:
                return await diagnose(Examined(settings, None, game, Clock().now()))
            async with DiscordProbe(settings.discord_api_url, token) as probe:
                return await diagnose(Examined(settings, probe, game, Clock().now()))
        finally:
            await game.close()


@pytest.fixture
async def ward(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ward]:
    """Return a guild whose routes all lead to one channel, where the bot has exactly the permissions it asks for."""
    # Whether this machine has a browser is not the question.
    monkeypatch.setenv("BROWSER_PATH", sys.executable)
    discord, game = SandboxDiscord(), SandboxGeometryDash()
    await discord.start()
    await game.start()
    application = discord.create_application("Greenlight", TOKEN)
    guild = discord.create_guild("Level Lovers")
    guild.add_bot(application, permissions=invite_permissions())
    guild.edit_role(guild.everyone, permissions=0)
    made = Ward(discord, game, sqlite_database, application, guild, guild.add_channel("everything"))
    await made.add(Guild(guild_id=guild.id, name="Level Lovers", joined_at=Clock().now()))
    await made.add(*(RouteOverride(guild_id=guild.id, key=route, channel_id=made.channel.id) for route in Route))
    yield made
    await game.stop()
    await discord.stop()


def keys(diagnosis: Diagnosis, *severities: Severity) -> set[Text]:
    return {finding.said.key for finding in diagnosis.findings if finding.severity in severities}


def words(diagnosis: Diagnosis, language: str = "en") -> str:
    nowhere = GuildSettings(guild_id=0)
    parts = [part for finding in diagnosis.findings for part in (finding.said, finding.fix) if part is not None]
    return "\n".join(nowhere.label(part, language) for part in parts)


async def test_a_healthy_bot_has_nothing_to_mend(ward: Ward) -> None:
    found = await ward.examine()
    assert found.is_healthy, words(found)
    assert keys(found, Severity.WARNING, Severity.PROBLEM) == set()
    assert keys(found, Severity.OK) == {
        Text.DOCTOR_TOKEN_OK,
        Text.DOCTOR_INTENTS_OK,
        Text.DOCTOR_GAME_OK,
        Text.DOCTOR_DATABASE_OK,
        Text.DOCTOR_GUILD_OK,
    }


async def test_everything_that_is_to_be_mended_comes_with_its_fix(ward: Ward) -> None:
    found = await ward.examine("wrong", gd_api_url="http://127.0.0.1:9")
    for finding in found.findings:
        assert (finding.fix is not None) == (finding.severity in {Severity.WARNING, Severity.PROBLEM})


async def test_a_missing_token_is_named_and_the_rest_is_examined_all_the_same(ward: Ward) -> None:
    found = await ward.examine(None)
    assert keys(found, Severity.PROBLEM) == {Text.DOCTOR_TOKEN_MISSING}
    assert {Text.DOCTOR_GAME_OK, Text.DOCTOR_DATABASE_OK} <= keys(found, Severity.OK)
    assert "BOT_TOKEN" in words(found)


async def test_a_wrong_token_is_a_problem_and_is_not_shown(ward: Ward) -> None:
    found = await ward.examine("not-the-right-one")
    assert keys(found, Severity.PROBLEM) == {Text.DOCTOR_TOKEN_REFUSED}
    assert "not-the-right-one" not in words(found)


async def test_an_unreachable_discord_and_game_server_are_problems(ward: Ward) -> None:
    found = await ward.examine(discord_api_url="http://127.0.0.1:9/api", gd_api_url="http://127.0.0.1:9")
    assert keys(found, Severity.PROBLEM) == {Text.DOCTOR_DISCORD_UNREACHABLE, Text.DOCTOR_GAME_UNREACHABLE}


async def test_a_missing_intent_is_a_problem(ward: Ward) -> None:
    ward.application.allowed_privileged = 0
    assert keys(await ward.examine(), Severity.PROBLEM) == {Text.DOCTOR_INTENTS_MISSING}


async def test_each_missing_permission_of_a_channel_is_named_with_its_route(ward: Ward) -> None:
    own = ward.guild.member(ward.application.user)
    ward.guild.set_overwrite(ward.channel, own, deny=BITS["embed_links"] | BITS["attach_files"])
    found = await ward.examine()
    assert keys(found, Severity.PROBLEM) == {Text.DOCTOR_CHANNEL_PERMISSIONS}
    said = words(found)
    assert "in #everything (route pending_request) the bot lacks: Embed Links." in said
    assert "in #everything (route stream_end_goodbye) the bot lacks: Attach Files, Embed Links." in said


async def test_a_hidden_channel_lacks_everything(ward: Ward) -> None:
    ward.guild.set_overwrite(ward.channel, ward.guild.member(ward.application.user), deny=BITS["view_channel"])
    assert "(route log) the bot lacks: Embed Links, Read Message History, Send Messages, View Channels." in words(
        await ward.examine()
    )


async def test_routes_without_a_channel_and_deleted_channels_are_problems(ward: Ward) -> None:
    ward.guild.delete_channel(ward.channel)
    assert keys(await ward.examine(), Severity.PROBLEM) == {Text.DOCTOR_CHANNEL_GONE}
    async with ward.database.transaction() as session:
        for route in (Route.LOG, Route.STREAM_END_GOODBYE):
            row = await session.get_one(RouteOverride, (ward.guild.id, route))
            row.channel_id = None
            session.add(row)
    said = words(await ward.examine())
    assert "the route log leads nowhere" in said
    assert "stream_end_goodbye" not in said, "an optional route may lead nowhere"


async def test_a_route_that_is_switched_off_is_left_alone(ward: Ward) -> None:
    ward.guild.delete_channel(ward.channel)
    async with ward.database.transaction() as session:
        for route in Route:
            row = await session.get_one(RouteOverride, (ward.guild.id, route))
            row.enabled = False
            session.add(row)
    assert (await ward.examine()).is_healthy


async def test_missing_permissions_of_the_server_are_named(ward: Ward) -> None:
    own = next(role for role in ward.guild.member(ward.application.user).roles if role.permissions)
    ward.guild.edit_role(own, permissions=invite_permissions() & ~BITS["manage_roles"])
    found = await ward.examine()
    assert Text.DOCTOR_GUILD_PERMISSIONS in keys(found, Severity.PROBLEM)
    assert "permissions of the server: Manage Roles." in words(found)


async def test_a_server_without_the_bot_is_a_problem_and_one_it_has_left_is_not(ward: Ward) -> None:
    await ward.add(Guild(guild_id=5, name="Gone", joined_at=Clock().now(), left_at=Clock().now()))
    await ward.add(Guild(guild_id=6, name="Thrown out", joined_at=Clock().now()))
    found = await ward.examine()
    assert keys(found, Severity.PROBLEM) == {Text.DOCTOR_GUILD_ABSENT}
    assert keys(found, Severity.NOTE) >= {Text.DOCTOR_GUILD_LEFT}
    assert invite_url(ward.application.id) in words(found)


def _owed(ward: Ward, age: timedelta) -> Delivery:
    moment = Clock().now() - age
    values: dict[str, Any] = {"guild_id": ward.guild.id, "stream": "log", "kind": DeliveryKind.LOG, "nonce": "n"}
    return Delivery(**values, created_at=moment, due_at=moment)


async def test_messages_that_wait_for_long_are_counted(ward: Ward) -> None:
    await ward.add(_owed(ward, timedelta(seconds=10)))
    assert keys(await ward.examine(), Severity.WARNING) == set()
    await ward.add(_owed(ward, timedelta(hours=2)))
    found = await ward.examine()
    assert keys(found, Severity.WARNING) == {Text.DOCTOR_DELIVERIES_WAITING}
    assert "2 messages have been waiting" in words(found)
    assert "2 сообщения ждут" in words(found, "ru")


async def test_messages_that_were_given_up_are_counted_with_the_last_reason(ward: Ward) -> None:
    values: dict[str, Any] = {"guild_id": ward.guild.id, "kind": DeliveryKind.MESSAGE}
    now = Clock().now()
    await ward.add(
        FailedDelivery(**values, reason="Missing Access", failed_at=now),
        FailedDelivery(**values, reason="Unknown Channel", failed_at=now - timedelta(days=1)),
    )
    found = await ward.examine()
    assert found.is_healthy
    assert "2 messages could not be sent; the last of them because: Missing Access" in words(found)


async def test_a_bot_without_a_server_gets_its_invite_link(ward: Ward, tmp_path: Any, migrated_file: Any) -> None:
    copy = tmp_path / "fresh.db"
    copy.write_bytes(migrated_file.read_bytes())
    found = await ward.examine(database_url=f"sqlite:///{copy}")
    assert keys(found, Severity.WARNING) == {Text.DOCTOR_NO_GUILDS}
    assert f"client_id={ward.application.id}" in words(found)


async def test_databases_that_are_empty_or_not_ours_are_told_apart(ward: Ward, tmp_path: Any) -> None:
    empty = await ward.examine(database_url=f"sqlite:///{tmp_path / 'none.db'}")
    assert keys(empty, Severity.WARNING) == {Text.DOCTOR_DATABASE_EMPTY}
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"this is no database" * 100)
    unusable = await ward.examine(database_url=f"sqlite:///{garbage}")
    assert keys(unusable, Severity.PROBLEM) == {Text.DOCTOR_DATABASE_UNUSABLE}


def test_the_probe_knows_every_permission_that_we_need_by_its_bit() -> None:
    for name in (*REQUIRED_IN_GUILD, *all_channel_permissions()):
        assert BITS[name] == Permissions(**{name: True}).value


@pytest.fixture
def port() -> Iterator[int]:
    """Return a port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield int(taken.getsockname()[1])


API = "a-token-of-the-environment-0123456789"


async def test_without_tokens_the_api_is_off(ward: Ward) -> None:
    assert Text.DOCTOR_API_OFF in keys(await ward.examine(), Severity.NOTE)


async def test_an_api_that_can_listen_and_has_a_guild_is_fine(ward: Ward) -> None:
    found = await ward.examine(api_token=API, api_port=0)
    assert Text.DOCTOR_API_FREE in keys(found, Severity.OK)
    assert found.is_healthy
    assert API not in words(found)


async def test_a_taken_port_is_a_problem(ward: Ward, port: int) -> None:
    found = await ward.examine(api_port=port)
    assert Text.DOCTOR_API_TAKEN in keys(found, Severity.PROBLEM)
    assert str(port) in words(found)


async def test_an_address_of_another_machine_is_a_problem(ward: Ward) -> None:
    found = await ward.examine(api_port=0, api_host="192.0.2.1")
    assert Text.DOCTOR_API_CANNOT_LISTEN in keys(found, Severity.PROBLEM)


async def test_an_api_open_to_other_machines_is_pointed_out(ward: Ward) -> None:
    assert Text.DOCTOR_API_OPEN in keys(await ward.examine(api_port=0, api_host="0.0.0.0"), Severity.NOTE)


async def test_a_weak_token_is_a_warning(ward: Ward) -> None:
    found = await ward.examine(api_token="hunter2", api_port=0)
    assert Text.DOCTOR_API_WEAK in keys(found, Severity.WARNING)
    assert "hunter2" not in words(found)


async def test_a_token_that_could_be_of_several_guilds_is_a_problem(ward: Ward) -> None:
    await ward.add(Guild(guild_id=5, name="Second", joined_at=Clock().now()))
    found = await ward.examine(api_token=API, api_port=0)
    assert Text.DOCTOR_API_WITHOUT_GUILD in keys(found, Severity.PROBLEM)


async def test_a_guilds_token_makes_the_doctor_look_at_the_address(ward: Ward) -> None:
    await ward.add(PanelToken(guild_id=ward.guild.id, token_hash="0" * 64, issued_by=1, issued_at=Clock().now()))
    found = await ward.examine()
    assert keys(found, *Severity) & {Text.DOCTOR_API_FREE, Text.DOCTOR_API_TAKEN, Text.DOCTOR_API_ANSWERS}
