"""The embed of a trainee's review."""

from components.cards.embed import FIELD_VALUE, Card
from config.guild_settings import GuildSettings
from facades.requests.request_view import TraineeReviewView
from facades.requests.wording import gone_text, verdict_emoji, verdict_name
from util.phrases import user_mention
from util.plain_text import fit_plain, split_plain
from util.texts import Text

TRAINEE = 0x0000AA
_LONGEST_TEXT = 4096
_CONTINUED = 700
_LONGEST_REASON = 500
_LONGEST_FEEDBACK = 700


def trainee_review_card(review: TraineeReviewView, settings: GuildSettings) -> Card:
    """Make the embed, in the request's language: a review in another one is then seen to be a mistake."""
    language = review.language
    card = Card(colour=TRAINEE, title=settings.label(Text.CARD_TITLE, language, level=review.level_name, id=review.level_id))
    card.field(settings.label(Text.CARD_FIELD_TRAINEE, language), settings.mention(review.author_id, language), inline=True)
    shown = settings.say(Text.CARD_VALUE_NAMED, language, value=verdict_name(review.verdict), emoji=verdict_emoji(review.verdict))
    card.field(settings.label(Text.CARD_FIELD_VERDICT, language), shown[:200], inline=True)
    _add_grade(card, review, settings)
    card.time(review.created_at)
    card.footer(settings.label(Text.CARD_FOOTER_REVIEW, language, id=review.id))
    _add_text(card, review, settings)
    card.typed_field(settings.label(Text.CARD_FIELD_REASON, language), review.reason, _LONGEST_REASON)
    card.typed_field(settings.label(Text.CARD_FIELD_FEEDBACK, language), review.feedback, _LONGEST_FEEDBACK)
    return card


def _add_grade(card: Card, review: TraineeReviewView, settings: GuildSettings) -> None:
    if review.approved is None or review.curator_id is None:
        return
    key = Text.CARD_VALUE_GRADE_APPROVED if review.approved else Text.CARD_VALUE_GRADE_REJECTED
    shown = settings.say(key, review.language, who=user_mention(review.curator_id))
    card.field(settings.label(Text.CARD_FIELD_TRAINEE_GRADE, review.language), shown[:300], inline=True)


def _add_text(card: Card, review: TraineeReviewView, settings: GuildSettings) -> None:
    """Show the whole text; escaping can make it longer than the description holds, then a field continues it."""
    parts = split_plain(review.text, _LONGEST_TEXT, FIELD_VALUE)
    if not parts:
        card.ready_description(settings.say(gone_text(review.author_id), review.language))
        return
    card.ready_description(parts[0])
    if len(parts) > 1:
        rest = parts[1] if len(parts) == 2 and len(parts[1]) <= _CONTINUED else fit_plain(review.text[-_CONTINUED:], _CONTINUED)
        card.field(settings.label(Text.CARD_FIELD_CONTINUED, review.language), rest)
