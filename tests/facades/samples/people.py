"""People with a past, and the description of it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from facades.samples.description import Description, Person, Task

GUILD = 1_100_000_000_000_000_001
END = datetime(2026, 5, 20, 17, 30, tzinfo=UTC)
ADMIN, REVIEWER, MODERATOR, TRAINEE, PROMOTED, LET_GO = 11, 12, 13, 14, 15, 16
FREE = 20
FORMER_REVIEWER, FORMER_MODERATOR = 17, 18


def person(user_id: int, *tasks: Task, language: str = "en", first: float = 365, last: float = 0) -> Person:
    """Describe somebody."""
    return Person(user_id=user_id, tasks=frozenset(tasks), language=language, first_day=first, last_day=last)


def description(
    *, seed: int = 1, guild_id: int = GUILD, end: datetime = END, people: Mapping[int, int] | None = None
) -> Description:
    """Describe a guild with everybody there can be; `people`: whose real ids some of them have."""
    ids = people or {}
    members = [
        person(100 + number, Task.MISBEHAVE if number % 6 == 0 else Task.REQUEST, language="ru" if number % 4 == 0 else "en")
        for number in range(30)
    ]
    return Description(
        guild_id=guild_id,
        ends_at=end,
        seed=seed,
        people=tuple(
            one.model_copy(update={"user_id": ids.get(one.user_id, one.user_id)})
            for one in (
                person(ADMIN, Task.ADMINISTRATE, Task.REVIEW),
                person(REVIEWER, Task.REVIEW, Task.TEACH),
                person(MODERATOR, Task.DECIDE, Task.REVIEW, Task.REQUEST),
                person(TRAINEE, Task.LEARN, first=50),
                person(PROMOTED, Task.LEARN, Task.REVIEW, first=300),
                person(LET_GO, Task.LEARN, first=200, last=150),
                person(FORMER_REVIEWER, Task.REVIEW, Task.TEACH, Task.REQUEST, last=170),
                person(FORMER_MODERATOR, Task.DECIDE, last=110),
                person(FREE, Task.REQUEST, last=5),
                *members,
            )
        ),
    )
