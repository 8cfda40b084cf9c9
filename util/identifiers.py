"""The names that code, configuration and database share: every key of the JSON configs is a member here."""

from enum import StrEnum


class Flag(StrEnum):
    """What a role may be bound to; the keys of `data/permission_flags.json`."""

    ADMIN = "admin"
    LOG_VIEWER = "log_viewer"
    REPORT_VIEWER = "report_viewer"
    REVIEWER = "reviewer"
    TRAINEE = "trainee"
    TRAINEE_SUPERVISOR = "trainee_supervisor"
    GD_MOD = "gd_mod"
    BAN_LEVELS = "ban_levels"
    BAN_USERS = "ban_users"
    NO_REQUEST_COOLDOWN = "no_request_cooldown"
    REQUEST_WHILE_QUEUE_CLOSED = "request_while_queue_closed"
    INSERT_REQUESTS = "insert_requests"
    REMOVE_OTHER_LEVEL_BANS = "remove_other_level_bans"
    REMOVE_OTHER_USER_BANS = "remove_other_user_bans"


class Route(StrEnum):
    """Where a kind of message goes; the keys of `data/routes.json`."""

    LOG = "log"
    PENDING_REQUEST = "pending_request"
    RESOLUTION = "resolution"
    APPROVAL_NOTIFICATION = "approval_notification"
    REJECTION_NOTIFICATION = "rejection_notification"
    REVIEW_TEXT = "review_text"
    TRAINEE_REVIEW_TEXT = "trainee_review_text"
    REQUESTS_CLOSED = "requests_closed"
    REQUESTS_REOPENED = "requests_reopened"
    ARCHIVE = "archive"
    STREAM_START_ANNOUNCEMENT = "stream_start_announcement"
    STREAM_END_GOODBYE = "stream_end_goodbye"


class Parameter(StrEnum):
    """What a guild may tune; the keys of `data/parameters.json`."""

    QUEUE_BLOCK_AT = "queue.block_at"
    QUEUE_UNBLOCK_AT = "queue.unblock_at"
    QUEUE_BLOCK_ENABLED = "queue.block_enabled"
    QUEUE_UNBLOCK_ENABLED = "queue.unblock_enabled"
    QUEUE_BLOCKED = "queue.blocked"
    QUEUE_PING_ROLE = "queue.ping_role"
    COOLDOWN_POST_REQUEST_USER_CD = "cooldown.post_request_user_cd"
    COOLDOWN_POST_REJECT_LEVEL_CD = "cooldown.post_reject_level_cd"
    REQUEST_APPEND_CONCLUSION_TO_REVIEW = "request.append_conclusion_to_review"
    REQUEST_APPEND_CONCLUSION_TO_FINAL_REVIEW = "request.append_conclusion_to_final_review"
    REQUEST_MIN_STARS_TO_REQUIRE_SHOWCASE = "request.min_stars_to_require_showcase"
    REQUEST_ALWAYS_REQUIRE_SHOWCASE = "request.always_require_showcase"
    TRAINEE_RESOLVED_REVIEWS_FOR_PROMOTION_DECISION = "trainee.resolved_reviews_for_promotion_decision"
    RETENTION_EVENTS = "retention.events"
    RETENTION_REVIEWS = "retention.reviews"
    STREAM_ACCOUNT = "stream.account"
    GUILD_LANGUAGE = "guild.language"
    GUILD_TIME_ZONE = "guild.time_zone"


class ParameterType(StrEnum):
    """What values a parameter takes."""

    NATURAL = "natural"
    UINT = "uint"
    BOOL = "bool"
    DURATION = "duration"
    ROLE = "role"
    MEMBER = "member"
    LANGUAGE = "language"
    TIMEZONE = "timezone"


class Module(StrEnum):
    """A part of the bot that a guild can switch on or off."""

    REQUESTS = "requests"


class Stage(StrEnum):
    """In which capacity somebody judged a request."""

    REVIEWER = "reviewer"
    TRAINEE = "trainee"
    MODERATOR = "moderator"


class Verdict(StrEnum):
    """What somebody decided about a level: a rejection, a plain approval (opinions) or a grade (resolutions)."""

    REJECT = "reject"
    APPROVE = "approve"
    STAR_RATE = "star_rate"
    FEATURE = "feature"
    EPIC = "epic"
    MYTHIC = "mythic"
    LEGENDARY = "legendary"

    @property
    def is_approval(self) -> bool:
        """Tell whether this is anything but a rejection."""
        return self is not Verdict.REJECT


OPINION_VERDICTS = (Verdict.APPROVE, Verdict.REJECT)
RESOLUTION_VERDICTS = (Verdict.STAR_RATE, Verdict.FEATURE, Verdict.EPIC, Verdict.MYTHIC, Verdict.LEGENDARY, Verdict.REJECT)


class RequestStatus(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    RESOLVED = "resolved"


class CooldownKind(StrEnum):
    """What a cooldown holds back."""

    USER = "user"
    LEVEL = "level"


class CardKind(StrEnum):
    """A message that is rendered from the database and kept equal to it."""

    REVIEWER = "reviewer"
    RESOLUTION = "resolution"
    ARCHIVE = "archive"
    TRAINEE_REVIEW = "trainee_review"


class ResidueKind(StrEnum):
    """What a run of `/setup` creates on Discord."""

    CATEGORY = "category"
    CHANNEL = "channel"
    ROLE = "role"


class DeliveryKind(StrEnum):
    """How an owed message is made and sent."""

    MESSAGE = "message"
    DIRECT_MESSAGE = "direct_message"
    REQUEST_CARDS = "request_cards"
    TRAINEE_CARD = "trainee_card"
    FEEDBACK = "feedback"
    MEMBER_ROLES = "member_roles"
    STREAM_SUMMARY = "stream_summary"
    REMOVAL = "removal"
    FILE = "file"
    LOG = "log"


class SnapshotScope(StrEnum):
    """What a snapshot holds."""

    GUILD = "guild"
    EVERYTHING = "everything"


class EventType(StrEnum):
    """What the event log records; each type has its own fields."""

    TEXT_EDITED = "text_edited"
    TEXT_RESET = "text_reset"
    ROUTE_CHANNEL_SET = "route_channel_set"
    ROUTE_CHANNEL_RESET = "route_channel_reset"
    ROUTE_TOGGLED = "route_toggled"
    PARAMETER_SET = "parameter_set"
    PARAMETER_RESET = "parameter_reset"
    PERMISSION_BOUND = "permission_bound"
    PERMISSION_UNBOUND = "permission_unbound"
    PERMISSION_CLEARED = "permission_cleared"
    PREFERENCE_SET = "preference_set"
    USER_COOLDOWN_SET = "user_cooldown_set"
    USER_COOLDOWN_AMENDED = "user_cooldown_amended"
    LEVEL_COOLDOWN_SET = "level_cooldown_set"
    LEVEL_COOLDOWN_AMENDED = "level_cooldown_amended"
    REQUEST_CREATED = "request_created"
    OPINION_ADDED = "opinion_added"
    RESOLUTION_ADDED = "resolution_added"
    REQUEST_DELETED = "request_deleted"
    TRAINEE_REVIEW_ADDED = "trainee_review_added"
    TRAINEE_REVIEW_ASSESSED = "trainee_review_assessed"
    TRAINEE_PROMOTED = "trainee_promoted"
    TRAINEE_EXPELLED = "trainee_expelled"
    QUEUE_OPENED = "queue_opened"
    QUEUE_CLOSED = "queue_closed"
    SNAPSHOT_SAVED = "snapshot_saved"
    SNAPSHOT_LOADED = "snapshot_loaded"
    SETUP_CHANGED = "setup_changed"
    MODULE_TOGGLED = "module_toggled"
    PANEL_TOKEN_ISSUED = "panel_token_issued"
    PANEL_TOKEN_REVOKED = "panel_token_revoked"
    MEMBER_ERASED = "member_erased"
