"""Suggestions of levels and requests while somebody types."""

from typing import Any

from components.autocomplete import Suggestion
from components.request_words import level_suggestion, request_suggestion
from facades.app import App
from facades.requests.suggest_requests import suggest_pending, suggest_requests
from util.actor import Actor


async def pending_levels(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> list[Suggestion]:
    """Suggest the levels that are being reviewed."""
    return [level_suggestion(found) for found in await suggest_pending(app, actor=actor)]


async def requests(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> list[Suggestion]:
    """Suggest requests by number or name."""
    return [request_suggestion(found) for found in await suggest_requests(app, actor=actor, typed=typed)]
