"""Fixtures of the tests of the request flow."""

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
