"""Levels and people that belong to one test, and how a level is requested on the page."""

from dataclasses import replace

from sandbox.geometry_dash import catalogue
from tests.browser.conftest import Place, Window

VIDEO = "https://youtu.be/dQw4w9WgXcQ"


def fresh_level(place: Place, name: str) -> str:
    """Put a level of its own into the game and return its id."""
    number = 700_000 + len(place.playground.game.levels)
    place.playground.game.add_level(replace(catalogue.UNRATED_INSANE, id=number, name=name))
    return str(number)


async def open_form(window: Window, level_id: str) -> None:
    """Ask for a level by keyboard, until the bot's form is on the screen."""
    await window.look("general")
    await window.command("/request create", level_id)
    await window.page.locator(".modal").wait_for()


async def request(window: Window, level_id: str, *, comment: str = "Please look at the end.") -> None:
    """Request a level by keyboard and form."""
    await open_form(window, level_id)
    await window.page.fill(".modal input[type=text]", VIDEO)
    await window.page.fill(".modal textarea", comment)
    await window.page.click(".modal button[type=submit]")
    await window.page.locator(".modal").wait_for(state="detached")
