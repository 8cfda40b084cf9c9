"""A real browser on the demo's page, with the real bot's process behind it; one of each for all tests of the folder."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

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
        await self.page.click(f".people button:has-text('{name}')")
        await self.page.locator(".who b", has_text=name).wait_for(state="attached")

    async def look(self, channel: str) -> None:
        """Open a channel."""
        await self.page.click(f".sidebar button:has(.name:text-is('{channel}'))")
        await self.page.locator(f".top h2:has-text('{channel}')").wait_for()

    async def command(self, typed: str, *values: str) -> None:
        """Type a command, take the first that is offered, and fill in its required options, all by keyboard."""
        await self.page.focus(".composer textarea")
        await self.page.keyboard.type(typed)
        await self.page.locator(".options li").first.wait_for()
        await self.page.keyboard.press("Enter")
        await self.page.locator(".command-form").wait_for()
        for value in values:
            await self.page.locator(".command-form input:focus").wait_for()
            await self.page.keyboard.type(value)
        await self.page.keyboard.press("Enter")

    def last(self) -> Any:
        """Return the locator of the newest message."""
        return self.page.locator("li.message").last


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


async def _open(place: Place, **options: Any) -> tuple[Window, BrowserContext]:
    context = await place.browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", "timezone_id": "UTC", **options})
    await context.add_init_script("localStorage.setItem('greenlight-tour-seen', 'yes')")
    page = await context.new_page()
    page.set_default_timeout(20_000)
    window = Window(page)
    page.on("console", lambda said: window.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: window.complaints.append(str(error)))
    await page.goto(place.address)
    return window, context


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
    complaints = [complaint for window, _ in opened for complaint in window.complaints]
    await asyncio.gather(*(context.close() for _, context in opened))
    assert not complaints
