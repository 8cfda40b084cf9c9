"""Commands, suggestions and forms: what is wrong is said at the field, and nothing typed is lost."""

import base64
import re
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.conftest import Held, Window

DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mOw6YnCihiGlgQATOxIgXKBPTkAAAAASUVORK5CYII=")

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_form_with_an_error_keeps_what_was_typed(windows: Any) -> None:
    window: Window = await windows("Rhea")
    await window.look("pending-requests")
    card = window.page.locator("li.message", has=window.page.get_by_role("button", name="Approve with review")).last
    await card.get_by_role("button", name="Approve with review").click()
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
    await window.choose("/parameter describe")
    await window.page.keyboard.type("block at")
    suggestion = window.page.locator(".combobox .options li[aria-selected=true]", has_text="queue.block_at")
    await suggestion.wait_for()
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("Enter")
    await window.page.locator("li.message.ephemeral:has(.used)", has_text="queue.block_at").last.wait_for()


async def test_enter_waits_for_commands_and_suggestions_that_are_on_their_way(windows: Any) -> None:
    commands = Held(('"op":"commands"',))
    window: Window = await windows("Ada", held=commands)
    await window.look("general")
    before = await window.page.locator("li.message").count()
    await window.page.focus(".composer textarea")
    await window.page.keyboard.type("/parameter describe")
    await window.page.keyboard.press("Enter")
    await commands.came.wait()
    commands.let_go()
    await window.page.locator(".command-form input:focus").wait_for()
    assert await window.page.locator("li.message").count() == before

    suggestions = Held(('"op":"autocomplete"', "block at"))
    window = await windows("Ada", held=suggestions)
    await window.look("general")
    await window.choose("/parameter describe")
    await window.page.keyboard.type("block at")
    await window.page.keyboard.press("Enter")
    await suggestions.came.wait()
    suggestions.let_go()
    chosen = window.page.locator(".command-form input")
    await expect(chosen).to_have_value(re.compile("queue.block_at"))
    await window.page.keyboard.press("Enter")
    await window.page.locator("li.message.ephemeral:has(.used)", has_text="queue.block_at").last.wait_for()


async def test_what_is_no_command_is_not_sent(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    await window.page.focus(".composer textarea")
    await window.page.keyboard.type("/nothing like it")
    await window.page.keyboard.press("Enter")
    await window.page.locator(".notice", has_text="There is no such command here.").wait_for()
    assert await window.page.input_value(".composer textarea") == "/nothing like it"


async def test_members_are_picked_by_name(windows: Any) -> None:
    window: Window = await windows("Ada")
    await window.look("general")
    await window.choose("/permission describe_member")
    await window.page.keyboard.type("rhe")
    await window.page.locator(".combobox .options li[aria-selected=true]", has_text="@Rhea").wait_for()
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("Enter")
    await window.page.locator("li.message.ephemeral:has(.used)", has_text="reviewer").last.wait_for()


async def test_a_picture_is_shown_before_and_after_it_is_sent(windows: Any) -> None:
    window: Window = await windows("Mira")
    await window.look("general")
    files: list[FilePayload] = [{"name": "dot.png", "mimeType": "image/png", "buffer": DOT}]
    await window.page.set_input_files(".attach input", files)
    await window.page.locator(".uploads img").wait_for()
    await window.page.fill(".composer textarea", "See <:spark:123456789012345678>")
    await window.page.keyboard.press("Enter")
    message = window.page.locator("li.message", has=window.page.get_by_role("img", name=":spark:")).last
    await message.locator("img.picture[alt='dot.png']").wait_for()
    await window.page.locator(".uploads").wait_for(state="detached")
