"""Discord's timestamps."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from util.timestamps import discord_timestamp


def test_a_moment_is_written_in_seconds_since_1970_whatever_its_zone():
    moment = datetime(2026, 3, 1, 15, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=3)))
    assert discord_timestamp(moment) == "<t:1772366400:f>"
    assert discord_timestamp(moment, "R") == "<t:1772366400:R>"


def test_moments_before_1970_are_rounded_down():
    assert discord_timestamp(datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)) == "<t:-1:f>"


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="naive"):
        discord_timestamp(datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))
