"""Requests that trainees practise on."""

from collections import Counter

import pytest

from facades.requests import draw_request as drawing
from facades.requests.add_opinion import add_opinion
from facades.requests.pick_for_trainee import NothingToPick, NoTraineeAnyMore, pick_for_trainee
from facades.requests.resolve_request import resolve_request
from tests.facades.requests.world import (
    ADMIN,
    MODERATOR,
    OTHER_GUILD,
    REVIEW,
    REVIEWER,
    TRAINEE,
    RequestWorld,
    person,
)
from util.errors import Forbidden
from util.identifiers import Flag, Verdict


async def test_a_trainee_gets_each_request_until_all_are_reviewed(world: RequestWorld) -> None:
    with pytest.raises(NothingToPick):
        await pick_for_trainee(world.app, actor=TRAINEE)
    taken = [(await world.request(level_id)).request_id for level_id in (2001, 2002, 2003)]
    await resolve_request(world.app, actor=MODERATOR, request_id=taken[0], verdict=Verdict.REJECT)
    other = person(21, Flag.TRAINEE)
    await add_opinion(world.app, actor=other, request_id=taken[1], verdict=Verdict.APPROVE, review=REVIEW)
    picked: set[int] = set()
    for _ in taken:
        found = await pick_for_trainee(world.app, actor=TRAINEE)
        assert found.id not in picked
        picked.add(found.id)
        await add_opinion(world.app, actor=TRAINEE, request_id=found.id, verdict=Verdict.APPROVE, review=REVIEW)
    assert picked == set(taken)
    with pytest.raises(NothingToPick):
        await pick_for_trainee(world.app, actor=TRAINEE)


@pytest.mark.parametrize("sample", [1, 3, 200])
async def test_every_request_is_as_likely_as_any_other_gaps_or_not(
    world: RequestWorld, sample: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "SAMPLE", sample)
    mine: list[int] = []
    for number in range(12):
        guild_id = OTHER_GUILD if number % 3 else 100
        taken = await world.request(2000 + number, person(1, guild_id=guild_id))
        if guild_id == 100:
            mine.append(taken.request_id)
    await add_opinion(world.app, actor=TRAINEE, request_id=mine[0], verdict=Verdict.APPROVE, review=REVIEW)
    picks = Counter([(await pick_for_trainee(world.app, actor=TRAINEE)).id for _ in range(300)])
    assert set(picks) == set(mine[1:])
    # Each is expected a hundred times; the odds against one of them straying so far are above a million to one.
    assert all(60 <= count <= 140 for count in picks.values()), picks


async def test_only_trainees_who_are_no_reviewers_pick(world: RequestWorld) -> None:
    await world.request()
    for actor in (REVIEWER, ADMIN):
        with pytest.raises(Forbidden):
            await pick_for_trainee(world.app, actor=actor)
    with pytest.raises(NoTraineeAnyMore):
        await pick_for_trainee(world.app, actor=person(22, Flag.TRAINEE, Flag.REVIEWER))
