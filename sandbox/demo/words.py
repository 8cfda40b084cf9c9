"""What people read on buttons, forms and lists, in the language of whoever reads it, and the names that `/setup` gives."""

from typing import Final

# Channels and roles
GENERAL: Final = "general"
LOG: Final = "bot-log"
PENDING: Final = "pending-requests"
RESOLUTIONS: Final = "resolutions"
REVIEWS: Final = "level-reviews"
APPROVED: Final = "approved-levels"
REJECTED: Final = "rejected-levels"
TRAINEES: Final = "trainee-reviews"
ARCHIVE: Final = "request-archive"
QUEUE: Final = "request-queue"
CHANNELS: Final = (LOG, PENDING, RESOLUTIONS, REVIEWS, APPROVED, REJECTED, TRAINEES, ARCHIVE, QUEUE)
ROLES: Final = ("Reviewer", "Trainee Reviewer", "Trainee Curator", "GD Moderator")
PING_ROLE: Final = "Level Requests"

# The setup assistant
CREATE_MISSING: Final = "Create everything that is missing"
SETUP_PAGES: Final = "What do you want to set up?"
PING_PAGE: Final = "Ping role of the queue"
PICK_PING_ROLE: Final = "Which role is pinged? None is possible too"

# Forms
SHOWCASE: Final = "Showcase on YouTube"
COMMENT: Final = "Comment"
SHOWCASE_RU: Final = "Видео на YouTube"
COMMENT_RU: Final = "Комментарий"
REVIEW: Final = "Review"
REASON: Final = "Reason for rejecting"
REASON_OPTIONAL: Final = "Reason for rejecting (optional)"
DECISION_COMMENT: Final = "Comment (optional)"
FEEDBACK: Final = "Feedback for the trainee (optional)"

# Buttons
AGAIN: Final = "Open the form again"
CONTINUE: Final = "Continue"
APPROVE: Final = "✅ Approve"
REJECT: Final = "❌ Reject"
APPROVE_REVIEW: Final = "✅ Approve with review"
REJECT_REVIEW: Final = "❌ Reject with review"
STAR_RATE: Final = "⭐ Star rate"
FEATURE: Final = "🌟 Feature"
EPIC: Final = "🔥 Epic"
VERDICTS: Final = (STAR_RATE, FEATURE, EPIC, "💠 Mythic", "👑 Legendary", REJECT)
OPINIONS: Final = (APPROVE, REJECT, APPROVE_REVIEW, REJECT_REVIEW)

# Colours of cards
YELLOW: Final = 0x979B1F
RED: Final = 0x990000
GREEN: Final = 0x128611
GREY: Final = 0x666666
