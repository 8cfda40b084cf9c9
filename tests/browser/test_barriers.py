"""Nothing on the page keeps anybody out: no serious finding of axe-core, in the dark, in the light, on a phone."""

from typing import Any

import pytest

from tests.browser.barriers import barriers
from tests.browser.conftest import PHONE, Window

pytestmark = pytest.mark.asyncio(loop_scope="package")


class Findings:
    """What was found where."""

    def __init__(self, window: Window) -> None:
        self._page = window.page
        self.all: list[str] = []

    async def look(self, where: str) -> None:
        """Look at the window as it stands."""
        self.all += [f"{where}: {found}" for found in await barriers(self._page)]


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_everything_on_the_page_is_open_to_everybody(windows: Any, scheme: str) -> None:
    window: Window = await windows(None, color_scheme=scheme)
    page, found = window.page, Findings(window)
    await page.locator(".people button").first.wait_for()
    await found.look("welcome")
    await window.be("Rhea")
    await window.look("pending-requests")
    await found.look("cards")
    await page.get_by_role("button", name="Approve with review").last.click()
    await page.click(".modal button[type=submit]")
    await page.locator(".modal .field.wrong").wait_for()
    await found.look("form with an error")
    await page.keyboard.press("Escape")
    await window.be("Ada")
    await page.click("[data-tour=panel]")
    await page.click(".traffic .toggle")
    await page.locator(".traffic li").first.wait_for()
    await found.look("panel")
    await page.click("[data-tour=panel]")
    await page.get_by_role("button", name="Tour").click()
    await page.click(".who")
    await found.look("tour and switch")
    await page.keyboard.press("Escape")
    await window.choose("/parameter set")
    await page.locator(".combobox .options li").first.wait_for()
    await found.look("command")
    assert found.all == []


async def test_a_phone_is_open_to_everybody(windows: Any) -> None:
    window: Window = await windows("Rhea", viewport=PHONE, has_touch=True)
    found = Findings(window)
    await window.page.tap("[data-tour=channels]")
    await window.page.locator(".sidebar.open").wait_for()
    await found.look("channels")
    await window.page.tap(".sidebar button:has(.name:text-is('pending-requests'))")
    await window.page.locator(".embed").first.wait_for()
    await found.look("cards")
    await window.page.get_by_role("button", name="Members").tap()
    await window.page.locator(".members.open").wait_for()
    await found.look("members")
    assert found.all == []
