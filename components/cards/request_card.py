"""The embed that all cards of a request share."""

from components.cards.embed import Card
from components.cards.level_fields import add_level_fields
from components.cards.opinion_list import opinion_list
from config.guild_settings import GuildSettings
from facades.requests.request_view import RequestView
from util.datatypes import MessageRef
from util.phrases import Raw, Value, message_url
from util.plain_text import fit_plain
from util.texts import Text

PENDING = 0x979B1F
UNRESOLVED = 0x990000
RESOLVED = 0x128611
ARCHIVE = 0x666666
_LONGEST_DESCRIPTION = 700
_LONGEST_COMMENT = 900


def request_card(request: RequestView, settings: GuildSettings, *, colour: int) -> Card:
    """Make the embed of a request: its level, its showcase, who asked for it and when."""
    language = settings.language
    card = Card(colour=colour, title=settings.label(Text.CARD_TITLE, language, level=request.level_name, id=request.level_id))
    add_level_fields(card, request, settings)
    card.field(settings.label(Text.CARD_FIELD_AUTHOR, language), _author(request, settings), inline=True)
    if request.inserted_by is not None:
        card.field(
            settings.label(Text.CARD_FIELD_INSERTED_BY, language), settings.mention(request.inserted_by, language), inline=True
        )
    spoken = settings.label(Text.LANGUAGE_NAME, request.language)[:100]
    card.field(settings.label(Text.CARD_FIELD_LANGUAGE, language), spoken, inline=True)
    if request.showcase:
        shown = settings.say(Text.CARD_VALUE_SHOWCASE, language, url=Raw(request.showcase))
        card.field(settings.label(Text.CARD_FIELD_SHOWCASE, language), shown[:300])
    card.typed_field(settings.label(Text.CARD_FIELD_COMMENT, language), request.comment, _LONGEST_COMMENT)
    card.time(request.created_at)
    card.footer(settings.label(Text.CARD_FOOTER, language, id=request.id))
    return card


def add_judgements(card: Card, request: RequestView, settings: GuildSettings) -> None:
    """Add the sections with the reviewers' opinions and the moderators' resolutions."""
    approvals = sum(opinion.verdict.is_approval for opinion in request.opinions)
    counts: dict[str, Value] = {"approvals": approvals, "rejections": len(request.opinions) - approvals}
    for key, parameters, listed in (
        (Text.CARD_FIELD_CONSENSUS, counts, request.opinions),
        (Text.CARD_FIELD_RESOLUTIONS, {}, request.resolutions),
    ):
        name = settings.label(key, settings.language, **parameters)
        card.field(name, opinion_list(listed, settings, guild_id=request.guild_id))


def add_description(card: Card, request: RequestView) -> None:
    """Show the level's own description in the room that everything else leaves."""
    card.description(str(request.level.get("description") or ""), _LONGEST_DESCRIPTION)


def add_link(card: Card, request: RequestView, settings: GuildSettings, resolution_card: MessageRef) -> None:
    """Add the link to the card that lists the resolutions."""
    url = message_url(request.guild_id, resolution_card.channel_id, resolution_card.message_id)
    shown = settings.say(Text.CARD_VALUE_RESOLUTION_CARD, settings.language, url=Raw(url))
    card.field(settings.label(Text.CARD_FIELD_RESOLUTION_CARD, settings.language), shown[:300])


def _author(request: RequestView, settings: GuildSettings) -> str:
    if request.author_id is not None:
        return settings.mention(request.author_id, settings.language)
    return fit_plain(request.creator_name or "", 200)
