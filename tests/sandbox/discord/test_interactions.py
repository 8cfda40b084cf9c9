"""Slash commands, buttons, modals and what a real discord.py client makes of them."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from sandbox.discord import ClientRefused, Permission
from sandbox.discord.transcript import render_answer, render_message

from .conftest import Bot, Setup


class Form(ui.Modal, title="Submit a level"):
    """A modal with a text input, a select and a role select."""

    note: ui.Label[Any] = ui.Label(text="Note", component=ui.TextInput(min_length=3, max_length=20))
    grade: ui.Label[Any] = ui.Label(
        text="Grade",
        component=ui.Select(options=[discord.SelectOption(label="Epic", value="e"), discord.SelectOption(label="Rate")]),
    )
    ping: ui.Label[Any] = ui.Label(text="Ping", component=ui.RoleSelect(required=False, min_values=0))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say what was filled in."""
        roles = ", ".join(role.name for role in self.ping.component.values)
        text = f"{self.note.component.value}/{self.grade.component.values[0]}/{roles}"
        await interaction.response.send_message(text, ephemeral=True)


class Panel(ui.View):
    """A button that opens the form, one that edits, one that is dead, and a select."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Open", custom_id="open")
    async def open(self, interaction: discord.Interaction, _: Any) -> None:
        """Open the form."""
        await interaction.response.send_modal(Form())

    @ui.button(label="Count", custom_id="count")
    async def tally(self, interaction: discord.Interaction, button: ui.Button[Any]) -> None:
        """Edit the message the button is on."""
        button.label = "Counted"
        await interaction.response.edit_message(content="1", view=self)

    @ui.button(label="Dead", custom_id="dead", disabled=True)
    async def dead(self, interaction: discord.Interaction, _: Any) -> None:
        """Never come here."""

    @ui.select(custom_id="who", cls=ui.UserSelect, placeholder="Who")
    async def who(self, interaction: discord.Interaction, select: ui.UserSelect[Any]) -> None:
        """Defer, then edit the message."""
        await interaction.response.defer()
        await interaction.edit_original_response(content=select.values[0].display_name)


def build() -> Bot:
    """Make a bot with the commands these tests use."""
    bot = Bot()
    group = app_commands.Group(name="level", description="Levels")

    @bot.tree.command(description="Say hello")
    async def hello(interaction: discord.Interaction, name: app_commands.Range[str, 1, 10]) -> None:
        await interaction.response.send_message(f"Hello {name}")

    @bot.tree.command(description="Show the panel")
    async def panel(interaction: discord.Interaction, secret: bool = False) -> None:
        await interaction.response.send_message("Panel", view=Panel(), ephemeral=secret)

    @bot.tree.command(description="Take long")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("first")
        await interaction.followup.send("second")

    @bot.tree.command(description="Say nothing")
    async def silent(interaction: discord.Interaction) -> None:
        """Do nothing."""

    @bot.tree.command(description="Answer twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one")
        try:
            data = {"type": 4, "data": {"content": "two"}}
            route = discord.http.Route(
                "POST",
                "/interactions/{webhook_id}/{webhook_token}/callback",
                webhook_id=interaction.id,
                webhook_token=interaction.token,
            )
            await bot.http.request(route, json=data)
        except discord.HTTPException as error:
            await interaction.edit_original_response(content=str(error.code))

    @group.command(description="Find a level")
    async def find(
        interaction: discord.Interaction, query: str, user: discord.Member, page: app_commands.Range[int, 1, 9] = 1
    ) -> None:
        callback = await interaction.response.send_message(f"{query} {user.display_name} {page} {interaction.locale}")
        await interaction.followup.send(str(callback.message_id == (await interaction.original_response()).id))

    @find.autocomplete("query")
    async def complete(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current.upper(), value=current)]

    bot.tree.add_command(group)
    return bot


async def test_a_synced_command_answers_a_member(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "hello", name="you")
    assert answer.kind == "message"
    assert answer.content == "Hello you"
    assert not answer.ephemeral
    assert answer.ack_seconds is not None
    assert answer.ack_seconds < 1


async def test_a_sub_command_gets_its_members_locale_and_answer_object(setup: Setup) -> None:
    setup.join()
    setup.mira.set_locale("ru")
    await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "level find", query="bloodbath", user=setup.noor)
    assert answer.content == "bloodbath Noor 1 ru"
    followup = await setup.server.wait_until(lambda: answer.followups and answer.followups[0])
    assert followup.content == "True"
    assert followup.reference is answer.message


async def test_a_client_refuses_what_discord_would_not_send(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    channel, mira = setup.channel, setup.mira
    with pytest.raises(ClientRefused, match="No command"):
        await mira.slash(channel, "nothing")
    with pytest.raises(ClientRefused, match="is a group"):
        await mira.slash(channel, "level")
    with pytest.raises(ClientRefused, match="required"):
        await mira.slash(channel, "hello")
    with pytest.raises(ClientRefused, match="1 to 10"):
        await mira.slash(channel, "hello", name="x" * 11)
    with pytest.raises(ClientRefused, match="1 to 9"):
        await mira.slash(channel, "level find", query="x", user=setup.noor, page=10)
    with pytest.raises(ClientRefused, match="does not take"):
        await mira.slash(channel, "level find", query="x", user=setup.channel)
    setup.guild.set_overwrite(channel, mira, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(ClientRefused, match="does not see"):
        await mira.slash(channel, "hello", name="x")


async def test_autocompletion_offers_choices(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    choices = await setup.mira.autocomplete(setup.channel, "level find", focused="query", query="que")
    assert choices == [{"name": "QUE", "value": "que"}]


async def test_a_modal_opened_by_a_button_brings_back_its_values(setup: Setup) -> None:
    setup.join()
    role = setup.guild.add_role("Mods")
    await setup.run(build())
    shown = await setup.mira.slash(setup.channel, "panel")
    assert shown.message is not None
    answer = await setup.noor.press(shown.message, "Open")
    assert answer.kind == "modal"
    assert answer.modal is not None
    assert "| Note *" in render_answer(answer)
    with pytest.raises(ClientRefused, match="3 to 20"):
        await setup.noor.submit(answer.modal, {"Note": "x", "Grade": "Epic"})
    with pytest.raises(ClientRefused, match="1 to 1"):
        await setup.noor.submit(answer.modal, {"Note": "good"})
    with pytest.raises(ClientRefused, match="not on the member's screen"):
        await setup.mira.submit(answer.modal, {"Note": "good", "Grade": "Epic"})
    final = await setup.noor.submit(answer.modal, {"Note": "good", "Grade": "Epic", "Ping": [role]})
    assert final.content == "good/e/Mods"
    assert final.ephemeral
    with pytest.raises(ClientRefused):
        await setup.noor.submit(answer.modal, {"Note": "good", "Grade": "Epic"})


async def test_a_button_edits_its_message_and_a_disabled_one_refuses(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    shown = (await setup.mira.slash(setup.channel, "panel")).message
    assert shown is not None
    answer = await setup.noor.press(shown, "count")
    assert answer.kind == "update"
    assert answer.message is shown
    assert shown.content == "1"
    with pytest.raises(ClientRefused, match="disabled"):
        await setup.noor.press(shown, "Dead")
    chosen = await (await setup.noor.select(shown, "Who", [setup.mira])).final()
    assert chosen.kind == "acknowledged"
    assert shown.content == "Mira"
    assert "  [Open] [Counted] [Dead | disabled]" in render_message(shown, setup.mira)


async def test_an_ephemeral_message_is_only_there_for_its_receiver(setup: Setup) -> None:
    setup.join()
    bot = await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "panel", secret=True)
    assert answer.ephemeral
    assert answer.message is not None
    assert answer.message in setup.mira.visible(setup.channel)
    assert answer.message not in setup.noor.visible(setup.channel)
    with pytest.raises(ClientRefused, match="does not see"):
        await setup.noor.press(answer.message, "count")
    assert (await setup.mira.press(answer.message, "count")).content == "1"
    channel = bot.get_channel(setup.channel.id)
    assert isinstance(channel, discord.TextChannel)
    assert [item async for item in channel.history()] == []
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(answer.message.id)
    setup.mira.delete_message(answer.message)
    with pytest.raises(ClientRefused):
        await setup.mira.press(answer.message, "count")


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


async def test_members_only_see_commands_their_permissions_allow(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    @bot.tree.command(description="Staff only")
    @app_commands.default_permissions(manage_guild=True)
    async def staff(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ok")

    await setup.run(bot)
    assert setup.mira.commands(setup.channel) == []
    assert [item.name for item in setup.guild.owner.commands(setup.channel)] == ["staff"]
    with pytest.raises(ClientRefused, match="hidden"):
        await setup.mira.slash(setup.channel, "staff")
    assert (await setup.guild.owner.slash(setup.channel, "staff")).content == "ok"


async def test_global_commands_work_in_direct_messages(setup: Setup) -> None:
    setup.join()
    bot = build()
    await bot.login(setup.application.token)
    await bot.tree.sync()
    await setup.run(bot, sync=False)
    answer = await setup.mira.slash(setup.mira.dm_channel(), "hello", name="you")
    assert answer.content == "Hello you"
    assert answer.message in setup.mira.dms()


async def test_context_menus_get_their_target(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    @bot.tree.context_menu(name="Quote it")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"> {message.content}", ephemeral=True)

    @bot.tree.context_menu(name="Who is it")
    async def who(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(member.display_name, ephemeral=True)

    await setup.run(bot)
    sent = setup.noor.send(setup.channel, "gg")
    assert (await setup.mira.context_menu(setup.channel, "Quote it", sent)).content == "> gg"
    assert (await setup.mira.context_menu(setup.channel, "Who is it", setup.noor)).content == "Noor"


async def test_options_take_roles_channels_and_files(setup: Setup) -> None:
    setup.join()
    role = setup.guild.add_role("Mods")
    bot = Bot()

    @bot.tree.command(description="Take things")
    async def take(
        interaction: discord.Interaction, role: discord.Role, where: discord.TextChannel, file: discord.Attachment | None = None
    ) -> None:
        data = (await file.read()).decode() if file else "-"
        await interaction.response.send_message(f"{role.name} {where.name} {data}")

    await setup.run(bot)
    file = setup.mira.upload("a.txt", b"bytes")
    answer = await setup.mira.slash(setup.channel, "take", role=role, where=setup.channel, file=file)
    assert answer.content == "Mods general bytes"


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


async def test_a_second_version_layout_shows_and_its_buttons_work(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    class Layout(ui.LayoutView):
        box: ui.Container[Any] = ui.Container(ui.TextDisplay("Hello layout"), ui.ActionRow(ui.Button(label="Go", custom_id="go")))

    @bot.tree.command(description="Layout")
    async def layout(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Layout())

    async def on_interaction(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_message("went", ephemeral=True)

    bot.event(on_interaction)
    await setup.run(bot)
    answer = await setup.mira.slash(setup.channel, "layout")
    assert answer.message is not None
    assert "  | Hello layout" in render_message(answer.message)
    assert (await setup.noor.press(answer.message, "Go")).content == "went"


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
