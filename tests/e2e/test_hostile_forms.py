"""Every field of every form is given what nobody should type: it is answered, does no harm, and is no error of the bot."""

import itertools
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import actions
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.rules.components import TEXT_INPUT, walk
from sandbox.geometry_dash import catalogue
from tests.e2e.hostile import TRIED, Siege, besieged_world, listening_world
from tests.e2e.shared import ONE_LOOP
from tests.e2e.steps import REVIEW, ask, fill, new_level, opine, request_id
from tests.thoroughness import HOWEVER_LONG
from util.identifiers import Flag, Route, Verdict

pytestmark = [ONE_LOOP, HOWEVER_LONG]
shared_world = listening_world()
siege = besieged_world()
_NUMBERS = itertools.count(1)
Opened = tuple[SandboxUser, Answer]
FITTING = {"review": REVIEW, "reason": "Too short", "feedback": "Well done", "text": "Thanks", "showcase": "", "comment": "Nice"}


async def opinion(siege: Siege, custom_id: str) -> Opened:
    """Open the form of an opinion as a new reviewer."""
    rhea = siege.guild.join(f"Reviewer {next(_NUMBERS)}", Flag.REVIEWER)
    [card, *_] = siege.guild.messages(Route.PENDING_REQUEST)
    return rhea, await rhea.forge_component(card, custom_id.format(request=request_id(card)))


async def approval(siege: Siege) -> Opened:
    """Open the form of an approval with a review."""
    return await opinion(siege, "opinion:{request}:approve:1")


async def rejection(siege: Siege) -> Opened:
    """Open the form of a rejection with a review."""
    return await opinion(siege, "opinion:{request}:reject:1")


async def decision(siege: Siege, verdict: Verdict) -> Opened:
    """Open the form of the decision about a new request."""
    guild, number = siege.guild, next(_NUMBERS)
    fan = guild.join(f"Fan {number}")
    await fill(fan, await ask(guild, fan, new_level(siege.world)))
    await siege.world.settled()
    card = guild.messages(Route.PENDING_REQUEST)[-1]
    await opine(guild.join(f"Judge {number}", Flag.REVIEWER), card)
    mo = guild.join(f"Moderator {number}", Flag.GD_MOD)
    return mo, await mo.forge_component(card, f"resolve:{request_id(card)}:{verdict.value}")


async def grant(siege: Siege) -> Opened:
    """Open the form of a decision for a level."""
    return await decision(siege, Verdict.EPIC)


async def refusal(siege: Siege) -> Opened:
    """Open the form of a decision against a level."""
    return await decision(siege, Verdict.REJECT)


async def grade(siege: Siege) -> Opened:
    """Open the form of a grade for a new trainee's review."""
    guild, number = siege.guild, next(_NUMBERS)
    [card, *_] = guild.messages(Route.PENDING_REQUEST)
    toni = guild.join(f"Trainee {number}", Flag.TRAINEE)
    await opine(toni, card, review=REVIEW)
    await siege.world.settled()
    practice = guild.messages(Route.TRAINEE_REVIEW_TEXT)[-1]
    cora = guild.join(f"Curator {number}", Flag.TRAINEE_SUPERVISOR)
    return cora, await cora.press(practice, practice.components[0]["components"][number % 2]["custom_id"])


async def wish(siege: Siege) -> Opened:
    """Open the form of a request for a new level."""
    mira = siege.guild.join(f"Author {next(_NUMBERS)}")
    level = new_level(siege.world, name=catalogue.HOSTILE.name, creator=catalogue.HOSTILE.creator)
    return mira, await ask(siege.guild, mira, level)


async def wording(siege: Siege) -> Opened:
    """Open the form in which a text of the bot is edited."""
    owner = siege.guild.sandbox.owner
    await owner.slash(siege.guild.home, "text reset", template_name="request.created", language="en")
    return owner, await owner.slash(siege.guild.home, "text edit", template_name="request.created", language="en")


OPENERS: dict[str, list[Callable[[Siege], Awaitable[Opened]]]] = {
    "opinion_form": [approval, rejection],
    "resolve_form": [grant, refusal],
    "assess_form": [grade],
    "request": [wish],
    "text_form": [wording],
}
"""How each form comes onto a screen."""
CASES = [(prefix, opener) for prefix, openers in OPENERS.items() for opener in openers]


async def test_every_form_of_the_bot_is_tried() -> None:
    forms = {prefix for prefix, kind in actions._BY_PREFIX.items() if issubclass(kind, actions.ModalAction)}
    assert set(OPENERS) == forms


@pytest.mark.parametrize(("prefix", "opener"), CASES, ids=[opener.__name__ for _, opener in CASES])
@given(data=st.data())
@TRIED
async def test_a_form_bears_whatever_is_typed(
    siege: Siege, prefix: str, opener: Callable[[Siege], Awaitable[Opened]], data: st.DataObject
) -> None:
    who, opened = await opener(siege)
    assert opened.modal is not None, opened.content
    assert opened.modal.custom_id.startswith(f"{prefix}:")
    before, mishaps = siege.rows_of_the_other(), siege.mishaps()
    fields = [item["custom_id"] for item in walk(opened.modal.components) if item.get("type") == TEXT_INPUT]
    assert fields
    assert set(fields) <= set(FITTING)
    # What fits in one field lets what stands in another get further.
    texts = {name: data.draw(siege.texts() | siege.padded() | st.just(FITTING[name]), name) for name in fields}
    await siege.holds(await who.forge_modal(siege.guild.home, opened.modal.custom_id, texts), mishaps)
    assert siege.rows_of_the_other() == before
    assert siege.lost() == 0


@pytest.mark.parametrize(("prefix", "opener"), CASES, ids=[opener.__name__ for _, opener in CASES])
async def test_a_form_bears_fields_that_it_does_not_have(
    siege: Siege, prefix: str, opener: Callable[[Siege], Awaitable[Opened]]
) -> None:
    who, opened = await opener(siege)
    assert opened.modal is not None
    for fields in ({}, {"other": "x"}, {"review": ["a"], "reason": ["b"], "text": []}, dict.fromkeys(FITTING, 5)):
        mishaps = siege.mishaps()
        await siege.holds(await who.forge_modal(siege.guild.home, opened.modal.custom_id, dict(fields)), mishaps)


async def test_afterwards_the_flow_still_works(siege: Siege) -> None:
    who, opened = await wish(siege)
    answer = await fill(who, opened)
    assert answer.ephemeral
    await siege.world.settled()
    assert siege.guild.messages(Route.PENDING_REQUEST)[-1].components
