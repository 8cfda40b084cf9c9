"""A real browser on the demo's page, with the real bot's process behind it; one of each for all tests of the folder."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, WebSocketRoute, async_playwright

from sandbox.demo.browser import open_page
from sandbox.demo.playground import Playground, open_playground
from sandbox.demo.screen import silence
from sandbox.demo.states import play_states

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@dataclass
class Place:
    """The demo, its address, and the browser that opens it."""

    playground: Playground
    address: str
    browser: Browser


@dataclass
class Window:
    """One window, as one person."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])

    async def be(self, name: str) -> None:
        """Become somebody, on the first screen or by the switch."""
        if await self.page.locator(".who").count():
            await self.page.click(".who")
        await self.page.click(f".people button:has(b:text-is('{name}'))")
        await self.page.locator(f".who b:text-is('{name}')").wait_for(state="attached")

    async def look(self, channel: str) -> None:
        """Open a channel."""
        await self.page.click(f".sidebar button:has(.name:text-is('{channel}'))")
        await self.page.locator(f".top h2:has-text('{channel}')").wait_for()
        await self.page.locator(".messages ol[aria-busy=false]").wait_for()

    async def unread(self, channel: str, mark: str = ".dot, .count") -> None:
        """Wait until a channel is marked: by a dot for what is new, by a count for what mentions this person."""
        await self.page.locator(f".sidebar li.unread button:has(.name:text-is('{channel}'))").locator(mark).wait_for()

    async def read(self, channel: str) -> None:
        """Wait until a channel is not marked any more."""
        await self.page.locator(f".sidebar li:not(.unread) button:has(.name:text-is('{channel}'))").wait_for()

    def card(self, title: str) -> Any:
        """Return the locator of the messages with an embed of that title."""
        return self.page.locator("li.message", has=self.page.locator(".embed-title", has_text=title))

    async def fill_in(self, **values: str) -> None:
        """Fill the form on the screen in by labels, send it, and wait until it is gone."""
        for label, value in values.items():
            await self.page.locator(".modal .field", has_text=label).locator("input, textarea").fill(value)
        await self.page.click(".modal button[type=submit]")
        await self.page.locator(".modal").wait_for(state="detached")

    async def choose(self, typed: str) -> None:
        """Type a command and take the first that is offered, by keyboard; its form is open then."""
        await self.page.focus(".composer textarea")
        await self.page.keyboard.type(typed)
        await self.page.locator(".composer .options li[aria-selected=true]").wait_for()
        await self.page.keyboard.press("Enter")
        await self.page.locator(".command-form :focus").wait_for()

    async def command(self, typed: str, *values: str) -> None:
        """Use a command by keyboard, with values for its required options that are not chosen from a list."""
        await self.choose(typed)
        for number, value in enumerate(values):
            await self.page.locator(".command-form .option").nth(number).locator("input").focus()
            await self.page.keyboard.type(value)
        await self.page.keyboard.press("Enter")

    async def use(self, typed: str, *values: str) -> Any:
        """Use a command and return the locator of the bot's answer, when it is there."""
        seen = await self.page.evaluate("[...document.querySelectorAll('li.message')].at(-1)?.id")
        await self.command(typed, *values)
        return await self.answer_after(seen)

    async def answer_after(self, seen: str | None) -> Any:
        """Wait for the bot's answer below a message and return its locator."""
        below = f"li.message[id='{seen}'] ~ " if seen else ""
        answer = self.page.locator(f"{below}li.message:has(.only-you, .used):not(:has(.thinking))").last
        # A picture takes its time, all the more while other tests run.
        await answer.wait_for(timeout=60_000)
        return answer


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def place() -> AsyncGenerator[Place]:
    """Start the demo with its requests, and a browser."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path is not None, "no browser; `make browser` installs one"
    async with open_playground() as playground:
        await play_states(playground, silence(), empty=False)
        async with open_page(playground, 0) as (server, _), async_playwright() as player:
            browser = await player.chromium.launch(executable_path=path, args=["--no-sandbox"])
            yield Place(playground, server.address, browser)
            await browser.close()


@dataclass
class Held:
    """Requests of a window over its web socket that hold some words; they are kept back until they are let go."""

    words: tuple[str, ...]
    came: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    async def begin(self, page: Page) -> None:
        """Hold such requests of a page that is not opened yet."""
        await page.route_web_socket("**/ws", self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def said(message: str | bytes) -> None:
            if all(word in str(message) for word in self.words):
                self._waiting.append(lambda: server.send(message))
                self.came.set()
            else:
                server.send(message)

        route.on_message(said)

    def let_go(self) -> None:
        """Send what was held so far."""
        while self._waiting:
            self._waiting.pop(0)()


async def _open(place: Place, held: Held | None = None, tour: bool = False, **options: Any) -> tuple[Window, BrowserContext]:
    usual: dict[str, Any] = {"viewport": DESKTOP, "locale": "en-US", "timezone_id": "UTC"}
    context = await place.browser.new_context(**(usual | options))
    if not tour:
        await context.add_init_script("localStorage.setItem('greenlight-tour-seen', 'yes')")
    page = await context.new_page()
    page.set_default_timeout(20_000)
    window = Window(page)
    page.on("console", lambda said: window.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: window.complaints.append(str(error)))
    if held is not None:
        await held.begin(page)
    await page.goto(place.address)
    return window, context


async def _has_stayed(window: Window) -> None:
    """Complain when the whole page was scrolled out of the window."""
    moved = await window.page.evaluate("['html', 'body', '#app'].some(name => document.querySelector(name).scrollTop > 0)")
    window.complaints += ["The page was scrolled away."] if moved else []


async def _keep_pictures(opened: list[tuple[Window, BrowserContext]], name: str) -> None:
    """Save what every window shows at the end of a test into the folder that SCREENSHOTS names, if any."""
    folder = os.environ.get("SCREENSHOTS")
    for number, (window, _) in enumerate(opened if folder else ()):
        await window.page.screenshot(path=Path(str(folder)) / f"{name}-{number}.png")


@pytest_asyncio.fixture(loop_scope="package")
async def windows(place: Place, request: pytest.FixtureRequest) -> AsyncGenerator[Any]:
    """Give a maker of windows; afterwards none of them may have complained."""
    opened: list[tuple[Window, BrowserContext]] = []

    async def open_one(name: str | None = None, **options: Any) -> Window:
        opened.append(await _open(place, **options))
        window = opened[-1][0]
        if name is not None:
            await window.be(name)
        return window

    yield open_one
    await _keep_pictures(opened, request.node.name)
    place.playground.discord.faults.clear()
    place.playground.game.faults.clear()
    await asyncio.gather(*(_has_stayed(window) for window, _ in opened))
    complaints = [complaint for window, _ in opened for complaint in window.complaints]
    await asyncio.gather(*(context.close() for _, context in opened))
    assert not complaints
