"""Durations as people type them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from util.durations import (
    ENDLESS,
    LONGEST,
    ZERO,
    BadDuration,
    BadDurationReason,
    Duration,
    RelativeDuration,
    encode_cooldown_change,
    encode_duration,
    parse_cooldown_change,
    parse_duration,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
finite = st.integers(0, int(LONGEST.total_seconds())).map(lambda seconds: Duration(timedelta(seconds=seconds)))
durations = finite | st.just(ENDLESS)
changes = durations | st.integers(-int(LONGEST.total_seconds()), int(LONGEST.total_seconds())).map(
    lambda seconds: RelativeDuration(timedelta(seconds=seconds))
)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0", timedelta()),
        ("000", timedelta()),
        ("0d", timedelta()),
        ("45s", timedelta(seconds=45)),
        ("5min", timedelta(minutes=5)),
        ("5m", timedelta(days=150)),
        ("2h", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
        ("1w", timedelta(weeks=1)),
        ("1q2m4d", timedelta(days=90 + 60 + 4)),
        ("1y", timedelta(days=365)),
        ("4d2m1q", timedelta(days=90 + 60 + 4)),
        ("1m1min", timedelta(days=30, minutes=1)),
        ("  1Q 2M 4 D ", timedelta(days=154)),
        ("007d", timedelta(days=7)),
        ("1MIN", timedelta(minutes=1)),
    ],
)
def test_amounts_with_units_add_up(text, span):
    assert parse_duration(text) == Duration(span)


@pytest.mark.parametrize("text", ["inf", "INF", " Inf "])
def test_inf_is_endless(text):
    assert parse_duration(text) == ENDLESS
    assert parse_duration(text).is_endless


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", BadDurationReason.EMPTY),
        ("   ", BadDurationReason.EMPTY),
        ("5", BadDurationReason.MISSING_UNIT),
        ("1d5", BadDurationReason.MISSING_UNIT),
        ("d", BadDurationReason.MALFORMED),
        ("1.5d", BadDurationReason.MALFORMED),
        ("1d,2h", BadDurationReason.MALFORMED),
        ("١d", BadDurationReason.MALFORMED),
        ("1d-2h", BadDurationReason.MALFORMED),
        ("1x", BadDurationReason.UNKNOWN_UNIT),
        ("1мин", BadDurationReason.UNKNOWN_UNIT),
        ("1infd", BadDurationReason.UNKNOWN_UNIT),
        ("1d1d", BadDurationReason.REPEATED_UNIT),
        ("1d2D", BadDurationReason.REPEATED_UNIT),
        ("9999y", BadDurationReason.TOO_LONG),
        ("9" * 5_000 + "s", BadDurationReason.TOO_LONG),
        ("+1d", BadDurationReason.SIGN_NOT_ALLOWED),
        ("-1d", BadDurationReason.SIGN_NOT_ALLOWED),
    ],
)
def test_what_is_no_duration_is_refused_with_its_reason(text, reason):
    with pytest.raises(BadDuration) as caught:
        parse_duration(text)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("+1w", timedelta(weeks=1)),
        ("-3d", -timedelta(days=3)),
        ("+ 1h", timedelta(hours=1)),
        ("−1d", -timedelta(days=1)),
        ("–1d", -timedelta(days=1)),
        ("+0", timedelta()),
    ],
)
def test_a_sign_makes_a_duration_relative(text, change):
    assert parse_cooldown_change(text) == RelativeDuration(change)


def test_without_a_sign_a_cooldown_change_is_a_duration():
    assert parse_cooldown_change("1w") == Duration(timedelta(weeks=1))
    assert parse_cooldown_change("inf") == ENDLESS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+inf", BadDurationReason.ENDLESS_CHANGE),
        ("-inf", BadDurationReason.ENDLESS_CHANGE),
        ("+", BadDurationReason.EMPTY),
        ("++1d", BadDurationReason.MALFORMED),
        ("+99999y", BadDurationReason.TOO_LONG),
    ],
)
def test_bad_relative_durations_are_refused(text, reason):
    with pytest.raises(BadDuration) as caught:
        parse_cooldown_change(text)
    assert caught.value.reason is reason


@given(durations)
def test_an_encoded_duration_reads_back_the_same(duration):
    assert parse_duration(encode_duration(duration)) == duration


@given(changes)
def test_an_encoded_change_reads_back_the_same(change):
    assert parse_cooldown_change(encode_cooldown_change(change)) == change


@given(st.text() | st.text("0123456789 +-smhdwqyinf", max_size=30))
def test_any_text_is_a_change_or_a_bad_duration(text):
    with suppress(BadDuration):
        change = parse_cooldown_change(text)
        assert parse_cooldown_change(encode_cooldown_change(change)) == change


def test_durations_are_encoded_with_the_largest_units_first():
    assert encode_duration(Duration(timedelta(days=154))) == "1q2m4d"
    assert encode_duration(Duration(timedelta(days=7, seconds=61))) == "1w1min1s"
    assert encode_duration(ZERO) == "0"
    assert encode_duration(ENDLESS) == "inf"
    assert encode_cooldown_change(RelativeDuration(-timedelta(hours=5))) == "-5h"


@given(finite, st.integers(0, 25_000).map(lambda days: NOW + timedelta(days=days)))
def test_every_duration_has_an_end_that_a_date_can_hold(duration, start):
    assert duration.end_after(start) == start + duration.span


def test_an_endless_duration_has_no_end():
    assert ENDLESS.end_after(NOW) is None


def test_an_end_beyond_what_a_date_can_hold_is_refused():
    late = datetime(9999, 12, 31, tzinfo=UTC)
    for shift in (Duration(timedelta(days=2)).end_after, RelativeDuration(timedelta(days=2)).applied_to):
        with pytest.raises(BadDuration) as caught:
            shift(late)
        assert caught.value.reason is BadDurationReason.TOO_LONG
    with pytest.raises(BadDuration):
        RelativeDuration(-LONGEST).applied_to(NOW)


def test_a_relative_duration_moves_an_end_both_ways():
    assert RelativeDuration(timedelta(days=1)).applied_to(NOW) == NOW + timedelta(days=1)
    assert RelativeDuration(-timedelta(days=1)).applied_to(NOW) == NOW - timedelta(days=1)
    assert RelativeDuration(timedelta()).is_extension
    assert not RelativeDuration(-timedelta(1)).is_extension


def test_negative_and_fractional_spans_are_no_durations():
    for span in (timedelta(seconds=-1), timedelta(milliseconds=5)):
        with pytest.raises(ValueError, match="whole seconds"):
            Duration(span)
