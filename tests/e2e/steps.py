"""Steps that people take again and again in the end-to-end tests, and how what they are told is compared with the texts."""

import itertools
import re
from datetime import timedelta
from typing import Any

import yaml

from config.guild_settings import GuildSettings
from config.texts import catalogue
from db.models import Cooldown, GuildModule, RouteOverride
from db.upsert import upsert
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue as levels
from sandbox.geometry_dash.levels import Level
from tests.e2e.world import Guild, World
from util.identifiers import CooldownKind, EventType, Flag, Module, Route, Verdict
from util.phrases import Phrase, Raw, Value
from util.texts import Text

REVIEW = "The gameplay flows well and the decoration supports it; the second drop deserves a little more contrast."
VIDEO = "https://youtu.be/dQw4w9WgXcQ"
_NEW_IDS = itertools.count(50_000_001)
_ANYTHING = "\x00"
_DEFAULTS = GuildSettings(0)


# What people read


def text(key: Text | Phrase, language: str = "en", /, **parameters: Value) -> str:
    """Return one of the bot's texts as it stands by default."""
    return _DEFAULTS.say(key, language, **parameters)


def label(key: Text, language: str = "en", /, **parameters: Value) -> str:
    """Return one of the bot's texts as it stands in places without markdown."""
    return _DEFAULTS.label(key, language, **parameters)


def pattern(key: Text, language: str = "en", /, **known: Value) -> re.Pattern[str]:
    """Return what finds a text whose parameters that are not given may be anything."""
    names = catalogue().entry(key, language).parameters
    filled: dict[str, Value] = {name: known.get(name, Raw(_ANYTHING)) for name in names}
    assert known.keys() <= names.keys(), f"{key} has the parameters {sorted(names)}"
    return re.compile("(?s:.*?)".join(re.escape(piece) for piece in _DEFAULTS.say(key, language, **filled).split(_ANYTHING)))


def says(shown: str, key: Text, language: str = "en", /, **known: Value) -> bool:
    """Tell whether something shown contains a text."""
    return pattern(key, language, **known).search(shown) is not None


def assert_told(answer: Answer, key: Text, language: str = "en", /, **known: Value) -> str:
    """Fail unless an answer says a text to the asker alone; return all of it."""
    assert answer.kind not in ("modal", "failed"), f"{answer.kind}: {answer.modal and answer.modal.title}"
    assert says(answer.content, key, language, **known), f"{key.value} expected, but: {answer.content!r}"
    assert answer.ephemeral
    return answer.content


def fields(message: Message) -> dict[str, str]:
    """Return the fields of a message's embeds by name."""
    return {item["name"]: item["value"] for embed in message.embeds for item in embed.get("fields", [])}


def field(message: Message, key: Text, language: str = "en", /, **parameters: Value) -> str:
    """Return a card's field. Raises `KeyError` when the card has none of this name."""
    return fields(message)[label(key, language, **parameters)]


def colour(message: Message) -> int:
    """Return the colour of a card."""
    return message.embeds[0]["color"]


def everything(message: Message) -> str:
    """Return all that a message shows."""
    return f"{message.content}\n{message.embeds}"


# Requests


def new_level(world: World, **details: Any) -> Level:
    """Upload a level that no test has asked the game server about."""
    level = Level(**{"id": next(_NEW_IDS), "name": "Brand New", "creator": levels.ANNA, "stars_requested": 2} | details)
    world.game.add_level(level)
    return level


async def ask(guild: Guild, member: SandboxUser, level: Level | int) -> Answer:
    """Use `/request create`."""
    return await member.slash(guild.home, "request create", level_id=level if isinstance(level, int) else level.id)


async def fill(member: SandboxUser, answer: Answer, **values: Any) -> Answer:
    """Fill in the form that an answer is and wait for the final answer."""
    assert answer.kind == "modal", answer.content or answer.kind
    return await (await member.submit(answer.modal, values)).final()


async def request(world: World, guild: Guild, member: SandboxUser, level: Level, **values: str) -> Message:
    """Request a level, wait until everybody knows, and return the reviewers' card."""
    answer = await fill(member, await ask(guild, member, level), **values)
    assert answer.ephemeral
    await world.settled()
    cards = [card for card in guild.messages(Route.PENDING_REQUEST) if f"`{level.id}`" in everything(card)]
    assert len(cards) == 1, answer.content
    return cards[0]


def request_id(card: Message) -> int:
    """Return the number of the request that a card is of."""
    return int(card.components[0]["components"][0]["custom_id"].split(":")[1])


async def opine(
    reviewer: SandboxUser, card: Message, verdict: Verdict = Verdict.APPROVE, *, review: str = "", reason: str = ""
) -> Answer:
    """Give an opinion as a reviewer does it: press the button, fill in the form if there is one."""
    answer = await reviewer.press(card, f"opinion:{request_id(card)}:{verdict.value}:{int(bool(review))}")
    if answer.kind != "modal":
        return answer
    return await fill(reviewer, answer, **{key: value for key, value in (("review", review), ("reason", reason)) if value})


async def resolve(moderator: SandboxUser, card: Message, verdict: Verdict, *, review: str = "", comment: str = "") -> Answer:
    """Decide as a moderator does it."""
    answer = await moderator.press(card, f"resolve:{request_id(card)}:{verdict.value}")
    if answer.kind != "modal":
        return answer
    return await fill(moderator, answer, **{key: value for key, value in (("review", review), ("reason", comment)) if value})


async def resolution_card(world: World, guild: Guild, request_number: int) -> Message:
    """Wait until everything is posted and return a request's resolution card."""
    await world.settled()
    [card] = [card for card in guild.messages(Route.RESOLUTION) if request_id(card) == request_number]
    return card


async def opined(world: World, guild: Guild, member: SandboxUser, level: Level, **values: str) -> Message:
    """Request a level, let a new reviewer approve of it and return the resolution card."""
    card = await request(world, guild, member, level, **values)
    answer = await opine(guild.join(f"Reviewer of {level.id}", Flag.REVIEWER), card)
    assert answer.ephemeral
    return await resolution_card(world, guild, request_id(card))


# What is set, behind everybody's back


async def set_route(world: World, guild: Guild, route: Route, *, enabled: bool) -> None:
    """Switch a route on or off."""
    async with world.app.transaction(guild.id) as tx:
        await upsert(tx.session, RouteOverride, {"guild_id": guild.id, "key": route}, {"enabled": enabled})
        tx.settings_changed = True


async def set_module(world: World, guild: Guild, module: Module, *, enabled: bool) -> None:
    """Switch a module on or off."""
    async with world.app.transaction(guild.id) as tx:
        await upsert(tx.session, GuildModule, {"guild_id": guild.id, "module": module}, {"enabled": enabled})
        tx.settings_changed = True


async def hold_back(
    world: World,
    guild: Guild,
    kind: CooldownKind,
    entity_id: int,
    *,
    for_: timedelta | None,
    reason: str | None = None,
    by: SandboxUser | None = None,
) -> None:
    """Put a user or a level on a cooldown as staff do; `for_` None: for ever."""
    async with world.app.transaction(guild.id) as tx:
        await upsert(
            tx.session,
            Cooldown,
            {"guild_id": guild.id, "kind": kind, "entity_id": entity_id},
            {
                "cast_at": tx.now,
                "ends_at": None if for_ is None else tx.now + for_,
                "cast_by": by.id if by else None,
                "reason": reason,
                "request_id": None,
            },
        )


# The log channel


def log_entries(guild: Guild, kind: EventType | None = None) -> list[dict[str, Any]]:
    """Return the entries in the log channel as the YAML that they are, oldest first."""
    found: list[dict[str, Any]] = []
    for message in guild.messages(Route.LOG):
        blocks = re.findall(r"```yaml\n(.*?)\n```", message.content, re.DOTALL)
        found += [yaml.safe_load(block) for block in blocks]
    return [entry for entry in found if kind is None or entry["type"] == kind.value]
