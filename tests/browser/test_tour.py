"""The guided tour, from the first visit to its end."""

from typing import Any

import pytest

from tests.browser.conftest import Place, Window
from tests.browser.levels import VIDEO, fresh_level

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
