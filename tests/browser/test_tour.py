"""The guided tour, from the first visit to its end."""

from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Place, Window
from tests.browser.levels import VIDEO, fresh_level, open_form

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_tour_shows_the_whole_way_of_a_request(place: Place, windows: Any) -> None:
    level = fresh_level(place, "Tin Lantern")
    place.playground.guild.add_member("Tess")
    window: Window = await windows("Tess", tour=True)
    page = window.page

    async def stands_at(number: int, title: str) -> None:
        await page.locator(".tour header", has_text=title).locator("small", has_text=f"{number}/10").wait_for()

    await stands_at(1, "Welcome")
    await page.click(".tour .primary")
    await stands_at(2, "You can be anyone")
    await page.locator(".who.pointed-at").wait_for()
    await page.click(".tour .primary")
    await stands_at(3, "Request a level")
    await window.command("/request create", level)
    await stands_at(4, "Fill in the form")
    await page.locator(".modal.pointed-at").wait_for()
    await page.fill(".modal input[type=text]", VIDEO)
    await page.click(".modal button[type=submit]")
    await stands_at(5, "Change sides")
    await window.be("Rhea")
    await stands_at(6, "Give an opinion")
    await window.look("pending-requests")
    await window.card("Tin Lantern").get_by_role("button", name="Approve", exact=True).click()
    await stands_at(7, "Hand it on")
    await window.be("Mo")
    await stands_at(8, "Decide")
    await window.look("resolutions")
    await window.card("Tin Lantern").get_by_role("button", name="Feature").click()
    await page.locator(".modal").wait_for()
    await window.fill_in()
    await page.click(".tour .primary")
    await stands_at(9, "See the report")
    await window.be("Ada")
    await window.look("general")
    await window.use("/report new_requests")
    await stands_at(10, "Look underneath")
    await page.click(".tour .primary")
    await page.locator(".tour").wait_for(state="detached")


async def test_the_tour_can_be_left_and_is_not_offered_again(windows: Any) -> None:
    window: Window = await windows("Mira", tour=True)
    await window.page.click(".tour button:has-text('Leave')")
    await window.page.locator(".tour").wait_for(state="detached")
    await window.page.reload()
    await window.page.locator(".composer textarea").wait_for()
    assert not await window.page.locator(".tour").count()
    await window.page.get_by_role("button", name="Tour").click()
    await window.page.locator(".tour").wait_for()


async def test_neither_the_tour_nor_what_opens_beside_it_covers_the_other(place: Place, windows: Any) -> None:
    level = fresh_level(place, "Brass Feather")
    place.playground.guild.add_member("Timo")
    window: Window = await windows("Timo", tour=True, viewport=PHONE)
    page = window.page

    async def reach(*selectors: str) -> None:
        for selector in selectors:
            for part in await page.locator(selector).all():
                await part.click(trial=True)

    for _ in range(2):
        await page.click(".tour .primary")
    await page.click("[data-tour=channels]")
    await reach(".sidebar li button", ".who")
    await open_form(window, level)
    await page.locator(".tour header", has_text="Fill in the form").wait_for()
    keyboard = PHONE | {"height": 400}
    for size in (PHONE, keyboard, {"width": 800, "height": 600}, {"width": 1200, "height": 800}, DESKTOP):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await reach(".tour button", ".modal button", ".modal input", ".modal textarea")
    # By keyboard, from the end around to the tour and back.
    await page.focus(".modal .primary")
    await page.keyboard.press("Tab")
    await page.locator(".tour .plain:focus").wait_for()
    await page.keyboard.press("Shift+Tab")
    await page.locator(".modal .primary:focus").wait_for()
