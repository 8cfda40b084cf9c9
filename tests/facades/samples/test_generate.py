"""What is made up could have happened: every rule of the flow holds in it, and rows and events tell the same."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from config.texts import catalogue
from facades.samples.description import DAYS
from facades.samples.generate import generate
from services.youtube import parse_video_link
from tests.facades.samples.people import (
    ADMIN,
    END,
    FORMER_REVIEWER,
    FREE,
    GUILD,
    LET_GO,
    MODERATOR,
    PROMOTED,
    REVIEWER,
    TRAINEE,
    description,
)
from util.event_fields import EVENT_FIELDS
from util.identifiers import CooldownKind, EventType, RequestStatus, Stage, Verdict

Rows = dict[str, list[dict[str, Any]]]
SEEDS = (1, 2)
OLDEST = END - timedelta(days=DAYS + 1)


@pytest.fixture(scope="module", params=SEEDS)
def rows(request: pytest.FixtureRequest) -> Rows:
    """Return a history."""
    return generate(description(seed=request.param))


def events(rows: Rows, *types: EventType) -> list[dict[str, Any]]:
    return [event for event in rows["event"] if event["type"] in types]


def requests(rows: Rows) -> dict[int, dict[str, Any]]:
    return {row["id"]: row for row in rows["request"]}


def test_the_same_description_gives_the_same_history() -> None:
    first = generate(description())
    assert generate(description()) == first
    assert generate(description(end=END - timedelta(hours=1))) != first


def test_everything_lies_in_the_year_and_is_numbered_in_the_order_of_time(rows: Rows) -> None:
    for table, moment in (("request", "created_at"), ("opinion", "created_at"), ("review", "created_at"), ("event", "at")):
        numbers = [row["id"] for row in rows[table]]
        moments = [row[moment] for row in rows[table]]
        assert numbers == sorted(set(numbers))
        assert moments == sorted(moments)
        assert OLDEST < moments[0] < moments[-1] < END
    assert all(row["guild_id"] == GUILD for table in rows.values() for row in table)


def test_it_is_a_lively_year(rows: Rows) -> None:
    assert 900 < len(rows["request"]) < 2_000
    days = Counter((END - row["created_at"]).days // 30 for row in rows["request"])
    assert all(days[month] >= 8 for month in range(12))
    weekdays = Counter(row["created_at"].weekday() for row in rows["request"])
    assert weekdays[5] > 1.3 * weekdays[1]
    assert {row["verdict"] for row in rows["opinion"] if row["stage"] is Stage.MODERATOR} >= set(Verdict) - {Verdict.APPROVE}
    written = Counter(row["author_id"] for row in rows["review"] if row["stage"] is Stage.REVIEWER)
    assert {ADMIN, REVIEWER, MODERATOR, PROMOTED, FORMER_REVIEWER} == set(written)
    assert {row["language"] for row in rows["review"]} == set(catalogue().languages)


def test_every_request_is_decided(rows: Rows) -> None:
    first: dict[int, datetime] = {}
    for row in rows["opinion"]:
        if row["stage"] is Stage.MODERATOR:
            first.setdefault(row["request_id"], row["created_at"])
    for row in rows["request"]:
        assert row["status"] is RequestStatus.RESOLVED
        assert row["judged"]
        assert row["resolved_at"] == first[row["id"]] > row["created_at"]
        assert (row["author_id"] is None) is (row["creator_name"] is not None) is (row["inserted_by"] is not None)
        assert row["showcase"] is None or parse_video_link(row["showcase"])
        assert row["showcase"] or (row["level"]["stars_requested"] < 10 and row["level"]["length"] != "platformer")
        assert 0 < len(row["level_name"]) <= 20
        assert 200 <= row["level_id"] <= 1_000_000_000


def test_a_level_is_requested_once_at_a_time_and_not_after_its_approval(rows: Rows) -> None:
    by_level: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows["request"]:
        by_level[row["level_id"]].append(row)
    assert any(len(found) > 1 for found in by_level.values())
    verdicts = {
        row["request_id"]: row["verdict"]
        # Backwards: the first decision stays.
        for row in reversed(rows["opinion"])
        if row["stage"] is Stage.MODERATOR
    }
    for found in by_level.values():
        for before, after in pairwise(found):
            assert before["resolved_at"] + timedelta(weeks=1) <= after["created_at"]
            assert verdicts[before["id"]] is Verdict.REJECT


def test_opinions_are_given_once_by_those_who_may(rows: Rows) -> None:
    known = requests(rows)
    seen = [(row["request_id"], row["author_id"], row["stage"]) for row in rows["opinion"]]
    assert len(seen) == len(set(seen))
    for row in rows["opinion"]:
        request = known[row["request_id"]]
        assert row["author_id"] != request["author_id"]
        assert row["created_at"] > request["created_at"]
        if row["stage"] is Stage.REVIEWER:
            assert row["created_at"] < request["resolved_at"]
            assert row["verdict"] in {Verdict.APPROVE, Verdict.REJECT}


def test_reviews_belong_to_opinions_and_rejections_have_grounds(rows: Rows) -> None:
    opinions = {row["id"]: row for row in rows["opinion"]}
    reviewed = {row["opinion_id"] for row in rows["review"]}
    assert len(reviewed) == len(rows["review"])
    for review in rows["review"]:
        opinion = opinions[review["opinion_id"]]
        same = ("request_id", "author_id", "stage", "verdict", "created_at")
        assert all(review[name] == opinion[name] for name in same)
        assert review["level_id"] == requests(rows)[review["request_id"]]["level_id"]
        assert 10 < len(review["text"]) < 2_000
    for opinion in rows["opinion"]:
        if opinion["stage"] is Stage.REVIEWER and opinion["verdict"] is Verdict.REJECT:
            assert opinion["reason"] or opinion["id"] in reviewed
        assert opinion["stage"] is not Stage.TRAINEE or opinion["id"] in reviewed


def test_trainees_are_graded_and_decided_about(rows: Rows) -> None:
    reviews = {row["id"]: row for row in rows["review"]}
    practised = {number for number, row in reviews.items() if row["stage"] is Stage.TRAINEE}
    assert {row["review_id"] for row in rows["assessment"]} == practised
    assert len(rows["assessment"]) == len(practised)
    for row in rows["assessment"]:
        review = reviews[row["review_id"]]
        assert row["trainee_id"] == review["author_id"] != row["curator_id"]
        assert row["created_at"] > review["created_at"]
    grades = [row["approved"] for row in rows["assessment"] if row["trainee_id"] == TRAINEE]
    assert len(grades) >= 5
    assert set(grades) == {True, False}
    [promotion] = events(rows, EventType.TRAINEE_PROMOTED)
    [expulsion] = events(rows, EventType.TRAINEE_EXPELLED)
    assert (promotion["fields"]["trainee_id"], expulsion["fields"]["trainee_id"]) == (PROMOTED, LET_GO)
    for decision in (promotion, expulsion):
        trainee = decision["fields"]["trainee_id"]
        before = [one for one in rows["assessment"] if one["trainee_id"] == trainee and one["created_at"] <= decision["at"]]
        assert decision["fields"]["assessed_reviews"] == len(before)
        assert decision["fields"]["approved_reviews"] == sum(one["approved"] for one in before)
    later = [row["created_at"] for row in rows["review"] if row["author_id"] == PROMOTED and row["stage"] is Stage.REVIEWER]
    assert min(later) > promotion["at"]


def test_every_event_has_the_fields_of_its_type(rows: Rows) -> None:
    for event in rows["event"]:
        declared, is_request = set(EVENT_FIELDS[event["type"]]), event["type"] is EventType.REQUEST_CREATED
        assert set(event["fields"]) <= declared, event
        assert declared - set(event["fields"]) <= {"old_ends_at", *(("author_id", "creator_name") if is_request else ())}, event
    found = {event["type"] for event in rows["event"]}
    assert {EventType.QUEUE_CLOSED, EventType.USER_COOLDOWN_AMENDED, EventType.LEVEL_COOLDOWN_SET} <= found
    assert any("old_ends_at" in event["fields"] for event in events(rows, EventType.LEVEL_COOLDOWN_AMENDED))


def test_events_and_rows_tell_the_same(rows: Rows) -> None:
    created, deleted = (
        {event["fields"]["request_id"]: event for event in events(rows, kind)}
        for kind in (EventType.REQUEST_CREATED, EventType.REQUEST_DELETED)
    )
    assert created.keys() - deleted.keys() == requests(rows).keys()
    for number, row in requests(rows).items():
        event = created[number]
        assert (event["at"], event["actor_id"]) == (row["created_at"], row["inserted_by"] or row["author_id"])
        assert all(event["fields"][name] == row[name] for name in ("level_id", "level_name", "language"))
    judged = (EventType.OPINION_ADDED, EventType.TRAINEE_REVIEW_ADDED, EventType.RESOLUTION_ADDED)
    texts = {row["opinion_id"]: row["id"] for row in rows["review"]}
    told = [
        (e["at"], e["actor_id"], *(e["fields"][n] for n in ("request_id", "verdict", "reason", "review_id")))
        for e in events(rows, *judged)
    ]
    kept = [
        (row["created_at"], row["author_id"], row["request_id"], row["verdict"].value, row["reason"], texts.get(row["id"]))
        for row in rows["opinion"]
    ]
    assert told == kept
    graded = [(e["at"], e["actor_id"], e["fields"]) for e in events(rows, EventType.TRAINEE_REVIEW_ASSESSED)]
    names = ("review_id", "trainee_id", "approved", "feedback")
    assert graded == [(row["created_at"], row["curator_id"], {n: row[n] for n in names}) for row in rows["assessment"]]


def test_the_queue_closes_when_it_is_full_and_takes_nothing_then(rows: Rows) -> None:
    pending, closed, switches = set[int](), False, 0
    decided = {EventType.RESOLUTION_ADDED, EventType.REQUEST_DELETED}
    for event in rows["event"]:
        if event["type"] is EventType.REQUEST_CREATED:
            assert not closed or "author_id" in event["fields"], "only admins insert while the queue is closed"
            pending.add(event["fields"]["request_id"])
        elif event["type"] in decided:
            pending.discard(event["fields"]["request_id"])
        elif event["type"] in {EventType.QUEUE_CLOSED, EventType.QUEUE_OPENED}:
            assert closed is (event["type"] is EventType.QUEUE_OPENED)
            assert event["fields"] == {"automatic": event["actor_id"] is None, "pending": len(pending)}
            assert not event["fields"]["automatic"] or len(pending) == 50
            closed, switches = not closed, switches + 1
        assert len(pending) < 50 or closed or event["type"] is EventType.REQUEST_CREATED or event["fields"].get("user_id")
    assert not pending
    assert not closed
    assert switches >= 4


def test_cooldowns_follow_from_events_and_hold_everybody_back(rows: Rows) -> None:
    kinds = {"user_id": CooldownKind.USER, "level_id": CooldownKind.LEVEL}
    held: dict[tuple[CooldownKind, int], tuple[datetime | None, int | None, str | None]] = {}
    ended = (EventType.USER_COOLDOWN_AMENDED, EventType.LEVEL_COOLDOWN_AMENDED)
    for event in rows["event"]:
        fields, at = event["fields"], event["at"]
        if event["type"] in {EventType.USER_COOLDOWN_SET, EventType.LEVEL_COOLDOWN_SET, *ended}:
            name = "user_id" if "user_id" in fields else "level_id"
            key = (kinds[name], fields[name])
            if "old_ends_at" in fields:
                before = held[key][0]
                assert fields["old_ends_at"] == (None if before is None else before.isoformat())
            held.pop(key, None)
            if event["type"] not in ended:
                end = None if fields["ends_at"] is None else datetime.fromisoformat(fields["ends_at"])
                held[key] = end, event["actor_id"], fields["reason"]
        elif event["type"] is EventType.REQUEST_CREATED and "author_id" not in fields:
            for key in ((CooldownKind.USER, event["actor_id"]), (CooldownKind.LEVEL, fields["level_id"])):
                assert key not in held or (held[key][0] or END) <= at
    running = {key: value for key, value in held.items() if value[0] is None or value[0] > END}
    kept = {(row["kind"], row["entity_id"]): (row["ends_at"], row["cast_by"], row["reason"]) for row in rows["cooldown"]}
    assert kept == running
    assert (CooldownKind.USER, FREE) not in kept
    for kind in CooldownKind:
        assert {row["cast_by"] for row in rows["cooldown"] if row["kind"] is kind} == {None, ADMIN}
        assert None in {row["ends_at"] for row in rows["cooldown"] if row["kind"] is kind}
    known = requests(rows)
    assert all(row["request_id"] is None or row["request_id"] in known for row in rows["cooldown"])
