"""The reference of the commands is complete and up to date."""

from bot import loaded_tree
from components.command_reference import answer_of, command_reference, commands_of
from config.paths import ROOT

FIX = "run `python main.py reference`"


async def test_every_command_says_what_it_answers() -> None:
    async with loaded_tree() as tree:
        for command in commands_of(tree):
            assert len(answer_of(command)) > len("Answers with."), command.qualified_name


async def test_the_reference_is_what_the_commands_say_now() -> None:
    async with loaded_tree() as tree:
        assert (ROOT / "docs" / "commands.md").read_text("utf-8") == command_reference(tree), FIX
