"""Commands, suggestions and forms: what is wrong is said at the field, and nothing typed is lost."""

from typing import Any

import pytest

from tests.browser.conftest import Window

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_form_with_an_error_keeps_what_was_typed(windows: Any) -> None:
    window: Window = await windows("Rhea")
    await window.look("pending-requests")
    await window.page.get_by_role("button", name="Approve with review").last.click()
    form = window.page.locator(".modal")
    await form.wait_for()
    review = form.locator("textarea").first
    await review.fill("Too short")
    await window.page.click(".modal button[type=submit]")
    await form.locator(".field.wrong .error", has_text="40").wait_for()
    assert await review.input_value() == "Too short"
    await window.page.keyboard.press("Escape")
    await form.wait_for(state="detached")


async def test_a_command_asks_for_what_is_required(windows: Any) -> None:
    window: Window = await windows("Mira")
    await window.look("general")
    await window.command("/request create")
    await window.page.locator(".command-form .option.wrong .error").wait_for()
    await window.page.keyboard.type("abc")
    await window.page.keyboard.press("Enter")
    await window.page.locator(".command-form .error", has_text="number").wait_for()
    await window.page.keyboard.press("Escape")
    await window.page.locator(".composer textarea").wait_for()


async def test_suggestions_come_while_one_types(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    await window.page.focus(".composer textarea")
    await window.page.keyboard.type("/parameter describe")
    await window.page.keyboard.press("Enter")
    await window.page.locator(".command-form input:focus").wait_for()
    await window.page.keyboard.type("block at")
    suggestion = window.page.locator(".combobox .options li", has_text="queue.block_at")
    await suggestion.first.wait_for()
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("Enter")
    await window.last().locator("text=queue.block_at").first.wait_for()


async def test_members_are_picked_by_name(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    await window.page.focus(".composer textarea")
    await window.page.keyboard.type("/permission describe_member")
    await window.page.keyboard.press("Enter")
    await window.page.locator(".command-form input:focus").wait_for()
    await window.page.keyboard.type("rhe")
    await window.page.locator(".combobox .options li", has_text="@Rhea").wait_for()
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("Enter")
    await window.last().locator("text=reviewer").first.wait_for()
