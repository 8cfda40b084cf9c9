"""The page itself: pictures, pages, a bot that dies, a phone's width, the keyboard alone."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE, Place, Window
from tests.browser.levels import VIDEO, fresh_level, open_form

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_report_comes_as_a_picture(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    answer = await window.use("/report new_requests")
    picture = answer.locator("img.picture")
    await picture.wait_for(timeout=60_000)
    assert await picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth; }") > 500
    assert await picture.get_attribute("alt")


async def test_the_view_stays_at_the_end_when_a_picture_grows_there_while_it_moves(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("bot-log")
    await window.page.evaluate(
        """() => {
          const box = document.querySelector(".messages");
          box.scrollTop -= 1;
          box.querySelector("li.message:last-of-type").style.paddingBottom = "300px";
        }"""
    )
    await window.page.wait_for_function(
        """() => {
          const box = document.querySelector(".messages");
          return box.scrollHeight - box.scrollTop - box.clientHeight < 2;
        }"""
    )


async def test_where_one_may_not_write_no_command_is_promised(windows: Any) -> None:
    window: Window = await windows("Mira")
    await window.look("approved-levels")
    field = window.page.locator(".composer textarea")
    await expect(field).to_be_disabled()
    await expect(field).to_have_attribute("placeholder", "You may only read here.")


async def test_pages_are_turned(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    answer = await window.use("/parameter list")
    shown = answer.locator(".embed .markdown").last
    first = await shown.inner_text()
    await answer.get_by_role("button", name="Last").click()
    await answer.locator(".embed footer", has_text="Last page").wait_for()
    assert await shown.inner_text() != first
    await answer.get_by_role("button", name="First").click()
    await answer.locator(".embed footer", has_text="Page 1").wait_for()
    assert await shown.inner_text() == first


async def test_the_bot_dies_and_comes_back_in_the_middle(place: Place, windows: Any) -> None:
    level = fresh_level(place, "Glass Harbour")
    place.playground.guild.add_member("Otto")
    window: Window = await windows("Otto")
    await open_form(window, level)
    await window.page.fill(".modal input[type=text]", VIDEO)

    other: Window = await windows("Ada")
    await other.page.click("[data-tour=panel]")
    await other.page.get_by_role("button", name="Kill").click()
    await other.page.locator(".panel .status.bad").wait_for()
    await window.page.click(".modal button[type=submit]")
    await window.page.locator(".modal .error", has_text="What you wrote is still here").wait_for()
    assert await window.page.input_value(".modal input[type=text]") == VIDEO

    await other.page.get_by_role("button", name="Start", exact=True).click()
    await other.page.locator(".panel .status.good", has_text="Started again 1 time.").wait_for(timeout=60_000)
    await window.page.click(".modal button[type=submit]")
    await window.page.locator("li.message.ephemeral", has_text="Glass Harbour").wait_for()


async def test_a_phone_shows_one_thing_at_a_time(windows: Any) -> None:
    window: Window = await windows("Rhea", viewport=PHONE, has_touch=True)
    page = window.page
    assert not await page.locator(".sidebar").is_visible()
    await page.tap("[data-tour=channels]")
    await page.tap(".sidebar button:has(.name:text-is('pending-requests'))")
    await page.locator(".embed").first.wait_for()
    await expect(page.locator(".sidebar")).not_to_be_visible()
    width = await page.evaluate(
        "[document.documentElement.scrollWidth, ...[...document.querySelectorAll('.message')].map(m => m.scrollWidth)]"
    )
    assert max(width) <= PHONE["width"]
    # A finger that stays; playwright has no such gesture of its own.
    await page.locator("li.message .embed-title").last.dispatch_event(
        "pointerdown", {"pointerType": "touch", "bubbles": True, "clientX": 100, "clientY": 300}
    )
    menu = page.get_by_role("menu")
    await menu.get_by_role("menuitem", name="Reply").tap()
    await page.locator(".above", has_text="Replying to Greenlight").wait_for()


async def test_the_keyboard_is_enough(windows: Any) -> None:
    window: Window = await windows(None)
    page = window.page
    await page.locator(".people button").first.wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.locator(".composer textarea:focus").wait_for()
    await page.keyboard.type("/language")
    await page.locator(".options li").first.wait_for()
    await page.keyboard.press("Enter")
    await page.locator(".command-form input:focus").wait_for()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await page.locator("li.message.ephemeral").last.wait_for()
    # Through the messages by arrows, to what can be done with one, and back.
    await page.locator(".composer textarea:focus").wait_for()
    await page.focus(".messages ol")
    await page.keyboard.press("ArrowUp")
    await page.locator("li.message.ephemeral:focus").wait_for()
    await page.keyboard.press("Shift+F10")
    await page.get_by_role("menuitem", name="Dismiss").wait_for()
    await page.keyboard.press("Enter")
    await page.get_by_role("menu").wait_for(state="detached")
    await page.keyboard.press("/")
    await page.locator(".composer textarea:focus").wait_for()
