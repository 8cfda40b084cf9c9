"""Which version of the bot this is. The one place where it is written down is pyproject.toml."""

import tomllib
from functools import cache
from pathlib import Path

from config.paths import ROOT

SHORT = 10
"""Characters of a git revision that tell it from others."""


@cache
def version() -> str:
    """Return the version, for example `1.2.0`."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


@cache
def revision(root: Path = ROOT) -> str | None:
    """Return the git revision that is checked out, shortened; None where the bot was not cloned."""
    git = root / ".git"
    try:
        head = (git / "HEAD").read_text("utf-8").strip()
        if not head.startswith("ref: "):
            return head[:SHORT]
        name = head.removeprefix("ref: ")
        if (git / name).exists():
            return (git / name).read_text("utf-8").strip()[:SHORT]
        packed = (git / "packed-refs").read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((line.split()[0][:SHORT] for line in packed if line.endswith(f" {name}")), None)
