"""What happens in a run: who does what, and which faults strike meanwhile; all of it follows from the seed."""

import dataclasses
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from util.identifiers import OPINION_VERDICTS, RESOLUTION_VERDICTS, Flag, Parameter, Route, Verdict

AUTHORS = ("Mira", "Nils", "Olga")
LATE_REVIEWER, LATE_MODERATOR = "Remy", "Mona"
"""They come when all is calm, to see that cards that were taken away come back."""
REVIEWERS = ("Rhea", "Rolf", "Rita")
TRAINEE, SUPERVISOR, ADMIN = "Tara", "Sue", "Ada"
MODERATORS = ("Mo", "Max")
FLAGS: dict[str, tuple[Flag, ...]] = {
    **dict.fromkeys(AUTHORS, ()),
    **dict.fromkeys(REVIEWERS, (Flag.REVIEWER,)),
    TRAINEE: (Flag.TRAINEE,),
    SUPERVISOR: (Flag.TRAINEE_SUPERVISOR,),
    **dict.fromkeys(MODERATORS, (Flag.GD_MOD,)),
    ADMIN: (Flag.ADMIN,),
    LATE_REVIEWER: (Flag.REVIEWER,),
    LATE_MODERATOR: (Flag.GD_MOD,),
}
RUSSIAN = frozenset({"Nils", "Rita"})
LEVELS = 3
FIRST_LEVEL = 60_000_000
SETTING = Parameter.TRAINEE_RESOLVED_REVIEWS_FOR_PROMOTION_DECISION
CARDS = (Route.PENDING_REQUEST, Route.RESOLUTION, Route.ARCHIVE, Route.TRAINEE_REVIEW_TEXT)
NOTICES = (Route.REVIEW_TEXT, Route.APPROVAL_NOTIFICATION, Route.REJECTION_NOTIFICATION, Route.REQUESTS_CLOSED)


def level_name(level: int) -> str:
    """Return what a level of a run is called."""
    return f"Level {level}"


class Kind(StrEnum):
    """What somebody does."""

    REQUEST = "request"
    OPINION = "opinion"
    PRACTICE = "practice"
    ASSESS = "assess"
    RESOLVE = "resolve"
    DELETE = "delete"
    SET = "set"
    LANGUAGE = "language"
    CLOSE = "close"
    OPEN = "open"
    LOOK = "look"
    ROUTE = "route"


@dataclass(frozen=True)
class Act:
    """Something that a person wants. `level`: which of the run's levels; `token`: found again in what is typed.

    `stale`: the request whose card is gone but is still on the person's screen. `after`: seconds after the beat's begin.
    """

    kind: Kind
    person: str
    level: int = -1
    verdict: Verdict = Verdict.APPROVE
    with_review: bool = False
    value: str = ""
    token: str = ""
    stale: int = 0
    after: float = 0.0

    def __str__(self) -> str:
        """Say it in a line."""
        where = f" level {self.level}" if self.level >= 0 else ""
        review = " with a review" if self.with_review else ""
        how = f" {self.verdict.value}{review}" if self.kind in {Kind.OPINION, Kind.PRACTICE, Kind.RESOLVE, Kind.ASSESS} else ""
        return f"after {self.after:.3f} s {self.person}: {self.kind.value}{where}{how} {self.value}".rstrip()


class Fault(StrEnum):
    """What strikes."""

    KILL_AT_A_POINT = "killed at a request or commit"
    KILL_AT_A_MOMENT = "killed at a moment"
    GATEWAY_RESUMED = "gateway dropped, resumed"
    GATEWAY_LOST = "gateway dropped, session lost"
    GATEWAY_DOWN = "gateway away for a while"
    ZOMBIE = "zombie connection"
    BUCKET_LIMIT = "429 of a bucket"
    GLOBAL_LIMIT = "429 for everything"
    NARROW_LIMIT = "narrow rate limit"
    SERVER_ERROR = "5xx"
    REPLY_LOST = "reply lost after success"
    CONNECTION_CUT = "connection cut before"
    SILENCE = "no answer, nothing done"
    SILENCE_AFTER = "no answer, but done"
    SLOW = "slow answers"
    MESSAGE_DELETED = "message deleted by hand"
    CHANNEL_DELETED = "channel deleted by hand"
    CHANNEL_CLOSED = "permissions in a channel taken"
    BOT_ROLE_EMPTIED = "permissions of the bot's role taken"
    ROLE_TAKEN = "member's role taken"
    DATABASE_LOCKED = "database locked"
    DISK_FULL = "disk full"
    DATABASE_RESTARTED = "database server restarted"
    GAME_SLOW = "game server slow"
    GAME_REFUSING = "game server refusing"
    GAME_LYING = "game server lying"


KILLS = (Fault.KILL_AT_A_POINT, Fault.KILL_AT_A_MOMENT)
GAME = (Fault.GAME_SLOW, Fault.GAME_REFUSING, Fault.GAME_LYING)
CALLS = (
    Fault.BUCKET_LIMIT,
    Fault.SERVER_ERROR,
    Fault.REPLY_LOST,
    Fault.CONNECTION_CUT,
    Fault.SILENCE,
    Fault.SILENCE_AFTER,
    Fault.SLOW,
)
BY_HAND = (Fault.MESSAGE_DELETED, Fault.CHANNEL_DELETED, Fault.CHANNEL_CLOSED, Fault.BOT_ROLE_EMPTIED, Fault.ROLE_TAKEN)
GATEWAY = (Fault.GATEWAY_RESUMED, Fault.GATEWAY_LOST, Fault.GATEWAY_DOWN, Fault.ZOMBIE)
DATABASE = (Fault.DATABASE_LOCKED, Fault.DISK_FULL, Fault.DATABASE_RESTARTED)
# What is hit, and whether people then cannot always be answered in time.
PATHS = {"/channels/": False, "^/interactions/": True, "^/webhooks/": True}


@dataclass(frozen=True)
class Strike:
    """A fault: how long after its beat began it strikes (seconds), and how.

    `seconds`: how long it lasts, where it ends by itself. `number`: calls that are hit, or which point. `variant`: which of
    the ways in which the same thing fails. `later`: seconds that pass until a killed bot is started again.
    """

    fault: Fault
    after: float
    seconds: float = 0.0
    number: int = 1
    path: str = ""
    route: Route = Route.LOG
    person: str = ""
    variant: int = 0
    later: float = 0.0

    @property
    def hinders(self) -> bool:
        """Whether it can make an answer in time impossible."""
        return self.fault in {*KILLS, *GATEWAY, *DATABASE} or (self.fault in CALLS and PATHS[self.path])

    def __str__(self) -> str:
        """Say it in a line."""
        details = [
            f"{self.seconds:.2f} s" if self.seconds else "",
            f"#{self.number}" if self.fault in {*KILLS[:1], *CALLS, Fault.GLOBAL_LIMIT} else "",
            self.path,
            self.route.value if self.fault in BY_HAND[:3] else "",
            self.person,
            f"down for {self.later:.0f} s" if self.later else "",
        ]
        return " ".join(filter(None, [f"after {self.after:.3f} s: {self.fault.value}", *details]))


@dataclass(frozen=True)
class Beat:
    """Several people act at once while faults strike. `settles`: what is owed is waited for before the next one."""

    acts: tuple[Act, ...]
    strikes: tuple[Strike, ...]
    settles: bool


@dataclass(frozen=True)
class Plan:
    """A run."""

    seed: int
    postgres: bool
    block_at: int
    beats: tuple[Beat, ...] = field(default=())

    @property
    def strikes(self) -> list[Strike]:
        """All faults, in order."""
        return [strike for beat in self.beats for strike in beat.strikes]

    def level_id(self, level: int) -> int:
        """Return a level's id on the game server."""
        return FIRST_LEVEL + self.seed * 10 + level

    def __str__(self) -> str:
        """Say all of it."""
        lines = [f"seed {self.seed}, {'PostgreSQL' if self.postgres else 'SQLite'}, queue closes at {self.block_at}"]
        for number, beat in enumerate(self.beats, 1):
            lines.append(f"beat {number}{' (settles)' if beat.settles else ''}")
            lines += [f"  {act}" for act in beat.acts] + [f"  * {strike}" for strike in beat.strikes]
        return "\n".join(lines)


def make_plan(seed: int, *, postgres: bool | None = None) -> Plan:
    """Draw a plan. Every fifth seed is for PostgreSQL unless told otherwise."""
    draw = random.Random(seed)
    on_postgres = seed % 5 == 0 if postgres is None else postgres
    beats = [
        Beat(
            tuple(acts),
            tuple(_strikes(draw, acts, on_postgres)) if draw.random() < 0.85 else (),
            settles=draw.random() < 0.4,
        )
        for acts in _story(draw, seed)
    ]
    return Plan(seed, on_postgres, draw.choice((2, 3, 9)), tuple(beats))


def _story(draw: random.Random, seed: int) -> Iterator[list[Act]]:
    """Yield what people do at once, in an order that makes sense; most of it can be refused."""
    number = iter(range(1000))

    def token() -> str:
        return f"q{seed}x{next(number)}z"

    asked = [Act(Kind.REQUEST, author, level, token=token()) for level, author in enumerate(AUTHORS)]
    if draw.random() < 0.4:
        # Two want the same level.
        asked[1] = Act(Kind.REQUEST, AUTHORS[1], 0, token=token())
    judged = [
        Act(Kind.OPINION, name, level, draw.choice(OPINION_VERDICTS), draw.random() < 0.5, token=token())
        for level in range(LEVELS)
        for name in draw.sample(REVIEWERS, draw.choice((0, 1, 1, 2)))
    ]
    practised = draw.sample(range(LEVELS), draw.choice((1, 2)))
    verdicts = [draw.choice(OPINION_VERDICTS) for _ in range(4)]
    trained = [Act(Kind.PRACTICE, TRAINEE, level, verdicts.pop(), with_review=True, token=token()) for level in practised]
    graded = [Act(Kind.ASSESS, SUPERVISOR, level, verdicts.pop(), token=token()) for level in practised]
    decided = [
        Act(Kind.RESOLVE, name, level, draw.choice(RESOLUTION_VERDICTS), draw.random() < 0.5, token=token())
        for level in range(LEVELS)
        for name in draw.sample(MODERATORS, draw.choice((0, 1, 1, 2)))
    ]
    beside = _beside(draw)
    draw.shuffle(judged)
    draw.shuffle(decided)
    yield from _beats(draw, asked, beside)
    yield from _beats(draw, judged + trained, beside)
    yield from _beats(draw, decided + graded, beside)


def _beside(draw: random.Random) -> list[Act]:
    values = draw.sample(range(11, 90), 2)
    found = [Act(Kind.SET, ADMIN, value=f"{SETTING.value}={value}") for value in values]
    found += [Act(Kind.LANGUAGE, name, value=draw.choice(("en", "ru"))) for name in draw.sample((*AUTHORS, *REVIEWERS), 2)]
    found += [Act(Kind.LOOK, draw.choice(AUTHORS)) for _ in range(2)]
    if draw.random() < 0.5:
        found += [Act(Kind.DELETE, ADMIN, draw.randrange(LEVELS))]
    draw.shuffle(found)
    # What is first here is taken last: a closed queue refuses everything.
    return [Act(draw.choice((Kind.CLOSE, Kind.OPEN)), ADMIN), *found]


def _beats(draw: random.Random, acts: list[Act], beside: list[Act]) -> Iterator[list[Act]]:
    """Deal acts out to beats of two to four, nobody twice in one, with something beside now and then."""
    waiting = list(acts)
    while waiting:
        beat: list[Act] = []
        size = draw.randint(2, 4)
        for act in list(waiting):
            if len(beat) < size and all(act.person != other.person for other in beat):
                beat.append(act)
                waiting.remove(act)
        if beside and draw.random() < 0.6 and all(beside[-1].person != other.person for other in beat):
            beat.append(beside.pop())
        yield [dataclasses.replace(act, after=round(draw.uniform(0.0, 0.3), 3)) for act in beat]


def _strikes(draw: random.Random, acts: list[Act], postgres: bool) -> Iterator[Strike]:
    """Yield one or two faults that fit what people do at the time."""
    kinds: list[tuple[Fault, ...]] = [KILLS, CALLS, CALLS, BY_HAND, GATEWAY, DATABASE, (Fault.GLOBAL_LIMIT, Fault.NARROW_LIMIT)]
    if any(act.kind is Kind.REQUEST for act in acts):
        kinds += [GAME, GAME]
    for kind in draw.sample(kinds, draw.choice((1, 1, 2))):
        fault = draw.choice(kind)
        if fault in DATABASE and not _fits(fault, postgres):
            fault = Fault.DATABASE_RESTARTED if postgres else Fault.DISK_FULL
        yield _strike(draw, fault, acts)


def _fits(fault: Fault, postgres: bool) -> bool:
    return fault is not (Fault.DISK_FULL if postgres else Fault.DATABASE_RESTARTED)


def _strike(draw: random.Random, fault: Fault, acts: list[Act]) -> Strike:
    notices = draw.random() < 0.4
    route = draw.choice(NOTICES if notices else CARDS)
    if any(act.kind is Kind.REQUEST for act in acts) and fault in BY_HAND[:4]:
        # Without the reviewers' cards nothing would happen in the rest of the run.
        route, fault = draw.choice(NOTICES), draw.choice(BY_HAND[:3])
    if fault is Fault.CHANNEL_CLOSED and draw.random() < 0.2:
        route = Route.LOG
    return Strike(
        fault,
        after=round(draw.uniform(0.0, 0.2), 3),
        seconds=round(draw.uniform(0.2, 2.4), 2),
        number=draw.randint(1, 12) if fault in KILLS else draw.randint(1, 4),
        path=draw.choice(list(PATHS)) if fault in CALLS else "",
        route=route,
        person=draw.choice(acts).person if fault is Fault.ROLE_TAKEN else "",
        variant=draw.randrange(100),
        later=600.0 if fault in KILLS and draw.random() < 0.25 else 0.0,
    )
