"""A guild with people and levels for the tests of the request flow: a real database, a fake game, a clock that stands still."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import func
from sqlmodel import col, select

from components.cards.renderer import CardRenderer
from config.settings import Settings, StageParameters
from db.engine import Database
from db.models import Cooldown, Delivery, Event, ParameterOverride, PostedCard, Request, RouteOverride
from db.upsert import upsert
from facades.app import App
from facades.requests.submit_request import SubmittedRequest, submit_request
from tests.fakes.clock import SteerableClock
from tests.fakes.discord import FakeDiscord
from tests.fakes.game import FakeGame, a_level
from tests.routing import lead_routes
from util.actor import Actor
from util.identifiers import CardKind, CooldownKind, DeliveryKind, EventType, Flag, Parameter, Route

GUILD = 100
OTHER_GUILD = 200
CHANNELS = {route: 500 + number for number, route in enumerate(Route)}
LEVEL = 1234
REVIEW = "A fine level with good gameplay; the second half could use some more decoration."
REASON = "The sync is off"


def person(user_id: int, *flags: Flag, guild_id: int = GUILD, language: str = "en") -> Actor:
    """Make somebody of the guild with the given flags."""
    return Actor(guild_id=guild_id, user_id=user_id, flags=frozenset(flags), language=language, name=f"user {user_id}")


MEMBER = person(1)
OTHER_MEMBER = person(2)
REVIEWER = person(10, Flag.REVIEWER)
OTHER_REVIEWER = person(11, Flag.REVIEWER)
TRAINEE = person(20, Flag.TRAINEE)
MODERATOR = person(30, Flag.GD_MOD)
OTHER_MODERATOR = person(31, Flag.GD_MOD)
CURATOR = person(40, Flag.TRAINEE_SUPERVISOR)
OTHER_CURATOR = person(41, Flag.TRAINEE_SUPERVISOR)
ADMIN = person(50, Flag.ADMIN)
STRANGER = person(50, Flag.ADMIN, guild_id=OTHER_GUILD)


class RequestWorld:
    """The app with its fakes, and what tests do to it and look at."""

    def __init__(self, address: str) -> None:
        self.clock = SteerableClock()
        self.game = FakeGame()
        self.discord = FakeDiscord(self.clock)
        self.app = App(
            settings=Settings(),
            stage=StageParameters((), frozenset(), None),
            database=Database(address),
            clock=self.clock,
            game=self.game,
            discord=self.discord,
            renderer=CardRenderer(),
        )
        self.game.add(a_level(LEVEL))

    async def routes(self) -> None:
        """Lead every route to a channel of its own."""
        async with self.app.database.transaction() as session:
            await lead_routes(session, GUILD, CHANNELS)
        self.app.guilds.drop_all()

    async def disable(self, route: Route) -> None:
        """Disable a route."""
        async with self.app.database.transaction() as session:
            await upsert(session, RouteOverride, {"guild_id": GUILD, "key": route}, {"enabled": False})
        self.app.guilds.drop_all()

    async def set(self, values: Mapping[Parameter, str]) -> None:
        """Set parameters in stored form."""
        async with self.app.database.transaction() as session:
            for key, value in values.items():
                await upsert(session, ParameterOverride, {"guild_id": GUILD, "key": key}, {"value": value})
        self.app.guilds.drop_all()

    async def hold_back(self, kind: CooldownKind, entity_id: int, **values: Any) -> None:
        """Put a user or a level on cooldown."""
        async with self.app.database.transaction() as session:
            row = {"cast_at": self.clock.now(), "ends_at": None, "cast_by": None, "reason": None, "request_id": None} | values
            await upsert(session, Cooldown, {"guild_id": GUILD, "kind": kind, "entity_id": entity_id}, row)

    async def post_card(self, kind: CardKind, subject_id: int, message_id: int) -> None:
        """Pretend that a card stands in its channel."""
        async with self.app.database.transaction() as session:
            card = {"guild_id": GUILD, "kind": kind, "subject_id": subject_id, "channel_id": 77, "message_id": message_id}
            session.add(PostedCard(**card, nonce="n", attempted_at=self.clock.now()))

    async def request(self, level_id: int = LEVEL, actor: Actor = MEMBER, **typed: str) -> SubmittedRequest:
        """Submit a request as somebody whom no cooldown holds back."""
        if level_id not in self.game.known:
            self.game.add(a_level(level_id))
        immune = Actor(
            guild_id=actor.guild_id,
            user_id=actor.user_id,
            flags=actor.flags | {Flag.NO_REQUEST_COOLDOWN},
            language=actor.language,
        )
        return await submit_request(self.app, actor=immune, level_id=level_id, **{"showcase": "", "comment": ""} | typed)

    async def rows(self, model: type[Any]) -> list[Any]:
        """Return all rows of a table in the order of their keys."""
        async with self.app.reading() as session:
            key = next(iter(model.__table__.primary_key.columns))
            return list((await session.exec(select(model).order_by(key))).all())

    async def count(self, model: type[Any]) -> int:
        """Return how many rows a table has."""
        async with self.app.reading() as session:
            return (await session.exec(select(func.count()).select_from(model))).one()

    async def owed(self) -> list[Delivery]:
        """Return what is owed to Discord in its order, without the log's entries."""
        return [row for row in cast("list[Delivery]", await self.rows(Delivery)) if row.kind is not DeliveryKind.LOG]

    async def owed_messages(self, route: Route) -> list[dict[str, Any]]:
        """Return the messages owed to a route."""
        return [row.payload for row in await self.owed() if row.payload.get("route") == route.value]

    async def forget_owed(self) -> None:
        """Drop what is owed, so that a test sees only what comes next."""
        async with self.app.database.transaction() as session:
            for row in await session.exec(select(Delivery)):
                await session.delete(row)

    async def events(self, kind: EventType) -> list[Event]:
        """Return the events of a type."""
        async with self.app.reading() as session:
            return list((await session.exec(select(Event).where(col(Event.type) == kind).order_by(col(Event.id)))).all())

    async def stored_request(self, request_id: int) -> Request:
        """Return a request's row."""
        return next(row for row in await self.rows(Request) if row.id == request_id)
