"""The routes of the REST API, by area."""

from __future__ import annotations

from ..calls import Route
from . import channels, commands, guilds, interactions, messages, roles, threads, users

ROUTES: list[Route] = [
    *users.ROUTES,
    *guilds.ROUTES,
    *roles.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *threads.ROUTES,
    *commands.ROUTES,
    *interactions.ROUTES,
]
