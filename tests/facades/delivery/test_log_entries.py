"""The log channel: entries as YAML, bursts that share messages, crashes that lose and double nothing."""

import re
from datetime import timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from config.guild_settings import GuildSettings
from db.models import Event, ParameterOverride
from facades.delivery.log_entries import event_text, write_entry
from services.discord import DiscordForbidden
from tests.db.factories import GUILD, NOW
from tests.facades.delivery.world import CHANNELS, DeliveryWorld
from tests.fakes.discord import Died
from util.identifiers import EventType, Parameter, Route
from util.splitting import MESSAGE_LIMIT

LOG = CHANNELS[Route.LOG]


def an_event(**fields: object) -> Event:
    return Event(id=1, guild_id=GUILD, type=EventType.REQUEST_CREATED, actor_id=5, at=NOW, fields=fields)


async def record(world: DeliveryWorld, count: int, size: int = 20) -> None:
    async with world.app.transaction(GUILD) as tx:
        for number in range(count):
            tx.log(EventType.QUEUE_OPENED, 5, number=number, text="x" * size)


def numbers(world: DeliveryWorld) -> list[int]:
    return [int(found) for text in world.discord.contents(LOG) for found in re.findall(r"^number: (\d+)$", text, re.MULTILINE)]


def test_an_entry_tells_type_actor_time_and_fields_in_a_fixed_order() -> None:
    entry = write_entry(an_event(level_name="Ёлка", level_id=128), GuildSettings(GUILD), "en")
    assert entry.startswith("**Request created** · <@5> · <t:")
    block = re.search(r"```yaml\n(.*)\n```", entry, re.DOTALL)
    assert block is not None
    assert list(yaml.safe_load(block[1])) == ["type", "actor", "time", "level_id", "level_name"]
    assert "level_name: Ёлка" in block[1]


def test_every_event_type_has_a_name() -> None:
    assert all(event_text(Event(type=kind, guild_id=1, at=NOW)) for kind in EventType)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,40}", fullmatch=True), st.text(max_size=4000) | st.integers() | st.none(), max_size=12
    )
)
def test_no_entry_is_too_long_and_none_ends_its_code_block_early(fields: dict[str, object]) -> None:
    entry = write_entry(an_event(**fields), GuildSettings(GUILD), "en")
    assert len(entry) <= MESSAGE_LIMIT
    assert entry.count("```") in {0, 2}


async def test_the_heading_is_in_the_guilds_language(world: DeliveryWorld) -> None:
    async with world.app.transaction(GUILD) as tx:
        tx.session.add(ParameterOverride(guild_id=GUILD, key=Parameter.GUILD_LANGUAGE, value="ru"))
        tx.settings_changed = True
    await record(world, 1)
    await world.deliver()
    assert world.discord.contents(LOG)[0].startswith("**Очередь открыта**")


async def test_a_burst_shares_messages_and_pings_nobody(world: DeliveryWorld) -> None:
    await record(world, 30)
    await world.run_worker()
    assert numbers(world) == list(range(30))
    assert len(world.discord.sent) < 10
    assert all(len(text) <= MESSAGE_LIMIT for text in world.discord.contents(LOG))
    assert all(not sent.payload.mention_users and not sent.payload.mention_roles for sent in world.discord.sent)
    assert await world.owed() == []


@pytest.mark.parametrize("gap", [timedelta(seconds=1), timedelta(hours=1)])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", range(3))
async def test_a_crash_in_a_burst_neither_loses_nor_doubles_entries(
    world: DeliveryWorld, at: int, when: str, gap: timedelta
) -> None:
    def die(number: int, method: str) -> None:
        if number == at:
            raise Died

    setattr(world.discord, when, die)
    await record(world, 30)
    with pytest.raises(Died):
        await world.run_worker()
    await record(world, 5)
    world.clock.advance(gap)
    await world.restart()
    await world.run_worker()
    assert numbers(world) == [*range(30), *range(5)]


async def test_entries_bound_together_still_fit_when_the_language_has_changed_in_between(world: DeliveryWorld) -> None:
    world.discord.before = lambda number, method: (_ for _ in ()).throw(Died()) if number == 0 else None
    await record(world, 40, size=1)
    with pytest.raises(Died):
        await world.run_worker()
    async with world.app.transaction(GUILD) as tx:
        tx.session.add(ParameterOverride(guild_id=GUILD, key=Parameter.GUILD_LANGUAGE, value="ru"))
    await world.restart()
    await world.run_worker()
    assert numbers(world) == list(range(40))
    assert all(len(text) <= MESSAGE_LIMIT for text in world.discord.contents(LOG))


async def test_with_the_log_route_off_nothing_is_posted_and_nothing_is_owed(world: DeliveryWorld) -> None:
    await record(world, 3)
    await world.route(Route.LOG, LOG, enabled=False)
    await record(world, 3)
    await world.run_worker()
    assert world.discord.calls == []
    assert await world.owed() == []


async def test_of_a_message_that_is_refused_every_entry_is_known_to_have_been_given_up(world: DeliveryWorld) -> None:
    world.discord.errors[LOG] = DiscordForbidden("403", status=403)
    await record(world, 3)
    await world.run_worker()
    async with world.app.reading() as session:
        recorded = list((await session.exec(select(Event.id))).all())
    assert len(recorded) == 3
    assert [failure.payload["event_id"] for failure in await world.failed()] == recorded
