"""Admins hold back people and levels by hand, and change their minds."""

from datetime import datetime, timedelta
from typing import Final

from facades.samples import vocabulary as words
from facades.samples.description import Task
from facades.samples.scene import Scene
from util.identifiers import CooldownKind, RequestStatus

_USERS: Final = ((310, 30), (225, None), (150, 90), (96, 14), (17, 42), (4.4, 21))
_LEVELS: Final = ((280, None), (190, 30), (104, None), (41, 180), (6.2, None))
"""How many days before the end, and for how many days (None: for ever)."""
_SECOND_THOUGHTS: Final = (150, 190)
"""Those of the bans that are lifted some days later."""
_LIFTED_AFTER: Final = timedelta(days=6, hours=3)


class Banning:
    """Who and what is held back when."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def plan(self) -> None:
        """Plan all bans."""
        for kind, bans in ((CooldownKind.USER, _USERS), (CooldownKind.LEVEL, _LEVELS)):
            for days_before, days in bans:
                moment = self._scene.end - timedelta(days=days_before, minutes=self._scene.random.randrange(300))
                self._scene.plan(moment, self._ban, kind, days, days_before in _SECOND_THOUGHTS)

    def _ban(self, moment: datetime, kind: CooldownKind, days: int | None, lifted: bool) -> None:
        scene = self._scene
        admin = scene.one_around(moment, Task.ADMINISTRATE)
        entity_id = self._user(moment) if kind is CooldownKind.USER else self._level()
        if admin is None or entity_id is None:
            return
        reason = scene.random.choice(words.MISDEEDS if kind is CooldownKind.USER else words.FLAWS)
        span = None if days is None else timedelta(days=days)
        scene.ledger.ban(moment, kind, entity_id, admin.user_id, span=span, reason=reason)
        if lifted:
            scene.plan(moment + _LIFTED_AFTER, self._lift, kind, entity_id, admin.user_id)

    def _user(self, moment: datetime) -> int | None:
        """Draw somebody who misbehaves and was not banned for ever."""
        found: list[int] = []
        for person in self._scene.around(moment, Task.MISBEHAVE):
            held = self._scene.ledger.cooldown(CooldownKind.USER, person.user_id, moment)
            if held is None or held["cast_by"] is None:
                found.append(person.user_id)
        return self._scene.random.choice(found) if found else None

    def _level(self) -> int | None:
        """Draw one of the levels that were rejected lately."""
        ledger = self._scene.ledger
        found = [
            row["level_id"] for row in ledger.requests.values() if row["status"] is RequestStatus.RESOLVED and ledger.rejects(row)
        ]
        return self._scene.random.choice(found[-30:]) if found else None

    def _lift(self, moment: datetime, kind: CooldownKind, entity_id: int, admin_id: int) -> None:
        if self._scene.ledger.cooldown(kind, entity_id, moment) is not None:
            self._scene.ledger.lift(moment, kind, entity_id, admin_id, self._scene.random.choice(words.SECOND_THOUGHTS))
