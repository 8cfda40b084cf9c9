"""Fixtures of the panel's tests: the guild of the tests of requests."""

from tests.facades.requests.conftest import world

__all__ = ["world"]
