"""Values of parameters: what may be typed for each type, and that stored values come back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.values import MAX_NUMBER, ParameterValue, encode_value, parse_value, time_zones
from util.durations import Duration
from util.errors import BadInput
from util.identifiers import ParameterType
from util.texts import Text

N, U, B, D, R, L, Z = (
    ParameterType.NATURAL,
    ParameterType.UINT,
    ParameterType.BOOL,
    ParameterType.DURATION,
    ParameterType.ROLE,
    ParameterType.LANGUAGE,
    ParameterType.TIMEZONE,
)
ROLE = 123_456_789_012_345_678
REFUSALS = {
    N: Text.ERROR_VALUE_NATURAL,
    U: Text.ERROR_VALUE_UINT,
    B: Text.ERROR_VALUE_BOOL,
    D: Text.ERROR_VALUE_DURATION,
    R: Text.ERROR_VALUE_ROLE,
    L: Text.ERROR_VALUE_LANGUAGE,
    Z: Text.ERROR_VALUE_TIMEZONE,
}


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (N, "1", 1),
        (N, " 50 ", 50),
        (N, str(MAX_NUMBER), MAX_NUMBER),
        (U, "0", 0),
        (U, "007", 7),
        *((B, word, True) for word in ("true", "t", "yes", "y", "YES", "True")),
        *((B, word, False) for word in ("false", "f", "no", "n", "No")),
        (D, "3d", Duration(timedelta(days=3))),
        (D, "1w2d", Duration(timedelta(days=9))),
        (D, "0", Duration(timedelta())),
        (D, "inf", Duration(None)),
        (R, str(ROLE), ROLE),
        (R, f"<@&{ROLE}>", ROLE),
        (R, "none", None),
        (R, "UNSET", None),
        (L, "en", "en"),
        (L, "ru", "ru"),
        (Z, "UTC", "UTC"),
        (Z, "europe/berlin", "Europe/Berlin"),
        (Z, " America/New York ", "America/New_York"),
    ],
)
def test_a_typed_value_is_understood(kind: ParameterType, typed: str, value: ParameterValue) -> None:
    assert parse_value(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        *((N, typed) for typed in ("0", "-1", "1.5", "", "x", "１", "²", str(MAX_NUMBER + 1), "9" * 5000, "1_0", "+1")),
        *((U, typed) for typed in ("-1", "", "1e3", "٣")),
        *((B, typed) for typed in ("", "1", "maybe", "yess")),
        *((D, typed) for typed in ("", "3", "3x", "+3d", "-1d", "d", "9" * 400 + "d")),
        *((R, typed) for typed in ("", "5", "@admins", f"<@{ROLE}>", "<@&x>")),
        *((L, typed) for typed in ("", "EN", "xx", "../en")),
        *((Z, typed) for typed in ("", "Mars/Olympus", "+03:00", "../../etc/passwd", "Europe", "Factory", "localtime")),
    ],
)
def test_anything_else_is_refused_with_the_reason_of_its_type(kind: ParameterType, typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_value(kind, typed)
    assert caught.value.phrase.key is REFUSALS[kind]
    assert caught.value.phrase.parameters["value"] == typed.strip()


VALUES = st.one_of(
    st.tuples(st.just(N), st.integers(1, MAX_NUMBER)),
    st.tuples(st.just(U), st.integers(0, MAX_NUMBER)),
    st.tuples(st.just(B), st.booleans()),
    st.tuples(
        st.just(D), st.integers(0, 10**9).map(lambda seconds: Duration(timedelta(seconds=seconds))) | st.just(Duration(None))
    ),
    st.tuples(st.just(R), st.integers(10**14, 10**19) | st.none()),
    st.tuples(st.just(L), st.sampled_from(["en", "ru"])),
    st.tuples(st.just(Z), st.sampled_from(sorted(time_zones().values()))),
)


@given(VALUES)
def test_a_stored_value_comes_back(sample: tuple[ParameterType, ParameterValue]) -> None:
    kind, value = sample
    assert parse_value(kind, encode_value(value)) == value


def test_every_time_zone_can_be_opened() -> None:
    assert all(ZoneInfo(name) for name in time_zones().values())
