"""`/help duration` and `/help timestamp`: the rules, and examples with what they mean at this moment."""

from datetime import datetime
from typing import Final

from babel.dates import format_datetime

from config.guild_settings import GuildSettings
from util.durations import parse_duration
from util.identifiers import Parameter
from util.moments import parse_moment
from util.phrases import Raw
from util.texts import Text

DURATIONS: Final = ("30min", "12h", "1w2d", "1q2m4d", "inf")
MOMENTS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("now", "today", "18:00", "yesterday 18:00", "last monday", "3 days ago", "-2h", "2024-06-13 18:00"),
    "ru": ("сейчас", "сегодня", "18:00", "вчера в 18:00", "в прошлый понедельник", "3 дня назад", "-2h", "13.06.2024 18:00"),
}
"""By language; others are shown the English ones."""


def duration_help(settings: GuildSettings, language: str, now: datetime) -> str:
    """Explain durations."""
    lines = [settings.say(Text.HELP_DURATION, language), "", settings.say(Text.HELP_NOW_HEADING, language)]
    for typed in DURATIONS:
        duration = parse_duration(typed)
        until = duration.end_after(now)
        key = Text.HELP_DURATION_EXAMPLE_ENDLESS if until is None else Text.HELP_DURATION_EXAMPLE
        shown = {} if until is None else {"until": until}
        lines.append(settings.say(key, language, typed=Raw(typed), duration=duration, **shown))
    return "\n".join(lines)


def timestamp_help(settings: GuildSettings, language: str, now: datetime) -> str:
    """Explain moments, in the guild's time zone."""
    zone = settings.time_zone
    local = format_datetime(now.astimezone(zone), "medium", locale=language)
    lines = [
        settings.say(Text.HELP_TIMESTAMP, language),
        "",
        settings.say(
            Text.HELP_TIMESTAMP_ZONE,
            language,
            zone=Raw(zone.key),
            parameter=Raw(Parameter.GUILD_TIME_ZONE.value),
            now=local,
        ),
        "",
        settings.say(Text.HELP_NOW_HEADING, language),
    ]
    for typed in MOMENTS.get(language, MOMENTS["en"]):
        lines.append(settings.say(Text.HELP_TIMESTAMP_EXAMPLE, language, typed=Raw(typed), moment=parse_moment(typed, zone, now)))
    return "\n".join(lines)
