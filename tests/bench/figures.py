"""Measured times and the table that they end up in."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


def percentile(times: Sequence[float], share: float) -> float:
    """Return the time below which this share of the times lies."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(times: Sequence[float]) -> float:
    """Return the time in the middle."""
    return statistics.median(times)


def shown(seconds: float) -> str:
    """Write a time as people read it."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.001 else f"{seconds * 1000:.2f} ms"


@dataclass(frozen=True)
class Row:
    """One line: what was measured, beside what it is held against, and at most how many times that it may be.

    `most` None: a figure without a target. `met` where the target is no ratio.
    """

    what: str
    measured: str
    against: str = ""
    ratio: float | None = None
    most: float | None = None
    target: str = ""
    met: bool | None = None

    @property
    def is_missed(self) -> bool:
        """Whether there is a target and it was not met."""
        if self.met is not None:
            return not self.met
        return self.most is not None and self.ratio is not None and self.ratio > self.most

    def cells(self) -> tuple[str, ...]:
        """Return the line's cells."""
        target = self.target or ("" if self.most is None else f"≤ {self.most:g} ×")
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} ×"
        verdict = "" if not target else "missed" if self.is_missed else "met"
        return self.what, self.measured, self.against, ratio, target, verdict


HEAD = ("what", "measured", "against", "ratio", "target", "")


def compared(what: str, times: float, base: float, most: float | None, against: str = "") -> Row:
    """Make a line of two times."""
    return Row(what, shown(times), f"{shown(base)} {against}".strip(), times / base, most)


@dataclass
class Section:
    """The lines of one measurement with what has to be said about them."""

    title: str
    rows: list[Row] = field(default_factory=list[Row])
    notes: list[str] = field(default_factory=list[str])

    def text(self) -> str:
        """Return the section for a terminal."""
        table = [HEAD, *(row.cells() for row in self.rows)]
        widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
        return "\n".join([f"{self.title}", *lines, *self.notes, ""])

    def markdown(self) -> str:
        """Return the section for a document."""
        lines = [f"| {' | '.join(cells)} |" for cells in (HEAD, ("---",) * len(HEAD), *(row.cells() for row in self.rows))]
        notes = [f"\n{note}" for note in self.notes]
        return "\n".join([f"### {self.title}\n", *lines, *notes, ""])
