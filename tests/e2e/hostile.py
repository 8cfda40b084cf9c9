"""What somebody who means it badly may send, and what has to hold whatever is sent.

A module that wants it says `pytestmark = ONE_LOOP` and `shared_world = listening_world()`, `siege = besieged_world()`. In a
thorough run it is played on SQLite and on PostgreSQL, which bear different things.
"""

import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, text

from db.engine import sync_url
from db.models import metadata
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Message, Role
from sandbox.geometry_dash import catalogue
from tests.e2e.attacked_stage import furnish
from tests.e2e.commands.reporting import Painter
from tests.e2e.steps import hold_back
from tests.e2e.world import Guild, World, running_world
from tests.thoroughness import THOROUGH
from util.identifiers import CooldownKind, Parameter, Route
from util.memory import settle

ATTEMPTS = 150 if THOROUGH else 5
"""How many values are tried for each command and each form."""
TRIED = settings(
    max_examples=ATTEMPTS,
    deadline=None,
    derandomize=True,
    database=None,
    # The world changes with each example, so what fails cannot be made smaller by trying it again.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL) if THOROUGH else (SQLITE,)
MARK = "Quokka"
"""Stands in everything that the other guild's people wrote; no text of the bot has it."""
COLLECTED_EVERY = 100
LIMIT = 3.0
"""Seconds that Discord waits for an answer."""
_INT64 = 2**63
NUMBERS = (0, -1, 1, 199, 2**31, 2**53, 2**53 + 1, _INT64 - 1, _INT64, -_INT64, -_INT64 - 1, 10**30)
TEXTS = (
    "@everyone @here",
    "<@&{victims}> <@{victim}> <@!{victim}> <#{channel}> </queue open:{victim}> @everyone",
    "<:x:{victim}> <a:x:1> <t:99999999999999:R> <t:-1> <id:customize> <:gd:99999999999999999999>",
    "```\n@everyone\n``` ``` `` ` ~~~ \\``` \\\\",
    "# **bold** __u__ ~~s~~ ||spoiler|| > quote\n- list\n1. list [click](https://evil.example) <https://evil.example>",
    "{0.__class__.__mro__} {author} {level!r} {} {{ }} {0} %s %d %n %(name)s ${HOME} $(id) `id`",
    "'; DROP TABLE request; -- \" OR 1=1 /* \\x00 % _ \\% ESCAPE",
    "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;&#0;",
    "=cmd|' /C calc'!A0",
    "(a+)+$ (.*)*\\1 [ a{9999999999} (?P<x>" + "a" * 50 + "!",
    "\u202e\u2066gnp.exe\u200b\u200d\u2060\ufeff\u061c\u200e",
    "Z\u0335\u0321a" + "\u0301" * 200,
    "\x00",
    "before\x00after",
    "\x1b[31m\x07\x08\x7f\x85\u2028\u2029",
    "\ud800",
    "a\udfffb\ud83d",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U000e0041\U000e007f \U0010ffff \ufdd0",
    "\u05d0\u05d1 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 1\u0660\u0663",
    "../../../../etc/passwd",
    "https://youtu.be/dQw4w9WgXcQ?x=@everyone",
    "http://169.254.169.254/latest/meta-data",
    "javascript:alert(1)",
    "\u200b",
    " ",
    "\n" * 50,
    "x" * 4_000,
    "\U0001f600" * 2_000,
    "`*_~|<>@" * 500,
    "@everyone " * 400,
    "word " * 1_200,
    "a:b:c:d::",
    "0x10",
    "1e999",
    "NaN",
    "-0",
    "9" * 400,
    "\uff11\uff12\u0663",
    "999999999999999999999999y",
    "-1d",
    "+inf",
    "9999-12-31T23:59:59.999999+23:59",
    "0001-01-01 00:00 UTC",
    "<@{stranger}>",
    "{stranger}",
    "{other_channel}",
    "<#{other_channel}>",
    "{other_role}",
    "<@&{other_role}>",
    "{other_request}",
)
"""Texts with places for ids of this guild and the other one."""
GOOD = ("1d", "inf", "2026-01-01", "none", "true", "en", "ru", "4", "2003", "Europe/Berlin", "actor", "Toni")


@dataclass
class Siege:
    """A guild that is attacked, one that nothing may be learnt of, and the people who must hear nothing."""

    world: World
    guild: Guild
    other: Guild
    ids: dict[str, str]
    other_ids: dict[str, str]
    victim: SandboxUser
    victims: Role
    places: dict[str, str]
    engine: Engine
    answered: int = 0

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Be short when a test fails: Hypothesis would write down both guilds, for minutes."""
        printer.text(f"<Siege on {self.engine.name}>")

    def written(self, text: str) -> str:
        """Return a text with ids in its places."""
        for name, value in self.places.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def texts(self) -> st.SearchStrategy[str]:
        """Return hostile texts, well-known ones first, and any others."""
        known = st.sampled_from([self.written(text) for text in (*TEXTS, *GOOD)])
        joined = st.lists(known, min_size=2, max_size=3).map(" ".join)
        return st.one_of(known, joined, st.text(max_size=300))

    def padded(self) -> st.SearchStrategy[str]:
        """Return hostile texts that are as long as a review has to be."""
        return st.sampled_from([self.written(text)[:350].ljust(60, "!") for text in TEXTS])

    def lost(self) -> int:
        """Return how many messages could not be delivered."""
        with self.engine.connect() as connection:
            query = text("SELECT count(*) FROM failed_delivery WHERE guild_id = :guild_id")
            return connection.execute(query, {"guild_id": self.guild.id}).scalar_one()

    def mishaps(self) -> dict[str, float]:
        """Return the counts of what may never happen."""
        found: dict[str, float] = {}
        metrics = self.world.app.metrics
        for counter in (metrics.errors, metrics.deliveries, metrics.jobs):
            for sample in (sample for metric in counter.collect() for sample in metric.samples):
                outcome = sample.labels.get("outcome", "error")
                if sample.name.endswith("_total") and outcome in ("error", "given_up", "failed"):
                    found[f"{sample.name} {sample.labels}"] = sample.value
        return found

    def rows_of_the_other(self) -> dict[str, list[Any]]:
        """Return every row of the database that belongs to the other guild."""
        return rows_of(self.engine, self.other.id)

    async def holds(self, answer: Answer, mishaps: dict[str, float]) -> None:
        """Fail unless an answer came in time, is no error, and neither it nor what was posted does any harm."""
        assert answer.kind != "failed", "there was no answer in time"
        assert answer.ack_seconds is not None
        assert answer.ack_seconds < LIMIT
        answer = await answer.final()
        await self.world.settled()
        assert self.mishaps() == mishaps
        assert self.victim.pings == []
        self.tells_nothing(answer)
        self.answered += 1
        if self.answered % COLLECTED_EVERY == 0:
            # Otherwise the collector would look at all that two guilds have said, while an answer is waited for.
            settle()

    def tells_nothing(self, answer: Answer) -> None:
        """Fail when an answer has anything of the other guild that was not sent along."""
        shown = [answer.choices, answer.modal and (answer.modal.title, answer.modal.components)]
        for message in [*answer.followups, *([answer.message] if answer.message else [])]:
            shown.append([message.content, message.embeds, message.components, [str(item.data) for item in message.attachments]])
        told = json.dumps(shown, default=str)
        assert MARK not in told
        for message in secrets_of(self.other):
            assert str(message.id) not in told


def secrets_of(guild: Guild) -> list[Message]:
    """Return the messages that are for a guild's staff."""
    return [*guild.messages(Route.PENDING_REQUEST), *guild.messages(Route.TRAINEE_REVIEW_TEXT), *guild.messages(Route.LOG)]


def rows_of(engine: Engine, guild_id: int) -> dict[str, list[Any]]:
    """Return every row of a database that belongs to a guild."""
    names = [table.name for table in metadata.sorted_tables if "guild_id" in table.c]
    with engine.connect() as connection:
        query = 'SELECT * FROM "{}" WHERE guild_id = :guild_id ORDER BY 1, 2'
        return {name: list(connection.execute(text(query.format(name)), {"guild_id": guild_id})) for name in names}


def listening_world(databases: Sequence[str] = DATABASES) -> Any:
    """Make the fixture that gives a module's world, whose HTTP side listens on a port of its own: a token may be issued there."""

    @pytest_asyncio.fixture(scope="module", loop_scope="module", name="shared_world", params=databases)
    async def fixture(
        request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated: Path
    ) -> AsyncGenerator[World]:
        folder = tmp_path_factory.mktemp("hostile")
        with contextlib.ExitStack() as stack:
            address = ""
            if request.param == POSTGRESQL:
                address = stack.enter_context(request.getfixturevalue("postgres_shelf").database())
            async with running_world(folder, migrated, address=address, api_port=0) as world:
                yield world

    return fixture


def besieged_world() -> Any:
    """Make the fixture that gives two guilds in a world where charts are not really drawn."""

    @pytest_asyncio.fixture(scope="module", loop_scope="module", name="siege")
    async def fixture(shared_world: World) -> AsyncGenerator[Siege]:
        painter, charts = Painter(), shared_world.app.charts
        charts.picture, charts.interactive = painter.picture, painter.interactive  # pyright: ignore
        guild, ids = await furnish(shared_world, "First")
        other, other_ids = await furnish(shared_world, MARK)
        # Each example may leave a request that waits.
        await shared_world.set_parameter(Parameter.QUEUE_BLOCK_AT, "1000000", guild)
        reason = f"{MARK} reason"
        await hold_back(shared_world, other, CooldownKind.LEVEL, catalogue.UNRATED_HARD.id, for_=None, reason=reason)
        other.sandbox.add_role(f"{MARK} role")
        other.join(MARK)
        guild.join("Nora")
        role = guild.sandbox.add_role("Victims", mentionable=True)
        victim = guild.join("Victor")
        guild.sandbox.give_role(victim, role)
        await shared_world.settled()
        places = {
            "victim": str(victim.id),
            "victims": str(role.id),
            "channel": str(guild.home.id),
            "stranger": str(other.people["Mira"].id),
            "other_channel": str(other.home.id),
            "other_role": other_ids["role"],
            "other_request": other_ids["request"],
        }
        engine = create_engine(sync_url(shared_world.database_url))
        yield Siege(shared_world, guild, other, ids, other_ids, victim, role, places, engine)
        engine.dispose()

    return fixture
