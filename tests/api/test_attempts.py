"""The limit on wrong tokens, and whom a request is counted for."""

import pytest
from starlette.requests import Request

from api.attempts import MOST_WRONG, SPAN, Attempts
from api.client_address import ClientAddresses
from tests.fakes.clock import SteerableClock
from util.networks import parse_networks


@pytest.fixture
def clock() -> SteerableClock:
    return SteerableClock()


@pytest.fixture
def attempts(clock: SteerableClock) -> Attempts:
    return Attempts(clock.monotonic, most_addresses=50)


def exhaust(attempts: Attempts, address: str) -> None:
    for _ in range(MOST_WRONG):
        assert attempts.seconds_to_wait(address) == 0
        attempts.note(address)


def test_after_so_many_wrong_tokens_an_address_waits_for_the_rest_of_the_span(attempts: Attempts, clock: SteerableClock) -> None:
    exhaust(attempts, "192.0.2.1")
    clock.advance(SPAN - 10)
    assert attempts.seconds_to_wait("192.0.2.1") == 10
    assert attempts.seconds_to_wait("192.0.2.2") == 0
    clock.advance(10)
    exhaust(attempts, "192.0.2.1")


def test_a_few_wrong_tokens_are_forgotten(attempts: Attempts, clock: SteerableClock) -> None:
    for _ in range(MOST_WRONG - 1):
        attempts.note("192.0.2.1")
    clock.advance(SPAN)
    exhaust(attempts, "192.0.2.1")


def test_one_network_of_ipv6_counts_as_one_address(attempts: Attempts) -> None:
    for number in range(MOST_WRONG):
        attempts.note(f"2001:db8::{number}:1")
    assert attempts.seconds_to_wait("2001:db8::ffff") > 0
    assert attempts.seconds_to_wait("2001:db8:0:1::1") == 0


def test_an_ipv4_address_is_the_same_however_it_is_written(attempts: Attempts) -> None:
    exhaust(attempts, "::ffff:192.0.2.1")
    assert attempts.seconds_to_wait("192.0.2.1") > 0
    assert attempts.seconds_to_wait("::ffff:192.0.2.2") == 0


def test_memory_is_bounded(attempts: Attempts) -> None:
    for number in range(1000):
        attempts.note(f"10.0.{number // 250}.{number % 250}")
    assert len(attempts) == 50


def request(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "client": None if peer is None else (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("198.51.100.1", (), "198.51.100.1"),
        (None, ("203.0.113.9",), "unknown"),
        ("198.51.100.1", ("203.0.113.9",), "198.51.100.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("1.1.1.1, 203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("1.1.1.1", "203.0.113.9, 192.0.2.7"), "203.0.113.9"),
        ("10.0.0.1", ("203.0.113.9, nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("nonsense, 192.0.2.7",), "192.0.2.7"),
        ("10.0.0.1", ("2001:db8::5",), "2001:db8::5"),
    ],
)
def test_only_trusted_proxies_say_for_whom_they_speak(peer: str | None, forwarded: tuple[str, ...], found: str) -> None:
    addresses = ClientAddresses(parse_networks("10.0.0.0/8, 192.0.2.7"))
    assert addresses.of(request(peer, *forwarded)) == found


def test_without_proxies_nobody_is_trusted() -> None:
    assert parse_networks("") == parse_networks(" , ") == ()
    with pytest.raises(ValueError, match="proxy"):
        parse_networks("proxy.example")
