"""How much of what can be tried is tried: samples in `make test`, everything in `make thorough`."""

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

_Case = TypeVar("_Case")
THOROUGH = bool(os.environ.get("THOROUGH"))
"""Whether every case is tried, however long it takes."""
HOWEVER_LONG = pytest.mark.timeout(1_800 if THOROUGH else 120)
"""Marks tests that try a great deal one after another in a thorough run."""


def some(cases: Sequence[_Case], every: int) -> Sequence[_Case]:
    """Return every so-manieth of the cases, beginning with the first and ending with the last; all of them in a thorough run."""
    if THOROUGH or not cases:
        return cases
    chosen = list(cases[::every])
    return chosen if (len(cases) - 1) % every == 0 else [*chosen, cases[-1]]
