"""Reviewers give opinions on what is pending, often with a review; each has a measure of their own."""

from datetime import datetime
from typing import Final

from facades.samples import pace
from facades.samples.description import Person, Task
from facades.samples.ledger import Judgement, Row
from facades.samples.scene import Scene
from util.identifiers import Stage, Verdict

_NUMBERS: Final = (0, 1, 2, 3, 4)
_HOW_OFTEN: Final = (4, 30, 40, 20, 6)
_HOURS: Final = 26
MIDDLE: Final = 0.5


class Reviewing:
    """Who judges what and when. `quality`: how good the requested levels are, from 0 to 1, around the middle."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.quality: dict[int, float] = {}
        reviewers = sorted(person.user_id for person in scene.people if Task.REVIEW in person.tasks)
        self._strict = {user_id: scene.random.gauss(MIDDLE - 0.03, 0.06) for user_id in reviewers}
        self._wordy = {user_id: scene.random.uniform(0.3, 0.85) for user_id in reviewers}

    def plan(self, moment: datetime, request: Row) -> None:
        """Plan the opinions on a new request."""
        random = self._scene.random
        self.quality[request["id"]] = random.gauss(MIDDLE + 0.03, 0.2)
        for _ in range(random.choices(_NUMBERS, _HOW_OFTEN)[0]):
            self._scene.plan(pace.some_time_after(moment, random, _HOURS), self._judge, request)

    def _judge(self, moment: datetime, request: Row) -> None:
        scene = self._scene
        if request["id"] not in scene.ledger.pending:
            return
        reviewer = self._reviewer(moment, request)
        if reviewer is None:
            return
        found = self.quality[request["id"]] + scene.random.gauss(0, 0.1)
        approves = found > self._strict[reviewer.user_id]
        verdict = Verdict.APPROVE if approves else Verdict.REJECT
        review = reason = None
        if scene.random.random() < self._wordy[reviewer.user_id]:
            review = scene.inventor.review(request["language"], approves=approves)
        if not approves and (review is None or scene.random.random() < 0.2):
            reason = scene.inventor.reason(request["language"])
        scene.ledger.judge(moment, request, Stage.REVIEWER, Judgement(reviewer.user_id, verdict, reason, review))

    def _reviewer(self, moment: datetime, request: Row) -> Person | None:
        """Draw somebody who has not judged the request and did not make it."""
        scene = self._scene
        done = scene.ledger.judges(request, Stage.REVIEWER) | {request["author_id"]}
        found = [person for person in scene.around(moment, Task.REVIEW) if person.user_id not in done]
        return scene.random.choices(found, [scene.zeal[one.user_id] for one in found])[0] if found else None
