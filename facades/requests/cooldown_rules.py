"""What everything about cooldowns shares: rights, refusals, and cooldowns as plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Cooldown
from db.queries.levels import level_names
from facades.requests.request_rules import check_level_id
from facades.requests.wording import shown_name
from facades.transaction import JsonValue
from util.actor import Actor
from util.durations import BadDuration, BadDurationReason
from util.errors import BadInput, Conflict, Forbidden, NotFound, Refused
from util.identifiers import CooldownKind, EventType, Flag
from util.phrases import Phrase, Raw, Value, phrase, user_mention
from util.texts import Text

BASE_FLAGS: Final = {CooldownKind.USER: Flag.BAN_USERS, CooldownKind.LEVEL: Flag.BAN_LEVELS}
"""Needed for everything about cooldowns of this kind."""
OTHERS_FLAGS: Final = {
    CooldownKind.USER: Flag.REMOVE_OTHER_USER_BANS,
    CooldownKind.LEVEL: Flag.REMOVE_OTHER_LEVEL_BANS,
}
"""Needed besides for what another member has cast; what the bot itself has cast is free to all who have the base flag."""
SET_EVENTS: Final = {CooldownKind.USER: EventType.USER_COOLDOWN_SET, CooldownKind.LEVEL: EventType.LEVEL_COOLDOWN_SET}
AMENDED_EVENTS: Final = {
    CooldownKind.USER: EventType.USER_COOLDOWN_AMENDED,
    CooldownKind.LEVEL: EventType.LEVEL_COOLDOWN_AMENDED,
}
ID_FIELDS: Final = {CooldownKind.USER: "user_id", CooldownKind.LEVEL: "level_id"}
GROUPS: Final = {CooldownKind.USER: "usercd", CooldownKind.LEVEL: "levelcd"}


@dataclass(frozen=True)
class Subject:
    """Whom or what a cooldown holds back. `name`: the level's, as far as a request has told it."""

    kind: CooldownKind
    entity_id: int
    name: str | None = None

    @property
    def shown(self) -> Value:
        """The subject for a text."""
        if self.kind is CooldownKind.USER:
            return user_mention(self.entity_id)
        if self.name is None:
            return phrase(Text.COOLDOWN_LEVEL_UNNAMED, level_id=self.entity_id)
        return phrase(Text.COOLDOWN_LEVEL, name=shown_name(self.name), level_id=self.entity_id)


@dataclass(frozen=True)
class CooldownView:
    """A cooldown that holds now; `ends_at` None: for ever, `cast_by` None: cast by the bot itself."""

    subject: Subject
    cast_at: datetime
    ends_at: datetime | None
    cast_by: int | None
    reason: str | None
    request_id: int | None = None


class OverwriteNotAllowed(Forbidden):
    """Another member has cast the cooldown, and the actor lacks the permission for those."""

    def __init__(self, cooldown: CooldownView) -> None:
        assert cooldown.cast_by is not None
        flag = Raw(OTHERS_FLAGS[cooldown.subject.kind].value)
        super().__init__(
            Text.COOLDOWN_REFUSED_OTHERS, subject=cooldown.subject.shown, who=user_mention(cooldown.cast_by), flag=flag
        )


class NoCooldown(NotFound):
    """There is no cooldown to lift."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(Text.COOLDOWN_NONE, subject=subject.shown)


class NothingToChange(NotFound):
    """A change by an amount needs a cooldown to change."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(Text.COOLDOWN_REFUSED_NOTHING_TO_CHANGE, subject=subject.shown)


class EndlessUnchangeable(Refused):
    """What never ends cannot end a week later."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(Text.COOLDOWN_REFUSED_ENDLESS, subject=subject.shown)


class EndsInThePast(Refused):
    """The contraction takes away more than is left."""

    def __init__(self, subject: Subject, ends_at: datetime) -> None:
        super().__init__(Text.COOLDOWN_REFUSED_PAST, subject=subject.shown, until=ends_at)


class CooldownChangedMeanwhile(Conflict):
    """Somebody else has just changed it."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(Text.COOLDOWN_CHANGED_MEANWHILE, subject=subject.shown)


class DurationRefused(BadInput):
    """The duration cannot be read, or leads beyond what a date can hold."""

    def __init__(self, typed: str, error: BadDuration) -> None:
        too_long = error.reason is BadDurationReason.TOO_LONG
        super().__init__(Text.COOLDOWN_REFUSED_TOO_LONG if too_long else Text.COOLDOWN_REFUSED_DURATION, value=typed[:100])


def check_entity(kind: CooldownKind, entity_id: int) -> None:
    """Refuse numbers that no level can have. Raises `WrongLevelId`."""
    if kind is CooldownKind.LEVEL:
        check_level_id(entity_id)


async def subject_of(session: AsyncSession, guild_id: int, kind: CooldownKind, entity_id: int) -> Subject:
    """Return the subject with its name, if it is a level with one."""
    if kind is CooldownKind.USER:
        return Subject(kind, entity_id)
    names = await level_names(session, guild_id, [entity_id])
    return Subject(kind, entity_id, names.get(entity_id))


def running(row: Cooldown | None, subject: Subject, now: datetime) -> CooldownView | None:
    """Return a stored cooldown as a plain value if it holds now; a lapsed one is simply over."""
    if row is None or (row.ends_at is not None and row.ends_at <= now):
        return None
    return CooldownView(subject, row.cast_at, row.ends_at, row.cast_by, row.reason, row.request_id)


def check_may_overwrite(actor: Actor, cooldown: CooldownView | None) -> None:
    """Refuse to touch what another member has cast without the permission for it. Raises `OverwriteNotAllowed`."""
    if is_others(actor, cooldown) and cooldown is not None and not actor.has(OTHERS_FLAGS[cooldown.subject.kind]):
        raise OverwriteNotAllowed(cooldown)


def is_others(actor: Actor, cooldown: CooldownView | None) -> bool:
    """Tell whether another member has cast a cooldown."""
    return cooldown is not None and cooldown.cast_by not in {None, actor.user_id}


def end_fields(before: CooldownView | None) -> dict[str, JsonValue]:
    """Return the field of an event that says when the cooldown before would have ended; with none before, no field."""
    return {} if before is None else {"old_ends_at": shown_end(before.ends_at)}


def shown_end(ends_at: datetime | None) -> str | None:
    """Return an end as events hold it; None is endless."""
    return None if ends_at is None else ends_at.isoformat()


def present(cooldown: CooldownView) -> Phrase:
    """Say until when a cooldown holds and who cast it."""
    who: Value = Text.COOLDOWN_BY_BOT if cooldown.cast_by is None else user_mention(cooldown.cast_by)
    if cooldown.ends_at is None:
        return phrase(Text.COOLDOWN_PRESENT_ENDLESS, who=who)
    return phrase(Text.COOLDOWN_PRESENT, until=cooldown.ends_at, who=who)
