"""Somebody who has done everything that the bot knows, in two guilds, so that there is something to find and to erase."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db.models import (
    ActiveFilter,
    Confirmation,
    Delivery,
    FailedDelivery,
    Opinion,
    PanelToken,
    Request,
    SavedFilter,
    metadata,
)
from facades.delivery.deliver_head import deliver_head
from facades.requests.add_opinion import add_opinion
from facades.requests.assess_trainee_review import assess_trainee_review
from facades.requests.insert_request import insert_request
from facades.requests.resolve_request import resolve_request
from facades.requests.update_cooldown import update_cooldown
from facades.settings.set_language import set_language
from facades.settings.set_parameter import set_parameter
from facades.transaction import member_stream
from tests.facades.requests.world import GUILD, OTHER_GUILD, RequestWorld, person
from tests.fakes.game import a_level
from util.actor import Actor
from util.identifiers import CooldownKind, DeliveryKind, EventType, Flag, Stage, Verdict

OTHER = OTHER_GUILD
SOMEBODY = 900_000_000_000_000_017
OTHERS = 900_000_000_000_000_100
WORDS = "written-by-somebody"
"""Stands in everything that the person writes."""
REVIEW = f"{WORDS}: a fine level with good gameplay; the second half could use some more decoration."
LONG_REVIEW = f"{WORDS}: " + " ".join(f"word{number}" for number in range(600))[:3_800]


def somebody(*flags: Flag, guild_id: int = GUILD) -> Actor:
    """Return the person as holder of some flags."""
    return person(SOMEBODY, *flags, guild_id=guild_id)


def another(number: int, *flags: Flag, guild_id: int = GUILD) -> Actor:
    """Return somebody else."""
    return person(OTHERS + number, *flags, guild_id=guild_id)


async def live(world: RequestWorld, guild_id: int = GUILD) -> None:
    """Let the person do everything there is to do in a guild, and others do everything to them."""
    await _ask_and_judge(world, guild_id)
    await _practise(world, guild_id)
    await _set_and_ban(world, guild_id)
    await _leave_traces(world, guild_id)


async def _ask_and_judge(world: RequestWorld, guild_id: int) -> None:
    app, me = world.app, somebody(guild_id=guild_id)
    own = await world.request(2001, me, comment=f"{WORDS}: please", showcase="https://youtu.be/dQw4w9WgXcQ")
    await add_opinion(
        app,
        actor=another(1, Flag.REVIEWER, guild_id=guild_id),
        request_id=own.request_id,
        verdict=Verdict.APPROVE,
        review=REVIEW[20:],
    )
    moderator = another(2, Flag.GD_MOD, guild_id=guild_id)
    await resolve_request(app, actor=moderator, request_id=own.request_id, verdict=Verdict.EPIC, comment="Great work")
    await world.request(2002, me, comment=f"{WORDS}: pending")
    theirs = await world.request(2003, another(3, guild_id=guild_id), comment="Mine")
    reviewer, judge = somebody(Flag.REVIEWER, guild_id=guild_id), somebody(Flag.GD_MOD, guild_id=guild_id)
    await add_opinion(app, actor=reviewer, request_id=theirs.request_id, verdict=Verdict.APPROVE, review=LONG_REVIEW)
    await resolve_request(app, actor=judge, request_id=theirs.request_id, verdict=Verdict.REJECT, comment=f"{WORDS}: no")
    open_one = await world.request(2004, another(3, guild_id=guild_id))
    await add_opinion(app, actor=reviewer, request_id=open_one.request_id, verdict=Verdict.REJECT, reason=f"{WORDS}: dull")
    world.game.add(a_level(2005))
    await insert_request(
        app,
        actor=somebody(Flag.INSERT_REQUESTS, guild_id=guild_id),
        level_id=2005,
        language="en",
        creator_name="Riot",
        comment=f"{WORDS}: from the forum",
    )
    world.game.add(a_level(2006))
    await insert_request(
        app, actor=another(4, Flag.INSERT_REQUESTS, guild_id=guild_id), level_id=2006, language="en", creator_id=SOMEBODY
    )


async def _practise(world: RequestWorld, guild_id: int) -> None:
    app, trainee = world.app, somebody(Flag.TRAINEE, guild_id=guild_id)
    curator = another(5, Flag.TRAINEE_SUPERVISOR, guild_id=guild_id)
    for level, graded in ((2010, True), (2011, False)):
        taken = await world.request(level, another(3, guild_id=guild_id))
        await add_opinion(app, actor=trainee, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
        review = await newest_review(world)
        if graded:
            await assess_trainee_review(app, actor=curator, review_id=review, approved=True, feedback="Not bad at all")
    taken = await world.request(2012, another(3, guild_id=guild_id))
    learner = another(6, Flag.TRAINEE, guild_id=guild_id)
    await add_opinion(app, actor=learner, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW[20:])
    me = somebody(Flag.TRAINEE_SUPERVISOR, guild_id=guild_id)
    await assess_trainee_review(
        app, actor=me, review_id=await newest_review(world), approved=False, feedback=f"{WORDS}: try again"
    )


async def _set_and_ban(world: RequestWorld, guild_id: int) -> None:
    app = world.app
    await set_language(app, actor=somebody(guild_id=guild_id), language="ru")
    await set_parameter(app, actor=another(7, Flag.ADMIN, guild_id=guild_id), name="stream.account", typed=str(SOMEBODY))
    guard = somebody(Flag.BAN_USERS, guild_id=guild_id)
    banned, reason = OTHERS + 8, "spam in the queue"
    await update_cooldown(app, actor=guard, kind=CooldownKind.USER, entity_id=banned, duration="inf", reason=reason)
    owner = another(7, Flag.ADMIN, guild_id=guild_id)
    # Asked, not confirmed: it names the person as the one who cast what would be overwritten.
    await update_cooldown(app, actor=owner, kind=CooldownKind.USER, entity_id=banned, duration="1d", reason=None)
    await update_cooldown(app, actor=owner, kind=CooldownKind.USER, entity_id=SOMEBODY, duration="inf", reason="rude to others")


async def _leave_traces(world: RequestWorld, guild_id: int) -> None:
    now = world.clock.now()
    own = {"type": None, "user": OTHERS, "fields": {}}
    about = {"type": None, "user": SOMEBODY, "fields": {"trainee_id": SOMEBODY}}
    addressed = {"content": "hello", "user_id": SOMEBODY}
    said = {"content": f"<@{SOMEBODY}> has left", "channel_id": 5, "route": "log", "mention_users": [], "mention_roles": []}
    rows: list[Any] = [
        ActiveFilter(guild_id=guild_id, user_id=SOMEBODY, filter=own),
        ActiveFilter(guild_id=guild_id, user_id=OTHERS, filter=about),
        SavedFilter(guild_id=guild_id, name="of somebody", saved_by=SOMEBODY, saved_at=now, filter=own),
        SavedFilter(guild_id=guild_id, name="about somebody", saved_by=OTHERS, saved_at=now, filter=about),
        PanelToken(guild_id=guild_id, token_hash=f"{guild_id:064}", issued_by=SOMEBODY, issued_at=now),
        Confirmation(guild_id=guild_id, user_id=SOMEBODY, purpose="test", details={}, asked_at=now),
        FailedDelivery(guild_id=guild_id, kind=DeliveryKind.DIRECT_MESSAGE, payload=addressed, reason="closed", failed_at=now),
        _delivery(world, guild_id, member_stream(SOMEBODY), DeliveryKind.DIRECT_MESSAGE, addressed),
        _delivery(world, guild_id, "queue", DeliveryKind.MESSAGE, said),
    ]
    async with world.app.database.transaction() as session:
        session.add_all(rows)


def _delivery(world: RequestWorld, guild_id: int, stream: str, kind: DeliveryKind, payload: dict[str, Any]) -> Delivery:
    now = world.clock.now() + timedelta(days=1)
    return Delivery(  # pyright: ignore[reportCallIssue]
        guild_id=guild_id, stream=stream, kind=kind, payload=payload, nonce="n", created_at=now, due_at=now
    )


async def newest_review(world: RequestWorld) -> int:
    """Return the number of the review that was written last."""
    table = metadata.tables["review"]
    async with world.app.reading() as session:
        connection = await session.connection()
        return (await connection.execute(select(table.c.id).order_by(table.c.id.desc()).limit(1))).scalar_one()


async def deliver_all(world: RequestWorld, guild_id: int = GUILD) -> None:
    """Deliver what is due now, whatever comes of it."""
    table = metadata.tables["delivery"]
    while True:
        async with world.app.reading() as session:
            connection = await session.connection()
            query = select(table.c.stream).where(table.c.guild_id == guild_id, table.c.due_at <= world.clock.now()).distinct()
            streams = list((await connection.execute(query)).scalars())
        if not any([await deliver_head(world.app, guild_id=guild_id, stream=stream) for stream in streams]):
            return


async def dump(world: RequestWorld, guild_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row of a guild by its table."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with world.app.reading() as session:
        connection = await session.connection()
        for table in metadata.sorted_tables:
            query = select(table).where(table.c.guild_id == guild_id).order_by(*table.primary_key.columns)
            found[table.name] = [dict(row) for row in (await connection.execute(query)).mappings()]
    return found


def traces(rows: dict[str, list[dict[str, Any]]], what: str) -> Iterator[tuple[str, str, Any]]:
    """Yield where something stands, as a value or within one: table, column and the row's content."""
    for table, content in rows.items():
        for row in content:
            for column, value in row.items():
                if re.search(rf"(?<![0-9]){re.escape(what)}(?![0-9])", json.dumps(value, default=str, ensure_ascii=False)):
                    yield table, column, value


async def many_opinions(world: RequestWorld, count: int) -> None:
    """Let the person judge many requests of somebody else."""
    now = world.clock.now()
    async with world.app.transaction(GUILD) as tx:
        for number in range(1, count + 1):
            values: dict[str, Any] = {"guild_id": GUILD, "level_name": "x", "level": {}, "language": "en", "author_id": OTHERS}
            tx.session.add(Request(id=number, level_id=10_000 + number, created_at=now, **values))
        await tx.session.flush()
        for number in range(1, count + 1):
            values = {"guild_id": GUILD, "request_id": number, "author_id": SOMEBODY, "verdict": Verdict.REJECT}
            tx.session.add(Opinion(**values, stage=Stage.REVIEWER, reason=WORDS, created_at=now))
            tx.log(
                EventType.OPINION_ADDED, SOMEBODY, request_id=number, level_id=1, verdict="reject", reason=WORDS, review_id=None
            )


class Ticker:
    """Notes within its block for how long at most the loop did nothing else: `longest`, in seconds.

    It counts the time that this thread worked: what other programs on the machine take is not the bot's.
    """

    longest = 0.0

    async def _tick(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            self.longest = max(self.longest, time.thread_time() - before)

    async def __aenter__(self) -> "Ticker":
        self._task = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
