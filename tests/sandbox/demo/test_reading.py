"""Discord's markup as people read it."""

from datetime import UTC, datetime

import pytest

from sandbox.demo.playground import Playground
from sandbox.demo.reading import all_text, message_lines, readable

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


def test_mentions_become_names(playground: Playground):
    guild, role = playground.guild, playground.guild.add_role("Reviewer")
    text = f"{guild.owner.mention} <@&{role.id}> {guild.general.mention} <@1> </request create:5>"
    assert readable(text, guild.guild) == "@Ada @Reviewer #general @unknown /request create"


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (3 * 86_400 - 1, "in 3 days"),
        (7 * 86_400, "in 7 days"),
        (3_600, "in 1 hour"),
        (-90, "2 minutes ago"),
        (-5, "5 seconds ago"),
        (0, "now"),
    ],
)
def test_relative_timestamps_become_distances(playground: Playground, offset: int, said: str):
    assert readable(f"<t:{SECONDS + offset}:R>", playground.guild.guild, NOW) == said


def test_timestamps_become_dates(playground: Playground):
    assert readable(f"<t:{SECONDS}> <t:{SECONDS}:D>", playground.guild.guild, NOW) == "1 May 2026, 12:00 1 May 2026"


def test_links_to_messages_name_the_channel(playground: Playground):
    guild = playground.guild
    url = f"https://discord.com/channels/{guild.id}/{guild.general.id}/5"
    assert readable(f"[review](<{url}>) {url}", guild.guild) == "review (→ #general) #general"
    assert readable("[video](https://youtu.be/x)", guild.guild) == "video (→ https://youtu.be/x)"


def test_escaped_characters_are_shown_as_people_see_them(playground: Playground):
    assert readable(r"\*\*bold\*\* C:\new", playground.guild.guild) == r"**bold** C:\new"


def test_lines_of_a_message_leave_its_author_out(playground: Playground):
    message = playground.guild.owner.send(playground.guild.general, f"Hello, {playground.people['boris'].mention}")
    assert message_lines(message, playground.guild.guild) == ["Hello, @Борис"]


def test_all_text_has_embeds_and_buttons(playground: Playground):
    message = playground.guild.owner.send(playground.guild.general, "Text")
    message.embeds = [{"title": "Title", "fields": [{"name": "Name", "value": "Value"}], "footer": {"text": "Foot"}}]
    message.components = [{"type": 1, "components": [{"type": 2, "label": "Press", "custom_id": "x"}]}]
    assert all_text(message, playground.guild.guild).split() == ["Text", "Title", "Name", "Value", "Foot", "Press"]
