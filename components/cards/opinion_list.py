"""Lists of opinions and resolutions, shortened with a count where a field would overflow."""

from collections.abc import Sequence

from components.cards.embed import FIELD_VALUE
from config.guild_settings import GuildSettings
from facades.requests.request_view import OpinionView
from facades.requests.wording import verdict_emoji, verdict_name
from util.phrases import Raw, Value, message_url, phrase, user_mention
from util.plain_text import fit_plain
from util.texts import Text

_REASON_LENGTHS = (500, 200, 100, 50)
"""Long reasons are cut before opinions are left out."""
_LONGEST_LINE = 700


def opinion_list(opinions: Sequence[OpinionView], settings: GuildSettings, *, guild_id: int) -> str:
    """Return one line for each opinion, at most what a field holds."""
    lines: list[str] = []
    for longest in _REASON_LENGTHS:
        lines = [_line(opinion, settings, guild_id, longest)[:_LONGEST_LINE] for opinion in opinions]
        if len("\n".join(lines)) <= FIELD_VALUE:
            return "\n".join(lines)
    return _cut(lines, settings)


def _cut(lines: list[str], settings: GuildSettings) -> str:
    for kept in range(len(lines) - 1, 0, -1):
        more = settings.say(Text.CARD_MORE, settings.language, count=len(lines) - kept)[:100]
        shown = "\n".join([*lines[:kept], more])
        if len(shown) <= FIELD_VALUE:
            return shown
    return settings.say(Text.CARD_MORE, settings.language, count=len(lines))[:FIELD_VALUE]


def _line(opinion: OpinionView, settings: GuildSettings, guild_id: int, longest_reason: int) -> str:
    reason: Value = ""
    if opinion.reason:
        shown = fit_plain(opinion.reason.replace("\n", " "), longest_reason)
        reason = phrase(Text.CARD_OPINION_REASON, reason=Raw(shown))
    review: Value = ""
    if opinion.review is not None:
        url = message_url(guild_id, opinion.review.channel_id, opinion.review.message_id)
        review = phrase(Text.CARD_OPINION_REVIEW, url=Raw(url))
    elif opinion.has_review:
        review = phrase(Text.CARD_OPINION_REVIEW_UNPOSTED)
    return settings.say(
        Text.CARD_OPINION,
        settings.language,
        emoji=verdict_emoji(opinion.verdict),
        verdict=verdict_name(opinion.verdict),
        who=user_mention(opinion.author_id),
        review=review,
        reason=reason,
    ).replace("\n", " ")
