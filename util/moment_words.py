"""The words that people use for moments, in the languages that are understood; a language more is words more here."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Unit:
    """What a word for a span adds: calendar months, days on the wall clock, or exact seconds."""

    months: int = 0
    days: int = 0
    seconds: int = 0


NOW: Final = frozenset({"now", "right now", "сейчас"})
PAST: Final = frozenset({"last", "прошлый", "прошлую", "прошлая", "прошлое"})
NEXT: Final = frozenset({"next", "следующий", "следующую", "следующая", "следующее"})

DAYS: Final[dict[str, int]] = {
    "day before yesterday": -2,
    "the day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
    "позавчера": -2,
    "вчера": -1,
    "сегодня": 0,
    "завтра": 1,
    "послезавтра": 2,
}

_UNIT_WORDS: Final[dict[Unit, str]] = {
    Unit(seconds=1): "s sec secs second seconds с сек секунда секунду секунды секунд",
    Unit(seconds=60): "min mins minute minutes мин минута минуту минуты минут",
    Unit(seconds=3_600): "h hr hrs hour hours ч час часа часов",
    Unit(days=1): "d day days д дн день дня дней",
    Unit(days=7): "w week weeks нед неделя неделю недели недель",
    Unit(months=1): "month months мес месяц месяца месяцев",
    Unit(months=12): "y year years г год года лет",
}
UNITS: Final[dict[str, Unit]] = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}

_WEEKDAY_WORDS: Final = (
    "monday mon понедельник пн",
    "tuesday tue вторник вт",
    "wednesday wed среда среду ср",
    "thursday thu четверг чт",
    "friday fri пятница пятницу пт",
    "saturday sat суббота субботу сб",
    "sunday sun воскресенье вс",
)
WEEKDAYS: Final[dict[str, int]] = {word: number for number, words in enumerate(_WEEKDAY_WORDS) for word in words.split()}

_MONTH_WORDS: Final = (
    "january jan января янв",
    "february feb февраля фев",
    "march mar марта мар",
    "april apr апреля апр",
    "may мая",
    "june jun июня июн",
    "july jul июля июл",
    "august aug августа авг",
    "september sep sept сентября сен",
    "october oct октября окт",
    "november nov ноября ноя",
    "december dec декабря дек",
)
MONTHS: Final[dict[str, int]] = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
