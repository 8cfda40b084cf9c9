"""Where the transcript is written: a terminal with colours, a file without, or nowhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import Enum
from typing import Any, Final, Protocol, TextIO

WIDTH: Final = 100


class Style(Enum):
    """How a piece of text stands out; the values are the numbers of ANSI's graphic renditions."""

    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    BLUE = "34"
    MAGENTA = "35"
    CYAN = "36"
    HEADING = "1;36"


class Sink(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> object:
        """Take a text."""
        ...

    def flush(self) -> object:
        """Let it be seen."""
        ...


class Screen:
    """Writes lines. `sink` None is nowhere; colour only when asked for."""

    def __init__(self, sink: Sink | None, *, colour: bool = False) -> None:
        self._sink = sink
        self._colour = colour

    def paint(self, text: str, *styles: Style) -> str:
        """Return a text with styles, or as it is where there is no colour."""
        if not self._colour or not styles:
            return text
        return f"\x1b[{';'.join(style.value for style in styles)}m{text}\x1b[0m"

    def tint(self, text: str, colour: int) -> str:
        """Return a text in a colour of Discord's (0xRRGGBB)."""
        if not self._colour:
            return text
        return f"\x1b[38;2;{colour >> 16 & 255};{colour >> 8 & 255};{colour & 255}m{text}\x1b[0m"

    def line(self, text: str = "") -> None:
        """Write one line."""
        if self._sink is None:
            return
        try:
            self._sink.write(f"{text.rstrip()}\n")
            self._sink.flush()
        except BrokenPipeError:
            # Whoever read this has gone; the play goes on and its exit code still tells how it went.
            self._sink = None

    def lines(self, texts: Iterable[str], *styles: Style, indent: str = "") -> None:
        """Write several lines, all of them with the same styles."""
        for text in texts:
            self.line(indent + self.paint(text, *styles))

    def heading(self, text: str) -> None:
        """Write a heading across the page."""
        self.line()
        self.line(self.paint(f"━━ {text} {'━' * max(3, WIDTH - len(text) - 4)}", Style.HEADING))

    def title(self, number: int, text: str) -> None:
        """Write the title of a step."""
        self.line()
        self.line(self.paint(f"{number:>2}. {text}", Style.BOLD))


def terminal() -> Screen:
    """Return the screen of this process: standard output, coloured when a person reads it."""
    output: TextIO = sys.stdout
    # Not every terminal knows every letter; one that does not shall not end the play.
    reconfigure: Any = getattr(output, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    colour = output.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return Screen(output, colour=colour)


def silence() -> Screen:
    """Return a screen that shows nothing."""
    return Screen(None)
