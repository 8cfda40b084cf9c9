"""Take requests that were made on a stream."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from config.guild_settings import GuildSettings
from config.texts import catalogue
from db.locks import lock_guild
from db.models import Request
from facades.app import App
from facades.panel.stream_link import is_stream_page, read_stream_link
from facades.requests.find_request import pending_request
from facades.requests.insert_request import read_creator_name
from facades.requests.queue_state import close_if_full
from facades.requests.refusals import GameServerSilent, LevelUnknown
from facades.requests.request_rules import check_level_id
from facades.requests.store_request import LONGEST_COMMENT, read_showcase, store_request
from facades.requests.typed import clean
from facades.transaction import Transaction
from services.geometry_dash import GeometryDashUnavailable, Level
from util.actor import Actor
from util.errors import BadInput, Unavailable, UserError
from util.identifiers import Flag, RequestStatus
from util.phrases import Raw
from util.texts import Text

ASKED_AT_ONCE = 10
"""As many levels as one call to the game server carries: what members ask for meanwhile joins the next call."""
STORED_AT_ONCE = 20
"""Requests in one transaction: members wait for the database no longer than for these."""


@dataclass(frozen=True)
class StreamRequest:
    """A request as the panel sends it. `language`: a code of ours. `showcase`: a video, the stream's own page, or empty."""

    level_id: int
    creator_name: str
    language: str
    showcase: str


@dataclass(frozen=True)
class _Read:
    """The same, read and checked as far as that needs nobody else."""

    level_id: int
    creator_name: str
    language: str
    showcase: str | None
    comment: str


class SomeNotTaken(Unavailable):
    """The game server fell silent: some requests could be taken, and sending all of them again takes the others."""

    def __init__(self, taken: int, total: int) -> None:
        super().__init__(Text.PANEL_REFUSED_SOME, taken=taken, total=total)


async def take_stream_request(app: App, *, actor: Actor, request: StreamRequest) -> int:
    """Take a request for somebody on a stream and return its number; of a level that is pending already, that one's.

    What is checked is what `insert_request` checks; the queue is not closed by it. Raises `Forbidden`, `BadInput`, `NotFound`
    or `Unavailable`. Owes the reviewers' card.
    """
    actor.require(Flag.INSERT_REQUESTS)
    read = _read(await app.guild(actor.guild_id), request)
    known = await _pending(app, actor.guild_id, [read.level_id])
    if read.level_id in known:
        return known[read.level_id]
    answer = (await _ask(app, [read.level_id]))[read.level_id]
    if isinstance(answer, GeometryDashUnavailable):
        raise GameServerSilent from answer
    if answer is None:
        raise LevelUnknown(read.level_id)
    async with app.transaction(actor.guild_id) as tx:
        await lock_guild(tx.session, tx.guild_id)
        return await _take(tx, actor, read, answer)


async def take_stream_requests(app: App, *, actor: Actor, requests: Sequence[StreamRequest]) -> list[int | None]:
    """Take what is left over after a stream; return each one's number as `take_stream_request` does, None for a refused one.

    They may close the queue. Raises `Forbidden`, `GameServerSilent`, or `SomeNotTaken` after taking those that could be.
    """
    actor.require(Flag.INSERT_REQUESTS)
    settings = await app.guild(actor.guild_id)
    read = [_read_or_none(settings, request) for request in requests]
    wanted = list(dict.fromkeys(one.level_id for one in read if one is not None))
    numbers = await _pending(app, actor.guild_id, wanted)
    answers = await _ask(app, [level_id for level_id in wanted if level_id not in numbers])
    # Of two for one level the first is taken.
    first = {one.level_id: one for one in reversed(read) if one is not None}
    new = [(first[level_id], answer) for level_id, answer in answers.items() if isinstance(answer, Level)]
    for start in range(0, len(new), STORED_AT_ONCE):
        async with app.transaction(actor.guild_id) as tx:
            await lock_guild(tx.session, tx.guild_id)
            for one, level in new[start : start + STORED_AT_ONCE]:
                numbers[one.level_id] = await _take(tx, actor, one, level)
            if start + STORED_AT_ONCE >= len(new):
                await close_if_full(tx)
    if any(isinstance(answer, GeometryDashUnavailable) for answer in answers.values()):
        taken = sum(one is not None and one.level_id in numbers for one in read)
        raise SomeNotTaken(taken, len(read)) if taken else GameServerSilent
    return [None if one is None else numbers.get(one.level_id) for one in read]


def _read(settings: GuildSettings, request: StreamRequest) -> _Read:
    """Check a request as far as that needs nobody else. Raises `BadInput`."""
    check_level_id(request.level_id)
    if request.language not in catalogue().languages:
        raise BadInput(Text.ERROR_BAD_OPTION, option="language")
    name, link = read_creator_name(request.creator_name), clean(request.showcase)
    comment = settings.label(Text.PANEL_COMMENT, settings.language)
    if link and is_stream_page(link):
        # On such sites the panel has no video to name and sends the streamer's page instead.
        read_stream_link(link)
        comment = settings.label(Text.PANEL_COMMENT_LINK, settings.language, link=Raw(link))
        showcase = None
    else:
        showcase = read_showcase(link)
    return _Read(request.level_id, name, request.language, showcase, comment[:LONGEST_COMMENT])


def _read_or_none(settings: GuildSettings, request: StreamRequest) -> _Read | None:
    try:
        return _read(settings, request)
    except UserError:
        return None


async def _pending(app: App, guild_id: int, level_ids: Sequence[int]) -> dict[int, int]:
    """Return the numbers of the pending requests for levels, by the levels' ids."""
    query = select(Request.level_id, Request.id).where(
        col(Request.guild_id) == guild_id,
        col(Request.level_id).in_(level_ids),
        col(Request.status) == RequestStatus.PENDING,
    )
    async with app.reading() as session:
        return dict((await session.exec(query)).all())


async def _ask(app: App, level_ids: Sequence[int]) -> Mapping[int, Level | GeometryDashUnavailable | None]:
    """Return what the game server says about each level, or why it says nothing."""
    answers: dict[int, Level | GeometryDashUnavailable | None] = {}
    for start in range(0, len(level_ids), ASKED_AT_ONCE):
        some = level_ids[start : start + ASKED_AT_ONCE]
        answers |= zip(some, await asyncio.gather(*(_ask_one(app, level_id) for level_id in some)), strict=True)
    return answers


async def _ask_one(app: App, level_id: int) -> Level | GeometryDashUnavailable | None:
    try:
        return await app.game.level(level_id)
    except GeometryDashUnavailable as error:
        return error


async def _take(tx: Transaction, actor: Actor, one: _Read, level: Level) -> int:
    """Store a request unless the level has become pending meanwhile; the guild is locked."""
    pending = await pending_request(tx.session, tx.guild_id, one.level_id)
    if pending is not None:
        return pending.id
    stored = await store_request(
        tx,
        level,
        language=one.language,
        showcase=one.showcase,
        comment=one.comment,
        author_id=None,
        creator_name=one.creator_name,
        inserted_by=actor.user_id,
    )
    return stored.id
