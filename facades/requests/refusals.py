"""What can be wrong with a level request, each with its own clear answer."""

from db.models import Cooldown, Opinion, Request
from facades.requests.queue_state import QueueChange
from facades.requests.wording import shown_name, verdict_name
from services.geometry_dash import Level
from util.errors import BadInput, Conflict, NotFound, Refused, Unavailable
from util.phrases import Raw, Value, phrase, user_mention
from util.plain_text import fit_plain
from util.texts import Text
from util.timestamps import discord_timestamp

_LONGEST_REASON = 800


class WrongLevelId(BadInput):
    """No level can have this id."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(Text.REQUEST_REFUSED_LEVEL_ID, least=least, most=most)


class QueueIsClosed(Refused):
    """Check 1: the queue takes no requests now."""

    def __init__(self, change: QueueChange | None) -> None:
        if change is None:
            super().__init__(Text.REQUEST_REFUSED_QUEUE_CLOSED)
        elif change.by is None:
            super().__init__(Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY, since=change.at)
        else:
            super().__init__(Text.REQUEST_REFUSED_QUEUE_CLOSED_BY, since=change.at, who=user_mention(change.by))


class UserOnCooldown(Refused):
    """Check 2: the member has to wait. `card`: the address of the card of the request that it came from."""

    def __init__(self, cooldown: Cooldown, cause: Request | None, card: str | None) -> None:
        key = Text.REQUEST_REFUSED_USER_BAN if cooldown.ends_at is None else Text.REQUEST_REFUSED_USER_COOLDOWN
        super().__init__(key, **_until(cooldown), reason=_reason(cooldown), request=_cause(cause, card))


class LevelAlreadyApproved(Conflict):
    """Check 3: a moderator has approved the level."""

    def __init__(self, approval: Opinion, request: Request) -> None:
        super().__init__(
            Text.REQUEST_REFUSED_APPROVED,
            level=shown_name(request.level_name),
            who=user_mention(approval.author_id),
            when=approval.created_at,
            grade=verdict_name(approval.verdict),
        )


class LevelAlreadyPending(Conflict):
    """Check 4: the level is being reviewed. `card`: the address of its card."""

    def __init__(self, request: Request, card: str | None) -> None:
        super().__init__(
            Text.REQUEST_REFUSED_PENDING,
            level=shown_name(request.level_name),
            since=request.created_at,
            card="" if card is None else phrase(Text.REQUEST_DETAIL_CARD, url=Raw(card)),
        )


class LevelUnknown(NotFound):
    """Check 5: the game server knows no such level."""

    def __init__(self, level_id: int) -> None:
        super().__init__(Text.REQUEST_REFUSED_UNKNOWN, level_id=level_id)


class LevelOnCooldown(Refused):
    """Check 6: the level has to wait."""

    def __init__(self, name: str, cooldown: Cooldown, cause: Request | None) -> None:
        key = Text.REQUEST_REFUSED_LEVEL_BAN if cooldown.ends_at is None else Text.REQUEST_REFUSED_LEVEL_COOLDOWN
        rejected = "" if cause is None else phrase(Text.REQUEST_DETAIL_REJECTED, when=cooldown.cast_at)
        super().__init__(key, level=shown_name(name), **_until(cooldown), reason=_reason(cooldown), request=rejected)


class LevelIsRated(Refused):
    """Check 7: the level has its stars."""

    def __init__(self, level: Level) -> None:
        super().__init__(Text.REQUEST_REFUSED_RATED, level=shown_name(level.name), stars=level.stars)


class ShowcaseMissing(BadInput):
    """Check 8: the level needs a showcase."""

    def __init__(self, level: Level) -> None:
        super().__init__(Text.REQUEST_REFUSED_SHOWCASE_MISSING, level=shown_name(level.name))


class ShowcaseNotUnderstood(BadInput):
    """Check 8: what was given is no link to a YouTube video."""

    def __init__(self) -> None:
        super().__init__(Text.REQUEST_REFUSED_SHOWCASE_WRONG)


class CommentOutOfRange(BadInput):
    """The comment is longer than what is kept."""

    def __init__(self, most: int) -> None:
        super().__init__(Text.REQUEST_REFUSED_COMMENT, most=most)


class GameServerSilent(Unavailable):
    """The game server cannot be asked now."""

    def __init__(self) -> None:
        super().__init__(Text.REQUEST_REFUSED_SERVER)


def _until(cooldown: Cooldown) -> dict[str, Value]:
    if cooldown.ends_at is None:
        return {}
    return {"until": cooldown.ends_at, "left": Raw(discord_timestamp(cooldown.ends_at, "R"))}


def _reason(cooldown: Cooldown) -> Value:
    return (
        "" if not cooldown.reason else phrase(Text.REQUEST_DETAIL_REASON, reason=Raw(fit_plain(cooldown.reason, _LONGEST_REASON)))
    )


def _cause(cause: Request | None, card: str | None) -> Value:
    if cause is None:
        return ""
    key = Text.REQUEST_DETAIL_CAUSE if card is None else Text.REQUEST_DETAIL_CAUSE_LINK
    url: dict[str, Value] = {} if card is None else {"url": Raw(card)}
    return phrase(key, level=shown_name(cause.level_name), when=cause.created_at, **url)
