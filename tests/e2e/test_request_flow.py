"""The main flow, through the sandbox: what people do, and what everybody sees."""

from sandbox.geometry_dash import catalogue
from tests.e2e.world import World
from util.identifiers import Flag, Route

REVIEW = "The gameplay flows well and the decoration supports it; the second drop deserves a little more contrast."


async def test_a_request_goes_all_the_way_from_the_member_to_the_archive(world: World) -> None:
    guild = world.guild
    mira, rhea, mo = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER), guild.join("Mo", Flag.GD_MOD)

    answer = await mira.slash(guild.home, "request create", level_id=catalogue.UNRATED_EASY.id)
    assert answer.kind == "modal", answer.content
    answer = await (await mira.submit(answer.modal, {"comment": "My first level"})).final()
    assert answer.ephemeral
    card = await rhea.wait_for(guild.channels[Route.PENDING_REQUEST])
    assert catalogue.UNRATED_EASY.name in str(card.embeds)

    answer = await rhea.press(card, "Approve with review")
    answer = await (await rhea.submit(answer.modal, {"review": REVIEW})).final()
    review = await mira.wait_for(guild.channels[Route.REVIEW_TEXT])
    assert REVIEW in review.content
    assert review in mira.pings

    resolution = await mo.wait_for(guild.channels[Route.RESOLUTION], lambda message: str(review.id) in str(message.embeds))
    answer = await mo.press(resolution, "Feature")
    await (await mo.submit(answer.modal, {})).final()
    notice = await mira.wait_for(guild.channels[Route.APPROVAL_NOTIFICATION])
    assert notice in mira.pings
    await world.settled()
    assert guild.messages(Route.PENDING_REQUEST) == []
    [archived] = guild.messages(Route.ARCHIVE)
    assert str(resolution.id) in str(archived.embeds)
