"""What the bot needs on a server and in the channel of each route: the one place that `/setup` and the doctor ask.

Permissions have discord.py's names.
"""

from typing import Final

from services.discord import ChannelAccess
from util.identifiers import Route

REQUIRED_IN_GUILD: Final = ("manage_channels", "manage_roles")
"""To create channels and roles in `/setup`, and to give and take roles when trainees are promoted or expelled."""

REQUIRED_EVERYWHERE: Final = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""History is read to find out whether a message was posted when Discord's answer was lost."""

_MORE: Final[dict[Route, tuple[str, ...]]] = {
    Route.TRAINEE_REVIEW_TEXT: ("create_public_threads", "send_messages_in_threads"),
    Route.STREAM_END_GOODBYE: ("attach_files",),
    # Without it only roles that everybody may mention are pinged.
    Route.STREAM_START_ANNOUNCEMENT: ("mention_everyone",),
    Route.REQUESTS_CLOSED: ("mention_everyone",),
    Route.REQUESTS_REOPENED: ("mention_everyone",),
}


def required_permissions(route: Route) -> tuple[str, ...]:
    """Return what the bot needs in the channel of a route."""
    return REQUIRED_EVERYWHERE + _MORE.get(route, ())


def missing_permissions(route: Route, access: ChannelAccess) -> tuple[str, ...]:
    """Return what of it the bot lacks in a channel."""
    has = {
        "view_channel": access.view,
        "send_messages": access.send,
        "embed_links": access.embed,
        "attach_files": access.attach,
        "read_message_history": access.history,
        "create_public_threads": access.threads,
        "send_messages_in_threads": access.threads,
        "mention_everyone": access.mention,
    }
    return tuple(name for name in required_permissions(route) if not has[name])


def all_channel_permissions() -> tuple[str, ...]:
    """Return everything that the bot needs in one channel or another."""
    return tuple(dict.fromkeys(name for route in Route for name in required_permissions(route)))
