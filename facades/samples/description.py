"""What a sample history is made for: the guild, its people and what they do there."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

DAYS: Final = 365
"""How far the history goes back."""


class Task(StrEnum):
    """What somebody does in the guild."""

    REQUEST = "request"
    MISBEHAVE = "misbehave"
    """Requests as well, and may be banned for something."""
    REVIEW = "review"
    LEARN = "learn"
    """Writes reviews for practice; with `REVIEW`, becomes a reviewer in time, else is let go at the end."""
    TEACH = "teach"
    DECIDE = "decide"
    ADMINISTRATE = "administrate"


class Person(BaseModel):
    """Somebody's part. `first_day` and `last_day`: in days before the end of the history."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user_id: Annotated[int, Field(gt=0, lt=2**63)]
    tasks: frozenset[Task]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"
    first_day: Annotated[float, Field(gt=0, le=DAYS)] = DAYS
    last_day: Annotated[float, Field(ge=0, lt=DAYS)] = 0

    @property
    def stays(self) -> bool:
        """Tell whether the person is there from the beginning to the end."""
        return self.first_day == DAYS and self.last_day == 0

    def time_there(self, end: datetime) -> tuple[datetime, datetime]:
        """Return from when and until when the person does something in the guild, whose history ends at a moment."""
        return end - timedelta(days=self.first_day), end - timedelta(days=self.last_day)


class Description(BaseModel):
    """A history to make: the same description gives the same history."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    guild_id: Annotated[int, Field(gt=0, lt=2**63)]
    ends_at: AwareDatetime
    seed: int = 0
    people: tuple[Person, ...]

    @model_validator(mode="after")
    def _check_people(self) -> "Description":
        if len({person.user_id for person in self.people}) < len(self.people):
            raise ValueError("somebody is there twice")
        if any(person.first_day <= person.last_day for person in self.people):
            raise ValueError("somebody's last day is before the first")
        for task in (Task.DECIDE, Task.ADMINISTRATE, Task.REVIEW):
            if not any(person.stays and task in person.tasks and Task.LEARN not in person.tasks for person in self.people):
                raise ValueError(f"nobody is there all the time whose task is {task}")
        if not any(person.tasks & {Task.REQUEST, Task.MISBEHAVE} for person in self.people):
            raise ValueError(f"nobody has the task {Task.REQUEST}")
        return self
