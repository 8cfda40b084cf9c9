"""Deliver a change of a member's roles, and tell the member once it is done."""

import contextlib

from db.models import Delivery
from facades.app import App
from facades.delivery.settlement import Settlement
from facades.transaction import Transaction, member_stream
from services.discord import DiscordGone
from util.identifiers import DeliveryKind


async def change_member_roles(app: App, item: Delivery) -> Settlement:
    """Give roles, then take roles; doing that again changes nothing. Raises the errors of `services.discord`."""
    owed = item.payload
    user_id: int = owed["user_id"]
    for role_id in owed["add"]:
        await app.discord.add_role(item.guild_id, user_id, role_id, owed["reason"])
    for role_id in owed["remove"]:
        # Nobody has a role that is gone, and whoever left has none at all.
        with contextlib.suppress(DiscordGone):
            await app.discord.remove_role(item.guild_id, user_id, role_id, owed["reason"])

    async def tell(tx: Transaction) -> None:
        message = {"user_id": user_id, "content": owed["message"]}
        tx.owe(member_stream(user_id), DeliveryKind.DIRECT_MESSAGE, message)

    return Settlement(tell)
