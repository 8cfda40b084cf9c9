"""What a person sees on the page, and what is told as it changes."""

from __future__ import annotations

from sandbox.discord import Permission, Upload
from tests.sandbox.page.conftest import House, came_last


async def test_people_are_offered_with_their_parts_first(house: House):
    page = await house.page()
    hello = await page.do("hello")
    assert [person["name"] for person in hello["people"]] == ["Mira", "Owner", "Noor"]
    assert hello["people"][0]["what"] == "a member"
    assert hello["guild"] == {"id": str(house.setup.guild.id), "name": "Level Club"}
    assert (await page.ask("open", channel_id=house.channel_id))["code"] == "nobody"
    assert not (await page.ask("be", user_id=str(house.setup.application.id)))["ok"]


async def test_the_owner_may_be_played(house: House):
    page = await house.page()
    state = await page.be(house.setup.guild.owner)
    assert state["me"]["owner"] is True


async def test_only_channels_the_person_sees_are_there(house: House):
    setup = house.setup
    secret = setup.guild.add_channel("staff")
    setup.guild.set_overwrite(secret, setup.guild.everyone, deny=Permission.VIEW_CHANNEL)
    page = await house.page()
    state = await page.be(setup.mira)
    assert [channel["name"] for channel in state["channels"]] == ["general"]
    assert (await page.ask("open", channel_id=str(secret.id)))["code"] == "gone"
    setup.guild.set_overwrite(secret, setup.mira, allow=Permission.VIEW_CHANNEL)
    event = await page.hear("state", lambda event: len(event["state"]["channels"]) == 2)
    assert [channel["name"] for channel in event["state"]["channels"]] == ["general", "staff"]
    await page.do("open", channel_id=str(secret.id))
    setup.guild.set_overwrite(secret, setup.mira, deny=Permission.VIEW_CHANNEL)
    await page.hear("state", lambda event: len(event["state"]["channels"]) == 1)


async def test_messages_come_in_pages_from_the_newest(house: House):
    setup = house.setup
    sent = [setup.noor.send(setup.channel, f"message {number}") for number in range(120)]
    page = await house.page(setup.mira)
    first = await page.do("open", channel_id=house.channel_id)
    assert [item["content"] for item in first["messages"]] == [f"message {number}" for number in range(70, 120)]
    assert first["more"] is True
    setup.noor.edit(sent[69], "too old to be told")
    setup.noor.edit(sent[70], "changed")
    await page.message(lambda item: item["id"] == str(sent[70].id) and item["content"] == "changed")
    second = await page.do("open", channel_id=house.channel_id, before=first["messages"][0]["id"])
    last = await page.do("open", channel_id=house.channel_id, before=second["messages"][0]["id"])
    assert (len(second["messages"]), len(last["messages"]), last["more"]) == (50, 20, False)
    assert "too old to be told" not in str(page.events)
    setup.noor.delete_message(sent[0])
    await page.message(lambda item: item["id"] == str(sent[0].id) and item.get("deleted"))


async def test_writing_editing_reacting_and_deleting_are_seen_live(house: House):
    mira, noor = await house.page(house.setup.mira), await house.page(house.setup.noor)
    sent = await mira.do("send", channel_id=house.channel_id, content=f"Hello {house.setup.noor.mention}")
    place = {"channel_id": house.channel_id, "message_id": sent["message_id"]}
    seen = await noor.message(lambda item: item["id"] == sent["message_id"])
    assert (seen["mentions_me"], seen["own"], seen["deletable"]) == (True, False, False)
    answer = await noor.do("send", channel_id=house.channel_id, content="Hi", reply_to=sent["message_id"])
    seen = await mira.message(lambda item: item["id"] == answer["message_id"])
    assert seen["reply"]["author"]["display_name"] == "Mira"
    await noor.do("react", **place, emoji="👍")
    seen = await mira.message(lambda item: item["id"] == sent["message_id"] and item.get("reactions"))
    assert [(found["emoji"]["name"], found["count"], found["me"]) for found in seen["reactions"]] == [("👍", 1, False)]
    await noor.do("unreact", **place, emoji="👍")
    await mira.message(lambda item: item["id"] == sent["message_id"] and not item.get("reactions"))
    await mira.do("edit", **place, content="Changed")
    await noor.message(lambda item: item["content"] == "Changed")
    assert not (await noor.ask("edit", **place, content="Mine"))["ok"]
    assert not (await noor.ask("delete", **place))["ok"]
    await mira.do("delete", **place)
    await noor.message(lambda item: item["id"] == sent["message_id"] and item.get("deleted"))


async def test_unread_messages_and_mentions_are_counted_until_read(house: House):
    setup = house.setup
    other = setup.guild.add_channel("other")
    page = await house.page(setup.mira)
    setup.noor.send(other, "one")
    setup.noor.send(other, f"two {setup.mira.mention}")
    event = await page.hear("unread", lambda event: event["unread"] == 2)
    assert (event["channel_id"], event["mentions"]) == (str(other.id), 1)
    assert not [item for item in page.events if item["ev"] == "message"]
    again = await house.page()
    state = await again.be(setup.mira)
    assert [(item["name"], item["unread"], item["mentions"]) for item in state["channels"]] == [
        ("general", 0, 0),
        ("other", 2, 1),
    ]
    await again.do("open", channel_id=str(other.id))
    await page.hear("unread", lambda event: event["unread"] == 0)
    setup.noor.send(other, "three")
    await again.hear("unread", lambda event: event["unread"] == 1)
    await again.do("read", channel_id=str(other.id))
    await page.hear("unread", lambda event: event["unread"] == 0 and came_last(page, event))


async def test_direct_messages_and_their_marks(house: House):
    setup = house.setup
    page = await house.page(setup.mira)
    channel_id = (await page.do("dm", user_id=str(setup.application.id)))["channel_id"]
    event = await page.hear("state", lambda event: event["state"]["dms"])
    assert event["state"]["dms"][0]["user"]["bot"] is True
    await page.do("open", channel_id=channel_id)
    await page.do("send", channel_id=channel_id, content="Hello")
    await page.message(lambda item: item["content"] == "Hello")
    noor = await house.page(setup.noor)
    assert (await noor.ask("open", channel_id=channel_id))["code"] == "gone"


async def test_roles_and_languages_change_the_state_of_everyone_concerned(house: House):
    setup = house.setup
    role = setup.guild.add_role("Reviewers")
    page, other = await house.page(setup.mira), await house.page(setup.noor)
    await other.do("roles", user_id=str(setup.mira.id), add=[str(role.id)])
    await page.hear("state", lambda event: event["state"]["me"]["roles"] == [str(role.id)])
    await other.hear("people", lambda event: event["people"][0]["roles"] == ["Reviewers"])
    await page.do("locale", value="ru")
    await page.hear("state", lambda event: event["state"]["me"]["locale"] == "ru")
    assert not (await page.ask("locale", value="xx"))["ok"]
    managed = next(item for item in setup.guild.guild.roles.values() if item.managed)
    assert not (await page.ask("roles", user_id=str(setup.mira.id), add=[str(managed.id)]))["ok"]
    setup.mira.leave()
    await page.hear("gone")
    assert (await page.ask("open", channel_id=house.channel_id))["code"] == "gone"


async def test_files_are_uploaded_sent_and_shown(house: House):
    page = await house.page(house.setup.mira)
    picture = b"\x89PNG\r\n\x1a\n"
    headers = {"Origin": house.server.address}
    async with house.http.post(f"{house.server.address}/upload?filename=a/b.png", data=picture, headers=headers) as response:
        upload = await response.json()
    assert upload["filename"] == "b.png"
    sent = await page.do("send", channel_id=house.channel_id, content="", uploads=[upload["upload_id"]])
    message = await page.message(lambda item: item["id"] == sent["message_id"])
    address = message["attachments"][0]["url"]
    assert address.startswith("/attachments/")
    for path in (address, f"/uploads/{upload['upload_id']}"):
        async with house.http.get(house.server.address + path) as response:
            assert (response.status, response.content_type, await response.read()) == (200, "image/png", picture)


async def test_a_page_somebody_uploaded_does_not_run(house: House):
    upload = Upload("0", "evil.html", b"<script>alert(1)</script>", "text/html")
    message = house.setup.mira.send(house.setup.channel, "look", files=[upload])
    address = message.attachments[0].url.removeprefix(house.setup.server.base_url)
    async with house.http.get(house.server.address + address) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in response.headers["Content-Security-Policy"]
