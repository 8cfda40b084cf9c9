"""For how long a process wanted to run and had no processor: on a busy machine that, not the bot, makes answers late."""

import contextlib
import os
from pathlib import Path


def waited_for_cpu(pid: int | None) -> float:
    """Return the seconds that a process and this one have waited for a processor so far, each by its hungriest thread."""
    found = 0.0
    for one in (os.getpid(), pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            tasks = Path(f"/proc/{one}/task").iterdir()
            found += max(int((task / "schedstat").read_text().split()[1]) for task in tasks) / 1e9
    return found
