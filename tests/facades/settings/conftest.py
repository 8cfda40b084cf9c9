"""Fixtures of the settings tests."""

from collections.abc import AsyncIterator

import pytest

from tests.facades.settings.world import SettingsWorld


@pytest.fixture
async def world(any_address: str) -> AsyncIterator[SettingsWorld]:
    """Two guilds in which nothing is set, on either database."""
    made = SettingsWorld(any_address)
    yield made
    await made.app.database.close()
