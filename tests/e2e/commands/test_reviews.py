"""`/reviews` through the sandbox, in both languages."""

import pytest

from sandbox.discord.answers import Answer
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import everything, new_level, opine, request, says
from tests.e2e.world import World
from util.identifiers import Flag, Route, Verdict
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LANGUAGES = pytest.mark.parametrize("locale", ["en-US", "ru"])
PRAISE = "Lovely decoration, and the music fits each jump. Nothing here that I would change."
PRACTICE = "As a trainee I think that the ending is a little too long for such a short song."


def text(answer: Answer) -> str:
    assert answer.ephemeral
    assert answer.message is not None
    return everything(answer.message)


@LANGUAGES
async def test_reviews_are_listed_by_level_without_trainees_and_by_user_with_them(world: World, locale: str) -> None:
    guild = world.guild
    mira, rhea = guild.join("Mira", locale=locale), guild.join("Rhea", Flag.REVIEWER, locale=locale)
    toni = guild.join("Toni", Flag.TRAINEE)
    level = new_level(world, name="Quiet Valley")
    card = await request(world, guild, mira, level)
    await opine(rhea, card, review=PRAISE)
    await opine(toni, card, Verdict.REJECT, review=PRACTICE)
    await world.settled()

    listed = text(await mira.slash(guild.home, "reviews level", level_id=level.id))
    assert "Quiet Valley" in listed
    assert PRAISE in listed
    assert rhea.mention in listed
    assert PRACTICE not in listed
    [posted] = [message for message in guild.messages(Route.REVIEW_TEXT) if PRAISE in message.content]
    assert f"/{posted.channel.id}/{posted.id}" in listed

    own = text(await rhea.slash(guild.home, "reviews user", author=toni))
    assert PRACTICE in own
    assert says(own, Text.REVIEWS_PRACTICE, locale[:2])
    refused = text(await mira.slash(guild.home, "reviews user", author=toni))
    assert PRACTICE not in refused
    none = text(await mira.slash(guild.home, "reviews level", level_id=77_777))
    assert says(none, Text.REVIEWS_EMPTY_LEVEL, locale[:2])
    nobody = text(await rhea.slash(guild.home, "reviews user", author=mira))
    assert says(nobody, Text.REVIEWS_EMPTY_USER, locale[:2])


@pytest.mark.parametrize(
    "review", ["word " * 799 + "END.", "*" * 3_990 + " END.", "a_b*c~" * 660 + " END.", "@1" * 1_995 + " END."]
)
async def test_a_review_of_four_thousand_characters_can_be_read(world: World, review: str) -> None:
    guild = world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    level = new_level(world)
    await opine(rhea, await request(world, guild, mira, level), review=review)
    await world.settled()
    answer = await mira.slash(guild.home, "reviews level", level_id=level.id)
    assert answer.message is not None, answer.content
    shown = "".join(embed["description"] for embed in answer.message.embeds)
    if not review.startswith("@"):
        assert "END." in shown
    assert rhea.mention in shown


async def test_pages_of_reviews_are_turned_back_and_forth(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    for number in range(7):
        card = await request(world, guild, guild.join(f"Asker {number}"), new_level(world))
        await opine(rhea, card, review=f"Review number {number}. {PRAISE}")
    await world.settled()
    answer = await rhea.slash(guild.home, "reviews user", author=rhea)
    assert answer.message is not None
    assert "number 6" in text(answer)
    assert "number 1." not in text(answer)
    for index, expected in ((2, "number 0."), (1, "number 6."), (3, "number 0."), (0, "number 6.")):
        button = answer.message.components[0]["components"][index]["custom_id"]
        turned = await rhea.press(answer.message, button)
        assert turned.message is not None
        assert expected in everything(turned.message)


async def test_several_reviews_full_of_marks_are_shown_whole(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    level = new_level(world, name="*" * 60)
    card = await request(world, guild, mira, level)
    for number in range(5):
        reviewer = guild.join(f"Rev {number}", Flag.REVIEWER)
        await opine(reviewer, card, review=f"{'*_* ' * 60}{'plain words ' * 25}END{number}")
    await world.settled()
    answer = await mira.slash(guild.home, "reviews level", level_id=level.id)
    assert answer.message is not None
    shown = "".join(embed["description"] for embed in answer.message.embeds)
    assert all(f"END{number}" in shown for number in range(5))
