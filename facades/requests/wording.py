"""The texts for values of enums, found by the value's name."""

from enum import StrEnum

from util.identifiers import Verdict
from util.texts import Text


def text_for(area: str, value: StrEnum | str) -> Text:
    """Return the text `<area>.<value>`."""
    return Text(f"{area}.{value}")


def verdict_name(verdict: Verdict) -> Text:
    """Return the name of a verdict, as in "Star rate"."""
    return text_for("verdict", verdict)


def verdict_emoji(verdict: Verdict) -> Text:
    """Return the emoji of a verdict."""
    return text_for("emoji.verdict", verdict)
