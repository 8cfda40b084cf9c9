"""Fixtures of the tests of the request flow."""

from collections.abc import AsyncIterator

import pytest

from tests.facades.requests.world import RequestWorld


@pytest.fixture
async def world(sqlite_address: str) -> AsyncIterator[RequestWorld]:
    """A guild whose routes lead to channels, on a SQLite file."""
    made = RequestWorld(sqlite_address)
    await made.routes()
    yield made
    await made.app.database.close()


@pytest.fixture
async def racing_world(any_address: str) -> AsyncIterator[RequestWorld]:
    """The same, once on SQLite and once on PostgreSQL: races are settled differently there."""
    made = RequestWorld(any_address)
    await made.routes()
    yield made
    await made.app.database.close()
