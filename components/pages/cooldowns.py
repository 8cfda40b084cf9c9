"""Cooldowns in words: answers to changes, descriptions, lists and histories."""

from components.pages.turning import PagedList, Sheet, id_in, paged_list
from config.guild_settings import GuildSettings
from facades.app import App
from facades.requests.amend_cooldown import LiftedCooldown
from facades.requests.cooldown_history import CooldownChangeEvent, cooldown_history
from facades.requests.cooldown_rules import BASE_FLAGS, CooldownView, present
from facades.requests.describe_cooldown import CooldownCause, DescribedCooldown
from facades.requests.list_cooldowns import list_cooldowns
from facades.requests.update_cooldown import OverwriteAsked, UpdatedCooldown
from facades.requests.wording import shown_name, text_for
from util.actor import Actor
from util.identifiers import CooldownKind
from util.paging import Cursor
from util.phrases import Raw, Value, phrase, user_mention
from util.plain_text import fit_plain
from util.texts import Text
from util.timestamps import discord_timestamp

TEMPORARY, ENDLESS = "temporary", "endless"
_LONGEST_REASON = 800
_LONGEST_LISTED_REASON = 120
_LONGEST_HISTORY_REASON = 300
LISTS = {CooldownKind.USER: PagedList.USER_COOLDOWNS, CooldownKind.LEVEL: PagedList.LEVEL_COOLDOWNS}
HISTORIES = {CooldownKind.USER: PagedList.USER_COOLDOWN_HISTORY, CooldownKind.LEVEL: PagedList.LEVEL_COOLDOWN_HISTORY}


def updated_text(done: UpdatedCooldown, settings: GuildSettings, language: str) -> str:
    """Say what a cooldown is now and what it was."""
    after = done.after
    values: dict[str, Value] = {
        "subject": after.subject.shown,
        "before": _before(done.before),
        "reason": _reason(after.reason),
    }
    if after.ends_at is None:
        return settings.say(Text.COOLDOWN_SET_ENDLESS, language, **values)
    left = Raw(discord_timestamp(after.ends_at, "R"))
    return settings.say(Text.COOLDOWN_SET, language, until=after.ends_at, left=left, **values)


def lifted_text(done: LiftedCooldown, settings: GuildSettings, language: str) -> str:
    """Say which cooldown was lifted."""
    subject, before = done.before.subject.shown, _before(done.before)
    return settings.say(Text.COOLDOWN_LIFTED, language, subject=subject, before=before, reason=_reason(done.reason))


def question_text(asked: OverwriteAsked, settings: GuildSettings, language: str) -> str:
    """Ask whether another's cooldown shall be overwritten."""
    return settings.say(
        Text.COOLDOWN_ASK,
        language,
        subject=asked.before.subject.shown,
        present=present(asked.before),
        reason=_reason(asked.before.reason),
        typed=asked.typed[:100],
    )


def description_text(described: DescribedCooldown, settings: GuildSettings, language: str) -> str:
    """Say all about a cooldown, or that there is none."""
    cooldown = described.cooldown
    if cooldown is None:
        return settings.say(Text.COOLDOWN_NONE, language, subject=described.subject.shown)
    values: dict[str, Value] = {
        "subject": described.subject.shown,
        "when": cooldown.cast_at,
        "who": _who(cooldown.cast_by),
        "reason": Raw(fit_plain(cooldown.reason, _LONGEST_REASON)) if cooldown.reason else Text.COOLDOWN_NO_REASON,
        "cause": "" if described.cause is None else _cause(described.cause),
    }
    if cooldown.ends_at is None:
        return settings.say(Text.COOLDOWN_DESCRIBE_ENDLESS, language, **values)
    left = Raw(discord_timestamp(cooldown.ends_at, "R"))
    return settings.say(Text.COOLDOWN_DESCRIBE, language, until=cooldown.ends_at, left=left, **values)


def _cause(cause: CooldownCause) -> Value:
    values: dict[str, Value] = {
        "level": shown_name(cause.level_name),
        "when": cause.created_at,
        "request_id": cause.request_id,
    }
    if cause.url is None:
        return phrase(Text.COOLDOWN_CAUSE, **values)
    return phrase(Text.COOLDOWN_CAUSE_LINK, url=Raw(cause.url), **values)


def _who(user_id: int | None) -> Value:
    return Text.COOLDOWN_BY_BOT if user_id is None else user_mention(user_id)


def _before(cooldown: CooldownView | None) -> Value:
    return "" if cooldown is None else phrase(Text.COOLDOWN_BEFORE, present=present(cooldown))


def _reason(reason: str | None) -> Value:
    return phrase(Text.COOLDOWN_REASON, reason=Raw(fit_plain(reason, _LONGEST_REASON))) if reason else ""


def _short_reason(reason: str | None, longest: int) -> Value:
    return phrase(Text.COOLDOWN_LIST_REASON, reason=Raw(fit_plain(reason.replace("\n", " "), longest))) if reason else ""


# Lists


async def _list_sheet(app: App, actor: Actor, kind: CooldownKind, mode: str, cursor: Cursor) -> Sheet:
    endless = mode == ENDLESS
    page = await list_cooldowns(app, actor=actor, kind=kind, endless=endless, cursor=cursor)
    settings = await app.guild(actor.guild_id)
    title = text_for("cooldown.title", f"{kind.value}_{ENDLESS if endless else TEMPORARY}")
    return Sheet(
        settings.label(title, actor.language),
        tuple(_list_line(row, settings, actor.language) for row in page.rows),
        page,
        empty=settings.say(Text.COOLDOWN_LIST_EMPTY, actor.language),
    )


def _list_line(row: CooldownView, settings: GuildSettings, language: str) -> str:
    values: dict[str, Value] = {
        "subject": row.subject.shown,
        "who": _who(row.cast_by),
        "reason": _short_reason(row.reason, _LONGEST_LISTED_REASON),
    }
    if row.ends_at is None:
        return settings.say(Text.COOLDOWN_LIST_LINE_ENDLESS, language, when=row.cast_at, **values)
    left = Raw(discord_timestamp(row.ends_at, "R"))
    return settings.say(Text.COOLDOWN_LIST_LINE, language, until=row.ends_at, left=left, **values)


@paged_list(PagedList.USER_COOLDOWNS)
async def user_cooldowns(app: App, actor: Actor, mode: str, cursor: Cursor) -> Sheet:
    """Render a page of the users on cooldown; `mode` is `temporary` or `endless`."""
    return await _list_sheet(app, actor, CooldownKind.USER, mode, cursor)


@paged_list(PagedList.LEVEL_COOLDOWNS)
async def level_cooldowns(app: App, actor: Actor, mode: str, cursor: Cursor) -> Sheet:
    """Render a page of the levels on cooldown; `mode` is `temporary` or `endless`."""
    return await _list_sheet(app, actor, CooldownKind.LEVEL, mode, cursor)


# Histories


async def _history_sheet(app: App, actor: Actor, kind: CooldownKind, entity: str, cursor: Cursor) -> Sheet:
    # Before the id is read: who may not see any history is not told what is wrong with it.
    actor.require(BASE_FLAGS[kind])
    history = await cooldown_history(app, actor=actor, kind=kind, entity_id=id_in(entity), cursor=cursor)
    settings = await app.guild(actor.guild_id)
    lines = [_history_line(change, settings, actor.language) for change in history.page.rows]
    if lines:
        lines.insert(0, settings.say(phrase(Text.COOLDOWN_HISTORY_OF, subject=history.subject.shown), actor.language))
    if history.searched_to is not None:
        lines.append(settings.say(Text.COOLDOWN_HISTORY_SEARCHED, actor.language, when=history.searched_to))
    return Sheet(
        settings.label(Text.COOLDOWN_TITLE_HISTORY, actor.language),
        tuple(lines),
        history.page,
        empty=settings.say(Text.COOLDOWN_HISTORY_EMPTY, actor.language, subject=history.subject.shown),
    )


def _history_line(change: CooldownChangeEvent, settings: GuildSettings, language: str) -> str:
    request = "" if change.request_id is None else phrase(Text.COOLDOWN_HISTORY_REQUEST, request_id=change.request_id)
    before: Value = ""
    if change.replaced and change.old_ends_at is None:
        before = Text.COOLDOWN_HISTORY_BEFORE_ENDLESS
    elif change.replaced and change.old_ends_at is not None:
        before = phrase(Text.COOLDOWN_HISTORY_BEFORE, until=change.old_ends_at)
    values: dict[str, Value] = {
        "when": change.at,
        "who": _who(change.by),
        "before": before,
        "request": request,
        "reason": _short_reason(change.reason, _LONGEST_HISTORY_REASON),
    }
    if change.lifted:
        return settings.say(Text.COOLDOWN_HISTORY_LIFTED, language, **values)
    if change.ends_at is None:
        return settings.say(Text.COOLDOWN_HISTORY_SET_ENDLESS, language, **values)
    return settings.say(Text.COOLDOWN_HISTORY_SET, language, until=change.ends_at, **values)


@paged_list(PagedList.USER_COOLDOWN_HISTORY)
async def user_cooldown_history(app: App, actor: Actor, entity: str, cursor: Cursor) -> Sheet:
    """Render a page of the cooldowns that a user has had."""
    return await _history_sheet(app, actor, CooldownKind.USER, entity, cursor)


@paged_list(PagedList.LEVEL_COOLDOWN_HISTORY)
async def level_cooldown_history(app: App, actor: Actor, entity: str, cursor: Cursor) -> Sheet:
    """Render a page of the cooldowns that a level has had."""
    return await _history_sheet(app, actor, CooldownKind.LEVEL, entity, cursor)
