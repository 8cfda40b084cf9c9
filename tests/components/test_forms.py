"""The forms of the flow: within Discord's limits in every language, and what was typed comes back when they are refused."""

from dataclasses import replace
from typing import Any

import discord
import pytest

from components.actions import find_action
from components.modals.assessment import AssessmentForm, assessment_form
from components.modals.giving_back import typed_blocks
from components.modals.opinion import OpinionForm, opinion_form
from components.modals.request_submission import ContinueRequest, RequestForm, request_form
from components.modals.resolution import ResolutionForm, resolution_form
from config.guild_settings import GuildSettings
from facades.requests.prepare_opinion import PreparedOpinion
from facades.requests.prepare_request import PreparedRequest
from facades.requests.prepare_resolution import PreparedResolution
from tests.facades.requests.world import REVIEWER
from util.identifiers import RESOLUTION_VERDICTS, Verdict

SETTINGS = GuildSettings(1)
NAME = "A level with a name that is much longer than what the game allows **@everyone**"


def forms(language: str) -> list[discord.ui.Modal]:
    """Return every form of the flow."""
    actor = replace(REVIEWER, language=language)
    opinion = PreparedOpinion(2**63 - 1, NAME, "ru")
    return [
        *(request_form(SETTINGS, actor, PreparedRequest(1234, NAME, required), NAME) for required in (True, False)),
        *(
            opinion_form(SETTINGS, actor, opinion, verdict=verdict, with_review=with_review)
            for verdict, with_review in ((Verdict.REJECT, False), (Verdict.REJECT, True), (Verdict.APPROVE, True))
        ),
        *(
            resolution_form(SETTINGS, actor, PreparedResolution(2**63 - 1, NAME, "en"), verdict=verdict)
            for verdict in RESOLUTION_VERDICTS
        ),
        *(assessment_form(SETTINGS, actor, 5, approved=approved) for approved in (True, False)),
    ]


def labels(form: discord.ui.Modal) -> list[dict[str, Any]]:
    """Return a form's labelled fields in Discord's JSON form."""
    return form.to_dict()["components"]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_form_is_within_discords_limits(language: str) -> None:
    for form in forms(language):
        shown = form.to_dict()
        assert 0 < len(shown["title"]) <= 45
        assert 0 < len(shown["custom_id"]) <= 100
        assert 1 <= len(shown["components"]) <= 5
        for label in labels(form):
            assert 0 < len(label["label"]) <= 45
            assert len(label.get("description") or "") <= 100
            assert not label["label"].endswith("…")
            assert not (label.get("description") or "").endswith("…")


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_title_keeps_what_it_is_for_and_shortens_the_name(language: str) -> None:
    title = forms(language)[0].to_dict()["title"]
    assert title.startswith({"en": "Request: A level", "ru": "Заявка: A level"}[language])
    assert title.endswith("…")


async def test_fields_ask_for_what_the_rules_want() -> None:
    required, optional, reason, reject_review, approve_review, *_ = forms("en")
    assert [label["component"]["required"] for label in labels(required)] == [True, False]
    assert [label["component"]["required"] for label in labels(optional)] == [False, False]
    (field,) = labels(reason)
    assert (field["component"]["required"], field["component"]["min_length"], field["component"]["max_length"]) == (True, 4, 400)
    review, why = labels(reject_review)
    assert (review["component"]["min_length"], review["component"]["max_length"]) == (40, 4000)
    assert "Русский" in review["description"]
    assert not why["component"]["required"]
    assert len(labels(approve_review)) == 1


async def test_forms_and_buttons_are_found_by_their_custom_ids() -> None:
    for action in (
        RequestForm(1234),
        ContinueRequest(1234),
        OpinionForm(7, Verdict.REJECT),
        ResolutionForm(7, Verdict.MYTHIC),
        AssessmentForm(7, approved=False),
    ):
        assert find_action(action.custom_id) == action


@pytest.mark.parametrize("text", ["x" * 4000, "`" * 4000, "```" * 1300, "@everyone " * 400])
def test_long_texts_come_back_in_blocks_that_fit(text: str) -> None:
    blocks = typed_blocks((text, "", "reason " * 57))
    descriptions = [block.description or "" for block in blocks]
    assert len(descriptions) == 2
    assert all(description.startswith("```\n") and description.endswith("\n```") for description in descriptions)
    assert all(len(description) <= 4096 for description in descriptions)
    assert sum(map(len, descriptions)) <= 6000


def test_a_review_comes_back_whole() -> None:
    review = "word " * 799
    (block,) = typed_blocks((review,))
    assert review.strip() in (block.description or "")
