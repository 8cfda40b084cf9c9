"""What the author of a request is told: reviews as they come, and the final decision."""

from config.guild_settings import GuildSettings
from db.models import Request, Review
from facades.requests.wording import shown_name, verdict_emoji, verdict_name
from facades.transaction import Transaction, request_stream
from util.identifiers import Route, Stage, Verdict
from util.phrases import Value, phrase, user_mention
from util.plain_text import split_plain
from util.splitting import MESSAGE_LIMIT
from util.texts import Text

_LEAST_ROOM = 200


def owe_review(tx: Transaction, request: Request, review: Review, *, with_conclusion: bool) -> None:
    """Owe a review to its request's author, pinged once; a long one in several messages, the first being the review's place."""
    header = _say(
        tx.settings,
        request,
        Text.REVIEW_NOTICE_MODERATOR if review.stage is Stage.MODERATOR else Text.REVIEW_NOTICE,
        who=user_mention(review.author_id),
    )
    header = header[: MESSAGE_LIMIT - _LEAST_ROOM]
    parts = split_plain(review.text, MESSAGE_LIMIT - len(header) - 2, MESSAGE_LIMIT)
    parts[0] = f"{header}\n\n{parts[0]}"
    if with_conclusion:
        _append(parts, _conclusion(tx.settings, request, review.verdict))
    for number, part in enumerate(parts):
        tx.owe_message(
            request_stream(request.id),
            Route.REVIEW_TEXT,
            part,
            mention_users=_pinged(request) if number == 0 else (),
            review_id=review.id,
            review_part=number,
        )


def owe_decision(tx: Transaction, request: Request, verdict: Verdict, *, moderator_id: int, note: str | None) -> None:
    """Owe the notice of the final decision to the author. `note`: the rejection's reason or the approval's comment."""
    key = Text.DECISION_NOTICE_APPROVED if verdict.is_approval else Text.DECISION_NOTICE_REJECTED
    note_key = Text.DECISION_NOTICE_COMMENT if verdict.is_approval else Text.DECISION_NOTICE_REASON
    shown_note: Value = "" if note is None else phrase(note_key, note=note)
    content = _say(
        tx.settings,
        request,
        key,
        who=user_mention(moderator_id),
        grade=verdict_name(verdict),
        emoji=verdict_emoji(verdict),
        note=shown_note,
    )
    tx.owe_message(
        request_stream(request.id),
        Route.APPROVAL_NOTIFICATION if verdict.is_approval else Route.REJECTION_NOTIFICATION,
        content[:MESSAGE_LIMIT],
        mention_users=_pinged(request),
    )


def _say(settings: GuildSettings, request: Request, key: Text, **parameters: Value) -> str:
    if request.author_id is None:
        author: Value = shown_name(request.creator_name or "")
    else:
        author = user_mention(request.author_id)
    return settings.say(
        key, request.language, author=author, level=shown_name(request.level_name), level_id=request.level_id, **parameters
    )


def _conclusion(settings: GuildSettings, request: Request, verdict: Verdict) -> str:
    said = settings.say(Text.REVIEW_CONCLUSION, request.language, verdict=verdict_name(verdict), emoji=verdict_emoji(verdict))
    return said[:MESSAGE_LIMIT]


def _append(parts: list[str], text: str) -> None:
    """Put a text below the last part, or into a part of its own."""
    joined = f"{parts[-1]}\n\n{text}"
    if len(joined) <= MESSAGE_LIMIT:
        parts[-1] = joined
    else:
        parts.append(text)


def _pinged(request: Request) -> tuple[int, ...]:
    return () if request.author_id is None else (request.author_id,)
