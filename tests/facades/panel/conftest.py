"""Fixtures of the panel's tests: the guild of the tests of requests."""

from tests.facades.requests.conftest import racing_world, world

__all__ = ["racing_world", "world"]
