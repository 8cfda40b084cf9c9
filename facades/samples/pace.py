"""When things happen: hours of the day, days of the week, seasons, growth over the year, and a rush now and then."""

import math
from datetime import datetime, timedelta
from random import Random
from typing import Final

from facades.samples.description import DAYS

LEAST_A_DAY: Final = 2.4
MOST_A_DAY: Final = 5.0
_WEEK: Final = (0.75, 0.7, 0.85, 0.85, 1.1, 1.5, 1.35)
_YEAR: Final = (1.1, 1.0, 1.0, 1.05, 1.0, 0.85, 0.5, 0.55, 0.95, 1.05, 1.0, 1.1)
_HOURS: Final = (3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 6, 7, 8, 8, 9, 11, 13, 15, 17, 18, 18, 16, 11, 6)
_RUSHES: Final = ((0.2, 7), (0.42, 8), (0.84, 9))
"""Where in the year, and for how many days, more people than usual want something."""
_RUSH: Final = 2.6
_SESSIONS: Final = (0.25, 0.25, 0.5, 0.25, 0.3, 0.6, 0.65)


def requests_on(day: datetime, number: int, random: Random) -> int:
    """Draw how many requests come in on a day; `number`: how many days of the history came before it."""
    share = number / DAYS
    rate = LEAST_A_DAY + (MOST_A_DAY - LEAST_A_DAY) * share
    rate *= _WEEK[day.weekday()] * season(day) * random.uniform(0.75, 1.25)
    if any(0 <= number - at * DAYS < length for at, length in _RUSHES):
        rate *= _RUSH
    return poisson(rate, random)


def season(day: datetime) -> float:
    """Return how lively a guild is at a time of the year: the summer is quiet."""
    return _YEAR[day.month - 1]


def is_session_day(day: datetime, random: Random) -> bool:
    """Draw whether a moderator sits down on a day to decide."""
    return random.random() < _SESSIONS[day.weekday()] * (0.75 + 0.25 * season(day))


def some_time_on(day: datetime, random: Random) -> datetime:
    """Draw a moment of a day; most things happen in the evening."""
    hour = random.choices(range(24), _HOURS)[0]
    return day.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60), microsecond=0)


def some_time_after(moment: datetime, random: Random, hours: float) -> datetime:
    """Draw a moment about so many hours later, in waking hours."""
    later = moment + timedelta(hours=random.lognormvariate(math.log(hours), 0.9))
    found = some_time_on(later, random)
    return found if found > moment else moment + timedelta(minutes=random.randint(12, 170))


def poisson(mean: float, random: Random) -> int:
    """Draw how often something happens that happens so often on average."""
    limit, number, product = math.exp(-mean), 0, random.random()
    while product > limit:
        number += 1
        product *= random.random()
    return number
