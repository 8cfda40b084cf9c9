"""The figures of a report in words, so that it can be read without its picture."""

from collections.abc import Iterator, Sequence

from config.formats import say_average, say_day, say_share
from config.guild_settings import GuildSettings
from facades.requests.reports.charts import report_title, thresholds_of
from facades.requests.reports.figures import (
    Figures,
    NewRequests,
    PendingRequests,
    ReviewActivity,
    Reviewer,
    ReviewerOpinions,
)
from facades.requests.wording import text_for
from util.local_days import Bucket, Granularity
from util.markdown import shorten
from util.phrases import Phrase, Raw, Value, phrase
from util.texts import Text

DESCRIPTION_LENGTH = 1024
"""Characters that Discord takes as a picture's description."""


def report_words(figures: Figures, settings: GuildSettings, language: str) -> str:
    """Return the heading of a report and its figures, for a message."""
    return "\n".join(settings.say(one, language) for one in _lines(figures, settings, language))


def picture_description(figures: Figures, settings: GuildSettings, language: str) -> str:
    """Return the same for screen readers, which read marks of bold text aloud."""
    lines = [settings.label(one, language).replace("**", "") for one in _lines(figures, settings, language)]
    return shorten("\n".join(lines), DESCRIPTION_LENGTH)


def _lines(figures: Figures, settings: GuildSettings, language: str) -> Iterator[Phrase]:
    period = figures.asked.period(settings.time_zone, language)
    yield phrase(Text.REPORT_HEADING, title=report_title(figures), period=period)
    match figures:
        case NewRequests():
            yield from _new_requests(figures, language)
        case PendingRequests():
            yield from _pending_requests(figures, language)
        case ReviewActivity():
            yield from _review_activity(figures, language)
        case ReviewerOpinions():
            yield _reviewer_opinions(figures, language)


def _when(bucket: Bucket, granularity: Granularity, language: str) -> Value:
    day = Raw(say_day(bucket.first, language))
    return day if granularity is Granularity.DAY else phrase(Text.REPORT_WEEK_OF, day=day)


def _average(values: Sequence[int], granularity: Granularity, language: str) -> Phrase:
    return Phrase(text_for("report.average", granularity), {"average": Raw(say_average(sum(values), len(values), language))})


def _extreme(figures: NewRequests | PendingRequests | ReviewActivity, value: int, language: str) -> Value:
    """Return the first day or week with a value."""
    return _when(figures.buckets[figures.values.index(value)], figures.asked.granularity, language)


def _new_requests(figures: NewRequests, language: str) -> Iterator[Phrase]:
    most = max(figures.values)
    yield phrase(
        Text.REPORT_FIGURES_NEW_REQUESTS,
        total=sum(figures.values),
        average=_average(figures.values, figures.asked.granularity, language),
        most=most,
        when=_extreme(figures, most, language),
    )
    if figures.closed:
        yield phrase(Text.REPORT_FIGURES_CLOSED_DAYS, count=len(figures.closed))


def _pending_requests(figures: PendingRequests, language: str) -> Iterator[Phrase]:
    last = Text.REPORT_FIGURES_PENDING_NOW if figures.is_now else Text.REPORT_FIGURES_PENDING_THEN
    highest, lowest = max(figures.values), min(figures.values)
    yield phrase(
        Text.REPORT_FIGURES_PENDING_REQUESTS,
        last=phrase(last, count=figures.values[-1]),
        average=Raw(say_average(sum(figures.values), len(figures.values), language)),
        highest=highest,
        highest_when=_extreme(figures, highest, language),
        lowest=lowest,
        lowest_when=_extreme(figures, lowest, language),
    )
    closes, reopens = thresholds_of(figures)
    yield phrase(Text.REPORT_FIGURES_THRESHOLDS, closes=closes, reopens=reopens)


def _review_activity(figures: ReviewActivity, language: str) -> Iterator[Phrase]:
    most, total = max(figures.values), sum(figures.values)
    yield phrase(
        Text.REPORT_FIGURES_REVIEW_ACTIVITY,
        total=total,
        average=_average(figures.values, figures.asked.granularity, language),
        count=len(figures.reviewers),
        most=most,
        when=_extreme(figures, most, language),
    )
    for position, reviewer in enumerate(figures.named, 1):
        yield _place(position, reviewer, total, language)
    if figures.others:
        rest = sum(figures.values_of_others)
        yield phrase(
            Text.REPORT_FIGURES_RANKING_REST_LINE,
            others=phrase(Text.REPORT_CHART_OTHERS, count=len(figures.others)),
            count=rest,
            share=Raw(say_share(rest, total, language)),
        )


def _place(position: int, reviewer: Reviewer, total: int, language: str) -> Phrase:
    return phrase(
        Text.REPORT_FIGURES_RANKING_LINE,
        position=position,
        name=reviewer.name,
        count=reviewer.total,
        share=Raw(say_share(reviewer.total, total, language)),
    )


def _reviewer_opinions(figures: ReviewerOpinions, language: str) -> Phrase:
    return phrase(
        Text.REPORT_FIGURES_REVIEWER_OPINIONS,
        total=figures.total,
        approvals=figures.approvals,
        approvals_share=Raw(say_share(figures.approvals, figures.total, language)),
        rejections=figures.rejections,
        rejections_share=Raw(say_share(figures.rejections, figures.total, language)),
    )
