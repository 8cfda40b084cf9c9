"""Revoke a guild's token for the Control Panel API."""

from typing import Any

from sqlalchemy import CursorResult, delete
from sqlmodel import col

from db.models import PanelToken
from facades.app import App
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import EventType, Flag
from util.texts import Text


class NoToken(NotFound):
    """The guild has no token."""

    def __init__(self) -> None:
        super().__init__(Text.PANEL_TOKEN_REFUSED_NONE)


async def revoke_token(app: App, *, actor: Actor) -> None:
    """Make the guild's token worthless at once; with no token left, nothing listens any more.

    Raises `Forbidden` or `NoToken`.
    """
    actor.require(Flag.ADMIN)
    async with app.transaction(actor.guild_id) as tx:
        removed = await tx.session.exec(delete(PanelToken).where(col(PanelToken.guild_id) == tx.guild_id))
        result: CursorResult[Any] = removed
        if result.rowcount == 0:
            raise NoToken
        tx.log(EventType.PANEL_TOKEN_REVOKED, actor.user_id)
    app.listen_no_more()
