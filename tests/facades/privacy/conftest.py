"""Fixtures of the tests about members' data."""

from collections.abc import AsyncIterator

import pytest

from tests.facades.requests.world import RequestWorld


@pytest.fixture
async def world(any_address: str) -> AsyncIterator[RequestWorld]:
    """A guild whose routes lead to channels, once on SQLite and once on PostgreSQL."""
    made = RequestWorld(any_address)
    await made.routes()
    yield made
    await made.app.database.close()


@pytest.fixture
async def sqlite_world(sqlite_address: str) -> AsyncIterator[RequestWorld]:
    """The same on a SQLite file."""
    made = RequestWorld(sqlite_address)
    await made.routes()
    yield made
    await made.app.database.close()
