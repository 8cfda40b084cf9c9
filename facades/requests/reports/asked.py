"""What somebody wants to see: a kind of report over a range of days."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from config.formats import say_day
from util.errors import NotFound
from util.local_days import DAY, Granularity, start_of_day
from util.phrases import Phrase, Raw, phrase
from util.texts import Text

MOST_YEARS: Final = 20
MOST_DAYS: Final = MOST_YEARS * 365 + MOST_YEARS // 4


class ReportKind(StrEnum):
    """The reports, called like their commands."""

    NEW_REQUESTS = "new_requests"
    PENDING_REQUESTS = "pending_requests"
    REVIEW_ACTIVITY = "review_activity"
    REVIEWER_OPINIONS = "reviewer_opinions"


class NothingToShow(NotFound):
    """There is no data in the range, or none at all."""


@dataclass(frozen=True)
class Asked:
    """A report over days, both ends included. `reviewer_id`: whose opinions, 0 for the reports that are about everybody."""

    kind: ReportKind
    first: date
    last: date
    granularity: Granularity = Granularity.DAY
    reviewer_id: int = 0

    @property
    def is_too_long(self) -> bool:
        """Tell whether it is more than a report covers."""
        return (self.last - self.first).days >= MOST_DAYS

    def period(self, zone: ZoneInfo, language: str) -> Phrase:
        """Return the range in words."""
        first, last = Raw(say_day(self.first, language)), Raw(say_day(self.last, language))
        if self.first == self.last:
            return phrase(Text.REPORT_CHART_ONE_DAY, first=first, zone=zone.key)
        return phrase(Text.REPORT_CHART_PERIOD, first=first, last=last, zone=zone.key)

    def stretch(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the time that the days take: from the first moment on, before the second."""
        return start_of_day(self.first, zone), start_of_day(self.last + DAY, zone)
