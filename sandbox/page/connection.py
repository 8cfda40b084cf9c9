"""One web socket of the page: requests in, answers and news out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, Final, cast

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.discord import ApiError, ClientRefused, SandboxMisuse
from sandbox.discord.errors import Json

from . import acts, commands, looking, switching, writing
from .fields import Fields, Refusal
from .refusals import of_api, of_client
from .seat import House, Seat
from .traffic import Traffic
from .viewer import Viewer

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 32
LONGEST_REQUEST: Final = 256 * 1024
MOST_WAITING: Final = 256
PATIENCE: Final = 20.0
LAST_PATIENCE: Final = 1.0
TOO_SLOW: Final = 4000
_TOLD: Final = "The page takes what it is sent too slowly."

Operation = Callable[[Seat, Fields], Awaitable[Json] | Json]
OPERATIONS: Final[dict[str, Operation]] = {
    "hello": looking.hello,
    "be": looking.be,
    "open": looking.open_channel,
    "close_channel": looking.close_channel,
    "read": looking.read,
    "dismiss": looking.dismiss,
    "traffic": looking.traffic,
    "send": writing.send,
    "edit": writing.edit,
    "delete": writing.delete,
    "react": writing.react,
    "unreact": writing.unreact,
    "dm": writing.dm,
    "locale": writing.locale,
    "roles": writing.roles,
    "commands": commands.commands,
    "menus": commands.menus,
    "autocomplete": acts.autocomplete,
    "slash": acts.slash,
    "menu": acts.menu,
    "press": acts.press,
    "select": acts.select,
    "submit": acts.submit,
    "close": acts.close,
    "controls": switching.controls,
    "fault": switching.fault,
    "bot": switching.bot,
}


class Connection:
    """A seat at the page.

    News are made only when the socket takes them, and too many answers that it does not take end it: a slow page costs no memory.
    """

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, house: House, traffic: Traffic
    ) -> None:
        self.house = house
        self._transport = transport
        self.viewer: Viewer | None = None
        self._socket = socket
        self._traffic = traffic
        self._seen_traffic: int | None = None
        self._answers: deque[Json] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._changed = False
        self._common: dict[str, str] = {}
        self._ended = asyncio.Event()

    async def serve(self) -> None:
        """Serve until either side ends it."""
        self.look()
        work = [asyncio.create_task(part) for part in (self._read(), self._write(), self._ended.wait())]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*self._tasks, *work):
                task.cancel()
            await asyncio.gather(*self._tasks, *work, return_exceptions=True)
        if self._ended.is_set():
            await self._give_up()

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type == WSMsgType.TEXT:
                self._receive(str(message.data))
            else:
                self._answer(None, Refusal("Requests are JSON in text.", "malformed").body())

    def look(self) -> None:
        """Look for news at the next opportunity."""
        self._changed = True
        self._wake.set()

    def look_at_traffic(self) -> None:
        """Look for new traffic at the next opportunity."""
        if self._seen_traffic is not None:
            self._wake.set()

    def follow_traffic(self, on: bool) -> None:
        """Begin with what is remembered, or end."""
        self._seen_traffic = max(0, self._traffic.count - 500) if on else None
        self._wake.set()

    async def close(self) -> None:
        """End it because the sandbox ends."""
        with contextlib.suppress(Exception):
            await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"The sandbox ends.")

    # Requests

    def _receive(self, text: str) -> None:
        try:
            decoded: Any = json.loads(text)
        except (ValueError, RecursionError):
            decoded = None
        if not isinstance(decoded, dict):
            self._answer(None, Refusal("A request is a JSON object.", "malformed").body())
            return
        request = cast("Json", decoded)
        number, name = request.get("id"), request.get("op")
        if isinstance(number, bool) or not isinstance(number, int | str):
            self._answer(None, Refusal("A request has an id.", "malformed").body())
            return
        operation = OPERATIONS.get(name) if isinstance(name, str) else None
        if operation is None:
            self._answer(number, Refusal("There is no such operation.", "unknown_op").body())
        elif len(self._tasks) >= MOST_AT_ONCE:
            self._answer(number, Refusal("Too much at once; wait a moment.", "busy").body())
        else:
            task = asyncio.create_task(self._work(number, operation, Fields(request)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, number: int | str, operation: Operation, fields: Fields) -> None:
        try:
            result = operation(self, fields)
            body = {"ok": True, **(await result if isawaitable(result) else result)}
        except Refusal as refusal:
            body = refusal.body()
        except ClientRefused as refused:
            body = of_client(refused).body()
        except ApiError as error:
            body = of_api(error).body()
        except SandboxMisuse as misuse:
            body = Refusal(str(misuse), "misuse").body()
        except Exception:
            log.exception("an operation of the page failed")
            body = Refusal("The sandbox made a mistake; its log says which.", "mistake").body()
        self._answer(number, body)

    def _answer(self, number: int | str | None, body: Json) -> None:
        self._answers.append({"re": number, **body})
        self._wake.set()
        if len(self._answers) > MOST_WAITING:
            self._ended.set()

    # Answers and news

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while (message := self._next()) is not None:
                if not await self._send(message):
                    return

    def _next(self) -> Json | list[Json] | None:
        if self._answers:
            return self._answers.popleft()
        if self._changed:
            self._changed = False
            return [*self._common_news(), *(self.viewer.news() if self.viewer is not None else [])]
        if self._seen_traffic is not None and self._seen_traffic < self._traffic.count:
            items, lost, self._seen_traffic = self._traffic.since(self._seen_traffic)
            return {"ev": "traffic", "items": items, "lost": lost}
        return None

    async def _send(self, message: Json | list[Json]) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                for item in message if isinstance(message, list) else [message]:
                    await self._socket.send_str(json.dumps(item, separators=(",", ":")))
        except TimeoutError:
            self._ended.set()
            return False
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def _give_up(self) -> None:
        # Without waiting for what is unsent: the page does not take it.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_PATIENCE):
                await self._socket.close(code=TOO_SLOW, message=_TOLD.encode(), drain=False)
        if self._transport is not None:
            self._transport.abort()

    def _common_news(self) -> list[Json]:
        house = self.house
        now: dict[str, Any] = {"people": house.people(), "controls": house.controls.show(), "backlog": house.backlog}
        found: list[Json] = []
        for name, value in now.items():
            text = json.dumps(value)
            if self._common.get(name) != text:
                self._common[name] = text
                found.append({"ev": name, name: value})
        return found
