"""Take the pictures that README shows, from the page itself: `make pictures`.

The same code gives the same pictures: the history they show ends on a fixed day, and every clock on them says the same time.
"""

import asyncio
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, FloatRect, Locator, async_playwright

from sandbox.demo.browser import open_page
from sandbox.demo.playground import open_playground
from sandbox.demo.screen import silence
from sandbox.demo.states import play_states
from sandbox.geometry_dash import catalogue
from tests.browser.conftest import BROWSERS, Window
from tests.browser.levels import VIDEO, open_form

FOLDER: Final = Path("docs/images/page")
LARGEST: Final = 250_000
LEVEL_ID: Final = "2011"
EDGE: Final = 16
YEAR: Final = {"date_from": "2025-01-01", "date_to": "2025-12-31"}
"""What the report shows."""
UNTIL: Final = datetime(2026, 1, 1, tzinfo=UTC)
STOP_CLOCKS: Final = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const time = /(\d+\/\d+\/\d+, )?\d+:\d\d\s[AP]M/;
  for (let text; (text = texts.nextNode()); ) text.data = text.data.replace(time, "6:15 PM");
}"""


async def take(window: Window, name: str, *parts: Locator, edge: int = EDGE) -> None:
    """Save what some parts of the page cover together, with an edge around. Raises `SystemExit` for a file that is too large."""
    await parts[0].scroll_into_view_if_needed()
    await window.page.mouse.move(1, 1)
    await window.page.evaluate("document.activeElement.blur(); document.fonts.ready")
    await window.page.evaluate(STOP_CLOCKS)
    boxes = [box for part in parts for one in await part.all() if (box := await one.bounding_box()) is not None]
    left, top = min(box["x"] for box in boxes) - edge, min(box["y"] for box in boxes) - edge
    right = max(box["x"] + box["width"] for box in boxes) + edge
    bottom = max(box["y"] + box["height"] for box in boxes) + edge
    path = FOLDER / f"{name}.png"
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    await window.page.screenshot(path=path, clip=clip, animations="disabled", caret="hide")
    size = path.stat().st_size
    sys.stdout.write(f"{path}: {size // 1000} kB\n")
    if size > LARGEST:
        raise SystemExit(f"{path} is too large for a page that people open over a telephone.")


async def _window(browser: Browser, address: str, name: str) -> Window:
    context = await browser.new_context(
        # As high as the tallest card, so that nothing is cut off.
        viewport={"width": 1320, "height": 1000},
        device_scale_factor=2,
        color_scheme="dark",
        locale="en-US",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    await context.add_init_script("localStorage.setItem('greenlight-tour-seen', 'yes')")
    window = Window(await context.new_page())
    await window.page.goto(address)
    await window.be(name)
    return window


async def _modal(window: Window) -> None:
    await open_form(window, LEVEL_ID)
    await window.page.fill(".modal input[type=text]", VIDEO)
    await window.page.fill(".modal textarea", "My first level with moving platforms. The coin route is at 0:52.")
    await take(window, "request-modal", window.page.locator(".modal"), edge=28)
    await window.page.keyboard.press("Escape")


async def _card(window: Window, name: str, channel: str, level: str) -> None:
    await window.look(channel)
    card = window.card(level).last
    await take(window, name, card.locator(".embed"), card.locator(".row"))


async def _report(window: Window) -> None:
    await window.look("general")
    seen = await window.page.evaluate("[...document.querySelectorAll('li.message')].at(-1)?.id")
    await window.choose("/report new_requests")
    for name, value in YEAR.items():
        await window.page.locator(".command-form .add", has_text=name).click()
        await window.page.locator(".command-form .option", has_text=name).locator("input").fill(value)
    await window.page.keyboard.press("Enter")
    answer = await window.answer_after(seen)
    await answer.locator("img.picture").wait_for()
    await answer.locator("img.picture").evaluate("picture => picture.decode()")
    await window.page.locator(".composer textarea:focus").wait_for()
    parts: list[Any] = [answer.locator(part) for part in (".used", ".avatar", "img.picture", ".row")]
    await take(window, "report", *parts)


async def main() -> None:
    """Start the demo and take every picture."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("No browser; `make browser` installs one.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with open_playground() as playground:
        await play_states(playground, silence(), empty=False, history_until=UNTIL)
        async with open_page(playground, 0) as (server, _), async_playwright() as player:
            browser = await player.chromium.launch(executable_path=path, args=["--no-sandbox"])
            await _modal(await _window(browser, server.address, "Iris"))
            await _card(
                await _window(browser, server.address, "Rhea"),
                "reviewers-card",
                "pending-requests",
                catalogue.UNRATED_HARDER.name,
            )
            admin = await _window(browser, server.address, "Ada")
            await _card(admin, "resolution-card", "resolutions", catalogue.UNRATED_EASY_DEMON.name)
            await _report(admin)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
