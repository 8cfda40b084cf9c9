"""Moments that people type into options, in their guild's time zone."""

from datetime import datetime
from typing import Final

from config.guild_settings import GuildSettings
from util.errors import BadInput
from util.moments import BadMoment, BadMomentReason, parse_moment
from util.texts import Text

_REFUSALS: Final[dict[BadMomentReason, Text]] = {
    BadMomentReason.EMPTY: Text.MOMENT_REFUSED_EMPTY,
    BadMomentReason.UNKNOWN: Text.MOMENT_REFUSED_UNKNOWN,
    BadMomentReason.AMBIGUOUS_DATE: Text.MOMENT_REFUSED_AMBIGUOUS_DATE,
    BadMomentReason.NO_DIRECTION: Text.MOMENT_REFUSED_NO_DIRECTION,
    BadMomentReason.NO_SUCH_DATE: Text.MOMENT_REFUSED_NO_SUCH_DATE,
    BadMomentReason.NO_SUCH_TIME: Text.MOMENT_REFUSED_NO_SUCH_TIME,
    BadMomentReason.OUT_OF_RANGE: Text.MOMENT_REFUSED_OUT_OF_RANGE,
}


class MomentRefused(BadInput):
    """A typed moment cannot be taken; `reason` says why."""

    def __init__(self, reason: BadMomentReason, typed: str) -> None:
        super().__init__(_REFUSALS[reason], value=typed[:100])
        self.reason = reason


def read_moment(typed: str, settings: GuildSettings, now: datetime) -> datetime:
    """Return the moment (UTC) that a typed text means in a guild. Raises `MomentRefused`."""
    try:
        return parse_moment(typed, settings.time_zone, now)
    except BadMoment as error:
        raise MomentRefused(error.reason, typed) from error
