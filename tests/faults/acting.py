"""How people do what they want: they begin, fill in what comes up, and try again until the bot says clearly what became of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.errors import ClientRefused
from sandbox.discord.models import Message
from tests.e2e import steps
from tests.e2e.world import Guild
from tests.faults.host import ACKNOWLEDGE, Host
from tests.faults.plan import Act, Kind, Plan, level_name
from tests.faults.words import WORDS, Meaning, meaning
from util.identifiers import Route, Verdict

FOR_A_CARD = 1.2
FOR_AN_ANSWER = 4.0
"""Seconds that people wait for a card to appear, and for the answer behind "thinking"."""
MOST_TRIES = 14
TYPING = 0.02
STARVED = 0.5
"""Seconds without a processor within one answer after which the machine is to blame."""
PAUSE = 0.12
"""Seconds before somebody tries again."""


class Done(StrEnum):
    """What became of an act, as far as its person knows."""

    YES = "done"
    NO = "not done"
    MAYBE = "perhaps done"


@dataclass
class Outcome:
    """An act at its end. `said`: the last words of the bot; `tries`: how often it was begun."""

    act: Act
    done: Done = Done.NO
    said: str = ""
    tries: int = 0
    first: bool | None = None


class NotThere(Exception):
    """What somebody wants to click is not there."""


@dataclass
class Company:
    """The people of a run, and what they saw. `hindered`: whether a fault may keep the bot from answering in time now."""

    plan: Plan
    host: Host
    guild: Guild
    hindered: Callable[[float], bool]
    longest: float = 0.0
    interactions: int = 0
    unanswered: int = 0
    starved: int = 0
    repeats: int = 0
    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    wrong: list[str] = field(default_factory=list[str])
    new_channel: dict[Route, int] = field(default_factory=dict[Route, int])

    async def perform(self, act: Act) -> Outcome:
        """Let somebody act until it is clear what became of it, or it makes no sense to go on."""
        outcome = Outcome(act)
        self.outcomes.append(outcome)
        unsure = False
        await asyncio.sleep(act.after)
        while outcome.tries < MOST_TRIES:
            await self.host.up()
            outcome.tries += 1
            self.repeats += outcome.tries > 1
            try:
                found = await self._try(act, outcome)
            except (NotThere, ClientRefused) as error:
                outcome.said = str(error)
                break
            if found is Meaning.TAKEN or (found is Meaning.ALREADY and unsure):
                outcome.done = Done.YES
                return outcome
            if found in {Meaning.REFUSED, Meaning.ALREADY}:
                break
            unsure = unsure or found is Meaning.UNCLEAR
            await asyncio.sleep(PAUSE)
        outcome.done = Done.MAYBE if unsure else Done.NO
        return outcome

    async def _try(self, act: Act, outcome: Outcome) -> Meaning:
        """Begin once and see it through. `Meaning.AGAIN`: nothing can have been done."""
        person = self.guild.people[act.person]
        answer = await self._acknowledged(act, self._begin(act, person))
        if answer is None:
            return Meaning.UNCLEAR if WORDS[act.kind].direct else Meaning.AGAIN
        if answer.kind == "modal":
            form = answer
            await asyncio.sleep(TYPING * (1 + sum(map(ord, act.token)) % 5))
            answer = await self._acknowledged(act, lambda: person.submit(form.modal, typed(act)))
        elif act.kind is Kind.DELETE and answer.message is not None and answer.message.components:
            question = answer.message
            yes = question.components[0]["components"][0]["custom_id"]
            answer = await self._acknowledged(act, lambda: person.press(question, yes))
        if answer is None:
            return Meaning.UNCLEAR
        return await self._said(act, answer, outcome)

    async def _said(self, act: Act, answer: Answer, outcome: Outcome) -> Meaning:
        """Wait for what the bot says in the end and understand it."""
        since = Since(self)
        try:
            final = await self.host.while_alive(answer.final(FOR_AN_ANSWER))
        except TimeoutError:
            if not since.is_excused:
                self.wrong.append(f"{act}: no answer behind “thinking” within {FOR_AN_ANSWER:.0f} s")
            return Meaning.UNCLEAR
        shown = [] if final is None else [final.message, *final.followups]
        said = "\n".join(message.content for message in shown if message is not None)
        outcome.said = said or outcome.said
        found, outcome.first = meaning(act, said)
        if (
            found is Meaning.UNCLEAR
            and final is not None
            and not since.is_excused
            and not self.hindered(since.began - ACKNOWLEDGE)
        ):
            self.wrong.append(f"{act}: not to be understood: {said[:300]!r}")
        return found

    async def _acknowledged(self, act: Act, begin: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """Let somebody do one thing; return the first answer, None when there was none in time."""
        since = Since(self)
        answer = await self.host.while_alive(begin())
        self.interactions += 1
        if answer is None or answer.kind == "failed":
            self.unanswered += 1
            # Where there is no channel any more, nothing can be shown.
            is_gone = answer is not None and answer.interaction.channel.id not in self.guild.sandbox.guild.channels
            if answer is not None and not is_gone and not since.is_excused:
                self.wrong.append(f"{act}: not acknowledged within three seconds")
            return None
        self.longest = max(self.longest, answer.ack_seconds or 0.0)
        return answer

    def _begin(self, act: Act, person: SandboxUser) -> Callable[[], Awaitable[Answer]]:
        """Return what begins an act."""
        home = self.guild.home
        match act.kind:
            case Kind.REQUEST:
                return lambda: person.slash(home, "request create", level_id=self.plan.level_id(act.level))
            case Kind.SET:
                name, value = act.value.split("=")
                return lambda: person.slash(home, "parameter set", parameter=name, new_value=value)
            case Kind.LANGUAGE:
                return lambda: person.slash(home, "language", language=act.value)
            case Kind.CLOSE | Kind.OPEN:
                return lambda: person.slash(home, f"queue {act.kind.value}")
            case Kind.LOOK:
                return lambda: person.slash(home, "queue info")
            case Kind.ROUTE:
                channel = self.guild.channels[Route(act.value)]
                return lambda: person.slash(home, "route update_channel", route=act.value, new_value=channel)
            case Kind.DELETE:
                return lambda: self._delete(act, person)
            case _:
                return lambda: self._press(act, person)

    async def _delete(self, act: Act, person: SandboxUser) -> Answer:
        card = await self._card(Route.PENDING_REQUEST, act)
        return await person.slash(self.guild.home, "request delete", request_id=steps.request_id(card))

    async def _press(self, act: Act, person: SandboxUser) -> Answer:
        review = f":{int(act.with_review)}"
        verdict = act.verdict.value
        if act.stale:
            prefix, end = ("resolve", "") if act.kind is Kind.RESOLVE else ("opinion", review)
            return await person.forge_component(self.guild.home, f"{prefix}:{act.stale}:{verdict}{end}")
        match act.kind:
            case Kind.OPINION | Kind.PRACTICE:
                card = await self._card(Route.PENDING_REQUEST, act)
                return await person.press(card, f"opinion:{steps.request_id(card)}:{verdict}{review}")
            case Kind.ASSESS:
                card = await self._card(Route.TRAINEE_REVIEW_TEXT, act)
                return await person.press(card, f"assess:{steps.request_id(card)}:{int(act.verdict.is_approval)}")
            case _:
                card = await self._card(Route.RESOLUTION, act)
                return await person.press(card, f"resolve:{steps.request_id(card)}:{verdict}")

    def _patience(self, act: Act) -> float:
        """Return how long somebody waits for a card: not at all for one that nobody can have caused."""
        cause = {Kind.RESOLVE: Kind.OPINION, Kind.ASSESS: Kind.PRACTICE}.get(act.kind, Kind.REQUEST)
        known = [one for one in self.outcomes if one.act.kind is cause and one.act.level == act.level]
        return FOR_A_CARD if any(one.done is not Done.NO for one in known) else 0.0

    async def _card(self, route: Route, act: Act) -> Message:
        """Wait for a level's card with buttons. Raises `NotThere`."""

        def find() -> Message | None:
            shown = [card for card in self.guild.messages(route) if card.components and card.embeds]
            return next((card for card in reversed(shown) if card.embeds[0].get("title") == level_name(act.level)), None)

        try:
            return await self.host.world.discord.wait_until(find, self._patience(act))
        except TimeoutError:
            raise NotThere(f"there is no card of level {act.level} in {route.value}") from None


class Since:
    """What may have kept the bot from answering since a moment: a fault, or a machine that is too busy to run it."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.began = time.monotonic()
        self._waited = company.host.waited_for_cpu()

    @property
    def is_excused(self) -> bool:
        """Whether there was any of that. Without a processor nobody can say how soon the bot would have answered."""
        if self._company.hindered(self.began):
            return True
        starved = self._company.host.waited_for_cpu() - self._waited > STARVED
        self._company.starved += starved
        return starved


def typed(act: Act) -> dict[str, str]:
    """Return what somebody types into a form: each text with the act's token, so that it is found again."""
    review = f"{steps.REVIEW} {act.token}"
    match act.kind:
        case Kind.REQUEST:
            return {"comment": f"Please look {act.token}"}
        case Kind.ASSESS:
            return {"feedback": f"Say more about the sync {act.token}"}
        case Kind.PRACTICE:
            return {"review": review}
        case Kind.OPINION | Kind.RESOLVE:
            texts = {"review": review} if act.with_review else {}
            if act.kind is Kind.RESOLVE or act.verdict is Verdict.REJECT:
                texts["reason"] = f"Because {act.token}"
            return texts
        case _:
            return {}
