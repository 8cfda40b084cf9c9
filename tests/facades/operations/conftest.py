"""Fixtures of the tests of operations."""

from collections.abc import AsyncIterator

import pytest

from facades.operations.report_error import reports_written
from tests.facades.delivery.world import DeliveryWorld


@pytest.fixture
async def world(any_address: str) -> AsyncIterator[DeliveryWorld]:
    """An app on either database, with a fake Discord and a clock that stands still."""
    made = DeliveryWorld(any_address)
    yield made
    await reports_written()
    await made.app.database.close()
