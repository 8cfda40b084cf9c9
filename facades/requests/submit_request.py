"""Submit a request for a level: the form has been filled in."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from config.guild_settings import GuildSettings
from db.locks import lock_guild
from db.models import Request
from facades.app import App
from facades.requests.ask_game import ask_game
from facades.requests.cast_cooldown import cast_cooldown
from facades.requests.queue_state import close_if_full
from facades.requests.refusals import ShowcaseMissing
from facades.requests.request_rules import (
    check_level,
    check_level_id,
    check_not_pending,
    check_standing,
    is_showcase_required,
)
from facades.requests.store_request import read_comment, read_showcase, store_request
from facades.transaction import Transaction
from services.geometry_dash import Level
from util.actor import Actor
from util.identifiers import CooldownKind, Flag, Parameter


@dataclass(frozen=True)
class SubmittedRequest:
    """A request that was taken."""

    request_id: int
    level_id: int
    level_name: str
    queue_closed: bool


async def submit_request(app: App, *, actor: Actor, level_id: int, showcase: str, comment: str) -> SubmittedRequest:
    """Take a request, after running every check again.

    Raises a `UserError` of `facades.requests.refusals` for the first check that fails. Owes the reviewers' card, and the
    notice when this request fills the queue.
    """
    check_level_id(level_id)
    level = app.game.peek(level_id)
    if level is None:
        # The checks of the transaction come too late to spare the game server a question.
        async with app.reading() as session:
            standing = await check_standing(session, app.clock, actor=actor, level_id=level_id)
        level = check_level(level_id, await ask_game(app, level_id), standing)
    try:
        async with app.transaction(actor.guild_id) as tx:
            await lock_guild(tx.session, tx.guild_id)
            check_level(level_id, level, await check_standing(tx.session, app.clock, actor=actor, level_id=level_id))
            link, note = _check_typed(tx.settings, level, showcase, comment)
            request = await store_request(
                tx, level, language=actor.language, showcase=link, comment=note, author_id=actor.user_id
            )
            await _cast_cooldown(tx, actor, request)
            closed = await close_if_full(tx)
    except IntegrityError:
        async with app.reading() as session:
            await check_not_pending(session, actor.guild_id, level_id)
        raise
    return SubmittedRequest(request.id, level_id, level.name, closed)


def _check_typed(settings: GuildSettings, level: Level, showcase: str, comment: str) -> tuple[str | None, str | None]:
    """Return the showcase's canonical address and the comment, None for what was left empty."""
    link = read_showcase(showcase)
    if link is None and is_showcase_required(settings, level):
        raise ShowcaseMissing(level)
    return link, read_comment(comment)


async def _cast_cooldown(tx: Transaction, actor: Actor, request: Request) -> None:
    if actor.has(Flag.NO_REQUEST_COOLDOWN):
        return
    await cast_cooldown(
        tx,
        CooldownKind.USER,
        actor.user_id,
        tx.settings.duration(Parameter.COOLDOWN_POST_REQUEST_USER_CD),
        request_id=request.id,
    )
