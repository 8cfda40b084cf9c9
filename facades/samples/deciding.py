"""Moderators sit down in the evening and decide what has waited; admins open what had to be closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from config.definitions import definitions
from facades.samples import pace
from facades.samples.description import Person, Task
from facades.samples.ledger import Judgement, Row
from facades.samples.reviewing import MIDDLE, Reviewing
from facades.samples.scene import Scene
from util.identifiers import Parameter, Stage, Verdict

_RIPE: Final = timedelta(hours=20)
_FORGOTTEN: Final = timedelta(days=10)
_BUSY: Final = 45
"""So many pending requests make moderators work harder."""
_SPRING_CLEANING: Final = timedelta(days=18)
"""So long before the end they begin to work off everything."""
_GRADES: Final = (
    (0.72, Verdict.STAR_RATE),
    (0.87, Verdict.FEATURE),
    (0.95, Verdict.EPIC),
    (1.02, Verdict.MYTHIC),
    (9.0, Verdict.LEGENDARY),
)
_HOLIDAYS: Final = ((12, 23, 18), (1, 3, 12))
"""Month, day and hour at which an admin closes and opens the queue for the turn of the year."""


class Deciding:
    """Who decides what and when. `rejected` is called with every request that is rejected."""

    def __init__(self, scene: Scene, reviewing: Reviewing, rejected: Callable[[Row], None]) -> None:
        self._scene = scene
        self._reviewing = reviewing
        self._rejected = rejected
        self._opening = False

    def plan(self) -> None:
        """Plan the evenings of the whole time, and the holidays."""
        scene = self._scene
        for day in scene.days():
            hurried = scene.end - day < _SPRING_CLEANING
            if pace.is_session_day(day, scene.random) or (hurried and scene.random.random() < 0.5):
                start = day + timedelta(hours=scene.random.uniform(18, 21.5))
                scene.plan(start, self._sit_down, scene.random.uniform(0.28, 0.52) + 0.15 * hurried)
        # By then nothing new comes in; what nobody has judged is decided as well.
        scene.plan(scene.end - timedelta(hours=30), self._sit_down, 1.0)
        scene.plan(scene.end - timedelta(hours=4), self._clear)
        for year in {scene.begin.year, scene.end.year}:
            self._plan_holidays(year)

    def _plan_holidays(self, year: int) -> None:
        (month, day, hour), opening = _HOLIDAYS
        closing = datetime(year, month, day, hour, tzinfo=self._scene.begin.tzinfo)
        reopening = datetime(year + 1, *opening, tzinfo=closing.tzinfo)
        if self._scene.begin + timedelta(days=14) < closing and reopening < self._scene.end - timedelta(days=14):
            self._scene.plan(closing, self._close)
            self._scene.plan(reopening, self._open)

    def _sit_down(self, moment: datetime, share: float) -> None:
        """Decide a share of what waits, the oldest first."""
        scene = self._scene
        moderator = scene.one_around(moment, Task.DECIDE)
        waiting = [
            request
            for request in scene.ledger.pending.values()
            if moment - request["created_at"] > (_RIPE if request["judged"] else _FORGOTTEN)
        ]
        if len(scene.ledger.pending) >= _BUSY:
            share = max(share, 0.75)
        if moderator is not None:
            self._work_off(moment, waiting[: round(len(waiting) * share)], moderator)

    def _clear(self, moment: datetime) -> None:
        moderator = self._scene.one_around(moment, Task.DECIDE)
        assert moderator is not None
        self._work_off(moment, list(self._scene.ledger.pending.values()), moderator)

    def _work_off(self, moment: datetime, requests: list[Row], moderator: Person) -> None:
        for request in requests:
            moment += timedelta(seconds=self._scene.random.randint(50, 260))
            self._scene.plan(moment, self._decide, request, moderator.user_id)

    def _decide(self, moment: datetime, request: Row, moderator_id: int) -> None:
        """Decide about a request, not about one's own; some are decided by another moderator as well, later."""
        scene = self._scene
        if request["author_id"] == moderator_id:
            other = scene.one_around(moment, Task.DECIDE, without=moderator_id)
            # Admins may do everything.
            other = other or scene.one_around(moment, Task.ADMINISTRATE, without=moderator_id)
            moderator_id = moderator_id if other is None else other.user_id
        if moderator_id in scene.ledger.judges(request, Stage.MODERATOR):
            return
        first = request["id"] in scene.ledger.pending
        scene.ledger.judge(moment, request, Stage.MODERATOR, self._judgement(request, moderator_id))
        if first:
            self._follow(moment, request, moderator_id)

    def _judgement(self, request: Row, moderator_id: int) -> Judgement:
        random, inventor, language = self._scene.random, self._scene.inventor, request["language"]
        found = self._reviewing.quality[request["id"]] + random.gauss(0, 0.05)
        if found < MIDDLE:
            reason = inventor.reason(language) if random.random() < 0.7 else None
            review = inventor.review(language, approves=False) if random.random() < 0.1 else None
            return Judgement(moderator_id, Verdict.REJECT, reason, review)
        verdict = next(verdict for limit, verdict in _GRADES if found < limit)
        remark = inventor.remark(language) if random.random() < 0.3 else None
        review = inventor.review(language, approves=True) if random.random() < 0.12 else None
        return Judgement(moderator_id, verdict, remark, review)

    def _follow(self, moment: datetime, request: Row, moderator_id: int) -> None:
        scene = self._scene
        if scene.ledger.rejects(request):
            self._rejected(request)
        if scene.random.random() < 0.05:
            other = scene.one_around(moment, Task.DECIDE, without=moderator_id)
            if other is not None:
                later = pace.some_time_after(moment, scene.random, 24)
                scene.plan(later, self._decide, request, other.user_id)
        drained = len(scene.ledger.pending) <= definitions().parameters[Parameter.QUEUE_UNBLOCK_AT].default  # pyright: ignore
        if scene.ledger.closed and drained and not self._opening and not self._on_holiday(moment):
            self._opening = True
            scene.plan(moment + timedelta(minutes=scene.random.randint(15, 110)), self._open)

    def _on_holiday(self, moment: datetime) -> bool:
        return (moment.month, moment.day) >= _HOLIDAYS[0][:2] or (moment.month, moment.day) <= _HOLIDAYS[1][:2]

    def _close(self, moment: datetime) -> None:
        admin = self._scene.one_around(moment, Task.ADMINISTRATE)
        if admin is not None and not self._scene.ledger.closed:
            self._scene.ledger.switch_queue(moment, closed=True, actor_id=admin.user_id)

    def _open(self, moment: datetime) -> None:
        self._opening = False
        admin = self._scene.one_around(moment, Task.ADMINISTRATE)
        if admin is not None and self._scene.ledger.closed:
            self._scene.ledger.switch_queue(moment, closed=False, actor_id=admin.user_id)
