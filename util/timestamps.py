"""Moments written so that Discord shows them in each reader's own time zone and language."""

import math
from datetime import datetime
from typing import Literal

TimestampStyle = Literal["t", "T", "d", "D", "f", "F", "R"]


def discord_timestamp(moment: datetime, style: TimestampStyle = "f") -> str:
    """Return `<t:unix:style>` for an aware moment, whole seconds. Raises `ValueError` for a naive one.

    Styles: `t T` time, `d D` date, `f F` both, `R` relative (Discord's reference, "Timestamp Styles").
    """
    if moment.tzinfo is None:
        raise ValueError("a naive moment could be of any time zone")
    return f"<t:{math.floor(moment.timestamp())}:{style}>"
