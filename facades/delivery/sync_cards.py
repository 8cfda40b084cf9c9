"""Make the cards of a request, or of a trainee's review, what the database says they should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Delivery, PostedCard
from db.queries.deliveries import posted_cards
from facades.app import App
from facades.delivery.cards import Cards
from facades.delivery.settlement import Settlement
from facades.requests.load_request_view import load_request_view, load_trainee_review_view
from facades.requests.request_view import RequestView, TraineeReviewView
from facades.transaction import ONLY_POSTED
from util.identifiers import CardKind, RequestStatus, Route

REQUEST_CARDS = (CardKind.RESOLUTION, CardKind.ARCHIVE, CardKind.REVIEWER)


@dataclass(frozen=True)
class RequestState:
    """A request, None when it is deleted, and its posted cards."""

    request: RequestView | None
    posted: Mapping[CardKind, PostedCard]


@dataclass(frozen=True)
class TraineeReviewState:
    """A trainee's review, None when it is gone, and its posted card."""

    review: TraineeReviewView | None
    posted: Mapping[CardKind, PostedCard]


async def read_request(session: AsyncSession, item: Delivery) -> RequestState:
    """Read what a run of a request's cards is made from."""
    guild_id, request_id = item.guild_id, int(item.payload["request_id"])
    request = await load_request_view(session, guild_id, request_id)
    return RequestState(request, await posted_cards(session, guild_id, request_id, REQUEST_CARDS))


async def read_trainee_review(session: AsyncSession, item: Delivery) -> TraineeReviewState:
    """Read what a run of the card of a trainee's review is made from."""
    guild_id, review_id = item.guild_id, int(item.payload["review_id"])
    review = await load_trainee_review_view(session, guild_id, review_id)
    return TraineeReviewState(review, await posted_cards(session, guild_id, review_id, (CardKind.TRAINEE_REVIEW,)))


async def sync_cards(app: App, items: Sequence[Delivery], state: RequestState) -> Settlement:
    """Make the cards of a request stand as they should: any number of runs gives the same result. One does for all `items`.

    Pending: the reviewers' card. With an opinion: the resolution card too. Resolved: the archive entry and the resolution
    card. Deleted: none. Raises `DiscordUnavailable`.
    """
    item = items[0]
    settings = await app.guild(item.guild_id)
    request = state.request
    cards = Cards(app, settings, item, int(item.payload["request_id"]), state.posted, may_post=may_post(items))
    if request is None:
        for kind in REQUEST_CARDS:
            await cards.hide(kind)
    elif request.status is RequestStatus.RESOLVED:
        # The archive entry links to the resolution card, so that one comes first; what is taken away comes last.
        resolution = await cards.show(CardKind.RESOLUTION, Route.RESOLUTION, app.renderer.resolution_card(request, settings))
        archive = app.renderer.archive_card(request, settings, resolution)
        await cards.show(CardKind.ARCHIVE, Route.ARCHIVE, archive)
        await cards.hide(CardKind.REVIEWER)
    else:
        if request.opinions or request.resolutions:
            await cards.show(CardKind.RESOLUTION, Route.RESOLUTION, app.renderer.resolution_card(request, settings))
        else:
            await cards.hide(CardKind.RESOLUTION)
        await cards.show(CardKind.REVIEWER, Route.PENDING_REQUEST, app.renderer.reviewer_card(request, settings))
        await cards.hide(CardKind.ARCHIVE)
    return Settlement(failures=tuple(cards.failures))


async def sync_trainee_card(app: App, items: Sequence[Delivery], state: TraineeReviewState) -> Settlement:
    """Make the card of a trainee's review stand as it should. Raises `DiscordUnavailable`."""
    item = items[0]
    settings = await app.guild(item.guild_id)
    cards = Cards(app, settings, item, int(item.payload["review_id"]), state.posted, may_post=may_post(items))
    if state.review is None:
        await cards.hide(CardKind.TRAINEE_REVIEW)
    else:
        card = app.renderer.trainee_card(state.review, settings)
        await cards.show(CardKind.TRAINEE_REVIEW, Route.TRAINEE_REVIEW_TEXT, card)
    return Settlement(failures=tuple(cards.failures))


def may_post(items: Sequence[Delivery]) -> bool:
    """Tell whether one of these owed runs posts what is missing; the others only change what stands."""
    return not all(item.payload.get(ONLY_POSTED) for item in items)
