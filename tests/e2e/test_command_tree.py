"""What Discord was told of the commands, against the specification's list of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.e2e.world import World

SPECIFIED: dict[str, list[str]] = json.loads((Path(__file__).parents[1] / "data" / "specified_commands.json").read_text("utf-8"))
NOT_BUILT_YET = {}
OUR_OPTIONS = {"backup save": {"scope"}, "report": {"private"}}
"""Options that we add to a command, or to all of a group."""
OURS = {"help commands", "panel token", "privacy delete", "privacy export", "setup", "status"}
SUBCOMMANDS = (1, 2)


def synced(commands: list[dict[str, Any]], group: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each command that can be called, with the names of its options in order."""
    for command in commands:
        name = f"{group} {command['name']}".strip()
        options = command.get("options", [])
        if any(option["type"] in SUBCOMMANDS for option in options):
            yield from synced(options, name)
        else:
            yield name, [option["name"] for option in options]


async def test_the_synced_commands_and_their_options_are_those_of_the_specification(world: World) -> None:
    found = dict(synced(list(world.application.commands[world.guild.id].values())))
    assert found.keys() == SPECIFIED.keys() - NOT_BUILT_YET | OURS
    for name in found.keys() - OURS:
        ours = OUR_OPTIONS.get(name) or OUR_OPTIONS.get(name.partition(" ")[0], set())
        assert sorted(set(found[name]) - ours) == sorted(SPECIFIED[name]), name
