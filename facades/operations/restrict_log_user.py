"""Let the active log filter show only what one user did."""

from dataclasses import replace

from facades.app import App
from facades.operations.log_filter import FilterChange, change_active
from util.actor import Actor


async def restrict_log_user(app: App, *, actor: Actor, user_id: int) -> FilterChange:
    """Show only what a user did, or with `BOT` what the bot did by itself. Raises `Forbidden`."""
    return await change_active(app, actor=actor, change=lambda before: replace(before, user_id=user_id))
