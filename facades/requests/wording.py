"""How values are shown in texts: enums by texts named like them, names of levels short and without effect."""

from enum import StrEnum

from util.identifiers import Verdict
from util.phrases import Raw, is_former
from util.plain_text import fit_plain
from util.texts import Text

LONGEST_NAME = 200


def shown_name(name: str) -> Raw:
    """Return the name of a level or a person for a message, escaped; a private game server may send one of any length."""
    return Raw(fit_plain(name, LONGEST_NAME))


def text_for(area: str, value: StrEnum | str) -> Text:
    """Return the text `<area>.<value>`."""
    return Text(f"{area}.{value}")


def verdict_name(verdict: Verdict) -> Text:
    """Return the name of a verdict, as in "Star rate"."""
    return text_for("verdict", verdict)


def verdict_emoji(verdict: Verdict) -> Text:
    """Return the emoji of a verdict."""
    return text_for("emoji.verdict", verdict)


def gone_text(author_id: int) -> Text:
    """Return what stands where a review's text is gone: its author had it erased, or the time for which it is kept is over."""
    return Text.PRIVACY_REVIEW_ERASED if is_former(author_id) else Text.PRIVACY_REVIEW_EXPIRED
