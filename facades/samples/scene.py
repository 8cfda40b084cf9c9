"""What everybody in a history shares: time, luck, what was written down, and who is around."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from facades.samples.description import DAYS, Description, Person, Task
from facades.samples.invention import Inventor
from facades.samples.ledger import Ledger

PAUSES = 2
LONGEST_PAUSE = 20


class Scene:
    """The guild while its history happens. `promoted`: since when trainees who became reviewers are that."""

    def __init__(self, description: Description) -> None:
        self.end = description.ends_at.astimezone(UTC)
        self.begin = (self.end - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.random = Random(description.seed)
        self.inventor = Inventor(self.random, self.begin)
        self.ledger = Ledger(description.guild_id)
        self.promoted: dict[int, datetime] = {}
        self.people = description.people
        self._there = {person.user_id: person.time_there(self.end) for person in self.people}
        self.zeal = {person.user_id: self.random.uniform(0.35, 1.5) for person in self.people}
        self._pauses = {person.user_id: self._draw_pauses() for person in self.people}
        self._timeline: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self._planned = 0

    def _draw_pauses(self) -> list[tuple[datetime, datetime]]:
        """Draw when somebody is away; nobody is in the last weeks."""
        starts = [self.begin + timedelta(days=self.random.uniform(20, DAYS - 50)) for _ in range(PAUSES)]
        return [(start, start + timedelta(days=self.random.uniform(7, LONGEST_PAUSE))) for start in starts]

    def days(self) -> list[datetime]:
        """Return the beginnings of the days."""
        return [self.begin + timedelta(days=number) for number in range((self.end - self.begin).days + 1)]

    def plan(self, moment: datetime, act: Callable[..., None], *what: Any) -> None:
        """Let something happen: `act(moment, *what)`, unless the history is over by then."""
        if moment < self.end:
            self._planned += 1
            heapq.heappush(self._timeline, (moment, self._planned, act, what))

    def run(self) -> None:
        """Let everything happen that is planned, in the order of time, with what comes of it."""
        while self._timeline:
            moment, _, act, what = heapq.heappop(self._timeline)
            act(moment, *what)

    def around(self, moment: datetime, *tasks: Task) -> list[Person]:
        """Return who has one of some tasks and is not away; whoever learns reviews only later."""
        return [person for person in self.people if not person.tasks.isdisjoint(tasks) and self._is_around(person, moment, tasks)]

    def _is_around(self, person: Person, moment: datetime, tasks: tuple[Task, ...]) -> bool:
        since, until = self._there[person.user_id]
        if not since <= moment <= until:
            return False
        if Task.REVIEW in tasks and Task.LEARN in person.tasks and not self._is_promoted(person, moment):
            return False
        return Task.REQUEST in tasks or not self._is_away(person, moment)

    def _is_promoted(self, person: Person, moment: datetime) -> bool:
        since = self.promoted.get(person.user_id)
        return since is not None and since <= moment

    def _is_away(self, person: Person, moment: datetime) -> bool:
        return any(since <= moment < until for since, until in self._pauses[person.user_id])

    def one_around(self, moment: datetime, task: Task, *, without: int | None = None) -> Person | None:
        """Draw somebody who has a task and is not away; if nobody is, somebody who is never missing for long."""
        found = [person for person in self.around(moment, task) if person.user_id != without]
        found = found or [one for one in self.people if task in one.tasks and one.stays and one.user_id != without]
        return self.random.choices(found, [self.zeal[one.user_id] for one in found])[0] if found else None
