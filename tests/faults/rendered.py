"""The cards as the bot would render them now from its database, compared with those that stand."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot import make_app
from config.settings import Settings
from facades.app import App
from facades.requests.load_request_view import load_request_view, load_trainee_review_view
from sandbox.discord.models import Message
from tests.faults.records import Records
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import CardKind


async def stale_cards(settings: Settings, guild_id: int, records: Records, messages: dict[int, Message]) -> list[str]:
    """Return which posted cards differ from a fresh one, or stand nowhere although the database says where."""
    app = make_app(settings)
    try:
        found: list[str] = []
        posted = records.rows("posted_card", "kind, subject_id, channel_id, message_id", "id")
        failures = records.rows("failed_delivery", "kind, payload", "id")
        given_up = {payload["review_id"] for kind, payload in failures if kind == "trainee_card"}
        places = {(kind, subject): (channel, message) for kind, subject, channel, message in posted}
        for (kind, subject), (_, message_id) in places.items():
            message = messages.get(message_id or 0)
            if message is None or (kind == CardKind.TRAINEE_REVIEW and subject in given_up):
                # What is gone is found elsewhere; nothing that happens to a review later mends a card that was given up.
                continue
            fresh = await _render(app, guild_id, CardKind(kind), subject, places)
            found += [f"{kind} card {subject}: no longer called for"] if fresh is None else _differ(kind, subject, message, fresh)
        return found
    finally:
        await app.game.close()
        await app.database.close()


async def _render(app: App, guild_id: int, kind: CardKind, subject: int, places: dict[Any, Any]) -> MessagePayload | None:
    settings = await app.guild(guild_id)
    async with app.reading() as session:
        if kind is CardKind.TRAINEE_REVIEW:
            review = await load_trainee_review_view(session, guild_id, subject)
            return None if review is None else app.renderer.trainee_card(review, settings)
        request = await load_request_view(session, guild_id, subject)
    if request is None:
        return None
    if kind is CardKind.REVIEWER:
        return app.renderer.reviewer_card(request, settings)
    if kind is CardKind.RESOLUTION:
        return app.renderer.resolution_card(request, settings)
    place = places.get((CardKind.RESOLUTION.value, subject))
    return app.renderer.archive_card(request, settings, None if place is None else MessageRef(*place))


def _differ(kind: str, subject: int, message: Message, fresh: MessagePayload) -> Iterator[str]:
    if len(message.embeds) != len(fresh.embeds):
        yield f"{kind} card {subject}: {len(message.embeds)} embeds"
    for shown, wanted in zip(message.embeds, fresh.embeds, strict=False):
        is_so, must_be = _essence(shown), _essence(wanted)
        for part in must_be:
            if is_so[part] != must_be[part]:
                yield f"{kind} card {subject}: {part} is {is_so[part]!r}, a fresh one has {must_be[part]!r}"
    if _buttons(message.components) != _buttons(fresh.components):
        yield f"{kind} card {subject}: buttons are {_buttons(message.components)}, a fresh one has {_buttons(fresh.components)}"


def _essence(embed: Any) -> dict[str, Any]:
    return {
        "title": embed.get("title"),
        "description": (embed.get("description") or "").strip(),
        "color": embed.get("color"),
        "footer": embed.get("footer", {}).get("text"),
        "timestamp": datetime.fromisoformat(embed["timestamp"]) if embed.get("timestamp") else None,
        "fields": [(one["name"].strip(), one["value"].strip()) for one in embed.get("fields", [])],
    }


def _buttons(components: Any) -> list[tuple[Any, Any]]:
    return [(one.get("custom_id"), one.get("label")) for row in components for one in row["components"]]
