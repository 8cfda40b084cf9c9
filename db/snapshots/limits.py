"""How much of a file is taken."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How large a file, and what it unpacks to, may be (bytes), and how long checking may take (seconds)."""

    packed: int = 1 << 30
    unpacked: int = 4 << 30
    seconds: float = 600.0
