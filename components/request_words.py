"""Requests in words: what the commands about them answer."""

from config.guild_settings import GuildSettings
from facades.requests.delete_request import DeletedRequest
from facades.requests.find_request_cards import RequestCards
from facades.requests.oldest_request import WaitingRequest
from facades.requests.prepare_deletion import DoomedRequest
from facades.requests.submit_request import SubmittedRequest
from facades.requests.suggest_requests import SuggestedRequest
from facades.requests.wording import shown_name
from util.phrases import Phrase, Raw, Value, phrase, user_mention
from util.texts import Text
from util.timestamps import discord_timestamp


def author_shown(author_id: int | None, creator_name: str | None) -> Value:
    """Return a request's author for a message: a mention, or the name that was given."""
    return shown_name(creator_name or "") if author_id is None else user_mention(author_id)


def waiting_text(settings: GuildSettings, key: Text, found: WaitingRequest, language: str) -> str:
    """Say which request waits, whose it is, for how long, and where its card is."""
    card: Value = Text.REQUEST_WAITING_NO_CARD
    if found.card is not None:
        card = phrase(Text.REQUEST_WAITING_CARD, url=Raw(found.card))
    return settings.say(
        key,
        language,
        level=shown_name(found.level_name),
        level_id=found.level_id,
        id=found.request_id,
        author=author_shown(found.author_id, found.creator_name),
        age=Raw(discord_timestamp(found.created_at, "R")),
        card=card,
    )


def cards_text(settings: GuildSettings, found: RequestCards, language: str) -> str:
    """List the links to a request's cards."""
    main_key = Text.REQUEST_WIDGETS_ARCHIVE if found.is_resolved else Text.REQUEST_WIDGETS_REVIEWER
    main = _link(main_key, found.main)
    resolution = _link(Text.REQUEST_WIDGETS_RESOLUTION, found.resolution)
    return settings.say(
        Text.REQUEST_WIDGETS_RESOLVED if found.is_resolved else Text.REQUEST_WIDGETS_PENDING,
        language,
        level=shown_name(found.level_name),
        level_id=found.level_id,
        id=found.request_id,
        when=found.created_at,
        main=main if main or resolution else Text.REQUEST_WIDGETS_UNPOSTED,
        resolution=resolution,
    )


def deletion_question(settings: GuildSettings, doomed: DoomedRequest, language: str) -> str:
    """Ask whether a request shall be deleted, saying what that takes away."""
    return settings.say(
        Text.REQUEST_DELETE_CONFIRM,
        language,
        id=doomed.request_id,
        level=shown_name(doomed.level_name),
        level_id=doomed.level_id,
        author=author_shown(doomed.author_id, doomed.creator_name),
        when=doomed.created_at,
        card=_link(Text.REQUEST_WAITING_CARD, doomed.card),
        opinions=doomed.opinions,
    )


def deleted_text(settings: GuildSettings, deleted: DeletedRequest, language: str) -> str:
    """Say what was deleted."""
    said = settings.say(Text.REQUEST_DELETED, language, id=deleted.request_id, level=shown_name(deleted.level_name))
    return f"{said}\n{settings.say(Text.REQUEST_DELETED_OPENED, language)}" if deleted.queue_opened else said


def inserted_text(
    settings: GuildSettings, taken: SubmittedRequest, language: str, *, creator_id: int | None, creator_name: str | None
) -> str:
    """Say what was requested on whose behalf."""
    said = settings.say(
        Text.REQUEST_INSERTED,
        language,
        level=shown_name(taken.level_name),
        level_id=taken.level_id,
        author=author_shown(creator_id, creator_name),
        id=taken.request_id,
    )
    return f"{said}\n{settings.say(Text.REQUEST_INSERTED_CLOSED, language)}" if taken.queue_closed else said


def level_suggestion(found: SuggestedRequest) -> tuple[str, str]:
    """Return the value and the name of a level as a suggestion."""
    return str(found.level_id), f"{found.level_name} ({found.level_id})"


def request_suggestion(found: SuggestedRequest) -> tuple[str, str]:
    """Return the value and the name of a request as a suggestion."""
    return str(found.request_id), f"{found.request_id}: {found.level_name} ({found.level_id})"


def _link(key: Text, url: str | None) -> Phrase | str:
    return "" if url is None else phrase(key, url=Raw(url))
