"""Reviews with their full texts, several short ones on a page or a long one alone."""

from dataclasses import replace

from components.pages.turning import PagedList, Sheet, id_in, paged_list
from config.guild_settings import GuildSettings
from facades.app import App
from facades.requests.list_reviews import STAFF, ReviewView, list_reviews_by_user, list_reviews_of_level
from facades.requests.wording import gone_text, shown_name, verdict_emoji, verdict_name
from util.actor import Actor
from util.markdown import code_block, plain
from util.paging import Cursor, Page
from util.phrases import Raw, Value, message_url, phrase, user_mention
from util.plain_text import fit_plain, split_plain
from util.texts import Text

ROOM = 3_000
"""Characters of reviews together on a page: with what stands above them and escapes there is room for more."""
EMBED_LENGTH = 4_096
_REST = 1_500
"""What the second embed may hold: 6,000 together, less titles and a footer."""
_SEPARATOR = "\n\n"


@paged_list(PagedList.REVIEWS_OF_LEVEL)
async def reviews_of_level(app: App, actor: Actor, level_id: str, cursor: Cursor) -> Sheet:
    """Render a page of the reviews of a level."""
    page = await list_reviews_of_level(app, actor=actor, level_id=id_in(level_id), cursor=cursor, room=ROOM)
    settings = await app.guild(actor.guild_id)
    empty = settings.say(Text.REVIEWS_EMPTY_LEVEL, actor.language, level_id=id_in(level_id))
    return _sheet(page, Text.REVIEWS_TITLE_LEVEL, empty, settings, actor.language)


@paged_list(PagedList.REVIEWS_OF_USER)
async def reviews_by_user(app: App, actor: Actor, author_id: str, cursor: Cursor) -> Sheet:
    """Render a page of the reviews by a user."""
    # Before the id is read: who may not see any is not told what is wrong with it.
    actor.require(*STAFF)
    page = await list_reviews_by_user(app, actor=actor, author_id=id_in(author_id), cursor=cursor, room=ROOM)
    settings = await app.guild(actor.guild_id)
    empty = settings.say(Text.REVIEWS_EMPTY_USER, actor.language, who=user_mention(id_in(author_id)))
    return _sheet(page, Text.REVIEWS_TITLE_USER, empty, settings, actor.language)


def _with_text(review: ReviewView, settings: GuildSettings, language: str) -> ReviewView:
    """Say of a review whose text is gone why it is."""
    return review if review.text else replace(review, text=settings.label(gone_text(review.author_id), language))


def _sheet(page: Page[ReviewView], title: Text, empty: str, settings: GuildSettings, language: str) -> Sheet:
    named = settings.label(title, language)
    page = page.map(lambda review: _with_text(review, settings, language))
    entries = [f"{_heading(review, settings, language)}\n{plain(review.text)}" for review in page.rows]
    if len(_SEPARATOR.join(entries)) <= EMBED_LENGTH:
        return Sheet(named, tuple(entries), page, empty=empty, separator=_SEPARATOR)
    only, *others = page.rows
    if not others:
        entry, rest = _alone(only, settings, language)
        return Sheet(named, (entry,), page, continued=rest)
    for kept in range(len(entries) - 1, 0, -1):
        first, rest = entries[:kept], _SEPARATOR.join(entries[kept:])
        if len(_SEPARATOR.join(first)) <= EMBED_LENGTH and len(rest) <= _REST:
            return Sheet(named, tuple(first), page, separator=_SEPARATOR, continued=rest)
    each = EMBED_LENGTH // len(page.rows) - len(_SEPARATOR)
    return Sheet(named, tuple(_cut(review, each, settings, language) for review in page.rows), page, separator=_SEPARATOR)


def _cut(review: ReviewView, limit: int, settings: GuildSettings, language: str) -> str:
    heading = _heading(review, settings, language)
    return f"{heading}\n{fit_plain(review.text, limit - len(heading) - 1)}"


def _alone(review: ReviewView, settings: GuildSettings, language: str) -> tuple[str, str]:
    """Return a long review in two parts; where escapes make it longer than both, as code, which needs none."""
    heading = _heading(review, settings, language)
    first = EMBED_LENGTH - len(heading) - 1
    parts = split_plain(review.text, first, _REST)
    if len(parts) == 2:
        return f"{heading}\n{parts[0]}", parts[1]
    block = code_block(review.text)
    if len(block) <= EMBED_LENGTH:
        return heading, block
    return f"{heading}\n{fit_plain(review.text, first)}", ""


def _heading(review: ReviewView, settings: GuildSettings, language: str) -> str:
    subject: Value = phrase(Text.COOLDOWN_LEVEL_UNNAMED, level_id=review.level_id)
    if review.level_name is not None:
        subject = phrase(Text.COOLDOWN_LEVEL, name=shown_name(review.level_name), level_id=review.level_id)
    link: Value = ""
    if review.message is not None:
        url = message_url(settings.guild_id, review.message.channel_id, review.message.message_id)
        link = phrase(Text.REVIEWS_LINK, url=Raw(url))
    return settings.say(
        Text.REVIEWS_HEADING,
        language,
        subject=subject,
        emoji=verdict_emoji(review.verdict),
        verdict=verdict_name(review.verdict),
        author=user_mention(review.author_id),
        when=review.created_at,
        practice=_practice(review),
        link=link,
    )


def _practice(review: ReviewView) -> Value:
    if not review.by_trainee:
        return ""
    if review.approved is None:
        return Text.REVIEWS_PRACTICE
    return Text.REVIEWS_PRACTICE_APPROVED if review.approved else Text.REVIEWS_PRACTICE_REJECTED
