"""Acting on the bot through the page."""

from __future__ import annotations

import asyncio

from tests.sandbox.page.conftest import House


async def test_a_command_is_offered_with_its_options_in_the_persons_language(house: House):
    page = await house.page(house.setup.mira)
    found = (await page.do("commands", channel_id=house.channel_id))["commands"]
    named = {command["name"]: command for command in found}
    assert {"hello", "level find", "panel"} <= set(named)
    option = named["hello"]["options"][0]
    assert option | {"description": ""} == {
        "name": "name",
        "shown": "name",
        "description": "",
        "type": 3,
        "required": True,
        "autocomplete": False,
        "min_length": 1,
        "max_length": 10,
    }
    assert named["level find"]["options"][0]["autocomplete"] is True


async def test_a_command_answers_and_both_windows_see_the_message(house: House):
    mira, noor = await house.page(house.setup.mira), await house.page(house.setup.noor)
    answer = await mira.do("slash", channel_id=house.channel_id, command="hello", options={"name": "you"})
    assert answer["kind"] == "message"
    for page in (mira, noor):
        message = await page.message(lambda item: item["id"] == answer["message_id"])
        assert message["content"] == "Hello you"
        assert message["interaction"]["name"] == "hello"
        assert message["interaction"]["user"]["display_name"] == "Mira"


async def test_members_roles_and_channels_are_given_by_id(house: House):
    page = await house.page(house.setup.mira)
    options = {"query": "bloodbath", "user": str(house.setup.noor.id), "page": "2"}
    answer = await page.do("slash", channel_id=house.channel_id, command="level find", options=options)
    message = await page.message(lambda item: item["id"] == answer["message_id"])
    assert message["content"] == "bloodbath Noor 2 en-US"
    assert message["interaction"]["name"] == "level find"


async def test_what_the_client_would_not_send_comes_back_with_its_place(house: House):
    page = await house.page(house.setup.mira)
    slash = {"channel_id": house.channel_id, "command": "hello"}
    for options, code in (({}, "required"), ({"name": "x" * 11}, "length")):
        answer = await page.ask("slash", **slash, options=options)
        assert not answer["ok"]
        assert answer["places"][0]["path"] == "name"
        assert answer["places"][0]["code"] == code
    answer = await page.ask("slash", channel_id=house.channel_id, command="level find", options={"query": "x", "user": "1"})
    assert answer["places"][0] == {"path": "user", "text": "No such member here.", "code": "choice"}
    answer = await page.ask(
        "slash",
        channel_id=house.channel_id,
        command="level find",
        options={"query": "x", "user": str(house.setup.noor.id), "page": 10},
    )
    assert answer["places"][0] | {"text": ""} == {"path": "page", "text": "", "code": "range", "min": 1, "max": 9}
    assert not (await page.ask("slash", channel_id=house.channel_id, command="nothing", options={}))["ok"]


async def test_suggestions_come_while_typing(house: House):
    page = await house.page(house.setup.mira)
    answer = await page.do(
        "autocomplete", channel_id=house.channel_id, command="level find", focused="query", options={"query": "que"}
    )
    assert answer["choices"] == [{"name": "QUE", "value": "que"}]


async def test_an_ephemeral_answer_is_seen_by_its_owner_alone_and_can_be_dismissed(house: House):
    mira, again, noor = await house.page(house.setup.mira), await house.page(house.setup.mira), await house.page(house.setup.noor)
    answer = await mira.do("slash", channel_id=house.channel_id, command="panel", options={"secret": True})
    assert answer["ephemeral"]
    for page in (mira, again):
        assert (await page.message(lambda item: item["id"] == answer["message_id"]))["ephemeral"]
    await noor.settle()
    assert not [event for event in noor.events if event["ev"] == "message"]
    await mira.do("dismiss", channel_id=house.channel_id, message_id=answer["message_id"])
    for page in (mira, again):
        await page.message(lambda item: item["id"] == answer["message_id"] and item.get("deleted"))
    opened = await mira.do("open", channel_id=house.channel_id)
    assert answer["message_id"] not in [item["id"] for item in opened["messages"]]


async def test_a_form_opens_is_checked_and_sent(house: House):
    page = await house.page(house.setup.mira)
    panel = await page.do("slash", channel_id=house.channel_id, command="panel", options={})
    place = {"channel_id": house.channel_id, "message_id": panel["message_id"]}
    opened = await page.do("press", **place, custom_id="open")
    modal = opened["modal"]
    assert opened["kind"] == "modal"
    assert modal["title"] == "Submit a level"
    note, grade, ping = (row["component"]["custom_id"] for row in modal["components"])
    answer = await page.ask("submit", modal_id=modal["id"], values={note: "x", grade: []})
    assert not answer["ok"]
    assert [(found["path"], found["code"]) for found in answer["places"]] == [(note, "length"), (grade, "count")]
    role = house.setup.guild.add_role("Fans")
    values = {note: "A good one", grade: ["e"], ping: [str(role.id)]}
    sent = await page.do("submit", modal_id=modal["id"], values=values)
    message = await page.message(lambda item: item["id"] == sent["message_id"])
    assert message["content"] == "A good one/e/Fans"
    assert message["ephemeral"]
    again = await page.ask("submit", modal_id=modal["id"], values=values)
    assert again["code"] == "gone"


async def test_buttons_edit_messages_and_selects_take_members(house: House):
    page = await house.page(house.setup.mira)
    panel = await page.do("slash", channel_id=house.channel_id, command="panel", options={})
    place = {"channel_id": house.channel_id, "message_id": panel["message_id"]}
    assert (await page.do("press", **place, custom_id="count"))["kind"] == "update"
    assert (await page.message(lambda item: item["id"] == panel["message_id"] and item["content"] == "1"))["edited_timestamp"]
    assert not (await page.ask("press", **place, custom_id="dead"))["ok"]
    answer = await page.do("select", **place, custom_id="who", values=[str(house.setup.noor.id)])
    assert answer["kind"] == "acknowledged"
    await page.message(lambda item: item["id"] == panel["message_id"] and item["content"] == "Noor")


async def test_thinking_shows_until_the_answer_is_there(house: House):
    page = await house.page(house.setup.mira)
    answer = await page.do("slash", channel_id=house.channel_id, command="slow", options={})
    assert answer["kind"] == "deferred"
    found = await page.message(lambda item: item["content"] == "first")
    assert found["id"] == answer["message_id"]
    assert not found["loading"]
    await page.message(lambda item: item["content"] == "second")


async def test_no_answer_in_time_leaves_a_failed_message_for_whoever_acted(house: House):
    house.setup.server.timing.acknowledge = 0.05
    mira, noor = await house.page(house.setup.mira), await house.page(house.setup.noor)
    answer = await mira.do("slash", channel_id=house.channel_id, command="silent", options={})
    assert answer["kind"] == "failed"
    shown = await mira.message(lambda item: item["failed"])
    assert shown["content"] == "This interaction failed"
    assert shown["interaction"]["name"] == "silent"
    await noor.settle()
    assert not [event for event in noor.events if event["ev"] == "message"]
    await mira.do("dismiss", channel_id=house.channel_id, message_id=shown["id"])
    await mira.message(lambda item: item["id"] == shown["id"] and item.get("deleted"))


async def test_a_button_that_fails_is_marked_until_the_next_act(house: House):
    setup = house.setup
    page = await house.page(setup.mira)
    panel = await page.do("slash", channel_id=house.channel_id, command="panel", options={})
    place = {"channel_id": house.channel_id, "message_id": panel["message_id"]}
    setup.server.timing.acknowledge = 0.05
    setup.server.faults.delay(0.3, "/callback")
    assert (await page.do("press", **place, custom_id="count"))["kind"] == "failed"
    await page.message(lambda item: item["id"] == panel["message_id"] and item["failed"])
    setup.server.faults.clear()
    setup.server.timing.acknowledge = 3.0
    await page.do("press", **place, custom_id="count")
    await page.message(lambda item: item["id"] == panel["message_id"] and not item["failed"] and item["content"] == "1")


async def test_the_socket_goes_on_while_the_bot_is_waited_for(house: House):
    page = await house.page(house.setup.mira)
    house.setup.server.timing.acknowledge = 1.0
    waiting = asyncio.create_task(page.do("slash", channel_id=house.channel_id, command="silent", options={}))
    await page.do("controls")
    assert not waiting.done()
    assert (await waiting)["kind"] == "failed"
