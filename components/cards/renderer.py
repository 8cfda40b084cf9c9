"""The cards as messages: what the delivery worker posts and edits."""

from typing import Any

import discord

from components.buttons.assess import AssessButton
from components.buttons.opinion import OpinionButton
from components.buttons.resolve import ResolveButton
from components.cards.request_card import (
    ARCHIVE,
    PENDING,
    RESOLVED,
    UNRESOLVED,
    add_description,
    add_judgements,
    add_link,
    request_card,
)
from components.cards.trainee_review_card import trainee_review_card
from components.labels import button_label
from config.guild_settings import GuildSettings
from facades.requests.request_view import RequestView, TraineeReviewView
from facades.requests.wording import text_for
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import RESOLUTION_VERDICTS, RequestStatus, Verdict
from util.texts import Text

_ROW_LENGTH = 5
_OPINION_BUTTONS = (
    (Verdict.APPROVE, False, Text.BUTTON_OPINION_APPROVE, discord.ButtonStyle.success),
    (Verdict.REJECT, False, Text.BUTTON_OPINION_REJECT, discord.ButtonStyle.danger),
    (Verdict.APPROVE, True, Text.BUTTON_OPINION_APPROVE_REVIEW, discord.ButtonStyle.success),
    (Verdict.REJECT, True, Text.BUTTON_OPINION_REJECT_REVIEW, discord.ButtonStyle.danger),
)


class CardRenderer:
    """Implements `facades.rendering.Renderer`: every card is a function of a view and the guild's settings."""

    def reviewer_card(self, request: RequestView, settings: GuildSettings) -> MessagePayload:
        """Render the reviewers' card of a pending request."""
        card = request_card(request, settings, colour=PENDING)
        add_description(card, request)
        buttons = [
            OpinionButton(request.id, verdict, with_review).button(button_label(settings, label, settings.language), style)
            for verdict, with_review, label, style in _OPINION_BUTTONS
        ]
        return MessagePayload(embeds=(card.payload(),), components=_rows(buttons))

    def resolution_card(self, request: RequestView, settings: GuildSettings) -> MessagePayload:
        """Render the moderators' card: consensus, resolutions, verdict buttons."""
        colour = RESOLVED if request.status is RequestStatus.RESOLVED else UNRESOLVED
        card = request_card(request, settings, colour=colour)
        add_judgements(card, request, settings)
        add_description(card, request)
        return MessagePayload(embeds=(card.payload(),), components=_rows(_verdict_buttons(request.id, settings)))

    def archive_card(self, request: RequestView, settings: GuildSettings, resolution_card: MessageRef | None) -> MessagePayload:
        """Render the archive entry of a resolved request, with a link to its resolution card."""
        card = request_card(request, settings, colour=ARCHIVE)
        if resolution_card is not None:
            add_link(card, request, settings, resolution_card)
        add_description(card, request)
        return MessagePayload(embeds=(card.payload(),))

    def trainee_card(self, review: TraineeReviewView, settings: GuildSettings) -> MessagePayload:
        """Render a trainee's review with the curators' buttons, or with the grade it got."""
        card = trainee_review_card(review, settings)
        if review.approved is not None:
            return MessagePayload(embeds=(card.payload(),))
        approve = button_label(settings, Text.BUTTON_ASSESS_APPROVE, review.language)
        reject = button_label(settings, Text.BUTTON_ASSESS_REJECT, review.language)
        buttons = [
            AssessButton(review.id, approved=True).button(approve, discord.ButtonStyle.success),
            AssessButton(review.id, approved=False).button(reject, discord.ButtonStyle.danger),
        ]
        return MessagePayload(embeds=(card.payload(),), components=_rows(buttons))


def _verdict_buttons(request_id: int, settings: GuildSettings) -> list[discord.ui.Button[Any]]:
    made: list[discord.ui.Button[Any]] = []
    for verdict in RESOLUTION_VERDICTS:
        style = discord.ButtonStyle.success if verdict.is_approval else discord.ButtonStyle.danger
        label = button_label(settings, text_for("button.resolve", verdict), settings.language)
        made.append(ResolveButton(request_id, verdict).button(label, style))
    return made


def _rows(buttons: list[discord.ui.Button[Any]]) -> tuple[dict[str, Any], ...]:
    """Put buttons into rows of Discord's JSON form, at most five in each."""
    return tuple(
        {"type": 1, "components": [button.to_component_dict() for button in buttons[start : start + _ROW_LENGTH]]}
        for start in range(0, len(buttons), _ROW_LENGTH)
    )
