"""Names of members and users, asked of a real client."""

import pytest

from services.discord import DiscordGone
from tests.services.discord.world import ServiceWorld


async def test_the_gateway_tells_what_members_are_called(world: ServiceWorld) -> None:
    anna, boris = world.guild.add_member("Anna"), world.guild.add_member("Борис")
    found = await world.service.member_names(world.guild.id, [anna.id, boris.id, 5])
    assert found == {anna.id: "Anna", boris.id: "Борис"}
    assert await world.service.member_names(world.guild.id, []) == {}


async def test_more_than_a_few_members_are_told_at_once(world: ServiceWorld) -> None:
    people = [world.guild.add_member(f"Member {number}") for number in range(60)]
    found = await world.service.member_names(world.guild.id, [person.id for person in people])
    assert found == {person.id: person.name for person in people}


async def test_who_has_left_is_known_as_a_user(world: ServiceWorld) -> None:
    anna = world.guild.add_member("Anna")
    anna.leave()
    assert await world.service.member_names(world.guild.id, [anna.id]) == {}
    assert await world.service.user_name(anna.id) == "Anna"


async def test_nobody_is_known_where_the_bot_is_not(world: ServiceWorld) -> None:
    with pytest.raises(DiscordGone):
        await world.service.member_names(1, [2])
    with pytest.raises(DiscordGone):
        await world.service.user_name(1)
