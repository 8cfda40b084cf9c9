"""Sixty members at once; `python -m tests.faults.load` lets two hundred act and looks at the memory too."""

import pytest

from tests.faults.load import load

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


async def test_sixty_members_at_once_are_all_answered_in_time() -> None:
    figures = await load(60, seconds=5.0, pause=1.5)
    assert figures.late == 0, str(figures)
    assert figures.interactions > 60, str(figures)
    assert len(figures.kinds) >= 5, str(figures)
