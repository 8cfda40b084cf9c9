"""How all charts look: colours, fonts and sizes.

The card is dark and opaque, so it looks the same on Discord's dark and light background. A picture is shown about 360 points wide
on phones, half of `WIDTH`: no text is smaller than 17. Blue and red, and the colours of lines, are told apart by the
colour-blind too.
"""

from typing import Any, Final

Figure = dict[str, Any]
"""What plotly.js draws: `data` and `layout`."""

WIDTH: Final = 720
HEIGHT: Final = 480
# Pixels of the picture for each pixel of the layout: 1,080 across, as many as phones and large screens show of it.
SCALE: Final = 1.5
EDGE: Final = 28

CARD: Final = "#1d212b"
GRID: Final = "#343b4b"
TEXT: Final = "#f1f4f9"
QUIET: Final = "#aeb7c7"
VALUE: Final = "#5fb0ff"
MARKED: Final = "#ff6a5c"
MARKED_BACKGROUND: Final = "rgba(255,106,92,0.30)"
UPPER: Final = "#ffb454"
LOWER: Final = "#4fd6b0"
REST: Final = "#8f99ab"

# Noto has most scripts in one style; the others are what systems without it have.
FONTS: Final = "Noto Sans, DejaVu Sans, Liberation Sans, Arial, Noto Color Emoji, sans-serif"
TITLE_SIZE: Final = 30
SUBTITLE_SIZE: Final = 20
LEGEND_SIZE: Final = 19
TICK_SIZE: Final = 18

TONES: Final = {"good": "#3fc9a3", "bad": "#ff6a5c", "later": "#f5c451", "idle": "#8f99ab"}

# After Okabe and Ito, lightened for a dark ground. Lines beyond these repeat the colours with another pattern.
LINE_COLOURS: Final = ("#5fb0ff", "#ffb020", "#3fd0a0", "#f58ac6", "#f4ea5c", "#ff7d54", "#c9b6ff")
LINE_PATTERNS: Final = ("solid", "9px,5px", "2px,4px")


def line_style(position: int) -> dict[str, Any]:
    """Return colour and pattern of the line at this position; the first 21 differ."""
    pattern = LINE_PATTERNS[position // len(LINE_COLOURS) % len(LINE_PATTERNS)]
    return {"color": LINE_COLOURS[position % len(LINE_COLOURS)], "dash": pattern}


def font(size: int, colour: str = TEXT, *, is_bold: bool = False) -> dict[str, Any]:
    """Describe a font for plotly.js."""
    return {"family": FONTS, "size": size, "color": colour, "weight": 700 if is_bold else 400}
