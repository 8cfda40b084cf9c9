"""The bot's process killed at every boundary of the flow, and what must be true afterwards."""

import pytest

pytest.register_assert_rewrite("tests.e2e.crash.checks", "tests.e2e.crash.play")
