"""Compare the database and the guild with what must be so."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.discord.models import Message
from tests.e2e import steps
from tests.e2e.world import Guild
from tests.faults.acting import typed
from tests.faults.expected import Event, Request, State
from tests.faults.plan import BY_HAND, CARDS, Fault, Strike
from tests.faults.records import Records
from util.identifiers import Route
from util.texts import Text

NOTICE_ROUTES = (
    Route.REVIEW_TEXT,
    Route.APPROVAL_NOTIFICATION,
    Route.REJECTION_NOTIFICATION,
    Route.REQUESTS_CLOSED,
    Route.REQUESTS_REOPENED,
)
WRITTEN = (0, 19)
"""Types of messages that somebody wrote: the beginning of a thread is told by Discord itself."""


@dataclass
class Found:
    """What there is after a run. `places`: the routes of all channels there ever were; `removed`: deleted by hand."""

    guild: Guild
    records: Records
    bot_id: int
    places: dict[int, Route]
    removed: Sequence[Message]
    struck: Sequence[Strike]

    def standing(self, route: Route | None = None) -> list[Message]:
        """Return the bot's messages for everyone in the channels of a route, or in threads and elsewhere."""
        channels = [one for one in self.guild.sandbox.guild.channels.values() if self.places.get(one.id) is route]
        shown = [message for channel in channels for message in channel.messages.values()]
        return [
            one for one in shown if not one.deleted and not one.ephemeral and one.author.id == self.bot_id and one.type in WRITTEN
        ]

    def events(self) -> list[Event]:
        """Return the event log."""
        return [Event(*row) for row in self.records.rows("event", "id, type, actor_id, fields", "id")]

    def failures(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what was given up, by kind."""
        return [(kind, payload) for kind, payload in self.records.rows("failed_delivery", "kind, payload", "id")]


def differences(found: Found, state: State, events: Sequence[Event]) -> list[str]:
    """Return all that is not as it must be."""
    return [
        *state.wrong,
        *_in_rows(found, state),
        *_in_failures(found),
        *_in_notices(found, state),
        *_in_cards(found, state),
        *_in_log(found, events),
    ]


def _differ(what: str, is_so: Any, must_be: Any) -> Iterator[str]:
    if is_so != must_be:
        yield f"{what}: {is_so!r}, not {must_be!r}"


def _in_rows(found: Found, state: State) -> Iterator[str]:
    """Compare the tables."""
    rows = found.records.rows
    is_so = [(*row[:5], bool(row[5])) for row in rows("request", "id, level_id, author_id, status, comment, judged", "id")]
    must_be = [
        (
            one.id,
            one.level_id,
            one.author,
            "resolved" if one.first else "pending",
            typed(one.act)["comment"],
            bool(one.of("reviewer", "moderator")),
        )
        for one in sorted(state.requests.values(), key=lambda one: one.id)
    ]
    yield from _differ("requests", is_so, must_be)
    opinions = Counter(rows("opinion", "request_id, author_id, stage, verdict, reason"))
    judged = [(request, one) for request in state.requests.values() for one in request.judgements]
    yield from _differ(
        "opinions", opinions, Counter((request.id, one.person, one.stage, one.verdict, one.reason) for request, one in judged)
    )
    written = [one for request in state.all for one in request.judgements if one.review]
    yield from _differ(
        "reviews",
        sorted(rows("review", "id, author_id, stage, text")),
        sorted((one.review_id, one.person, one.stage, one.review) for one in written),
    )
    yield from _differ(
        "grades",
        sorted((*row[:2], bool(row[2]), row[3]) for row in rows("assessment", "review_id, curator_id, approved, feedback")),
        sorted((review, by, approved, typed(act)["feedback"]) for review, (by, approved, act) in state.grades.items()),
    )
    cooldowns = [("user", *item) for item in state.user_cooldowns.items()]
    cooldowns += [("level", *item) for item in state.level_cooldowns.items()]
    expected = [(kind, entity, None if request in state.deleted else request) for kind, entity, request in cooldowns]
    yield from _differ("cooldowns", Counter(rows("cooldown", "kind, entity_id, request_id")), Counter(expected))
    yield from _differ("languages", dict(rows("preference", "user_id, language")), state.languages)
    parameters = dict(rows("parameter_override", "key, value"))
    for key, value in state.parameters.items():
        yield from _differ(key, parameters.get(key), value)
    yield from _differ("queue.blocked", parameters.get("queue.blocked", "false"), str(state.closed).lower())
    yield from _differ("deliveries", rows("delivery", "kind, payload"), [])


def _in_failures(found: Found) -> Iterator[str]:
    """Nothing is given up unless somebody has taken something away."""
    if not any(strike.fault in BY_HAND for strike in found.struck):
        yield from _differ("given up", found.failures(), [])


def _in_notices(found: Found, state: State) -> Iterator[str]:
    """Every message is there once: standing, deleted by hand, or given up and told of."""
    wanted = [
        (one.review, Route.REVIEW_TEXT) for request in state.all for one in request.of("reviewer", "moderator") if one.review
    ]
    for request in state.all:
        if request.first is not None:
            rejected = request.first.verdict == "reject"
            route = Route.REJECTION_NOTIFICATION if rejected else Route.APPROVAL_NOTIFICATION
            wanted.append((request.first.reason, route))
    for text, route in wanted:
        yield from _once(f"messages in {route.value} with {text!r}", *_places_of(found, route, str(text)), 1)
    totals = Counter(route for _, route in wanted) + state.queue_notices
    for route in NOTICE_ROUTES:
        yield from _once(f"messages in {route.value}", *_places_of(found, route), totals[route])
    for _, _, act in state.grades.values():
        advice = typed(act)["feedback"]
        threads = [one.content for one in (*found.standing(None), *found.removed) if advice in one.content]
        given_up = [payload for kind, payload in found.failures() if kind == "feedback" and advice in payload["content"]]
        yield from _once(f"feedback {advice!r}", len(threads), len(given_up), 1)
    yield from _differ("messages elsewhere", len(found.standing(None)), len({one.id for one in _feedback(found, state)}))


def _feedback(found: Found, state: State) -> list[Message]:
    texts = [typed(act)["feedback"] for _, _, act in state.grades.values()]
    return [one for one in found.standing(None) if any(text in one.content for text in texts)]


def _once(what: str, posted: int, given_up: int, wanted: int) -> Iterator[str]:
    """Compare how many were posted, ever; what the bot gave up may have been posted by an attempt that it heard nothing of."""
    if not (posted <= wanted <= posted + given_up):
        yield f"{what}: {posted} posted and {given_up} given up, not {wanted}"


def _places_of(found: Found, route: Route, text: str = "") -> tuple[int, int]:
    """Return how many messages of a route with a text are or were posted, and how many were given up."""
    removed = [one for one in found.removed if found.places.get(one.channel.id) is route]
    shown = [one.content for one in (*found.standing(route), *removed) if text in one.content]
    owed = [payload for kind, payload in found.failures() if kind == "message" and payload.get("route") == route.value]
    return len(shown), sum(text in payload["content"] for payload in owed)


def _in_cards(found: Found, state: State) -> Iterator[str]:
    """Each card that must stand stands once; what they say is compared with the bot's own rendering elsewhere."""
    shown = {route: found.standing(route) for route in CARDS}
    for request in state.requests.values():
        resolved = request.first is not None
        stands = {
            Route.PENDING_REQUEST: not resolved,
            Route.RESOLUTION: bool(request.of("reviewer", "moderator")),
            Route.ARCHIVE: resolved,
        }
        for route, must in stands.items():
            cards = [card for card in shown[route] if _is_of(card, request)]
            yield from _differ(f"cards of request {request.id} in {route.value}", len(cards), int(must))
            for card in cards:
                yield from _said_by(card, request)
                shown[route].remove(card)
    reviews = {one.review_id: one for request in state.all for one in request.of("trainee")}
    given_up = {payload["review_id"] for kind, payload in found.failures() if kind == "trainee_card"}
    for number, review in reviews.items():
        cards = [card for card in shown[Route.TRAINEE_REVIEW_TEXT] if str(review.review) in steps.everything(card)]
        # Nothing that happens to a review later brings a card back that was given up or taken away.
        is_gone = number in given_up or any(str(review.review) in steps.everything(one) for one in found.removed)
        if len(cards) != 1 and not (is_gone and not cards):
            yield f"cards of trainee review {number}: {len(cards)}, not 1"
        for card in cards:
            if number in state.grades and card.components and number not in given_up:
                yield f"the card of trainee review {number} still has buttons"
            shown[Route.TRAINEE_REVIEW_TEXT].remove(card)
    for route, left in shown.items():
        if left:
            yield f"cards in {route.value} that nobody expects: {[steps.everything(card)[:200] for card in left]}"


def strike_hits_cards(struck: Sequence[Strike]) -> bool:
    """Tell whether somebody took cards away, or the bot's right to post them."""
    hits = [strike for strike in struck if strike.fault in BY_HAND and strike.fault is not Fault.ROLE_TAKEN]
    return any(strike.fault is Fault.BOT_ROLE_EMPTIED or strike.route in CARDS for strike in hits)


def _is_of(card: Message, request: Request) -> bool:
    footer = str(card.embeds[0].get("footer", {}).get("text", "")) if card.embeds else ""
    return footer.rsplit(" ", 1)[-1].strip("#№") == str(request.id)


def _said_by(card: Message, request: Request) -> Iterator[str]:
    """Compare a card with its request: level, comment, and a line for each judgement, in order."""
    shown = steps.everything(card)
    for text in (str(request.level_id), typed(request.act)["comment"]):
        if text not in shown:
            yield f"a card of request {request.id} lacks {text!r}"
    if not (card.components and str(card.components[0]["components"][0]["custom_id"]).startswith("resolve:")):
        return
    lines = [line for value in steps.fields(card).values() for line in value.splitlines() if "<@" in line]
    for one in request.of("reviewer", "moderator"):
        fits = [line for line in lines if f"<@{one.person}>" in line and (one.reason or "") in line]
        if not fits:
            yield f"the resolution card of request {request.id} lacks {one.act}"


def _in_log(found: Found, events: Sequence[Event]) -> Iterator[str]:
    """The log channel has every event once, in order; only what was given up may be missing."""
    lost = {payload.get("event_id") for kind, payload in found.failures() if kind == "log"}
    recorded = [_entry(event) for event in events]
    shown = [(entry["type"], entry["actor"]) for entry in steps.log_entries(found.guild)]
    missing = Counter(_entry(event) for event in events if event.id not in lost) - Counter(shown)
    yield from _differ("missing in the log channel", missing, Counter())
    yield from _differ("too often in the log channel", Counter(shown) - Counter(recorded), Counter())
    # On PostgreSQL transactions run side by side: what is owed may stand in another order than the events.
    if found.records.is_sqlite and not lost:
        yield from _differ("log channel", shown, recorded)
    others = [one.content for one in found.guild.messages(Route.LOG) if "```yaml" not in one.content]
    unknown = [text for text in others if not any(steps.says(text, Text.DELIVERY_FAILED, language) for language in ("en", "ru"))]
    yield from _differ("other messages in the log", unknown, [])
    if others and not found.failures():
        yield f"told of failures that there are none of: {others}"


def _entry(event: Event) -> tuple[str, int | str]:
    return event.type, event.actor if event.actor is not None else "bot"
