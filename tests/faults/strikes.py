"""The faults as they strike a running world, and how each of them ends."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sandbox.discord.faults import Fault as Armed
from sandbox.discord.models import Message
from sandbox.discord.permissions import Permission
from tests.e2e.world import Guild
from tests.faults.host import Host
from tests.faults.plan import FLAGS, GATEWAY, KILLS, Act, Fault, Kind, Strike
from tests.faults.records import Records
from util.identifiers import Route

LONGEST_LOCK = 2.4
End = Callable[[], Awaitable[None]]
TABLES = "request, opinion, event, delivery, posted_card, parameter_override, preference"


@dataclass
class Striker:
    """Lets faults strike and ends them. `removed`: what was deleted by hand. `restart`: restarts the database's server."""

    host: Host
    guild: Guild
    records: Records
    restart: Callable[[], Awaitable[None]] | None
    removed: list[Message] = field(default_factory=list[Message])
    struck: list[Strike] = field(default_factory=list[Strike])
    mending: list[Act] = field(default_factory=list[Act])
    places: dict[int, Route] = field(default_factory=dict[int, Route])

    def __post_init__(self) -> None:
        """Remember which channels the routes lead to; `places` will have all that they ever led to."""
        self.places = {channel.id: route for route, channel in self.guild.channels.items()}

    async def strike(self, strike: Strike) -> End | None:
        """Let a fault strike; return what ends it, None where nothing is left to end."""
        self.struck.append(strike)
        fault = strike.fault
        if fault in KILLS:
            return await self._kill(strike)
        if fault in GATEWAY:
            return await self._gateway(strike)
        if fault in {Fault.DATABASE_LOCKED, Fault.DISK_FULL, Fault.DATABASE_RESTARTED}:
            return await self._database(strike)
        if fault in {Fault.GAME_SLOW, Fault.GAME_REFUSING, Fault.GAME_LYING}:
            return self._game(strike)
        by_hand = {
            Fault.MESSAGE_DELETED: self._delete_message,
            Fault.CHANNEL_DELETED: self._delete_channel,
            Fault.CHANNEL_CLOSED: self._close_channel,
            Fault.BOT_ROLE_EMPTIED: self._empty_role,
            Fault.ROLE_TAKEN: self._take_role,
        }
        if fault in by_hand:
            return by_hand[fault](strike)
        return self._calls(strike)

    async def _kill(self, strike: Strike) -> End | None:
        self.host.stays_down = strike.later
        if strike.fault is Fault.KILL_AT_A_MOMENT:
            self.host.kill()
            return None
        self.host.switch.arm(strike.number)

        async def end() -> None:
            if self.host.switch.disarm():
                self.host.kill()

        return end

    async def _gateway(self, strike: Strike) -> End | None:
        faults = self.host.world.discord.faults
        code = (None, 4000, 1001)[strike.variant % 3]
        match strike.fault:
            case Fault.GATEWAY_RESUMED if strike.variant % 4 == 0:
                faults.ask_reconnect()
            case Fault.GATEWAY_RESUMED:
                faults.drop_gateway(code=code)
            case Fault.GATEWAY_LOST if strike.variant % 4 == 0:
                faults.invalidate()
            case Fault.GATEWAY_LOST:
                faults.drop_gateway(resumable=False, code=code)
            case Fault.ZOMBIE:
                faults.zombie()
            case _:
                faults.gateway_down = True
                faults.drop_gateway(resumable=strike.variant % 2 == 0)
                await asyncio.sleep(strike.seconds)
                faults.gateway_down = False
        return None

    async def _database(self, strike: Strike) -> End | None:
        if strike.fault is Fault.DATABASE_RESTARTED:
            assert self.restart is not None
            await self.restart()
        elif strike.fault is Fault.DATABASE_LOCKED:
            await asyncio.to_thread(self._lock, min(strike.seconds, LONGEST_LOCK))
        else:
            self.host.fill_disk()
            await asyncio.sleep(strike.seconds)
            self.host.free_disk()
        return None

    def _lock(self, seconds: float) -> None:
        """Hold the writer's lock from a thread of its own."""
        with self.records.connection() as connection:
            if self.records.is_sqlite:
                connection.execute("BEGIN IMMEDIATE")
            else:
                connection.execute(f"LOCK TABLE {TABLES} IN SHARE ROW EXCLUSIVE MODE")
            time.sleep(seconds)
            connection.rollback()

    def _game(self, strike: Strike) -> End:
        faults, kind = self.host.world.game.faults, strike.variant % 4
        match strike.fault:
            case Fault.GAME_SLOW if kind == 0:
                faults.hang()
            case Fault.GAME_SLOW:
                faults.slow(1.0 + strike.seconds)
            case Fault.GAME_REFUSING:
                (faults.refuse, faults.html, faults.status, faults.drop)[kind]()
            case _:
                (faults.wrong_ids, faults.garbage, faults.truncate, faults.wrong_ids)[kind]()
        # Whoever asks gives up sooner than the server comes back, or not.
        ending = asyncio.get_running_loop().call_later(strike.seconds, faults.clear)

        async def end() -> None:
            ending.cancel()
            faults.clear()

        return end

    def _calls(self, strike: Strike) -> End:
        faults, path, times = self.host.world.discord.faults, strike.path, strike.number
        cut = strike.variant % 2 == 0
        timing = self.host.world.discord.timing
        armed: Armed | None = None
        match strike.fault:
            case Fault.BUCKET_LIMIT:
                armed = faults.rate_limit(path, times=times, retry_after=0.1 + strike.seconds / 5)
            case Fault.GLOBAL_LIMIT:
                armed = faults.rate_limit("", times=times, retry_after=0.1 + strike.seconds / 5, everywhere=True)
            case Fault.SERVER_ERROR:
                armed = faults.fail(path, times=times, status=(500, 502, 503, 504)[strike.variant % 4])
            case Fault.REPLY_LOST:
                armed = faults.lose_reply(path, times=times, bad_gateway=cut)
            case Fault.CONNECTION_CUT:
                armed = faults.drop(path, times=times)
            case Fault.SILENCE | Fault.SILENCE_AFTER:
                armed = faults.silence(path, times=times, after_effect=strike.fault is Fault.SILENCE_AFTER)
            case Fault.SLOW:
                faults.delay(strike.seconds / 2, path)
            case _:
                timing.rate_limit, timing.rate_window = 1, 0.15

        async def end() -> None:
            timing.rate_limit, timing.rate_window = 1000, 1.0
            if armed is None:
                faults.clear()
            else:
                faults.disarm(armed)

        return end

    # What staff take away by hand

    def _delete_message(self, strike: Strike) -> None:
        shown = self.guild.messages(strike.route)
        if shown:
            self._remove(shown[-1 - strike.variant % len(shown)])

    def _remove(self, message: Message) -> None:
        self.removed.append(message)
        self.guild.sandbox.delete_message(message)

    def _delete_channel(self, strike: Strike) -> None:
        """Delete a route's channel; later staff make a new one and let the route lead there."""
        channel = self.guild.channels[strike.route]
        # Its threads go with it.
        gone = [one for one in self.guild.sandbox.guild.channels.values() if channel.id in {one.id, one.parent_id}]
        self.removed += [message for one in gone for message in one.messages.values() if not message.deleted]
        self.guild.sandbox.delete_channel(channel)
        self.guild.channels[strike.route] = self.guild.sandbox.add_channel(f"{channel.name}-new")
        self.places[self.guild.channels[strike.route].id] = strike.route
        self.mending.append(Act(Kind.ROUTE, "Ada", value=strike.route.value))

    def _close_channel(self, strike: Strike) -> End:
        channel, bot = self.guild.channels[strike.route], self.host.world.application.user
        deny = Permission.VIEW_CHANNEL if strike.variant % 2 else Permission.SEND_MESSAGES
        self.guild.sandbox.set_overwrite(channel, bot, deny=deny)

        async def end() -> None:
            with contextlib.suppress(KeyError):
                self.guild.sandbox.remove_overwrite(channel, bot)

        return end

    def _empty_role(self, strike: Strike) -> End:
        sandbox = self.guild.sandbox
        role = next(role for role in sandbox.guild.roles.values() if role.bot_id == self.host.world.application.id)
        before = role.permissions
        sandbox.edit_role(role, permissions=0)
        sandbox.edit_role(sandbox.everyone, permissions=sandbox.everyone.permissions & ~Permission.SEND_MESSAGES)

        async def end() -> None:
            sandbox.edit_role(role, permissions=before)
            sandbox.edit_role(sandbox.everyone, permissions=sandbox.everyone.permissions | Permission.SEND_MESSAGES)

        return end

    def _take_role(self, strike: Strike) -> End | None:
        person = self.guild.people[strike.person]
        roles = [self.guild.roles[flag] for flag in FLAGS[strike.person]]
        for role in roles:
            self.guild.sandbox.take_role(person, role)

        async def end() -> None:
            for role in roles:
                self.guild.sandbox.give_role(person, role)

        return end
