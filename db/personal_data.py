"""What every table holds of people, and what exporting and erasing somebody does with it: the one place that says so.

Every column that can hold an id of Discord, a text or JSON is named here; a test fails for one that is not. The actions that
go by it are in `facades/privacy/`; `docs/decisions/0015-former-members.md` has the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from db.models import (
    ActiveFilter,
    Assessment,
    Confirmation,
    Cooldown,
    Delivery,
    Event,
    EventField,
    FailedDelivery,
    Guild,
    GuildModule,
    Job,
    LanguageRole,
    Opinion,
    PanelToken,
    ParameterOverride,
    PermissionBinding,
    PostedCard,
    Preference,
    Request,
    Review,
    RouteOverride,
    SavedFilter,
    SetupResidue,
    TextOverride,
)


class Named(StrEnum):
    """What becomes of a row when the person that a column names is erased."""

    ANONYMISED = "anonymised"
    """The row is a record of the community: it stays, with the person's pseudonym."""
    REMOVED = "removed"
    """The row serves nobody but the person: it goes."""
    WHILE_IT_HOLDS = "while_it_holds"
    """A cooldown could be shaken off otherwise: it stays as it is until it ends; one that is over goes."""


@dataclass(frozen=True)
class Policy:
    """What a table holds of people.

    `people`: columns with a member's id. `written`: columns with a text of a member's own, by the columns that may name who
    wrote it, the first that is set; erasing the writer empties them. `inside`: columns in which an id, or what somebody wrote,
    may stand among other things; each has its step in `facades/privacy/`. `kept`: texts of the server's that somebody
    typed and that stay. `nobody`: columns that tell nothing of a member. `unshown`: columns that an export leaves out.
    `reason`: why what stays may stay.
    """

    people: Mapping[str, Named] = field(default_factory=dict[str, Named])
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    inside: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    nobody: frozenset[str] = frozenset()
    unshown: frozenset[str] = frozenset()
    reason: str = ""


def _columns(*names: str) -> frozenset[str]:
    return frozenset(names)


POLICIES: Final[Mapping[type[SQLModel], Policy]] = {
    ActiveFilter: Policy(people={"user_id": Named.REMOVED}, inside=_columns("filter")),
    Assessment: Policy(
        people={"trainee_id": Named.ANONYMISED, "curator_id": Named.ANONYMISED},
        written={"feedback": ("curator_id",)},
        reason="the grades of a trainee decide about a promotion, and reports count them",
    ),
    Confirmation: Policy(people={"user_id": Named.REMOVED}, inside=_columns("details"), nobody=_columns("purpose")),
    Cooldown: Policy(
        people={"entity_id": Named.WHILE_IT_HOLDS, "cast_by": Named.ANONYMISED},
        kept=_columns("reason"),
        reason="a cooldown, with its reason, holds until it ends, whoever cast it and whoever is held back",
    ),
    Delivery: Policy(inside=_columns("payload", "stream"), nobody=_columns("nonce", "last_error"), unshown=_columns("nonce")),
    Event: Policy(
        people={"actor_id": Named.ANONYMISED},
        inside=_columns("fields"),
        reason="what happened stays known, and that the same former member did it",
    ),
    EventField: Policy(inside=_columns("value"), nobody=_columns("key"), reason="the index of the events' fields"),
    FailedDelivery: Policy(inside=_columns("payload"), nobody=_columns("reason")),
    Guild: Policy(nobody=_columns("name", "command_hash")),
    GuildModule: Policy(),
    Job: Policy(nobody=_columns("name", "lease")),
    LanguageRole: Policy(nobody=_columns("role_id", "language")),
    Opinion: Policy(
        people={"author_id": Named.ANONYMISED},
        written={"reason": ("author_id",)},
        reason="verdicts are what requests were decided by, and reports count them",
    ),
    PanelToken: Policy(
        people={"issued_by": Named.ANONYMISED},
        nobody=_columns("token_hash"),
        unshown=_columns("token_hash"),
        reason="the server's streaming tools go on working until an admin revokes the token",
    ),
    ParameterOverride: Policy(inside=_columns("value")),
    PermissionBinding: Policy(nobody=_columns("role_id")),
    PostedCard: Policy(nobody=_columns("channel_id", "message_id", "nonce")),
    Preference: Policy(people={"user_id": Named.REMOVED}, nobody=_columns("language")),
    Request: Policy(
        people={"author_id": Named.ANONYMISED, "inserted_by": Named.ANONYMISED},
        # On behalf of somebody else, it is the one who inserted the request who typed these.
        written={"comment": ("inserted_by", "author_id"), "showcase": ("inserted_by", "author_id")},
        nobody=_columns("level_id", "level_name", "level", "language", "creator_name"),
        reason="that a level was requested and decided about is the server's history; pending requests are withdrawn",
    ),
    Review: Policy(
        people={"author_id": Named.ANONYMISED},
        written={"text": ("author_id",)},
        inside=_columns("channel_id", "message_id", "further_messages"),
        nobody=_columns("level_id", "language"),
        reason="that there was a review, with its verdict, belongs to the opinion; the text and its messages go",
    ),
    RouteOverride: Policy(nobody=_columns("channel_id", "default_channel_id")),
    SavedFilter: Policy(
        people={"saved_by": Named.ANONYMISED},
        inside=_columns("filter"),
        kept=_columns("name"),
        reason="saved filters are for all who read the log",
    ),
    SetupResidue: Policy(nobody=_columns("name", "newer_than", "discord_id")),
    TextOverride: Policy(
        kept=_columns("value"), nobody=_columns("key", "language"), reason="it is what the bot says in the server"
    ),
}


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table."""
    made: Any = model
    return made.__table__
