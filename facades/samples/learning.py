"""Trainees practise, curators grade what they write, and one day somebody decides about them."""

from datetime import datetime, timedelta
from typing import Final

from facades.samples import pace
from facades.samples.description import Person, Task
from facades.samples.ledger import Judgement, Row
from facades.samples.reviewing import MIDDLE, Reviewing
from facades.samples.scene import Scene
from util.identifiers import Stage, Verdict

_EVERY: Final = 2.6
"""Days between two exercises, on average."""
_ENOUGH: Final = 10
"""Graded reviews before which nobody is promoted here."""
_PROMISING: Final = 0.6
_LAST: Final = timedelta(days=5)
"""Time to grade the last exercise in."""
_GRADED_WITHIN: Final = timedelta(days=3, hours=20)
_RECENT: Final = timedelta(days=90)


class Learning:
    """Who practises when, and what comes of it."""

    def __init__(self, scene: Scene, reviewing: Reviewing) -> None:
        self._scene = scene
        self._reviewing = reviewing
        self._grades: dict[int, list[bool]] = {}

    def plan(self) -> None:
        """Plan the exercises of all trainees, and the end of those who will not make it."""
        scene = self._scene
        for person in (one for one in scene.people if Task.LEARN in one.tasks):
            moment = scene.end - timedelta(days=person.first_day)
            until = scene.end - timedelta(days=person.last_day)
            while (moment := moment + timedelta(days=_EVERY * scene.random.uniform(0.4, 1.6))) < until - _LAST:
                scene.plan(pace.some_time_on(moment, scene.random), self._practise, person)
            if person.last_day > 0 and Task.REVIEW not in person.tasks:
                scene.plan(until, self._let_go, person)

    def _practise(self, moment: datetime, trainee: Person) -> None:
        scene = self._scene
        if trainee.user_id in scene.promoted:
            return
        among = [row for row in scene.ledger.requests.values() if self._suits(row, trainee, moment)]
        if not among:
            return
        request = scene.random.choice(among)
        approves = self._reviewing.quality.get(request["id"], MIDDLE) + scene.random.gauss(0, 0.2) > MIDDLE
        verdict = Verdict.APPROVE if approves else Verdict.REJECT
        text = scene.inventor.review(request["language"], approves=approves)
        review = scene.ledger.judge(moment, request, Stage.TRAINEE, Judgement(trainee.user_id, verdict, None, text))
        later = pace.some_time_after(moment, scene.random, 20)
        scene.plan(min(later, moment + _GRADED_WITHIN), self._assess, trainee, review)

    def _suits(self, request: Row, trainee: Person, moment: datetime) -> bool:
        is_own = request["author_id"] == trainee.user_id
        done = trainee.user_id in self._scene.ledger.judges(request, Stage.TRAINEE)
        return moment - request["created_at"] < _RECENT and not is_own and not done

    def _assess(self, moment: datetime, trainee: Person, review: Row) -> None:
        scene = self._scene
        curator = scene.one_around(moment, Task.TEACH, without=trainee.user_id)
        if curator is None:
            return
        grades = self._grades.setdefault(trainee.user_id, [])
        talent = 0.25 if Task.REVIEW not in trainee.tasks and trainee.last_day > 0 else 0.5
        approved = scene.random.random() < min(0.9, talent + 0.03 * len(grades))
        grades.append(approved)
        feedback = scene.inventor.advice(trainee.language) if scene.random.random() < 0.6 else None
        scene.ledger.assess(moment, review, curator.user_id, approved=approved, feedback=feedback)
        promising = len(grades) >= _ENOUGH and sum(grades) / len(grades) >= _PROMISING
        if Task.REVIEW in trainee.tasks and promising and trainee.user_id not in scene.promoted:
            scene.promoted[trainee.user_id] = moment
            scene.ledger.end_probation(moment, trainee.user_id, curator.user_id, promoted=True)

    def _let_go(self, moment: datetime, trainee: Person) -> None:
        curator = self._scene.one_around(moment, Task.TEACH, without=trainee.user_id)
        if curator is not None:
            self._scene.ledger.end_probation(moment, trainee.user_id, curator.user_id, promoted=False)
