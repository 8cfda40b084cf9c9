"""What a trainee is told of a grade."""

from sqlmodel import col, select

from db.models import Request, Review
from facades.identify import known_language
from facades.requests.wording import shown_name
from facades.transaction import Transaction
from util.phrases import Value, user_mention
from util.plain_text import split_plain
from util.splitting import MESSAGE_LIMIT
from util.texts import Text

_LEAST_ROOM = 200
_THREAD_NAME = 100


async def owe_feedback(tx: Transaction, review: Review, *, curator_id: int, approved: bool, feedback: str) -> None:
    """Owe feedback in a thread under the review, pinging the trainee once; long feedback in several messages."""
    name = await _level_name(tx, review)
    key = Text.FEEDBACK_NOTICE_APPROVED if approved else Text.FEEDBACK_NOTICE_REJECTED
    parameters: dict[str, Value] = {
        "trainee": user_mention(review.author_id),
        "curator": user_mention(curator_id),
        "level": shown_name(name),
        "level_id": review.level_id,
    }
    language = known_language(tx.settings, review.author_id)
    header = tx.settings.say(key, language, **parameters)[: MESSAGE_LIMIT - _LEAST_ROOM]
    parts = split_plain(feedback, MESSAGE_LIMIT - len(header) - 2, MESSAGE_LIMIT)
    parts[0] = f"{header}\n\n{parts[0]}"
    thread_name = tx.settings.label(Text.FEEDBACK_THREAD, language, level=name).strip()[:_THREAD_NAME] or str(review.level_id)
    for number, part in enumerate(parts):
        pinged = (review.author_id,) if number == 0 else ()
        tx.owe_feedback(review.id, part, thread_name=thread_name, mention_users=pinged)


async def _level_name(tx: Transaction, review: Review) -> str:
    """Return the name of the reviewed level; of a request that was deleted, only its number is left."""
    query = select(Request.level_name).where(col(Request.guild_id) == tx.guild_id, col(Request.id) == review.request_id)
    return (await tx.session.exec(query)).first() or str(review.level_id)
