"""Fixtures of the delivery tests."""

from collections.abc import AsyncIterator

import pytest

from tests.facades.delivery.world import DeliveryWorld


@pytest.fixture
async def world(any_address: str) -> AsyncIterator[DeliveryWorld]:
    """A guild whose routes lead to channels, on either database."""
    made = DeliveryWorld(any_address)
    await made.routes()
    yield made
    await made.app.database.close()
