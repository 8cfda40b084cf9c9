"""What the delivery worker needs of the components layer, which it may not import: the cards as messages."""

from typing import Protocol

from config.guild_settings import GuildSettings
from facades.requests.request_view import RequestView, TraineeReviewView
from util.datatypes import MessagePayload, MessageRef


class Renderer(Protocol):
    """Turns views of the database into messages; implemented in `components/cards/` and handed over by `bot.py`."""

    def reviewer_card(self, request: RequestView, settings: GuildSettings) -> MessagePayload:
        """Render the reviewers' card of a pending request."""
        ...

    def resolution_card(self, request: RequestView, settings: GuildSettings) -> MessagePayload:
        """Render the moderators' card: consensus, resolutions, verdict buttons."""
        ...

    def archive_card(self, request: RequestView, settings: GuildSettings, resolution_card: MessageRef | None) -> MessagePayload:
        """Render the archive entry of a resolved request, with a link to its resolution card."""
        ...

    def trainee_card(self, review: TraineeReviewView, settings: GuildSettings) -> MessagePayload:
        """Render a trainee's review with the curators' buttons, or with the grade it got."""
        ...
