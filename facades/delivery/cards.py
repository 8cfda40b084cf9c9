"""The posted cards about one subject, brought one by one to what they should be."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import structlog

from config.guild_settings import GuildSettings
from db.models import Delivery, PostedCard
from db.queries.deliveries import announce_card, find_delivery, place_card, remove_posted_card, update_payload
from facades.app import App
from facades.delivery.send_once import send_once
from facades.transaction import new_nonce
from services.discord import DiscordError, DiscordGone, DiscordUnavailable
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import CardKind, Route

log = structlog.get_logger()

POSTING = "posting"
"""Where an item of the delivery table keeps what is being posted for it, by kind of card."""


class Cards:
    """Posts, edits and deletes the cards about a subject; every step can be repeated after a crash.

    Unless it `may_post`, what does not stand stays away; what was being posted is finished all the same.
    What Discord refuses for good is gathered in `failures`, so that one closed channel does not hold up the other cards.
    The methods raise `DiscordUnavailable` or `ShardsLost`.
    """

    def __init__(
        self,
        app: App,
        settings: GuildSettings,
        item: Delivery,
        subject_id: int,
        posted: Mapping[CardKind, PostedCard],
        *,
        may_post: bool,
    ) -> None:
        self.failures: list[DiscordError] = []
        self._app = app
        self._settings = settings
        self._item = item
        self._subject_id = subject_id
        self._posted = dict(posted)
        self._may_post = may_post

    async def show(self, kind: CardKind, route: Route, payload: MessagePayload) -> MessageRef | None:
        """Make a card stand and look like the payload; return where it stands.

        A card stays in its channel. One that is gone is posted anew where the route leads now, if it leads anywhere.
        """
        try:
            ref = await self._resume(kind, route, payload)
            if ref is not None:
                return ref
            channel_id = self._settings.channel(route) if self._may_post else None
            return None if channel_id is None else await self._post(kind, channel_id, payload)
        except DiscordUnavailable:
            raise
        except DiscordError as error:
            self._failed(kind, error)
            return self._place(kind)

    async def hide(self, kind: CardKind) -> None:
        """Make a card not stand; one whose posting was interrupted is looked for."""
        card = self._posted.get(kind)
        if card is None:
            return
        try:
            ref = self._place(kind) or await self._find(card)
            if ref is not None:
                await self._app.discord.delete(ref)
            await self._forget(card)
        except DiscordUnavailable:
            raise
        except DiscordError as error:
            self._failed(kind, error)

    async def _resume(self, kind: CardKind, route: Route, payload: MessagePayload) -> MessageRef | None:
        """Bring a card that was posted before, or perhaps was, up to date; None when there is none."""
        card = self._posted.get(kind)
        if card is None:
            return None
        try:
            ref = self._place(kind)
            if ref is None:
                ref = await self._take_up(card, route, payload)
            if ref is not None:
                # Also after taking it up: the nonce may have brought back a message from before the last change.
                await self._app.discord.edit(ref, payload)
                return ref
        except DiscordGone:
            pass
        await self._forget(card)
        return None

    async def _take_up(self, card: PostedCard, route: Route, payload: MessagePayload) -> MessageRef | None:
        """Finish an interrupted posting; one that is not wanted any more is only looked for."""
        if self._settings.channel(route) is None:
            ref = await self._find(card)
        else:
            first = self._sent_as(card.kind)
            ref = await send_once(self._app, card.channel_id, payload, card.nonce, card.attempted_at, sent_as=first)
        if ref is not None:
            await self._keep(card, ref)
        return ref

    async def _post(self, kind: CardKind, channel_id: int, payload: MessagePayload) -> MessageRef:
        card = await self._announce(kind, channel_id, payload)
        try:
            ref = await self._app.discord.send(channel_id, payload, card.nonce)
        except DiscordUnavailable:
            raise
        except DiscordError:
            await self._forget(card)
            raise
        await self._keep(card, ref)
        return ref

    async def _find(self, card: PostedCard) -> MessageRef | None:
        first = self._sent_as(card.kind)
        try:
            return await self._app.discord.find_sent(card.channel_id, card.nonce, card.attempted_at, first)
        except DiscordGone:
            return None

    def _sent_as(self, kind: CardKind) -> MessagePayload | None:
        sent: dict[str, Any] | None = self._item.payload.get(POSTING, {}).get(kind.value)
        return None if sent is None else MessagePayload(sent["content"], tuple(sent["embeds"]), tuple(sent["components"]))

    def _place(self, kind: CardKind) -> MessageRef | None:
        card = self._posted.get(kind)
        return None if card is None or card.message_id is None else MessageRef(card.channel_id, card.message_id)

    def _failed(self, kind: CardKind, error: DiscordError) -> None:
        log.warning("card_failed", guild=self._settings.guild_id, card=kind.value, subject=self._subject_id, reason=str(error))
        self.failures.append(error)

    async def _announce(self, kind: CardKind, channel_id: int, payload: MessagePayload) -> PostedCard:
        """Write down that a card is about to be posted, and what it looks like: the request may be gone when we look for it."""
        guild_id, nonce, now = self._settings.guild_id, new_nonce(), self._app.now()
        sent = {kind.value: dataclasses.asdict(payload)}
        async with self._app.writing(guild_id) as session:
            card = await announce_card(session, guild_id, kind, self._subject_id, channel_id, nonce, now)
            if POSTING in self._item.payload:
                # Somebody may have had theirs erased since this was read.
                item = await find_delivery(session, guild_id, self._item.id)
                self._item.payload = self._item.payload if item is None else item.payload
            posting = {**self._item.payload.get(POSTING, {}), **sent}
            self._item.payload = {**self._item.payload, POSTING: posting}
            await update_payload(session, guild_id, self._item.id, self._item.payload)
        self._posted[kind] = card
        return card

    async def _keep(self, card: PostedCard, ref: MessageRef) -> None:
        async with self._app.writing(self._settings.guild_id) as session:
            await place_card(session, self._settings.guild_id, card.id, ref.message_id)
        card.message_id = ref.message_id

    async def _forget(self, card: PostedCard) -> None:
        async with self._app.writing(self._settings.guild_id) as session:
            await remove_posted_card(session, self._settings.guild_id, card.id)
        self._posted.pop(card.kind, None)
