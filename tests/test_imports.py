"""What a start does not need is not imported by it."""

import pytest

from tests.bench.starting import LATE, imported


@pytest.mark.parametrize("module", ["main", "bot"])
def test_a_start_leaves_what_few_need_until_it_is_used(module: str) -> None:
    needed_by_most = {"alembic", "prometheus_client"}
    assert set(imported(module)) <= needed_by_most, f"beside these, of {LATE}"
