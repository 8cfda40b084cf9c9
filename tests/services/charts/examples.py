"""Charts as the reports make them, with invented figures: for the pictures in docs/images/charts, and for tests."""

import math
import random
from datetime import date, timedelta

from services.charts import Bars, Chart, Curve, Donut, Lines, Series, Slice, Threshold, Wider

DAY = timedelta(days=1)
LAST = date(2026, 11, 20)

EN = {
    "requests": "New requests",
    "pending": "Pending requests",
    "opinions": "Opinions of Aurora",
    "activity": "Reviewer activity",
    "stream": "Stream results",
    "per day": "requests per day",
    "per week": "requests per week",
    "per month": "requests per month",
    "closed": "queue closed all day",
    "pending requests": "pending requests",
    "block": "Queue closes",
    "unblock": "Queue opens",
    "reviews per day": "reviews per day",
    "reviews per week": "reviews per week",
    "reviews per month": "reviews per month",
    "others": "29 others",
    "approved": "Approved",
    "rejected": "Rejected",
    "later": "Later",
    "not reviewed": "Not reviewed",
    "opinions in all": "opinions",
    "levels": "levels",
    "by": "Level Lovers",
}
RU = {
    "requests": "Новые заявки",
    "pending": "Заявки в очереди",
    "opinions": "Мнения: Аврора",
    "activity": "Активность рецензентов",
    "stream": "Итоги стрима",
    "per day": "заявок в день",
    "per week": "заявок в неделю",
    "per month": "заявок в месяц",
    "closed": "очередь закрыта весь день",
    "pending requests": "заявок в очереди",
    "block": "Очередь закрывается",
    "unblock": "Очередь открывается",
    "reviews per day": "рецензий в день",
    "reviews per week": "рецензий в неделю",
    "reviews per month": "рецензий в месяц",
    "others": "Остальные: 29",
    "approved": "Одобрено",
    "rejected": "Отклонено",
    "later": "Отложено",
    "not reviewed": "Не просмотрено",
    "opinions in all": "мнений",
    "levels": "уровней",
    "by": "Level Lovers",
}
WORDS = {"en": EN, "ru": RU}
RANGES = {
    "en": {1: "Nov 20, 2026", 7: "Nov 14 – 20, 2026", 30: "Oct 22 – Nov 20, 2026", 90: "Aug 23 – Nov 20, 2026"},
    "ru": {
        1: "20 ноября 2026 г.",
        7: "14–20 ноября 2026 г.",
        30: "22 октября – 20 ноября 2026 г.",
        90: "23 августа – 20 ноября 2026 г.",
    },
}
NAMES = (
    "Aurora",
    "Виталий",
    "xX_DemonSlayer_Xx",
    "Кошка на клавиатуре",
    "nоva ✨",
    "A member with a name of thirty-two",
    "<b>Bold</b> & brave",
    "Ночной рецензент",
    "Zed",
    "日本のプレイヤー",
    "Мира",
)


def _days(count: int, last: date = LAST) -> tuple[date, ...]:
    return tuple(last - DAY * back for back in reversed(range(count)))


def _mondays(count: int) -> tuple[date, ...]:
    monday = LAST - DAY * LAST.weekday()
    return tuple(monday - 7 * DAY * back for back in reversed(range(count)))


def _busy(day: date, chance: random.Random) -> int:
    """Return more for weekends and holidays, and for later years."""
    season = 6 * math.cos((day.timetuple().tm_yday - 200) / 58) + (day.year - 2021) * 2.5
    return max(0, int(chance.triangular(1, 14, 5) + season + (6 if day.weekday() > 4 else 0)))


def _subtitle(language: str, count: int, last_year: str = "") -> str:
    return f"{RANGES[language].get(count, last_year)} · {WORDS[language]['by']}"


def requests(language: str, count: int, *, closed: bool = True) -> Bars:
    """Return new requests a day."""
    words, chance = WORDS[language], random.Random(count)
    days = _days(count)
    marked = frozenset(day for day in days if closed and day.month in {1, 7, 11} and 3 <= day.day <= 5)
    values = tuple(0 if day in marked else _busy(day, chance) for day in days)
    long = "Nov 21, 2021 – Nov 20, 2026" if language == "en" else "21 ноября 2021 г. – 20 ноября 2026 г."
    if count == 366:
        long = "Nov 20, 2025 – Nov 20, 2026" if language == "en" else "20 ноября 2025 г. – 20 ноября 2026 г."
    return Bars(
        words["requests"],
        _subtitle(language, count, long),
        days,
        values,
        words["per day"],
        marked=marked,
        marked_name=words["closed"],
        wider=Wider(words["per week"], words["per month"]),
        language=language,
    )


def weekly_requests(language: str) -> Bars:
    """Return new requests a week."""
    words, chance = WORDS[language], random.Random(4)
    long = "Dec 1, 2025 – Nov 22, 2026" if language == "en" else "1 декабря 2025 г. – 22 ноября 2026 г."
    values = tuple(_busy(monday, chance) * 7 + chance.randint(-9, 9) for monday in _mondays(51))
    return Bars(words["requests"], _subtitle(language, 0, long), _mondays(51), values, words["per week"], True, language=language)


def no_requests(language: str) -> Bars:
    """Return a month without any request."""
    return Bars(
        WORDS[language]["requests"], _subtitle(language, 30), _days(30), (0,) * 30, WORDS[language]["per day"], language=language
    )


def pending(language: str, count: int = 90) -> Curve:
    """Return how long the queue was."""
    words, chance = WORDS[language], random.Random(9)
    values: list[int] = []
    now = 22
    for _ in range(count):
        now = max(0, min(55, now + chance.randint(-6, 7)))
        values.append(now)
    thresholds = (Threshold(words["block"], 50, True), Threshold(words["unblock"], 30, False))
    long = "Nov 21, 2021 – Nov 20, 2026" if language == "en" else "21 ноября 2021 г. – 20 ноября 2026 г."
    return Curve(
        words["pending"],
        _subtitle(language, count, long),
        _days(count),
        tuple(values),
        words["pending requests"],
        thresholds=thresholds,
        language=language,
    )


def opinions(language: str) -> Donut:
    """Return one reviewer's opinions."""
    words = WORDS[language]
    slices = (Slice(words["approved"], 112, "good"), Slice(words["rejected"], 231, "bad"))
    return Donut(words["opinions"], _subtitle(language, 90), slices, "343", words["opinions in all"], language)


def stream(language: str) -> Donut:
    """Return what became of a stream's levels."""
    words = WORDS[language]
    slices = (
        Slice(words["approved"], 9, "good"),
        Slice(words["rejected"], 14, "bad"),
        Slice(words["later"], 3, "later"),
        Slice(words["not reviewed"], 6, "idle"),
    )
    return Donut(words["stream"], _subtitle(language, 1), slices, "32", words["levels"], language)


def no_opinions(language: str) -> Donut:
    """Return a reviewer without opinions."""
    words = WORDS[language]
    slices = (Slice(words["approved"], 0, "good"), Slice(words["rejected"], 0, "bad"))
    return Donut(words["opinions"], _subtitle(language, 30), slices, "0", words["opinions in all"], language)


def activity(language: str, count: int = 90, persons: int = 11) -> Lines:
    """Return reviews a day of several persons, and the others together."""
    words, chance = WORDS[language], random.Random(2)
    series = [
        Series(name, tuple(int(max(0, chance.gauss(9 - at * 0.75, 2.2))) for _ in range(count)))
        for at, name in enumerate(NAMES[:persons])
    ]
    series.sort(key=lambda one: -sum(one.values))
    if persons == len(NAMES):
        series.append(Series(words["others"], tuple(chance.randint(0, 4) for _ in range(count)), is_rest=True))
    long = "Nov 21, 2021 – Nov 20, 2026" if language == "en" else "21 ноября 2021 г. – 20 ноября 2026 г."
    return Lines(
        words["activity"],
        _subtitle(language, count, long),
        _days(count),
        tuple(series),
        words["reviews per day"],
        wider=Wider(words["reviews per week"], words["reviews per month"]),
        language=language,
    )


def all_examples() -> dict[str, Chart]:
    """Return every picture of docs/images/charts by its name."""
    found: dict[str, Chart] = {}
    for language in WORDS:
        found |= {
            f"new-requests-{language}": requests(language, 30),
            f"pending-requests-{language}": pending(language),
            f"reviewer-opinions-{language}": opinions(language),
            f"review-activity-{language}": activity(language, 30),
            f"stream-{language}": stream(language),
        }
    return found | {
        "new-requests-weekly-ru": weekly_requests("ru"),
        "new-requests-five-years-en": requests("en", 1826),
        "new-requests-one-day-en": requests("en", 1),
        "new-requests-week-ru": requests("ru", 7),
        "new-requests-year-en": requests("en", 366),
        "new-requests-none-en": no_requests("en"),
        "pending-requests-one-day-ru": pending("ru", 1),
        "pending-requests-five-years-ru": pending("ru", 1826),
        "reviewer-opinions-none-ru": no_opinions("ru"),
        "review-activity-three-ru": activity("ru", 30, 3),
        "review-activity-one-day-en": activity("en", 1),
        "review-activity-five-years-en": activity("en", 1826),
    }
