"""What must be so, from what people were told: how often each event stands in the log, and the state that follows from them.

This is the runs' own idea of the rules; nothing of the bot's code takes part.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.acting import Done, Outcome, typed
from tests.faults.plan import Act, Kind, Plan
from util.identifiers import Route

EVENTS = {
    Kind.REQUEST: "request_created",
    Kind.OPINION: "opinion_added",
    Kind.PRACTICE: "trainee_review_added",
    Kind.ASSESS: "trainee_review_assessed",
    Kind.RESOLVE: "resolution_added",
    Kind.DELETE: "request_deleted",
    Kind.SET: "parameter_set",
    Kind.LANGUAGE: "preference_set",
    Kind.CLOSE: "queue_closed",
    Kind.OPEN: "queue_opened",
    Kind.ROUTE: "route_channel_set",
}
STAGES = {Kind.OPINION: "reviewer", Kind.PRACTICE: "trainee", Kind.RESOLVE: "moderator"}
UNBLOCK_AT = 1
Key = tuple[str, int | None, Any]


@dataclass(frozen=True)
class Event:
    """A row of the event log."""

    id: int
    type: str
    actor: int | None
    fields: dict[str, Any]


@dataclass
class Judgement:
    """An opinion, exercise or decision. `act`: what its person did, as far as it is known who it was."""

    person: int
    stage: str
    verdict: str
    act: Act
    review_id: int | None

    @property
    def review(self) -> str | None:
        """The review that was typed."""
        return typed(self.act).get("review")

    @property
    def reason(self) -> str | None:
        """The reason that was typed."""
        return typed(self.act).get("reason")


@dataclass
class Request:
    """A request as it must be. `first`: the decision that resolved it."""

    id: int
    level_id: int
    author: int
    act: Act
    judgements: list[Judgement] = field(default_factory=list[Judgement])
    first: Judgement | None = None

    def of(self, *stages: str) -> list[Judgement]:
        """Return the judgements of some stages, in order."""
        return [one for one in self.judgements if one.stage in stages]


@dataclass
class State:
    """Everything that follows from the events, and what is wrong with them."""

    requests: dict[int, Request] = field(default_factory=dict[int, Request])
    deleted: dict[int, Request] = field(default_factory=dict[int, Request])
    grades: dict[int, tuple[int, bool, Act]] = field(default_factory=dict[int, tuple[int, bool, Act]])
    parameters: dict[str, str] = field(default_factory=dict[str, str])
    languages: dict[int, str] = field(default_factory=dict[int, str])
    user_cooldowns: dict[int, int] = field(default_factory=dict[int, int])
    level_cooldowns: dict[int, int] = field(default_factory=dict[int, int])
    queue_notices: Counter[Route] = field(default_factory=Counter[Route])
    closed: bool = False
    wrong: list[str] = field(default_factory=list[str])

    @property
    def pending(self) -> int:
        """How many requests wait."""
        return sum(request.first is None for request in self.requests.values())

    @property
    def all(self) -> list[Request]:
        """All requests that there ever were."""
        return [*self.requests.values(), *self.deleted.values()]


class Expectation:
    """Replays the events in their order against what people did and were told."""

    def __init__(self, plan: Plan, ids: Mapping[str, int], outcomes: Sequence[Outcome]) -> None:
        self._plan = plan
        self._ids = ids
        self._outcomes = [one for one in outcomes if one.act.kind is not Kind.LOOK]
        self._reviews: dict[int, int] = {}

    def replay(self, events: Sequence[Event]) -> State:
        """Return what the events must have led to."""
        state = State()
        self._reviews = {one.fields["review_id"]: one.fields["level_id"] for one in events if one.type == EVENTS[Kind.PRACTICE]}
        self._count(events, state)
        for event in events:
            self._apply(event, state)
        if not state.closed and state.pending >= self._plan.block_at and not self._opened_by_hand(events):
            state.wrong.append(f"the queue is open with {state.pending} requests, it closes at {self._plan.block_at}")
        self._check_follow_ups(events, state)
        return state

    def _key(self, act: Act) -> Key:
        actor, level = self._ids[act.person], self._plan.level_id(act.level)
        match act.kind:
            case Kind.SET | Kind.LANGUAGE | Kind.ROUTE:
                return EVENTS[act.kind], actor, act.value
            case Kind.CLOSE | Kind.OPEN:
                return EVENTS[act.kind], actor, None
            case _:
                return EVENTS[act.kind], actor, level

    def _key_of(self, event: Event) -> Key:
        match event.type:
            case "parameter_set":
                return event.type, event.actor, f"{event.fields['parameter']}={event.fields['new_value']}"
            case "preference_set":
                return event.type, event.actor, event.fields["new_value"]
            case "route_channel_set":
                return event.type, event.actor, event.fields["route"]
            case "queue_closed" | "queue_opened":
                return event.type, event.actor, None
            case "trainee_review_assessed":
                return event.type, event.actor, self._reviews.get(event.fields["review_id"])
            case _:
                return event.type, event.actor, event.fields.get("level_id")

    def _count(self, events: Sequence[Event], state: State) -> None:
        """Compare how often each event stands there with what people were told."""
        least, most = Counter[Key](), Counter[Key]()
        for outcome in self._outcomes:
            key = self._key(outcome.act)
            least[key] += outcome.done is Done.YES
            # Choosing a language again is a choice of its own.
            times = outcome.tries if outcome.act.kind is Kind.LANGUAGE else 1
            most[key] += times if outcome.done is not Done.NO else 0
        found = Counter(self._key_of(event) for event in events if event.actor is not None)
        for key in {*least, *most, *found}:
            if not least[key] <= found[key] <= most[key]:
                told = [f"{one.act} ({one.done.value}: {one.said[:80]!r})" for one in self._outcomes if self._key(one.act) == key]
                wanted = f"{least[key]} to {most[key]}" if least[key] != most[key] else f"{least[key]}"
                state.wrong.append(f"event {key}: {found[key]} times, not {wanted}; {'; '.join(told) or 'nobody did that'}")

    def _act(self, event: Event) -> Act | None:
        key = self._key_of(event)
        return next((one.act for one in self._outcomes if self._key(one.act) == key and one.done is not Done.NO), None)

    def _apply(self, event: Event, state: State) -> None:
        act = self._act(event)
        match event.type:
            case "request_created" if act is not None:
                self._create(event, act, state)
            case "opinion_added" | "trainee_review_added" | "resolution_added" if act is not None:
                self._judge(event, act, state)
            case "trainee_review_assessed" if act is not None:
                state.grades[event.fields["review_id"]] = (self._ids[act.person], event.fields["approved"], act)
            case "request_deleted":
                request = state.requests.pop(event.fields["request_id"], None)
                if request is None:
                    state.wrong.append(f"request {event.fields['request_id']} was deleted and is none")
                else:
                    state.deleted[request.id] = request
            case "parameter_set":
                state.parameters[event.fields["parameter"]] = event.fields["new_value"]
            case "preference_set":
                assert event.actor is not None
                state.languages[event.actor] = event.fields["new_value"]
            case "queue_closed" | "queue_opened":
                self._turn(event, state)
            case _:
                pass

    def _create(self, event: Event, act: Act, state: State) -> None:
        level_id = event.fields["level_id"]
        if state.closed:
            state.wrong.append(f"request {event.fields['request_id']} was taken while the queue was closed")
        if any(one.level_id == level_id and one.first is None for one in state.requests.values()):
            state.wrong.append(f"level {level_id} was requested twice")
        number: int = event.fields["request_id"]
        state.requests[number] = Request(number, level_id, self._ids[act.person], act)

    def _judge(self, event: Event, act: Act, state: State) -> None:
        request = state.requests.get(event.fields["request_id"])
        if request is None:
            state.wrong.append(f"{act}: judged request {event.fields['request_id']}, which is none")
            return
        stage = STAGES[act.kind]
        if stage == "reviewer" and request.first is not None:
            state.wrong.append(f"{act}: judged request {request.id} after its resolution")
        one = Judgement(self._ids[act.person], stage, event.fields["verdict"], act, event.fields.get("review_id"))
        if event.fields["verdict"] != act.verdict.value:
            state.wrong.append(f"{act}: the event says {event.fields['verdict']}")
        request.judgements.append(one)
        if stage != "moderator":
            return
        told = next(item.first for item in self._outcomes if item.act == act)
        if told is not None and told is not (request.first is None):
            state.wrong.append(f"{act}: told to be {'the first' if told else 'later'} and is not")
        request.first = request.first or one

    def _turn(self, event: Event, state: State) -> None:
        """Note that the queue was closed or opened."""
        closed = event.type == "queue_closed"
        if closed is state.closed:
            state.wrong.append(f"{event.type} twice in a row")
        if event.actor is None and not (state.pending >= self._plan.block_at if closed else state.pending <= UNBLOCK_AT):
            state.wrong.append(f"{event.type} by itself with {state.pending} requests")
        state.closed = closed
        state.queue_notices[Route.REQUESTS_CLOSED if closed else Route.REQUESTS_REOPENED] += 1

    def _opened_by_hand(self, events: Sequence[Event]) -> bool:
        return any(event.type == "queue_opened" and event.actor is not None for event in events)

    def _check_follow_ups(self, events: Sequence[Event], state: State) -> None:
        """Compare the cooldowns that the bot casts itself with what calls for them."""
        for request in state.all:
            state.user_cooldowns[request.author] = request.id
            if request.first is not None and request.first.verdict == "reject":
                state.level_cooldowns[request.level_id] = request.id
        for kind, subject, wanted in (
            ("user_cooldown_set", "user_id", state.user_cooldowns),
            ("level_cooldown_set", "level_id", state.level_cooldowns),
        ):
            found = sorted((one.fields[subject], one.fields["request_id"]) for one in events if one.type == kind)
            if found != sorted(wanted.items()):
                state.wrong.append(f"{kind}: {found}, not {sorted(wanted.items())}")
