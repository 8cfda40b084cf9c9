"""Fifty members ask for fifty levels at the same moment."""

import asyncio
import time

from sandbox.discord.answers import Answer
from tests.bench.figures import Row, Section, percentile, shown
from tests.bench.stage import DISCORD_WAITS, answered, stage
from tests.e2e.steps import new_level
from util.identifiers import Route

MEMBERS = 50
MOST_CALLS = 5


async def measure(quick: bool) -> list[Section]:
    """Let everybody open the form at once, then submit it at once."""
    section = Section(f"{MEMBERS} members submit {MEMBERS} levels at once")
    async with stage() as place:
        await place.start()
        guild, world = place.guild, place.world
        members = [guild.join(f"Member {number}") for number in range(MEMBERS)]
        levels = [new_level(world) for _ in members]
        await answered(members[0].slash(guild.home, "queue info"))
        world.game.calls.clear()
        cards = guild.channels[Route.PENDING_REQUEST].messages
        begun = time.perf_counter()
        # The form of each member without the command before it: nothing is known of any level yet.
        submitted = await asyncio.gather(
            *(
                member.forge_modal(guild.home, f"request:{level.id}", {"showcase": "", "comment": "All at once."})
                for member, level in zip(members, levels, strict=True)
            )
        )
        await asyncio.gather(*(answer.final(60) for answer in submitted))
        answers = time.perf_counter() - begun
        await world.discord.wait_until(lambda: len(cards) >= MEMBERS, 60)
        posted = time.perf_counter() - begun
        section.rows += _rows(submitted, len(world.game.calls), posted, answers, len(cards))
        opened = await _open_forms(place)
        section.rows.append(opened)
    return [section]


def _rows(submitted: list[Answer], calls: int, posted: float, answers: float, cards: int) -> list[Row]:
    acknowledged = [answer.ack_seconds or 99.0 for answer in submitted]
    slowest = max(acknowledged)
    return [
        Row("acknowledged, slowest", shown(slowest), target="< 3 s", met=slowest < DISCORD_WAITS),
        Row("acknowledged, p50", shown(percentile(acknowledged, 0.5))),
        Row("calls to the game server", str(calls), target=f"≤ {MOST_CALLS}", met=calls <= MOST_CALLS),
        Row("all final answers after", shown(answers)),
        Row("cards posted", str(cards), target=f"{MEMBERS}", met=cards == MEMBERS),
        Row("all cards posted after", shown(posted)),
    ]


async def _open_forms(place: object) -> Row:
    """Let fifty others use `/request create` for fifty other levels at once."""
    from tests.bench.stage import Stage

    assert isinstance(place, Stage)
    guild = place.guild
    await place.quiet()
    others = [guild.join(f"Other {number}") for number in range(MEMBERS)]
    levels = [new_level(place.world) for _ in others]
    answers = await asyncio.gather(
        *(member.slash(guild.home, "request create", level_id=level.id) for member, level in zip(others, levels, strict=True))
    )
    slowest = max(answer.ack_seconds or 99.0 for answer in answers)
    forms = sum(answer.kind == "modal" for answer in answers)
    what = f"`/request create` of {MEMBERS} levels at once, slowest answer"
    return Row(what, shown(slowest), f"{forms} forms, the others a button that goes on", target="< 3 s", met=slowest < 3)
