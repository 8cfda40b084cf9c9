"""The keys of all texts. Made by `python -m config.text_enum` from `data/texts/en`; do not edit by hand."""

from enum import StrEnum


class Text(StrEnum):
    """A text of the catalogue; the value is its key in `data/texts/<language>/<area>.json`."""

    DURATION_DAYS = "duration.days"
    DURATION_ENDLESS = "duration.endless"
    DURATION_HOURS = "duration.hours"
    DURATION_MINUTES = "duration.minutes"
    DURATION_SECONDS = "duration.seconds"
    ERROR_BAD_OPTION = "error.bad_option"
    ERROR_FORBIDDEN = "error.forbidden"
    ERROR_GUILD_ONLY = "error.guild_only"
    ERROR_INTERNAL = "error.internal"
    ERROR_MODULE_OFF = "error.module_off"
    ERROR_NOT_FOUND = "error.not_found"
    ERROR_TOO_FAST = "error.too_fast"
    ERROR_UNAVAILABLE_DISCORD = "error.unavailable_discord"
    ERROR_UNKNOWN_ACTION = "error.unknown_action"
    ERROR_VALUE_BOOL = "error.value_bool"
    ERROR_VALUE_DURATION = "error.value_duration"
    ERROR_VALUE_LANGUAGE = "error.value_language"
    ERROR_VALUE_NATURAL = "error.value_natural"
    ERROR_VALUE_ROLE = "error.value_role"
    ERROR_VALUE_UINT = "error.value_uint"
    LANGUAGE_NAME = "language.name"
    LANGUAGE_OFFER = "language.offer"
    LANGUAGE_SET = "language.set"
    VALUE_FALSE = "value.false"
    VALUE_NONE = "value.none"
    VALUE_TRUE = "value.true"
