"""`python -m tests.bench [names…] [--quick] [--write]`: measure and print tables; put them into docs/performance.md if asked."""

import argparse
import asyncio
import importlib
import os
import platform
import signal
import sys
from importlib.metadata import version

from config.paths import ROOT
from tests.bench.figures import Section

ITEMS = ("answers", "statements", "burst", "disturbed", "sizes", "starting", "guilds")
DOCUMENT = ROOT / "docs" / "performance.md"
BEGINNING, END = "<!-- measured -->", "<!-- end of what was measured -->"


def machine() -> str:
    """Describe what it was measured on."""
    import psutil

    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("discord.py", "aiohttp", "SQLAlchemy", "aiosqlite"))
    python = f"Python {platform.python_version()}, {libraries}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, {python}"


def put_into_document(sections: list[Section]) -> None:
    """Put the tables in the place of those that the document has."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGINNING)
    _, _, after = rest.partition(END)
    tables = "\n".join(section.markdown() for section in sections)
    DOCUMENT.write_text(f"{before}{BEGINNING}\nMeasured on: {machine()}.\n\n{tables}{END}{after}", "utf-8")


def main() -> int:
    """Measure what is asked for; return how many targets were missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ITEMS, []], help="what to measure; everything by default")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to see whether it works")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    asked = parser.parse_args()
    # Whoever ends this also ends the bots that it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"On {machine()}; load {os.getloadavg()[0]:.1f}.\n", flush=True)  # noqa: T201
    sections: list[Section] = []
    for name in asked.names or ITEMS:
        found: list[Section] = asyncio.run(importlib.import_module(f"tests.bench.{name}").measure(asked.quick))
        for section in found:
            print(section.text(), flush=True)  # noqa: T201
        sections += found
    if asked.write:
        put_into_document(sections)
    return sum(row.is_missed for section in sections for row in section.rows)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
