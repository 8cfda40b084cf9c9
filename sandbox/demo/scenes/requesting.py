"""Members request levels, and are told when they cannot."""

from __future__ import annotations

from sandbox.demo import words
from sandbox.demo.cast import ADA, BORIS, MIRA, MO, RHEA, THEO
from sandbox.demo.player import Player
from sandbox.demo.stage import Stage
from sandbox.discord import Message
from sandbox.discord.errors import Json
from sandbox.geometry_dash import Level, catalogue

MIRAS = catalogue.UNRATED_MEDIUM_DEMON
BORISS = catalogue.CYRILLIC
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


async def request_with_showcase(stage: Stage) -> None:
    """Let Mira request a demon: it needs a showcase, and not any link will do."""
    mira = Player(stage, MIRA)
    async with stage.step(f"Mira requests {MIRAS.name}, a demon, with a link that is no video"):
        opened = await mira.slash(words.GENERAL, "request create", level_id=MIRAS.id)
        form = {words.SHOWCASE: "https://vimeo.com/76979871", words.COMMENT: "My first demon, be gentle!"}
        refused = await mira.submit(opened, form)
        shown = stage.expect_private(mira.user, refused, "does not lead to a YouTube video", "My first demon, be gentle!")
        stage.expect_only(words.PENDING, 0, MIRAS.name)
    async with stage.step("She opens the form again and gives a good one; the reviewers get their card"):
        opened = await mira.press(shown, words.AGAIN)
        form[words.SHOWCASE] = "https://youtu.be/dQw4w9WgXcQ?t=42"
        taken = await mira.submit(opened, form)
        stage.expect_private(mira.user, taken, f"Your request for **{MIRAS.name}** ({MIRAS.id}) is in")
        card = await stage.message(words.PENDING, MIRAS.name, str(MIRAS.id))
        stage.show_news()
        stage.expect_message(card, "the card tells who, what and where to watch", "@Mira", "Medium Demon", VIDEO, "be gentle!")
        stage.expect_message(card, "it has the four buttons", *words.OPINIONS)
        expect_colour(stage, card, words.YELLOW, "yellow")
        stage.expect_sight(card, [RHEA, THEO, MO, ADA], [MIRA, BORIS])
        stage.expect_only(words.RESOLUTIONS, 0, MIRAS.name)


async def request_in_russian(stage: Stage) -> None:
    """Let Boris learn that the level is pending, and request his own in Russian."""
    boris = Player(stage, BORIS)
    async with stage.step("Борис requests the same level and is told, in Russian, that it is being reviewed"):
        answer = await boris.slash(words.GENERAL, "request create", level_id=MIRAS.id)
        stage.expect_private(boris.user, answer, f"Уровень **{MIRAS.name}** уже на рассмотрении с")
    async with stage.step("He requests a level of his own; everything speaks Russian with him"):
        opened = await boris.slash(words.GENERAL, "request create", level_id=BORISS.id)
        taken = await boris.submit(opened, {words.SHOWCASE_RU: "", words.COMMENT_RU: "Жду честных рецензий"})
        stage.expect_private(boris.user, taken, f"Заявка на уровень **{BORISS.name}** ({BORISS.id}) принята")
        card = await stage.message(words.PENDING, BORISS.name)
        stage.show_news()
        stage.expect_message(
            card, "the card is in the server's language and names his", "Language of the request", "Русский", "@Борис"
        )


async def meet_the_refusals(stage: Stage) -> None:
    """Show the checks that stand before the form."""
    async with stage.step("Mira has to wait before her next request"):
        another = catalogue.UNRATED_EASY_DEMON
        answer = await Player(stage, MIRA).slash(words.GENERAL, "request create", level_id=another.id)
        stage.expect_private(stage.actor(MIRA), answer, "You can request a level again in 3 days", MIRAS.name)
    async with stage.step("Unknown and rated levels are refused before the form opens"):
        theo = Player(stage, THEO)
        answer = await theo.slash(words.GENERAL, "request create", level_id=catalogue.UNKNOWN_ID)
        stage.expect_private(theo.user, answer, f"There is no level with the ID {catalogue.UNKNOWN_ID}")
        rated = catalogue.RATED_FEATURE
        answer = await theo.slash(words.GENERAL, "request create", level_id=rated.id)
        stage.expect_private(theo.user, answer, f"**{rated.name}** is rated already (stars: {rated.stars})")


async def request_quietly(stage: Stage, who: Player, level: Level, *, showcase: str = "") -> None:
    """Let somebody request a level without ado. Raises `StepFailed`."""
    opened = await who.slash(words.GENERAL, "request create", level_id=level.id)
    taken = await who.submit(opened, {words.SHOWCASE: showcase, words.COMMENT: "Thanks for taking a look!"})
    stage.expect_private(who.user, taken, f"Your request for **{level.name}** ({level.id}) is in")


def expect_colour(stage: Stage, message: Message, colour: int, name: str) -> None:
    """Check the colour of a card. Raises `StepFailed`."""
    embeds: list[Json] = message.embeds
    found = embeds[0].get("color") if embeds else None
    stage.expect(found == colour, f"the card is {name}", [f"its colour is {found}"])
