"""The page itself: pictures, pages, a bot that dies, a phone's width, the keyboard alone."""

from typing import Any

import pytest

from tests.browser.conftest import PHONE, Place, Window

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_report_comes_as_a_picture(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    answer = await window.use("/report new_requests")
    picture = answer.locator("img.picture")
    await picture.wait_for(timeout=60_000)
    assert await picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth; }") > 500
    assert await picture.get_attribute("alt")


async def test_the_bot_dies_and_comes_back_in_the_middle(place: Place, windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    await window.page.click("[data-tour=panel]")
    await window.page.get_by_role("button", name="Kill").click()
    await window.page.locator(".panel .status.bad").wait_for()
    answer = await window.use("/queue info")
    await answer.locator(".failed").wait_for()
    await window.page.get_by_role("button", name="Start", exact=True).click()
    await window.page.locator(".panel .status.good").wait_for(timeout=60_000)
    answer = await window.use("/queue info")
    await answer.locator(".markdown, .embed").first.wait_for()


async def test_a_phone_shows_one_thing_at_a_time(windows: Any) -> None:
    window: Window = await windows("Rhea", viewport=PHONE, has_touch=True)
    assert not await window.page.locator(".sidebar").is_visible()
    await window.page.click(".top button[aria-label=Channels]")
    await window.page.click(".sidebar button:has(.name:text-is('pending-requests'))")
    await window.page.locator(".embed").first.wait_for()
    width = await window.page.evaluate(
        "[document.documentElement.scrollWidth, ...[...document.querySelectorAll('.message')].map(m => m.scrollWidth)]"
    )
    assert max(width) <= PHONE["width"]


async def test_the_keyboard_is_enough(windows: Any) -> None:
    window: Window = await windows(None)
    await window.page.locator(".people button").first.wait_for()
    await window.page.keyboard.press("Tab")
    await window.page.keyboard.press("Enter")
    await window.page.locator(".composer textarea").wait_for()
    await window.page.locator("body").press("Escape")
    await window.page.keyboard.type("/language")
    await window.page.locator(".options li").first.wait_for()
    await window.page.keyboard.press("Enter")
    await window.page.locator(".command-form input:focus").wait_for()
    await window.page.keyboard.press("ArrowDown")
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("Enter")
    await window.page.locator("li.message.ephemeral").last.wait_for()
