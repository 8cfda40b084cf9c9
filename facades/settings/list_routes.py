"""List all routes with where they lead."""

from facades.app import App
from facades.settings.describe_setup import RouteSetup, describe_setup
from util.actor import Actor


async def list_routes(app: App, *, actor: Actor) -> tuple[RouteSetup, ...]:
    """Return all routes of the actor's guild. Raises `Forbidden`, or what the Discord service raises."""
    return (await describe_setup(app, actor=actor)).routes
