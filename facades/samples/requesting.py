"""Members request levels, some of them again after a rejection; admins insert requests for creators elsewhere."""

from datetime import datetime, timedelta
from typing import Final

from facades.samples import pace
from facades.samples.description import Person, Task
from facades.samples.ledger import Row
from facades.samples.reviewing import Reviewing
from facades.samples.scene import Scene
from services.geometry_dash import Level
from util.identifiers import CooldownKind

LAST_CALL: Final = timedelta(hours=9)
"""So long before the end nothing new comes in, so that everything can be decided."""
_INSERTED: Final = 0.09
_AGAIN: Final = 0.12
_MISTAKEN: Final = 0.004
_RUSSIAN: Final = 0.2


class Requesting:
    """Who requests what and when."""

    def __init__(self, scene: Scene, reviewing: Reviewing) -> None:
        self._scene = scene
        self._reviewing = reviewing
        self._rejected: dict[int, list[Row]] = {}

    def plan(self) -> None:
        """Plan the requests of the whole time."""
        scene = self._scene
        for number, day in enumerate(scene.days()):
            for _ in range(pace.requests_on(day, number, scene.random)):
                moment = pace.some_time_on(day, scene.random)
                if scene.begin < moment < scene.end - LAST_CALL:
                    scene.plan(moment, self._request)

    def note_rejection(self, request: Row) -> None:
        """Remember that an author may try again."""
        if request["author_id"] is not None:
            self._rejected.setdefault(request["author_id"], []).append(request)

    def _request(self, moment: datetime) -> None:
        scene = self._scene
        if scene.random.random() < _INSERTED:
            self._insert(moment)
        elif not scene.ledger.closed:
            author = self._author(moment)
            if author is not None:
                self._take(moment, self._level(moment, author), author.language, author_id=author.user_id)

    def _author(self, moment: datetime) -> Person | None:
        """Draw a member whom no cooldown holds back."""
        free = [
            person
            for person in self._scene.around(moment, Task.REQUEST, Task.MISBEHAVE)
            if self._scene.ledger.cooldown(CooldownKind.USER, person.user_id, moment) is None
        ]
        weights = [self._scene.zeal[person.user_id] for person in free]
        return self._scene.random.choices(free, weights)[0] if free else None

    def _level(self, moment: datetime, author: Person) -> Level:
        rejected = self._rejected.get(author.user_id, [])
        if rejected and self._scene.random.random() < _AGAIN:
            before = rejected.pop(0)
            if self._scene.ledger.cooldown(CooldownKind.LEVEL, before["level_id"], moment) is None:
                return Level(**before["level"] | {"downloads": before["level"]["downloads"] + self._scene.random.randrange(200)})
        return self._scene.inventor.level(moment, author.user_id, author.language)

    def _insert(self, moment: datetime) -> None:
        admin = self._scene.one_around(moment, Task.ADMINISTRATE)
        language = "ru" if self._scene.random.random() < _RUSSIAN else "en"
        if admin is not None:
            level = self._scene.inventor.level(moment, None, language)
            self._take(moment, level, language, author_id=None, inserted_by=admin.user_id)

    def _take(
        self, moment: datetime, level: Level, language: str, *, author_id: int | None, inserted_by: int | None = None
    ) -> None:
        scene = self._scene
        request = scene.ledger.request(
            moment,
            level,
            language,
            author_id=author_id,
            inserted_by=inserted_by,
            showcase=scene.inventor.showcase(level),
            comment=scene.inventor.comment(language),
        )
        if scene.random.random() < _MISTAKEN:
            scene.plan(moment + timedelta(minutes=scene.random.randint(2, 9)), self._delete, request)
        else:
            self._reviewing.plan(moment, request)

    def _delete(self, moment: datetime, request: Row) -> None:
        admin = self._scene.one_around(moment, Task.ADMINISTRATE)
        if admin is not None and request["id"] in self._scene.ledger.pending:
            self._scene.ledger.delete(moment, request, admin.user_id)
