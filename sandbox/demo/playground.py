"""The two servers, a guild with its people, and the real bot as a process connected to them."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from sandbox.discord import Application, Permission, SandboxDiscord, SandboxGuild, SandboxUser
from sandbox.discord.keeping import Keeper
from sandbox.geometry_dash import SandboxGeometryDash

from .cast import ADA, CAST, GUILD_NAME, Part
from .keep import DATABASE, STATE, hold, load
from .process import BotProcess

# What the invite link asks for, so that the demo shows that no more is needed.
BOT_PERMISSIONS: Final = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_ROLES
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
BOT_NAME: Final = "Greenlight"
_START_PATIENCE: Final = 60.0

T = TypeVar("T")


@dataclass
class Playground:
    """Everything the demo and the tour play with."""

    discord: SandboxDiscord
    game: SandboxGeometryDash
    application: Application
    guild: SandboxGuild
    people: dict[str, SandboxUser]
    bot: BotProcess
    kept: bool = False
    """Whether the guild is one of an earlier run."""
    keeper: Keeper | None = None
    folder: Path | None = None
    """Where the guild is kept, if it is."""
    environment: dict[str, str] = field(default_factory=dict[str, str])
    """The settings of the bot."""

    def actor(self, part: Part) -> SandboxUser:
        """Return who plays a part."""
        return self.people[part.key]

    async def until(self, predicate: Callable[[], T | bool | None], timeout: float = 10.0) -> T:
        """Wait until a predicate gives something true; it is asked after every change.

        Raises `TimeoutError`, or `BotEnded` at once when the bot's process ends.
        """
        return await self.bot.watch(self.discord.wait_until(predicate, timeout))

    async def start_bot(self) -> None:
        """Start the bot and wait until it listens and its commands are known in the guild.

        Raises `BotEnded` at once when it cannot start, `TimeoutError` when nothing comes of it.
        """
        await self.bot.start()
        await self.until(self._listens, _START_PATIENCE)

    def _listens(self) -> bool:
        return self.discord.connected(self.application) and bool(self.application.commands.get(self.guild.id))

    async def kill_bot(self) -> None:
        """Kill the bot without a warning and wait until Discord has noticed."""
        await self.bot.kill()
        await self._until_unheard()

    async def stop_bot(self) -> None:
        """Ask the bot to end, and wait until it has and Discord has noticed."""
        await self.bot.stop()
        await self._until_unheard()

    async def _until_unheard(self) -> None:
        await self.discord.wait_until(lambda: not any(session.alive for session in self.application.sessions), 5.0)


@asynccontextmanager
async def open_playground(data: Path | None = None) -> AsyncGenerator[Playground]:
    """Start the servers and make the guild; the bot is in it but not started. Leaving ends and removes everything.

    With `data`, a folder, the guild stays there and comes back the next time. Raises `CannotKeep` for one that cannot be used.
    """
    async with contextlib.AsyncExitStack() as stack:
        if data is None:
            temporary = tempfile.TemporaryDirectory(prefix="greenlight-demo-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(temporary))
        else:
            folder = stack.enter_context(hold(data))
        discord, game = SandboxDiscord(), SandboxGeometryDash()
        await discord.start()
        stack.push_async_callback(discord.stop)
        await game.start()
        stack.push_async_callback(game.stop)
        keeper = None if data is None else Keeper(discord, folder / STATE)
        if keeper is not None:
            stack.push_async_callback(keeper.close)
        kept = keeper is not None and load(keeper, folder)
        application, guild, people = _found(discord) if kept else _made(discord)
        environment = bot_environment(discord, game, application.token, folder)
        bot = BotProcess(environment)
        stack.push_async_callback(bot.stop)
        yield Playground(discord, game, application, guild, people, bot, kept, keeper, data, environment)


def _made(discord: SandboxDiscord) -> tuple[Application, SandboxGuild, dict[str, SandboxUser]]:
    application = discord.create_application(BOT_NAME, f"demo.{secrets.token_urlsafe(24)}")
    guild = discord.create_guild(GUILD_NAME, owner=ADA.name)
    guild.add_bot(application, permissions=BOT_PERMISSIONS)
    people = {part.key: guild.add_member(part.name, locale=part.locale) for part in CAST if part is not ADA}
    return application, guild, {ADA.key: guild.owner, **people}


def _found(discord: SandboxDiscord) -> tuple[Application, SandboxGuild, dict[str, SandboxUser]]:
    application = next(item for item in discord.world.applications.values() if item.name == BOT_NAME)
    guild = discord.guilds[0]
    by_name = {member.user.global_name: member for member in reversed(guild.members())}
    # Who left in the meantime is let in again: the parts are what the page and its tour are about.
    people = {part.key: by_name.get(part.name) or guild.add_member(part.name, locale=part.locale) for part in CAST}
    return application, guild, people


def bot_environment(discord: SandboxDiscord, game: SandboxGeometryDash, token: str, folder: Path) -> dict[str, str]:
    """Return the settings of the demo's bot: every one is named, so that nothing of a user's `.env` gets in."""
    return {
        "BOT_TOKEN": token,
        "BOT_TOKEN_TEST": "",
        "API_TOKEN": "",
        "API_HOST": "127.0.0.1",
        # Any port that is free: the usual one may be taken, and the demo's bot must start all the same.
        "API_PORT": "0",
        "API_TRUSTED_PROXIES": "",
        "SENTRY_DSN": "",
        "DATABASE_URL": f"sqlite:///{(folder / DATABASE).resolve().as_posix()}",
        "DISCORD_API_URL": discord.api_url,
        "GD_API_URL": game.base_url,
        "GREENLIGHT_STAGE": "production",
        "LOG_FORMAT": "text",
        "LOG_LEVEL": "INFO",
    }
