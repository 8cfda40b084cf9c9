"""The way of a request, in the browser, as three people in two windows at once."""

import re
from typing import Any

import pytest

from tests.browser.conftest import Place, Window
from tests.browser.levels import fresh_level, request

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_level_is_requested_reviewed_and_decided(place: Place, windows: Any) -> None:
    level = fresh_level(place, "Paper Moon")
    place.playground.guild.add_member("Nora")
    member: Window = await windows("Nora")
    staff: Window = await windows("Rhea")
    await staff.look("general")
    await request(member, level)
    await member.page.locator("li.message.ephemeral", has_text="Paper Moon").wait_for()

    await staff.unread("pending-requests")
    await staff.look("pending-requests")
    await staff.read("pending-requests")
    await staff.card("Paper Moon").get_by_role("button", name="Approve with review").click()
    await staff.fill_in(Review="The gameplay is varied and the song fits it well. I would feature it.")
    await staff.page.locator("li.message.ephemeral", has_text="Paper Moon").wait_for()
    # The review is the author's at once.
    await member.unread("level-reviews", ".count")

    await staff.be("Mo")
    await staff.look("resolutions")
    await staff.card("Paper Moon").get_by_role("button", name="Reject").click()
    await staff.fill_in(Reason="Too short for a rate.")

    await member.unread("rejected-levels", ".count")
    await member.look("rejected-levels")
    told = member.page.locator("li.message.mentions", has_text="Paper Moon")
    await told.locator(".mention.me", has_text="@Nora").wait_for()
    await member.read("rejected-levels")
    # The card itself, changed without a reload.
    await staff.card("Paper Moon").locator(".embed", has_text="Rejected: Too short for a rate.").wait_for()


async def test_the_flow_is_in_russian_for_who_speaks_it(place: Place, windows: Any) -> None:
    level = fresh_level(place, "Бумажная луна")
    place.playground.guild.add_member("Вера", locale="ru")
    window: Window = await windows("Вера")
    await request(window, level, comment="Посмотрите, пожалуйста, конец.")
    answer = window.page.locator("li.message.ephemeral", has_text="принята")
    await answer.locator("text=Это видите только вы.").wait_for()
    assert await window.page.evaluate("document.documentElement.lang") == "ru"
    refused = await window.use("/request create", level)
    await refused.locator("text=луна").first.wait_for()
    # What the client itself does not let through: where it is said at once, and at the place of a form.
    await window.page.fill(".composer textarea", "ш" * 2001)
    await window.page.keyboard.press("Enter")
    await window.page.locator(".notice", has_text="В сообщении может быть от 1 до 2000 символов.").wait_for()
    said = await window.page.evaluate(
        """async () => {
          const { slash } = await import("/static/acts.js");
          const { wordsByPlace } = await import("/static/refusals.js");
          return slash("request create", { level_id: -1 }).catch((error) => wordsByPlace(error.places));
        }"""
    )
    assert list(said) == ["level_id"]
    assert re.fullmatch(r"От \d+ до \d+\.", said["level_id"])
