"""Request a level on behalf of its creator, past the checks that members have to pass."""

from sqlalchemy.exc import IntegrityError

from config.texts import catalogue
from db.locks import lock_guild
from facades.app import App
from facades.requests.ask_game import ask_game
from facades.requests.queue_state import close_if_full
from facades.requests.refusals import LevelUnknown
from facades.requests.request_rules import check_level_id, check_not_pending
from facades.requests.store_request import read_comment, read_showcase, store_request
from facades.requests.submit_request import SubmittedRequest
from facades.requests.typed import clean
from util.actor import Actor
from util.errors import BadInput
from util.identifiers import Flag
from util.phrases import user_mention
from util.texts import Text

LONGEST_CREATOR_NAME = 100


class CreatorMissing(BadInput):
    """Neither a member nor a name was given."""

    def __init__(self) -> None:
        super().__init__(Text.REQUEST_INSERT_REFUSED_NOBODY)


class CreatorNoMember(BadInput):
    """The user who was named is not in the guild, so nobody could notify them."""

    def __init__(self, user_id: int) -> None:
        super().__init__(Text.REQUEST_INSERT_REFUSED_NOT_MEMBER, member=user_mention(user_id))


class CreatorNameOutOfRange(BadInput):
    """The creator's name is longer than what is kept."""

    def __init__(self) -> None:
        super().__init__(Text.REQUEST_INSERT_REFUSED_NAME, most=LONGEST_CREATOR_NAME)


async def insert_request(
    app: App,
    *,
    actor: Actor,
    level_id: int,
    language: str,
    showcase: str | None = None,
    creator_id: int | None = None,
    creator_is_member: bool = True,
    creator_name: str | None = None,
    comment: str | None = None,
) -> SubmittedRequest:
    """Take a request for somebody else; `creator_id`, who must be a member, takes precedence over `creator_name`.

    Left of the checks: the level exists, it is not being reviewed already, and a showcase is a YouTube video. Nobody gets a
    cooldown. The request counts like any other, so it may close the queue. Raises `Forbidden`, `BadInput`, `NotFound`,
    `Conflict` or `Unavailable`. Owes the reviewers' card, and the notice when this request fills the queue.
    """
    actor.require(Flag.INSERT_REQUESTS)
    check_level_id(level_id)
    if language not in catalogue().languages:
        raise BadInput(Text.ERROR_BAD_OPTION, option="language")
    name = read_creator_name(creator_name) if creator_id is None else None
    _check_creator(creator_id, creator_is_member)
    link, note = read_showcase(showcase), read_comment(comment)
    async with app.reading() as session:
        await check_not_pending(session, actor.guild_id, level_id)
    level = await ask_game(app, level_id)
    if level is None:
        raise LevelUnknown(level_id)
    try:
        async with app.transaction(actor.guild_id) as tx:
            await lock_guild(tx.session, tx.guild_id)
            await check_not_pending(tx.session, tx.guild_id, level_id)
            request = await store_request(
                tx,
                level,
                language=language,
                showcase=link,
                comment=note,
                author_id=creator_id,
                creator_name=name,
                inserted_by=actor.user_id,
            )
            closed = await close_if_full(tx)
    except IntegrityError:
        async with app.reading() as session:
            await check_not_pending(session, actor.guild_id, level_id)
        raise
    return SubmittedRequest(request.id, level_id, request.level_name, closed)


def _check_creator(creator_id: int | None, is_member: bool) -> None:
    if creator_id is not None and not is_member:
        raise CreatorNoMember(creator_id)


def read_creator_name(typed: str | None) -> str:
    """Return a creator's name. Raises `CreatorMissing` or `CreatorNameOutOfRange`."""
    name = clean(typed or "")
    if not name:
        raise CreatorMissing
    if len(name) > LONGEST_CREATOR_NAME:
        raise CreatorNameOutOfRange
    return name
