"""The way of a request, in the browser, as three people in two windows."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.geometry_dash import catalogue
from tests.browser.conftest import Place, Window

pytestmark = pytest.mark.asyncio(loop_scope="package")


def fresh_level(place: Place, name: str) -> str:
    """Put a level of its own into the game and return its id."""
    number = 700_000 + len(place.playground.game.levels)
    place.playground.game.add_level(replace(catalogue.UNRATED_INSANE, id=number, name=name))
    return str(number)


async def request(window: Window, level_id: str, *, comment: str = "Please look at the end.") -> None:
    """Request a level by keyboard and form."""
    await window.look("general")
    await window.command("/request create", level_id)
    await window.page.locator(".modal").wait_for()
    fields = window.page.locator(".modal input[type=text], .modal textarea")
    for number in range(await fields.count()):
        field = fields.nth(number)
        is_link = await field.evaluate("field => field.tagName === 'INPUT'")
        await field.fill("https://youtu.be/dQw4w9WgXcQ" if is_link else comment)
    await window.page.click(".modal button[type=submit]")
    await window.page.locator(".modal").wait_for(state="detached")


async def test_a_level_is_requested_reviewed_and_decided(place: Place, windows: Any) -> None:
    level = fresh_level(place, "Paper Moon")
    place.playground.guild.add_member("Nora")
    member: Window = await windows("Nora")
    staff: Window = await windows("Rhea")
    await request(member, level)
    await member.last().locator("text=Paper Moon").wait_for()

    await staff.look("pending-requests")
    card = staff.page.locator("li.message", has=staff.page.locator(".embed-title", has_text="Paper Moon"))
    await card.locator("button:has-text('Approve')").first.click()
    await staff.page.locator("li.message.ephemeral", has_text="Paper Moon").wait_for()

    await staff.be("Mo")
    await staff.look("resolutions")
    card = staff.page.locator("li.message", has=staff.page.locator(".embed-title", has_text="Paper Moon"))
    await card.locator("button", has_text="Reject").first.wait_for()
    await card.locator("button", has_text="Reject").first.click()
    await staff.page.locator(".modal").wait_for()
    await staff.page.locator(".modal .field", has_text="Reason").locator("textarea").fill("Too short for a rate.")
    await staff.page.click(".modal button[type=submit]")

    await member.look("rejected-levels")
    told = member.page.locator("li.message.mentions", has_text="Paper Moon")
    await told.locator(".mention.me", has_text="@Nora").wait_for()


async def test_the_flow_is_in_russian_for_who_speaks_it(place: Place, windows: Any) -> None:
    level = fresh_level(place, "Бумажная луна")
    place.playground.guild.add_member("Вера", locale="ru")
    window: Window = await windows("Вера")
    await request(window, level, comment="Посмотрите, пожалуйста, конец.")
    await window.last().locator("text=принята").wait_for()
    assert await window.page.evaluate("document.documentElement.lang") == "ru"
    await window.last().locator("text=Это видите только вы.").wait_for()
