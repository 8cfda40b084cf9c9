"""The gateway: a websocket on which bots identify, keep alive, resume and hear events."""

from __future__ import annotations

import json
import secrets
from collections import deque
from typing import Any, cast

from aiohttp import WSMsgType, web

from .dispatch import GUILD_MEMBERS, PRIVILEGED, guild_create
from .errors import Json
from .faults import Faults
from .models import Application
from .payloads import application_flags, member_payload, user_payload
from .session import Connection, Session
from .snowflakes import parse_snowflake
from .world import World

KNOWN_INTENTS = (1 << 26) - 1
SENDS_PER_MINUTE = 120
CHUNK = 1000


class Gateway:
    """Accepts websockets and ties them to sessions."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.connections: set[Connection] = set()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve one websocket until either side ends it."""
        if self._faults.gateway_down:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=64 * 1024, compress=False, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress"), request.transport, self._world.frame_watchers)
        self.connections.add(connection)
        client = _Client(self._world, connection)
        connection.push_json({"op": 10, "d": {"heartbeat_interval": int(self._world.timing.heartbeat * 1000)}})
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    client.receive(message.data)
        finally:
            self.connections.discard(connection)
            client.gone(socket.close_code)
            await connection.finish()
            self._world.notify()
        return socket

    async def close(self) -> None:
        """End every connection."""
        for connection in list(self.connections):
            connection.abort()


class _Client:
    """One connection's side of the protocol."""

    def __init__(self, world: World, connection: Connection) -> None:
        self._world = world
        self._connection = connection
        self._session: Session | None = None
        self._received: deque[float] = deque(maxlen=SENDS_PER_MINUTE)

    def receive(self, raw: str | bytes) -> None:
        """Act on one message; breaking the protocol closes the connection with the documented code."""
        if self._connection.zombie:
            return
        self._connection.show("in", raw)
        now = self._world.clock()
        if len(self._received) == SENDS_PER_MINUTE and now - self._received[0] < 60:
            self._connection.close(4008)
            return
        self._received.append(now)
        try:
            decoded: Any = json.loads(raw)
        except ValueError:
            decoded = None
        if not isinstance(decoded, dict):
            self._connection.close(4002)
            return
        message = cast("Json", decoded)
        self._act(message.get("op"), message.get("d"))

    def _act(self, op: object, data: Any) -> None:
        if op == 1:
            self._connection.push_json({"op": 11})
        elif op == 2:
            self._identify(data or {})
        elif op == 6:
            self._resume(data or {})
        elif op not in (3, 4, 8, 31):
            self._connection.close(4001)
        elif self._session is None:
            self._connection.close(4003)
        elif op == 8:
            self._members(self._session, data or {})

    def _identify(self, data: Json) -> None:
        if self._session is not None:
            self._connection.close(4005)
            return
        application = self._world.tokens.get(str(data.get("token")).removeprefix("Bot "))
        if application is None:
            self._connection.close(4004)
            return
        shard: Any = data.get("shard") or [0, 1]
        intents: Any = data.get("intents")
        if not _valid_shard(shard):
            self._connection.close(4010)
        elif not isinstance(intents, int) or intents < 0 or intents > KNOWN_INTENTS:
            self._connection.close(4013)
        elif intents & PRIVILEGED & ~application.allowed_privileged:
            self._connection.close(4014)
        elif not self._may_identify(application, shard[0] % application.max_concurrency):
            self._connection.push_json({"op": 9, "d": False})
        else:
            self._begin(application, (shard[0], shard[1]), intents)

    def _may_identify(self, application: Application, bucket: int) -> bool:
        """Tell whether enough time has passed since a shard of the bucket identified, and count this one where it has."""
        now, last = self._world.clock(), application.identified.get(bucket)
        if last is not None and now - last < self._world.timing.identify:
            return False
        application.identified[bucket] = now
        return True

    def _begin(self, application: Application, shard: tuple[int, int], intents: int) -> None:
        # A disconnected session of the same shard would only gather events nobody fetches.
        application.sessions[:] = [old for old in application.sessions if old.alive or old.shard != shard]
        session = Session(secrets.token_hex(16), application, shard, intents)
        session.connection = self._connection
        self._session = session
        guilds = [guild for guild in self._world.guilds.values() if application.id in guild.applications]
        guilds = [guild for guild in guilds if session.hears_guild(guild.id)]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": user_payload(application.user) | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self._world.gateway_url,
                "shard": list(shard),
                "application": {"id": str(application.id), "flags": application_flags(application)},
                "session_type": "normal",
                "private_channels": [],
                "relationships": [],
                "presences": [],
                "geo_ordered_rtc_regions": [],
                "auth": {},
                "_trace": ["sandbox"],
            },
        )
        for guild in guilds:
            guild_create(guild, session)
        application.sessions.append(session)
        self._world.notify()

    def _resume(self, data: Json) -> None:
        application = self._world.tokens.get(str(data.get("token")).removeprefix("Bot "))
        if application is None:
            self._connection.close(4004)
            return
        seq = data.get("seq")
        for session in application.sessions:
            if session.id != data.get("session_id"):
                continue
            if not isinstance(seq, int) or seq > session.seq:
                self._connection.close(4007)
                return
            if session.can_resume_from(seq):
                if session.connection is not None and session.connection is not self._connection:
                    session.connection.close(4000)
                self._session = session
                session.resume(self._connection, seq)
                self._world.notify()
                return
        self._connection.push_json({"op": 9, "d": False})

    def _members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(parse_snowflake(data.get("guild_id")) or 0)
        if guild is None or session.application.id not in guild.applications:
            return
        wanted: Any = data.get("user_ids")
        query = str(data.get("query") or "").lower()
        limit = int(data.get("limit") or 0)
        extra: Json = {"guild_id": str(guild.id), "presences": []}
        if data.get("nonce") is not None and len(str(data["nonce"]).encode()) <= 32:
            extra["nonce"] = data["nonce"]
        if wanted is not None:
            ids = [parse_snowflake(item) or 0 for item in cast("list[Any]", wanted if isinstance(wanted, list) else [wanted])]
            found = [guild.members[item] for item in ids[:100] if item in guild.members]
            extra["not_found"] = [str(item) for item in ids if item not in guild.members]
        elif not session.intents & GUILD_MEMBERS and not (query and limit):
            # Discord requires the intent for the whole list and gives no answer without it.
            return
        else:
            found = [item for item in guild.members.values() if item.display_name.lower().startswith(query)]
            found = found[: min(limit, 100)] if limit else found
        chunks = [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)] or [[]]
        for index, chunk in enumerate(chunks):
            members = [member_payload(member) for member in chunk]
            session.dispatch(
                "GUILD_MEMBERS_CHUNK", {"members": members, "chunk_index": index, "chunk_count": len(chunks), **extra}
            )

    def gone(self, close_code: int | None) -> None:
        """Take note that the connection ended; a clean close by the bot ends its session."""
        session = self._session
        if session is None or session.connection is not self._connection:
            return
        session.connection = None
        ended = close_code in (1000, 1001) and not self._connection.closed_by_server
        if (ended or not session.resumable) and session in session.application.sessions:
            session.application.sessions.remove(session)


def _valid_shard(shard: Any) -> bool:
    if not isinstance(shard, list):
        return False
    pair = cast("list[Any]", shard)
    return len(pair) == 2 and all(type(item) is int for item in pair) and 0 <= pair[0] < pair[1]
