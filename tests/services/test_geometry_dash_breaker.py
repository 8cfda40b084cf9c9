"""Leaving a failing server alone."""

import pytest

from services.geometry_dash.breaker import Breaker, BreakerState
from tests.fakes.clock import SteerableClock


@pytest.fixture
def clock():
    return SteerableClock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock, threshold=3, pause=30)


def open_it(breaker):
    for permit in [breaker.admit() for _ in range(3)]:
        breaker.fail(permit)


def test_failures_below_the_threshold_change_nothing(breaker):
    for _ in range(2):
        breaker.fail(breaker.admit())
    assert breaker.state is BreakerState.CLOSED
    assert not breaker.refuses


def test_nothing_is_admitted_until_the_pause_is_over_and_then_one_call(breaker, clock):
    open_it(breaker)
    clock.advance(29.5)
    assert breaker.admit() is None
    clock.advance(0.5)
    assert breaker.admit().is_probe
    assert breaker.admit() is None


def test_a_late_failure_of_an_earlier_call_does_not_prolong_the_pause(breaker, clock):
    late = breaker.admit()
    open_it(breaker)
    clock.advance(20)
    breaker.fail(late)
    assert breaker.seconds_left == 10


def test_a_late_failure_of_an_earlier_call_does_not_end_the_probe(breaker, clock):
    late = breaker.admit()
    open_it(breaker)
    clock.advance(30)
    breaker.admit()
    breaker.fail(late)
    assert breaker.state is BreakerState.PROBING


def test_a_late_answer_of_an_earlier_call_proves_that_the_server_works(breaker):
    breaker.admit()
    open_it(breaker)
    breaker.succeed()
    assert breaker.state is BreakerState.CLOSED
    assert breaker.failures_in_row == 0
