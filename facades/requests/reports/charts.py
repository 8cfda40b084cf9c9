"""The figures of a report as a chart, with its words in the reader's language."""

from collections.abc import Sequence
from datetime import date, timedelta

from config.guild_settings import GuildSettings
from facades.requests.reports.asked import Asked
from facades.requests.reports.figures import Figures, NewRequests, PendingRequests, ReviewActivity, ReviewerOpinions
from facades.requests.wording import text_for
from services.charts import Bars, Chart, Curve, Donut, Lines, Series, Slice, Threshold
from services.charts.chart import Wider
from util.local_days import Bucket, Granularity
from util.phrases import Phrase, phrase
from util.texts import Text


def report_title(figures: Figures) -> Phrase:
    """Return the heading of a report."""
    if isinstance(figures, ReviewerOpinions):
        return phrase(Text.REPORT_CHART_REVIEWER_OPINIONS, name=figures.name)
    return Phrase(text_for(f"report.chart.{figures.asked.kind.value}", figures.asked.granularity))


def thresholds_of(figures: PendingRequests) -> tuple[Phrase, Phrase]:
    """Return when the queue closes and when it reopens by itself, also where that is switched off."""
    closes = Text.REPORT_CLOSES if figures.block_enabled else Text.REPORT_CLOSES_OFF
    reopens = Text.REPORT_REOPENS if figures.unblock_enabled else Text.REPORT_REOPENS_OFF
    return phrase(closes, count=figures.block_at), phrase(reopens, count=figures.unblock_at)


def chart_of(figures: Figures, settings: GuildSettings, language: str) -> Chart:
    """Return the chart of a report."""
    words = _Words(settings, language)
    match figures:
        case NewRequests():
            return _new_requests(figures, words)
        case PendingRequests():
            return _pending_requests(figures, words)
        case ReviewActivity():
            return _review_activity(figures, words)
        case ReviewerOpinions():
            return _reviewer_opinions(figures, words)


class _Words:
    """A guild's texts in one language, for places without markdown."""

    def __init__(self, settings: GuildSettings, language: str) -> None:
        self._settings = settings
        self.language = language

    def __call__(self, what: Phrase | Text, **values: int) -> str:
        return self._settings.label(what, self.language, **values)

    def period(self, asked: Asked) -> str:
        return self(asked.period(self._settings.time_zone, self.language))

    def axis(self, area: str, granularity: Granularity) -> str:
        return self(text_for(f"report.chart.{area}", granularity))

    def wider(self, area: str) -> Wider:
        return Wider(week=self(text_for(f"report.chart.{area}", "week")), month=self(text_for(f"report.chart.{area}", "month")))


def _starts(split: Sequence[Bucket], granularity: Granularity) -> tuple[date, ...]:
    """Return the days that the values stand at: of a week its Monday, even where the range begins later."""
    if granularity is Granularity.DAY:
        return tuple(bucket.first for bucket in split)
    return tuple(bucket.first - timedelta(days=bucket.first.weekday()) for bucket in split)


def _new_requests(figures: NewRequests, words: _Words) -> Bars:
    granularity = figures.asked.granularity
    return Bars(
        title=words(report_title(figures)),
        subtitle=words.period(figures.asked),
        starts=_starts(figures.buckets, granularity),
        values=figures.values,
        value_name=words.axis("axis_requests", granularity),
        is_weekly=granularity is Granularity.WEEK,
        marked=figures.closed,
        marked_name=words(Text.REPORT_CHART_QUEUE_CLOSED),
        wider=words.wider("axis_requests"),
        language=words.language,
    )


def _pending_requests(figures: PendingRequests, words: _Words) -> Curve:
    # The picture writes the values behind the names itself.
    closes = Text.REPORT_CHART_LINE_CLOSES if figures.block_enabled else Text.REPORT_CHART_LINE_CLOSES_OFF
    reopens = Text.REPORT_CHART_LINE_REOPENS if figures.unblock_enabled else Text.REPORT_CHART_LINE_REOPENS_OFF
    return Curve(
        title=words(report_title(figures)),
        subtitle=words.period(figures.asked),
        starts=_starts(figures.buckets, figures.asked.granularity),
        values=figures.values,
        value_name=words(Text.REPORT_CHART_AXIS_PENDING),
        is_weekly=figures.asked.granularity is Granularity.WEEK,
        thresholds=(
            Threshold(words(closes), figures.block_at, is_upper=True),
            Threshold(words(reopens), figures.unblock_at, is_upper=False),
        ),
        language=words.language,
    )


def _review_activity(figures: ReviewActivity, words: _Words) -> Lines:
    granularity = figures.asked.granularity
    series = [Series(one.name, one.values) for one in figures.named]
    if figures.others:
        others = words(Text.REPORT_CHART_OTHERS, count=len(figures.others))
        series.append(Series(others, figures.values_of_others, is_rest=True))
    return Lines(
        title=words(report_title(figures)),
        subtitle=words.period(figures.asked),
        starts=_starts(figures.buckets, granularity),
        series=tuple(series),
        value_name=words.axis("axis_reviews", granularity),
        is_weekly=granularity is Granularity.WEEK,
        wider=words.wider("axis_reviews"),
        language=words.language,
    )


def _reviewer_opinions(figures: ReviewerOpinions, words: _Words) -> Donut:
    return Donut(
        title=words(report_title(figures)),
        subtitle=words.period(figures.asked),
        slices=(
            Slice(words(Text.REPORT_CHART_APPROVALS), figures.approvals, "good"),
            Slice(words(Text.REPORT_CHART_REJECTIONS), figures.rejections, "bad"),
        ),
        centre=str(figures.total),
        centre_name=words(Text.REPORT_CHART_OPINIONS),
        language=words.language,
    )
