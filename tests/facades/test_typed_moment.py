"""Moments in options: the guild's time zone, and a refusal that says why."""

from datetime import UTC, datetime

import pytest

from config.guild_settings import GuildSettings
from facades.typed_moment import MomentRefused, read_moment
from util.identifiers import Parameter
from util.moments import BadMomentReason

NOW = datetime(2024, 6, 13, 10, 30, tzinfo=UTC)
TOKYO = GuildSettings(1, parameters={Parameter.GUILD_TIME_ZONE: "Asia/Tokyo"})
TYPED = {
    BadMomentReason.EMPTY: " ",
    BadMomentReason.UNKNOWN: "soon `@everyone`",
    BadMomentReason.AMBIGUOUS_DATE: "01/02/2024",
    BadMomentReason.NO_DIRECTION: "3d",
    BadMomentReason.NO_SUCH_DATE: "31.06.2024",
    BadMomentReason.NO_SUCH_TIME: "25:00",
    BadMomentReason.OUT_OF_RANGE: "1900-01-01",
}


def test_a_moment_is_read_in_the_time_zone_of_the_guild() -> None:
    assert read_moment("2024-06-13 18:00", TOKYO, NOW) == datetime(2024, 6, 13, 9, tzinfo=UTC)
    assert read_moment("2024-06-13 18:00", GuildSettings(1), NOW) == datetime(2024, 6, 13, 18, tzinfo=UTC)


@pytest.mark.parametrize("reason", BadMomentReason)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_reason_has_its_words(reason: BadMomentReason, language: str) -> None:
    with pytest.raises(MomentRefused) as refused:
        read_moment(TYPED[reason], TOKYO, NOW)
    assert refused.value.reason is reason
    said = TOKYO.say(refused.value.phrase, language)
    assert TYPED[reason].split("`")[0].strip() in said
    assert "@everyone" not in said
