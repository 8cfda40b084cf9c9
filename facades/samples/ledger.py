"""The rows that the flow would have written, had the history happened; each act writes what its facade writes."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any, Final

from config.definitions import definitions
from facades.requests.cooldown_rules import AMENDED_EVENTS, ID_FIELDS, SET_EVENTS, shown_end
from facades.transaction import JsonValue
from services.geometry_dash import Level
from util.durations import Duration
from util.identifiers import CooldownKind, EventType, Parameter, RequestStatus, Stage, Verdict

Row = dict[str, Any]
TABLES: Final = ("request", "opinion", "review", "assessment", "cooldown", "event")
"""The tables in which a history leaves something, each after those that it refers to; `event_field` follows from `event`."""


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What somebody thinks of a request."""

    author_id: int
    verdict: Verdict
    reason: str | None = None
    review: str | None = None


class Ledger:
    """A guild's rows, numbered from 1. What is done must be done in the order of time, and be allowed: nothing is checked."""

    def __init__(self, guild_id: int) -> None:
        self._guild_id = guild_id
        self.requests: dict[int, Row] = {}
        self.pending: dict[int, Row] = {}
        self.opinions: list[Row] = []
        self.reviews: list[Row] = []
        self.assessments: list[Row] = []
        self.events: list[Row] = []
        self.closed = False
        self._cooldowns: dict[tuple[CooldownKind, int], Row] = {}
        self._rejected: set[int] = set()
        self._judges: dict[tuple[int, Stage], set[int]] = {}
        self._numbers = 0

    def rows(self, end: datetime) -> dict[str, list[Row]]:
        """Return everything by table, as it stands at the end; of the cooldowns, those that hold then."""
        kept = [row for row in self._cooldowns.values() if row["ends_at"] is None or row["ends_at"] > end]
        values = (list(self.requests.values()), self.opinions, self.reviews, self.assessments, kept, self.events)
        return dict(zip(TABLES, values, strict=True))

    def cooldown(self, kind: CooldownKind, entity_id: int, moment: datetime) -> Row | None:
        """Return the cooldown that holds at a moment."""
        row = self._cooldowns.get((kind, entity_id))
        return row if row is not None and (row["ends_at"] is None or row["ends_at"] > moment) else None

    def request(
        self,
        moment: datetime,
        level: Level,
        language: str,
        *,
        author_id: int | None,
        inserted_by: int | None = None,
        showcase: str | None,
        comment: str | None,
    ) -> Row:
        """Take a request of a member, or of a creator who is none and for whom somebody inserts it; fill the queue."""
        self._numbers += 1
        creator = level.creator_name if author_id is None else None
        row: Row = {
            "id": self._numbers,
            "guild_id": self._guild_id,
            "level_id": level.id,
            "level_name": level.name,
            "level": dataclasses.asdict(level),
            "language": language,
            "showcase": showcase,
            "comment": comment,
            "author_id": author_id,
            "creator_name": creator,
            "inserted_by": inserted_by,
            "status": RequestStatus.PENDING,
            "judged": False,
            "created_at": moment,
            "resolved_at": None,
        }
        self.requests[row["id"]] = self.pending[row["id"]] = row
        behalf = {} if inserted_by is None else {"author_id": author_id, "creator_name": creator}
        actor = author_id if inserted_by is None else inserted_by
        said = {"level_id": level.id, "level_name": level.name, "language": language}
        self._log(moment, EventType.REQUEST_CREATED, actor, request_id=row["id"], **said, **behalf)
        if inserted_by is None and author_id is not None:
            self._cast(moment, CooldownKind.USER, author_id, Parameter.COOLDOWN_POST_REQUEST_USER_CD, row["id"])
        if not self.closed and len(self.pending) >= _default(Parameter.QUEUE_BLOCK_AT):
            self.switch_queue(moment, closed=True, actor_id=None)
        return row

    def delete(self, moment: datetime, request: Row, actor_id: int) -> None:
        """Delete a pending request that nobody has judged."""
        del self.requests[request["id"]], self.pending[request["id"]]
        for row in self._cooldowns.values():
            if row["request_id"] == request["id"]:
                row["request_id"] = None
        said: dict[str, JsonValue] = {name: request[name] for name in ("level_id", "level_name", "author_id", "creator_name")}
        status = request["status"].value
        self._log(moment, EventType.REQUEST_DELETED, actor_id, request_id=request["id"], **said, status=status)

    def judge(self, moment: datetime, request: Row, stage: Stage, given: Judgement) -> Row | None:
        """Record an opinion, a trainee's exercise or a decision; the first decision resolves. Return the review, if any."""
        common: Row = {"guild_id": self._guild_id, "author_id": given.author_id, "stage": stage, "verdict": given.verdict}
        opinion = {"id": len(self.opinions) + 1, "request_id": request["id"], "reason": given.reason, "created_at": moment}
        self.opinions.append(common | opinion)
        self._judges.setdefault((request["id"], stage), set()).add(given.author_id)
        review: Row | None = None
        if given.review is not None:
            review = common | {
                "id": len(self.reviews) + 1,
                "request_id": request["id"],
                "opinion_id": opinion["id"],
                "level_id": request["level_id"],
                "language": request["language"],
                "text": given.review,
                "created_at": moment,
            }
            self.reviews.append(review)
        request["judged"] = request["judged"] or stage is not Stage.TRAINEE
        self._log(
            moment,
            _JUDGED[stage],
            given.author_id,
            request_id=request["id"],
            level_id=request["level_id"],
            verdict=given.verdict.value,
            reason=given.reason,
            review_id=None if review is None else review["id"],
        )
        if stage is Stage.MODERATOR and request["id"] in self.pending:
            self._resolve(moment, request, given.verdict)
        return review

    def _resolve(self, moment: datetime, request: Row, verdict: Verdict) -> None:
        del self.pending[request["id"]]
        request |= {"status": RequestStatus.RESOLVED, "resolved_at": moment}
        if verdict is Verdict.REJECT:
            self._rejected.add(request["id"])
            key = Parameter.COOLDOWN_POST_REJECT_LEVEL_CD
            self._cast(moment, CooldownKind.LEVEL, request["level_id"], key, request["id"])

    def judges(self, request: Row, stage: Stage) -> set[int]:
        """Return who has judged a request at a stage."""
        return self._judges.get((request["id"], stage), set())

    def rejects(self, request: Row) -> bool:
        """Tell whether the first decision about a request was a rejection."""
        return request["id"] in self._rejected

    def assess(self, moment: datetime, review: Row, curator_id: int, *, approved: bool, feedback: str | None) -> None:
        """Grade a trainee's review."""
        said = {"trainee_id": review["author_id"], "approved": approved, "feedback": feedback}
        row = {"guild_id": self._guild_id, "review_id": review["id"], "curator_id": curator_id, "created_at": moment}
        self.assessments.append(row | said)
        self._log(moment, EventType.TRAINEE_REVIEW_ASSESSED, curator_id, review_id=review["id"], **said)

    def end_probation(self, moment: datetime, trainee_id: int, actor_id: int, *, promoted: bool) -> None:
        """Promote or expel a trainee."""
        grades = [row["approved"] for row in self.assessments if row["trainee_id"] == trainee_id]
        begun = (row["created_at"] for row in self.reviews if row["author_id"] == trainee_id and row["stage"] is Stage.TRAINEE)
        since = next(begun, None)
        self._log(
            moment,
            EventType.TRAINEE_PROMOTED if promoted else EventType.TRAINEE_EXPELLED,
            actor_id,
            trainee_id=trainee_id,
            assessed_reviews=len(grades),
            approved_reviews=sum(grades),
            since=None if since is None else since.isoformat(),
        )

    def switch_queue(self, moment: datetime, *, closed: bool, actor_id: int | None) -> None:
        """Close or open the queue; without an actor, by itself."""
        self.closed = closed
        event = EventType.QUEUE_CLOSED if closed else EventType.QUEUE_OPENED
        self._log(moment, event, actor_id, automatic=actor_id is None, pending=len(self.pending))

    def ban(
        self, moment: datetime, kind: CooldownKind, entity_id: int, actor_id: int, *, span: timedelta | None, reason: str
    ) -> None:
        """Put somebody or a level on a cooldown by hand; no span: for ever."""
        before = self.cooldown(kind, entity_id, moment)
        old = {} if before is None else {"old_ends_at": shown_end(before["ends_at"])}
        self._hold(moment, kind, entity_id, Duration(span).end_after(moment), actor_id, reason, None, old)

    def lift(self, moment: datetime, kind: CooldownKind, entity_id: int, actor_id: int, reason: str) -> None:
        """Lift a cooldown that holds."""
        before = self._cooldowns.pop((kind, entity_id))
        fields: dict[str, JsonValue] = {ID_FIELDS[kind]: entity_id, "old_ends_at": shown_end(before["ends_at"])}
        self._log(moment, AMENDED_EVENTS[kind], actor_id, **fields, reason=reason, request_id=before["request_id"])

    def _cast(self, moment: datetime, kind: CooldownKind, entity_id: int, key: Parameter, request_id: int) -> None:
        """Hold back what a request is about, unless something holds it longer."""
        ends_at, before = _default(key).end_after(moment), self._cooldowns.get((kind, entity_id))
        if before is None or (before["ends_at"] is not None and before["ends_at"] < ends_at):
            self._hold(moment, kind, entity_id, ends_at, None, None, request_id, {})

    def _hold(
        self,
        moment: datetime,
        kind: CooldownKind,
        entity_id: int,
        ends_at: datetime | None,
        cast_by: int | None,
        reason: str | None,
        request_id: int | None,
        old: dict[str, Any],
    ) -> None:
        said = {"reason": reason, "request_id": request_id}
        row = {"guild_id": self._guild_id, "kind": kind, "entity_id": entity_id, "cast_at": moment, "cast_by": cast_by}
        self._cooldowns[kind, entity_id] = row | said | {"ends_at": ends_at}
        self._log(moment, SET_EVENTS[kind], cast_by, **{ID_FIELDS[kind]: entity_id}, **old, ends_at=shown_end(ends_at), **said)

    def _log(self, moment: datetime, event: EventType, actor_id: int | None, **fields: JsonValue) -> None:
        row: Row = {"id": len(self.events) + 1, "guild_id": self._guild_id, "type": event, "actor_id": actor_id, "at": moment}
        self.events.append(row | {"fields": fields})


_JUDGED: Final = {
    Stage.REVIEWER: EventType.OPINION_ADDED,
    Stage.TRAINEE: EventType.TRAINEE_REVIEW_ADDED,
    Stage.MODERATOR: EventType.RESOLUTION_ADDED,
}


def _default(key: Parameter) -> Any:
    """Return what a guild has that never set a parameter."""
    return definitions().parameters[key].default
