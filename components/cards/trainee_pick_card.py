"""The card of a request that was picked for a trainee."""

from typing import Any

import discord

from components.buttons.opinion import OpinionButton
from components.cards.request_card import add_description, request_card
from components.cards.trainee_review_card import TRAINEE
from components.labels import button_label
from config.guild_settings import GuildSettings
from facades.requests.request_view import RequestView
from util.identifiers import Verdict
from util.texts import Text

_BUTTONS = (
    (Verdict.APPROVE, Text.BUTTON_OPINION_APPROVE_REVIEW, discord.ButtonStyle.success),
    (Verdict.REJECT, Text.BUTTON_OPINION_REJECT_REVIEW, discord.ButtonStyle.danger),
)


def trainee_pick_card(
    request: RequestView, settings: GuildSettings, language: str
) -> tuple[discord.Embed, list[discord.ui.Button[Any]]]:
    """Return the embed and the two buttons with a review; what others think of the level is not shown."""
    spoken = settings.speaking(language)
    card = request_card(request, spoken, colour=TRAINEE)
    add_description(card, request)
    buttons = [
        OpinionButton(request.id, verdict, with_review=True).button(button_label(settings, label, language), style)
        for verdict, label, style in _BUTTONS
    ]
    return discord.Embed.from_dict(card.payload()), buttons
