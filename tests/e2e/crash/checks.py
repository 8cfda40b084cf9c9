"""What must be true at the end of the flow: nothing lost, nothing doubled."""

from collections import Counter

from tests.e2e import steps
from tests.e2e.crash.play import COMMENT, FINAL, LEVEL, PRACTICE, REASON, REVIEW, Play
from tests.e2e.crash.rows import rows
from util.identifiers import Route
from util.phrases import message_url
from util.texts import Text

_STANDING = {
    Route.PENDING_REQUEST: 0,
    Route.RESOLUTION: 1,
    Route.ARCHIVE: 1,
    Route.TRAINEE_REVIEW_TEXT: 1,
    Route.REVIEW_TEXT: 2,
    Route.REJECTION_NOTIFICATION: 1,
    Route.APPROVAL_NOTIFICATION: 0,
    Route.REQUESTS_CLOSED: 1,
    Route.REQUESTS_REOPENED: 1,
}
_EVENTS = {
    "request_created": 1,
    "user_cooldown_set": 1,
    "queue_closed": 1,
    "opinion_added": 3,
    "trainee_review_added": 1,
    "trainee_review_assessed": 1,
    "resolution_added": 1,
    "level_cooldown_set": 1,
    "queue_opened": 1,
}


def check(play: Play) -> None:
    """Fail unless the database and every channel are what one undisturbed flow leaves behind."""
    _check_rows(play)
    _check_channels(play)
    _check_cards(play)
    _check_log(play)


def _check_rows(play: Play) -> None:
    folder, guild_id = play.bot.world.folder, play.guild.id
    [(request_id, status)] = rows(folder, "request", guild_id, "id, status")
    assert status == "resolved"
    assert set(rows(folder, "opinion", guild_id, "author_id, stage, verdict, reason")) == {
        (play.rhea.id, "reviewer", "approve", None),
        (play.rolf.id, "reviewer", "reject", REASON),
        (play.rita.id, "reviewer", "approve", None),
        (play.tara.id, "trainee", "reject", None),
        (play.mo.id, "moderator", "reject", COMMENT),
    }
    assert len(rows(folder, "opinion", guild_id)) == 5
    assert [row[0] for row in rows(folder, "review", guild_id, "text", "id")] == [REVIEW, PRACTICE, FINAL]
    assert rows(folder, "assessment", guild_id, "trainee_id, approved") == [(play.tara.id, 1)]
    cooldowns = rows(folder, "cooldown", guild_id, "kind, entity_id, request_id", "kind")
    assert cooldowns == [("level", LEVEL.id, request_id), ("user", play.mira.id, request_id)]
    assert rows(folder, "delivery", guild_id) == []
    assert rows(folder, "failed_delivery", guild_id) == []


def _check_channels(play: Play) -> None:
    guild = play.guild
    assert {route: len(guild.messages(route)) for route in _STANDING} == _STANDING
    by_rhea, by_mo = guild.messages(Route.REVIEW_TEXT)
    [notice] = guild.messages(Route.REJECTION_NOTIFICATION)
    assert REVIEW in by_rhea.content
    assert FINAL in by_mo.content
    assert COMMENT in notice.content
    assert {message.id for message in play.mira.pings} == {by_rhea.id, by_mo.id, notice.id}
    places = rows(play.bot.world.folder, "review", guild.id, "message_id", "id")
    assert places == [(by_rhea.id,), (None,), (by_mo.id,)]


def _check_cards(play: Play) -> None:
    guild = play.guild
    [resolution], [archived] = guild.messages(Route.RESOLUTION), guild.messages(Route.ARCHIVE)
    [practice] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    posted = rows(play.bot.world.folder, "posted_card", guild.id, "kind, message_id", "kind")
    assert posted == [("archive", archived.id), ("resolution", resolution.id), ("trainee_review", practice.id)]
    consensus = steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=2, rejections=1).splitlines()
    assert len(consensus) == 3
    by_rhea, by_mo = guild.messages(Route.REVIEW_TEXT)
    assert message_url(guild.id, by_rhea.channel.id, by_rhea.id) in consensus[0]
    assert REASON in consensus[1]
    assert play.rita.mention in consensus[2]
    [decided] = steps.field(resolution, Text.CARD_FIELD_RESOLUTIONS).splitlines()
    assert message_url(guild.id, by_mo.channel.id, by_mo.id) in decided
    assert message_url(guild.id, resolution.channel.id, resolution.id) in steps.everything(archived)
    assert archived.components == []
    assert steps.field(practice, Text.CARD_FIELD_TRAINEE_GRADE)


def _check_log(play: Play) -> None:
    stored = [row[0] for row in rows(play.bot.world.folder, "event", play.guild.id, "type", "id")]
    assert Counter(stored) == _EVENTS
    assert [entry["type"] for entry in steps.log_entries(play.guild)] == stored
