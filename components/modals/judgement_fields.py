"""The fields that forms of opinions and resolutions share."""

from typing import Any

import discord

from components.actions import text_field
from components.labels import FIELD_DESCRIPTION, FIELD_LABEL, short_label
from config.guild_settings import GuildSettings
from facades.requests.typed import LONGEST_REASON, LONGEST_REVIEW, SHORTEST_REASON, SHORTEST_REVIEW
from util.texts import Text

REVIEW = "review"
REASON = "reason"


def review_field(settings: GuildSettings, language: str, *, asked_in: str, required: bool) -> discord.ui.Label[Any]:
    """Make the field for a review; `asked_in`: the language that the level's author reads."""
    name = settings.label(Text.LANGUAGE_NAME, asked_in)
    return text_field(
        REVIEW,
        short_label(settings, Text.FORM_REVIEW, language, FIELD_LABEL),
        description=short_label(settings, Text.FORM_REVIEW_HINT, language, FIELD_DESCRIPTION, spoken=name),
        required=required,
        shortest=SHORTEST_REVIEW,
        longest=LONGEST_REVIEW,
        paragraph=True,
    )


def reason_field(settings: GuildSettings, language: str, key: Text, *, required: bool) -> discord.ui.Label[Any]:
    """Make the field for a rejection's reason or a comment, labelled `key`."""
    return text_field(
        REASON,
        short_label(settings, key, language, FIELD_LABEL),
        required=required,
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
        paragraph=True,
    )
