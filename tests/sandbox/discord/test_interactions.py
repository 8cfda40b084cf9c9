"""What becomes of an interaction: its answers, their limits and deadlines, and forged ones."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import ui

from .conftest import Bot, Setup
from .sample_bot import build


async def test_the_first_follow_up_fills_a_deferred_answer(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "slow")
    assert answer.kind == "deferred"
    await answer.final()
    second = await setup.server.wait_until(lambda: answer.followups and answer.followups[0])
    assert answer.content == "first"
    assert answer.ephemeral
    assert second.content == "second"


async def test_an_interaction_nobody_answers_fails_and_is_unknown_afterwards(setup: Setup) -> None:
    setup.join()
    bot = await setup.run(build())
    setup.server.timing.acknowledge = 0.05
    answer = await setup.mira.slash(setup.channel, "silent")
    assert answer.kind == "failed"
    assert answer.content == "This interaction failed"
    late = next(args[0] for name, args in bot.heard if name == "interaction")
    with pytest.raises(discord.NotFound) as refused:
        await late.response.send_message("late")
    assert refused.value.code == 10062


async def test_a_second_answer_is_refused(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "twice")
    await setup.server.wait_until(lambda: answer.content == "40060")


async def test_a_token_is_worth_nothing_after_fifteen_minutes(setup: Setup) -> None:
    setup.join()
    bot = await setup.run(build())
    await setup.mira.slash(setup.channel, "hello", name="x")
    interaction = next(args[0] for name, args in bot.heard if name == "interaction")
    setup.server.advance(901)
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.edit_original_response(content="late")
    assert refused.value.code == 50027


async def test_forged_interactions_pass_the_client_and_reach_the_bot(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    forged = await setup.mira.forge_slash(setup.channel, "hello", name="x" * 50)
    assert forged.content == "Hello " + "x" * 50
    setup.server.timing.acknowledge = 0.05
    assert (await setup.mira.forge_component(setup.channel, "resolve:1")).kind == "failed"
    assert (await setup.mira.forge_modal(setup.channel, "form:1", {"note": "x"})).kind == "failed"


async def test_forty_members_are_served_at_once(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    members = [setup.guild.add_member(f"Member {index}") for index in range(40)]
    answers = await asyncio.gather(*(member.slash(setup.channel, "hello", name="x") for member in members))
    assert {answer.content for answer in answers} == {"Hello x"}
    assert len(setup.mira.visible(setup.channel)) == 40


async def test_what_breaks_a_limit_in_an_answer_is_refused_with_its_path(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    @bot.tree.command(description="Too long")
    async def long(interaction: discord.Interaction) -> None:
        try:
            await interaction.response.send_message("x" * 2001)
        except discord.HTTPException as error:
            await interaction.response.send_message(f"{error.code} {error.text}")

    await setup.run(bot)
    answer = await setup.mira.slash(setup.channel, "long")
    assert answer.content.startswith("50035 Invalid Form Body\nIn data.content: Must be 2000 or fewer")


async def test_only_answers_that_fit_the_interaction_are_taken(setup: Setup) -> None:
    setup.join()
    bot = Bot()
    codes: list[int] = []

    async def try_callback(interaction: discord.Interaction, kind: int, data: dict[str, Any] | None = None) -> None:
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = discord.http.Route("POST", path, webhook_id=interaction.id, webhook_token=interaction.token)
        try:
            await bot.http.request(route, json={"type": kind, "data": data or {}})
        except discord.HTTPException as error:
            codes.append(error.code)

    class Again(ui.Modal, title="Again"):
        text: ui.Label[Any] = ui.Label(text="Text", component=ui.TextInput())

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await try_callback(interaction, 9, Again().to_dict())
            await try_callback(interaction, 7, {"content": "x"})
            await try_callback(interaction, 4, {"content": " "})
            await interaction.response.send_message("done")

    @bot.tree.command(description="Open")
    async def form(interaction: discord.Interaction) -> None:
        await try_callback(interaction, 7, {"content": "x"})
        await try_callback(interaction, 8, {"choices": []})
        await try_callback(interaction, 42)
        await interaction.response.send_modal(Again())

    await setup.run(bot)
    opened = await setup.mira.slash(setup.channel, "form")
    answer = await setup.mira.submit(opened.modal, {"Text": "x"})
    assert answer.content == "done"
    assert codes == [50035, 50035, 50035, 50035, 10008, 50006]
