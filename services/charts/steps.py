"""The steps of time along a chart: days, weeks or months, and how days are added up to wider ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

DAY: Final = timedelta(days=1)
HALF_A_DAY: Final = timedelta(hours=12)


class Step(StrEnum):
    """What one bar or point stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Timeline:
    """The first days of consecutive steps."""

    step: Step
    starts: tuple[date, ...]

    def end(self, start: date) -> date:
        """Return the first day after a step."""
        return next_start(start, self.step)

    def span(self, start: date) -> tuple[datetime, datetime]:
        """Return where a step begins and ends on the axis; a day has its midnight in the middle."""
        return _moment(start) - HALF_A_DAY, _moment(self.end(start)) - HALF_A_DAY

    def middle(self, start: date) -> datetime:
        """Return the middle of a step on the axis."""
        begins, ends = self.span(start)
        return begins + (ends - begins) / 2


def _moment(day: date) -> datetime:
    # The axis knows no time zones: days are the guild's already.
    return datetime.combine(day, time())


def step_start(day: date, step: Step) -> date:
    """Return the first day of the step that a day belongs to; weeks start on Monday."""
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            return day - DAY * day.weekday()
        case Step.MONTH:
            return day.replace(day=1)


def next_start(start: date, step: Step) -> date:
    """Return the first day of the next step."""
    match step:
        case Step.DAY:
            return start + DAY
        case Step.WEEK:
            return start + 7 * DAY
        case Step.MONTH:
            return (start + 32 * DAY).replace(day=1)


def narrowest(starts: Sequence[date], *, is_weekly: bool, most: int) -> Step:
    """Return the narrowest step that needs at most so many bars; months are the widest there are."""
    if len(starts) <= most:
        return Step.WEEK if is_weekly else Step.DAY
    if not is_weekly and len(starts) <= most * 7:
        return Step.WEEK
    return Step.MONTH


@dataclass(frozen=True)
class Widening:
    """How consecutive steps are added up to wider ones; worked out once for all lines of a chart."""

    starts: tuple[date, ...]
    bounds: tuple[tuple[int, int], ...]

    def add_up(self, values: Sequence[int]) -> tuple[int, ...]:
        """Return the sums."""
        return tuple(sum(values[first:last]) for first, last in self.bounds)


def widening(starts: Sequence[date], step: Step) -> Widening:
    """Work out which steps make up each wider one."""
    wide: list[date] = []
    firsts: list[int] = []
    for at, start in enumerate(starts):
        # Most days only need this comparison.
        if not wide or start >= next_start(wide[-1], step):
            wide.append(step_start(start, step))
            firsts.append(at)
    return Widening(tuple(wide), tuple(zip(firsts, [*firsts[1:], len(starts)], strict=True)))


def runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """Return first and last days of unbroken runs of sorted days."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


# From narrow to wide: which days get a label. The first with few enough labels is taken.
TICKS: Final[tuple[tuple[Step, Callable[[date, date], bool]], ...]] = (
    (Step.DAY, lambda day, first: True),
    (Step.DAY, lambda day, first: (day - first).days % 2 == 0),
    (Step.WEEK, lambda day, first: day.weekday() == 0),
    (Step.WEEK, lambda day, first: day.weekday() == 0 and (day - step_start(first, Step.WEEK)).days // 7 % 2 == 0),
    (Step.MONTH, lambda day, first: day.day == 1),
    (Step.MONTH, lambda day, first: day.day == 1 and day.month % 2 == 1),
    (Step.MONTH, lambda day, first: day.day == 1 and day.month % 3 == 1),
    (Step.MONTH, lambda day, first: day.day == 1 and day.month in {1, 7}),
    (Step.MONTH, lambda day, first: day.day == 1 and day.month == 1),
    (Step.MONTH, lambda day, first: day.day == 1 and day.month == 1 and day.year % 2 == 0),
    (Step.MONTH, lambda day, first: day.day == 1 and day.month == 1 and day.year % 5 == 0),
)


def labelled_days(first: date, last: date, narrowest_step: Step, most: int) -> tuple[Step, list[date]]:
    """Choose the days that get a label on the axis: at most so many, never more often than the chart's steps."""
    days = [first + DAY * at for at in range((last - first).days + 1)]
    order = list(Step)
    chosen: list[date] = days[:1]
    for step, is_labelled in TICKS:
        if order.index(step) < order.index(narrowest_step):
            continue
        chosen = [day for day in days if is_labelled(day, first)]
        if len(chosen) <= most:
            return step, chosen or days[:1]
    return Step.MONTH, chosen[:: -(-len(chosen) // most)]
