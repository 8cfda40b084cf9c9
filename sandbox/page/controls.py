"""Switches for what can go wrong: the game's server, Discord, the connection, the bot itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from sandbox.discord import SandboxDiscord
from sandbox.discord.errors import Json
from sandbox.discord.faults import Fault
from sandbox.geometry_dash import SandboxGeometryDash

from .fields import Refusal

SLOW_SECONDS: Final = 8.0
RETRY_AFTER: Final = 1.0
_FOREVER: Final = 1 << 40
# Answers to interactions pass: Discord does not count them into its limits, and without them nobody could see what waits.
_BUT_ANSWERS: Final = r"^/(channels|guilds|users)/"


class BotControl(Protocol):
    """The bot behind the page, where it is a process that can be ended."""

    @property
    def running(self) -> bool:
        """Whether it runs."""
        ...

    async def kill(self) -> None:
        """End it as a power cut would."""
        ...

    async def start(self) -> None:
        """Start it and wait until it listens. Raises `BotTrouble`."""
        ...

    async def stop(self) -> None:
        """Ask it to end and wait for it."""
        ...


class BotTrouble(Exception):
    """The bot does not start; the message says why."""


class Controls:
    """The state of every switch, and what they do."""

    def __init__(self, discord: SandboxDiscord, game: SandboxGeometryDash | None, bot: BotControl | None) -> None:
        self._discord = discord
        self._game = game
        self._bot = bot
        self._game_fault: str | None = None
        self._armed: dict[str, Fault] = {}
        self._restarts = 0
        self._busy = False

    def show(self) -> Json:
        """Return how the switches stand and whether the bot runs."""
        faults = {name: self._game_fault == name for name in ("game_slow", "game_down")}
        faults |= {name: name in self._armed for name in ("discord_429", "discord_5xx")}
        return {"faults": faults, "bot": self._show_bot()}

    def _show_bot(self) -> Json | None:
        applications = self._discord.world.applications.values()
        ready = bool(applications) and all(self._discord.connected(item) for item in applications)
        if self._bot is None:
            return {"running": ready, "ready": ready, "restarts": 0, "can_control": False} if applications else None
        return {"running": self._bot.running, "ready": ready, "restarts": self._restarts, "can_control": True}

    def switch(self, name: str, on: bool) -> None:
        """Turn a fault on or off. Raises `Refusal` for one that is not known here."""
        if name in ("game_slow", "game_down"):
            self._switch_game(name, on)
        elif name == "discord_429":
            self._arm(name, on, lambda: self._discord.faults.rate_limit(_BUT_ANSWERS, times=_FOREVER, retry_after=RETRY_AFTER))
        elif name == "discord_5xx":
            self._arm(name, on, lambda: self._discord.faults.fail(_BUT_ANSWERS, times=_FOREVER, status=503))
        elif name == "drop_gateway":
            self._discord.faults.drop_gateway()
        else:
            raise Refusal("There is no such switch.", "unknown")

    def _switch_game(self, name: str, on: bool) -> None:
        if self._game is None:
            raise Refusal("There is no game server here.", "unknown")
        if not on:
            if self._game_fault == name:
                self._game_fault = None
                self._game.faults.clear()
            return
        if name == "game_slow":
            self._game.faults.slow(SLOW_SECONDS)
        else:
            self._game.faults.status(503)
        self._game_fault = name

    def _arm(self, name: str, on: bool, arm: Callable[[], Fault]) -> None:
        armed = self._armed.pop(name, None)
        if armed is not None:
            self._discord.faults.disarm(armed)
        if on:
            self._armed[name] = arm()

    async def command(self, do: str) -> None:
        """Kill, start or restart the bot and wait until it is done. Raises `Refusal`."""
        if self._bot is None:
            raise Refusal("The bot here is no process of its own.", "unknown")
        if do not in ("kill", "start", "restart"):
            raise Refusal("The bot can be killed, started or restarted.", "malformed")
        if self._busy:
            raise Refusal("The bot is being started or ended already.", "busy")
        self._busy = True
        try:
            await self._command(self._bot, do)
        except BotTrouble as trouble:
            raise Refusal(str(trouble), "bot") from trouble
        finally:
            self._busy = False
            self._discord.world.notify()

    async def _command(self, bot: BotControl, do: str) -> None:
        if do == "kill":
            await bot.kill()
        elif do == "restart" and bot.running:
            await bot.stop()
        if do == "kill" or bot.running:
            return
        self._restarts += 1
        self._discord.world.notify()
        await bot.start()
