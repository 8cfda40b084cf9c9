"""What people type into forms, tidied and held against its limits."""

from util.errors import BadInput
from util.markdown import strip_controls
from util.texts import Text

SHORTEST_REVIEW = 40
LONGEST_REVIEW = 4000
SHORTEST_REASON = 4
LONGEST_REASON = 400
LONGEST_FEEDBACK = 4000


class ReviewOutOfRange(BadInput):
    """A review is too short or too long."""

    def __init__(self) -> None:
        super().__init__(Text.REVIEW_REFUSED_LENGTH, least=SHORTEST_REVIEW, most=LONGEST_REVIEW)


class ReasonOutOfRange(BadInput):
    """A reason or a comment is too short or too long."""

    def __init__(self) -> None:
        super().__init__(Text.REASON_REFUSED_LENGTH, least=SHORTEST_REASON, most=LONGEST_REASON)


class FeedbackOutOfRange(BadInput):
    """Feedback is too long."""

    def __init__(self) -> None:
        super().__init__(Text.FEEDBACK_REFUSED_LENGTH, most=LONGEST_FEEDBACK)


def clean(text: str) -> str:
    """Remove what no database or reader can use: control characters, and white space around the text."""
    return strip_controls(text).strip()


def read_review(typed: str | None) -> str | None:
    """Return a review, None when there is none. Raises `ReviewOutOfRange`."""
    review = clean(typed or "")
    if review and not SHORTEST_REVIEW <= len(review) <= LONGEST_REVIEW:
        raise ReviewOutOfRange
    return review or None


def read_reason(typed: str | None) -> str | None:
    """Return a rejection reason or a comment, None when there is none. Raises `ReasonOutOfRange`."""
    reason = clean(typed or "")
    if reason and not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ReasonOutOfRange
    return reason or None


def read_feedback(typed: str | None) -> str | None:
    """Return feedback, None when there is none. Raises `FeedbackOutOfRange`."""
    feedback = clean(typed or "")
    if len(feedback) > LONGEST_FEEDBACK:
        raise FeedbackOutOfRange
    return feedback or None
