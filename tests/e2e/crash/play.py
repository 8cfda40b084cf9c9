"""The whole flow, played by people who try again when the bot died under their hands."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from sandbox.discord import Answer
from sandbox.discord.actors import SandboxUser
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.crash.points import Point
from tests.e2e.crash.process import PATIENCE, BotProcess
from tests.e2e.crash.rows import rows
from tests.e2e.world import Guild
from util.identifiers import Flag, Parameter, Route
from util.texts import Text

LEVEL = catalogue.UNRATED_EASY
REVIEW = "The gameplay flows well and the decoration supports it; the second drop deserves a little more contrast."
PRACTICE = "A friendly first level whose block design repeats itself; try another idea for each of the three parts."
FINAL = "Not yet: the level needs better structured decoration and fewer memory parts before it can be sent on."
REASON = "The song is cut off at the end"
COMMENT = "Please try again after a rework"
# One request fills the queue, and its resolution drains it.
PARAMETERS = {
    Parameter.QUEUE_BLOCK_AT: "1",
    Parameter.QUEUE_UNBLOCK_ENABLED: "true",
    Parameter.QUEUE_UNBLOCK_AT: "0",
}


@dataclass(frozen=True)
class Act:
    """Something that a person wants from the bot: begun with a command or click, filled in where a form comes up.

    `taken`: what the bot says to it. `refused`: what it may say to a second try, when the first had got through after all.
    """

    name: str
    person: SandboxUser
    begin: Callable[[], Awaitable[Answer]]
    typed: dict[str, str]
    taken: Text
    refused: tuple[Text, ...]


class Play:
    """The flow in one guild."""

    def __init__(self, bot: BotProcess, guild: Guild) -> None:
        self.bot = bot
        self.guild = guild
        self.mira = guild.join("Mira")
        self.rhea = guild.join("Rhea", Flag.REVIEWER)
        self.rolf = guild.join("Rolf", Flag.REVIEWER)
        self.rita = guild.join("Rita", Flag.REVIEWER)
        self.tara = guild.join("Tara", Flag.TRAINEE)
        self.sue = guild.join("Sue", Flag.TRAINEE_SUPERVISOR)
        self.mo = guild.join("Mo", Flag.GD_MOD)

    @classmethod
    async def prepare(cls, bot: BotProcess) -> "Play":
        """Make a new guild, see that the bot serves it, and gather the people."""
        world = bot.world
        guild = await world.add_guild(parameters=PARAMETERS)
        await bot.up()
        await world.discord.wait_until(lambda: world.application.commands.get(guild.id), PATIENCE)
        return cls(bot, guild)

    async def run(self, killed_at: Iterable[Point] = ()) -> list[Point]:
        """Play it to the end, however often the bot dies; return all points that passed by."""
        self.bot.watch.begin(self.guild.id, killed_at)
        await self._request()
        await self._judge()
        await self._grade()
        await self._decide()
        return list(self.bot.watch.seen)

    def leave(self) -> None:
        """Put the bot out, so that it has less to do the next time it starts."""
        self.guild.sandbox.kick(self.bot.world.application.user)

    async def _request(self) -> None:
        refused = (Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY, Text.REQUEST_REFUSED_USER_COOLDOWN)
        await self._insist(
            Act(
                "request",
                self.mira,
                lambda: steps.ask(self.guild, self.mira, LEVEL),
                {"comment": "My first level"},
                Text.REQUEST_CREATED,
                (*refused, Text.REQUEST_REFUSED_PENDING),
            )
        )

    async def _judge(self) -> None:
        repeated = (Text.OPINION_REFUSED_REPEATED,)
        for name, person, verdict, typed, taken in (
            ("review", self.rhea, "approve:1", {"review": REVIEW}, Text.OPINION_ADDED_APPROVED_REVIEW),
            ("rejection", self.rolf, "reject:0", {"reason": REASON}, Text.OPINION_ADDED_REJECTED),
            ("approval", self.rita, "approve:0", {}, Text.OPINION_ADDED_APPROVED),
            ("practice", self.tara, "reject:1", {"review": PRACTICE}, Text.OPINION_ADDED_TRAINEE),
        ):
            await self._insist(
                Act(name, person, self._press(person, Route.PENDING_REQUEST, f"opinion:{{}}:{verdict}"), typed, taken, repeated)
            )

    async def _grade(self) -> None:
        press = self._press(self.sue, Route.TRAINEE_REVIEW_TEXT, "assess:{}:1")
        refused = (Text.ASSESSMENT_REFUSED_REPEATED,)
        await self._insist(Act("grade", self.sue, press, {"feedback": "Good advice"}, Text.ASSESSMENT_ADDED_APPROVED, refused))

    async def _decide(self) -> None:
        press = self._press(self.mo, Route.RESOLUTION, "resolve:{}:reject")
        typed, refused = {"review": FINAL, "reason": COMMENT}, (Text.RESOLUTION_REFUSED_REPEATED,)
        await self._insist(Act("decision", self.mo, press, typed, Text.RESOLUTION_ADDED_FIRST, refused))

    def _press(self, person: SandboxUser, route: Route, button: str) -> Callable[[], Awaitable[Answer]]:
        """Return what presses a button on the only card in a route's channel, as it stands then."""

        def begin() -> Awaitable[Answer]:
            [card] = self.guild.messages(route)
            return person.press(card, button.format(steps.request_id(card)))

        return begin

    async def _insist(self, act: Act) -> None:
        """Let somebody act until the bot says clearly what became of it, then wait until everything is posted."""
        deaths = self.bot.deaths
        self.bot.watch.enter(act.name)
        while True:
            answer = await self._acknowledged(act.begin)
            if answer.kind == "modal":
                answer = await self._acknowledged(lambda form=answer: self._fill(act, form))
            said = await self._said(answer)
            if said is not None:
                break
        if not steps.says(said.content, act.taken):
            assert self.bot.deaths > deaths, f"{act.person.name} was told, though nothing had happened: {said.content}"
            assert any(steps.says(said.content, key) for key in act.refused), said.content
        assert said.ephemeral
        await self.settled()

    def _fill(self, act: Act, form: Answer) -> Awaitable[Answer]:
        assert form.modal is not None
        # A form whose submission failed stays on the screen.
        form.modal.submitted = False
        return act.person.submit(form.modal, act.typed)

    async def _acknowledged(self, begin: Callable[[], Awaitable[Answer]]) -> Answer:
        """Let somebody act until the bot answers at all."""
        while True:
            await self.bot.up()
            answer = await self.bot.while_alive(begin())
            if answer is not None:
                assert answer.kind != "failed", f"no answer in time\n{self.bot.output()}"
                return answer

    async def _said(self, answer: Answer) -> Message | None:
        """Return what stands in an answer at last; None when it will say "thinking" for ever."""
        final = await self.bot.while_alive(answer.final(PATIENCE))
        return None if final is None else final.message

    async def settled(self, seconds: float = PATIENCE) -> None:
        """Wait until nothing is owed to the guild any more."""
        async with asyncio.timeout(seconds):
            while rows(self.bot.world.folder, "delivery", self.guild.id):
                await self.bot.up()
                await asyncio.sleep(0.005)
