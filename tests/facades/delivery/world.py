"""A guild with owed messages for the delivery tests: a real database, a fake Discord, a clock that stands still."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from sqlmodel import col, select

from config.guild_settings import GuildSettings
from config.settings import Settings, StageParameters
from db.engine import Database
from db.models import Delivery, FailedDelivery, Opinion, PostedCard, Request, Review, RouteOverride
from db.upsert import upsert
from facades.app import App
from facades.delivery.deliver_head import deliver_head
from facades.delivery.worker import DeliveryWorker
from facades.requests.request_view import RequestView, TraineeReviewView
from services.geometry_dash import GeometryDash
from tests.db.factories import GUILD, a_request, a_review, an_opinion
from tests.fakes.clock import SteerableClock
from tests.fakes.discord import FakeDiscord
from tests.routing import lead_routes
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import RequestStatus, Route, Stage

CHANNELS = {
    Route.LOG: 11,
    Route.PENDING_REQUEST: 12,
    Route.RESOLUTION: 13,
    Route.ARCHIVE: 14,
    Route.REVIEW_TEXT: 15,
    Route.TRAINEE_REVIEW_TEXT: 16,
}


class FakeRenderer:
    """Cards whose content tells what they show."""

    def reviewer_card(self, request: RequestView, settings: GuildSettings) -> MessagePayload:
        return MessagePayload(f"reviewer {request.id}", components=({"custom_id": f"opinion:{request.id}"},))

    def resolution_card(self, request: RequestView, settings: GuildSettings) -> MessagePayload:
        reviews = [one.review.message_id if one.review else None for one in request.opinions]
        said = f"resolution {request.id} opinions {len(request.opinions)} resolutions {len(request.resolutions)} {reviews}"
        return MessagePayload(said, components=({"custom_id": f"resolve:{request.id}"},))

    def archive_card(self, request: RequestView, settings: GuildSettings, resolution_card: MessageRef | None) -> MessagePayload:
        return MessagePayload(f"archive {request.id} -> {resolution_card.message_id if resolution_card else None}")

    def trainee_card(self, review: TraineeReviewView, settings: GuildSettings) -> MessagePayload:
        return MessagePayload(f"trainee {review.id} {review.approved}")


@dataclass
class DeliveryWorld:
    """The app under test with what it is connected to. `restart` is a new process on the same database and Discord."""

    address: str
    clock: SteerableClock = field(default_factory=SteerableClock)
    discord: FakeDiscord = field(init=False)
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self.discord = FakeDiscord(self.clock)
        self.app = self._app()

    def _app(self) -> App:
        return App(
            settings=Settings(database_url=self.address),
            stage=StageParameters((), frozenset(), None),
            database=Database(self.address),
            clock=self.clock,
            game=cast("GeometryDash", None),
            discord=self.discord,
            renderer=FakeRenderer(),
        )

    async def restart(self) -> None:
        """Begin again as a new process would."""
        await self.app.database.close()
        self.app = self._app()

    async def route(self, route: Route, channel_id: int | None, *, enabled: bool = True) -> None:
        """Set where a route leads."""
        async with self.app.database.transaction() as session:
            key = {"guild_id": GUILD, "key": route}
            await upsert(session, RouteOverride, key, {"channel_id": channel_id, "enabled": enabled})
        self.app.guilds.drop(GUILD)

    async def routes(self) -> None:
        """Let every route lead somewhere."""
        async with self.app.database.transaction() as session:
            await lead_routes(session, GUILD, CHANNELS)
        self.app.guilds.drop(GUILD)

    # What facades do

    async def request(self, **changes: Any) -> int:
        """Create a request and owe its cards."""
        async with self.app.transaction(GUILD) as tx:
            request = a_request(**changes)
            tx.session.add(request)
            await tx.session.flush()
            tx.owe_cards(request.id)
        return request.id

    async def opinion(self, request_id: int, *, author: int = 5, stage: Stage = Stage.REVIEWER, review: bool = False) -> None:
        """Add an opinion or a resolution, with a review when asked; owe what comes of it."""
        async with self.app.transaction(GUILD) as tx:
            opinion = an_opinion(request_id, author_id=author, stage=stage)
            tx.session.add(opinion)
            await tx.session.flush()
            if stage is Stage.MODERATOR:
                request = (await tx.session.exec(select(Request).where(col(Request.id) == request_id))).one()
                request.status, request.resolved_at = RequestStatus.RESOLVED, tx.now
            if review:
                made = a_review(request_id, opinion.id, author_id=author, stage=stage)
                tx.session.add(made)
                await tx.session.flush()
                tx.owe_message(f"request:{request_id}", Route.REVIEW_TEXT, f"review by {author}", review_id=made.id)
            tx.owe_cards(request_id)

    async def delete(self, request_id: int) -> None:
        """Delete a request and owe that its cards go."""
        async with self.app.transaction(GUILD) as tx:
            request = (await tx.session.exec(select(Request).where(col(Request.id) == request_id))).one()
            await tx.session.delete(request)
            tx.owe_cards(request_id)

    async def say(self, *texts: str, stream: str = "s", route: Route = Route.REVIEW_TEXT) -> None:
        """Owe messages."""
        async with self.app.transaction(GUILD) as tx:
            for text in texts:
                tx.owe_message(stream, route, text)
                await tx.session.flush()

    # Delivering

    async def deliver(self) -> None:
        """Deliver everything that is due now, one after another."""
        while heads := [row for row in await self.owed() if row.due_at <= self.clock.now()]:
            for guild_id, stream in {(row.guild_id, row.stream): None for row in heads}:
                while await deliver_head(self.app, guild_id=guild_id, stream=stream):
                    pass
            if {row.id for row in heads} <= {row.id for row in await self.owed()}:
                return

    async def run_worker(self) -> None:
        """Run the worker until nothing is due; raise what ends it."""
        worker = DeliveryWorker(self.app)
        running = asyncio.create_task(worker.run())
        try:
            waiting = self.app.deliveries_due
            await until(lambda: running.done() or (self.clock.sleeping > 0 and worker.active == 0 and not waiting.is_set()))
            if running.done():
                await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    # Looking

    async def owed(self) -> list[Delivery]:
        """Return what is owed, in order."""
        return await self._all(Delivery)

    async def failed(self) -> list[FailedDelivery]:
        """Return what was given up."""
        return await self._all(FailedDelivery)

    async def cards(self) -> list[PostedCard]:
        """Return the cards that are known to be posted."""
        return await self._all(PostedCard)

    async def reviews(self) -> list[Review]:
        """Return all reviews."""
        return await self._all(Review)

    async def opinions(self) -> list[Opinion]:
        """Return all opinions."""
        return await self._all(Opinion)

    async def _all(self, model: Any) -> list[Any]:
        async with self.app.reading() as session:
            return list((await session.exec(select(model).order_by(model.id))).all())

    def shown(self) -> dict[Route, list[str]]:
        """Return the texts that stand in the routes' channels."""
        found = {route: self.discord.contents(channel_id) for route, channel_id in CHANNELS.items()}
        return {route: contents for route, contents in found.items() if contents}


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.001)
