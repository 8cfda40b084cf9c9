"""What was typed into a form comes back when the form fails."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from components.boundary import Interaction
from components.modals.giving_back import giving_back
from config.guild_settings import GuildSettings
from tests.facades.requests.world import REVIEW, REVIEWER
from util.errors import UserError
from util.texts import Text


class FakeInteraction:
    """Keeps what it was answered."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.response = self
        self.extras: dict[str, Any] = {}

        async def guild(guild_id: int) -> GuildSettings:
            return GuildSettings(guild_id)

        self.client = SimpleNamespace(app=SimpleNamespace(guild=guild))

    def is_done(self) -> bool:
        return False

    async def send_message(self, content: str | None, **options: Any) -> None:
        self.sent.append({"content": content, **options})


def blocks(interaction: FakeInteraction) -> list[str]:
    """Return the copyable texts of the only answer."""
    (answer,) = interaction.sent
    return [embed.description for embed in answer.get("embeds", [])]


async def test_a_refusal_is_answered_with_its_words_and_the_typed_texts() -> None:
    interaction = FakeInteraction()
    async with giving_back(cast("Interaction", interaction), REVIEWER, REVIEW, "", "why not"):
        raise UserError(Text.OPINION_REFUSED_REPEATED)
    assert "given your opinion on this request already" in interaction.sent[0]["content"]
    assert blocks(interaction) == [f"```\n{REVIEW}\n```", "```\nwhy not\n```"]
    assert interaction.sent[0]["ephemeral"]


async def test_with_nothing_typed_only_the_refusal_is_said() -> None:
    interaction = FakeInteraction()
    async with giving_back(cast("Interaction", interaction), REVIEWER, " "):
        raise UserError(Text.OPINION_REFUSED_REPEATED)
    assert blocks(interaction) == []
    assert "typed" not in interaction.sent[0]["content"]


async def test_a_fault_of_ours_gives_the_texts_back_and_goes_on_to_the_boundary() -> None:
    interaction = FakeInteraction()
    with pytest.raises(RuntimeError):
        async with giving_back(cast("Interaction", interaction), REVIEWER, REVIEW):
            raise RuntimeError("broken")
    assert blocks(interaction) == [f"```\n{REVIEW}\n```"]


async def test_what_works_is_answered_by_the_form_itself() -> None:
    interaction = FakeInteraction()
    async with giving_back(cast("Interaction", interaction), REVIEWER, REVIEW):
        pass
    assert not interaction.sent
