"""The cards: what they show, and that nothing in a level or a text breaks them."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.cards.renderer import CardRenderer
from config.guild_settings import GuildSettings
from facades.requests.request_view import OpinionView, RequestView, TraineeReviewView
from services.geometry_dash import Difficulty, Grade, Length
from tests.fakes.game import a_level
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import Parameter, RequestStatus, Verdict
from util.texts import Text

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SETTINGS = GuildSettings(1)
RUSSIAN = GuildSettings(1, parameters={Parameter.GUILD_LANGUAGE: "ru"})
CARDS = CardRenderer()
HOSTILE = "@everyone <@1> <@&2> **b** ```x``` [l](https://e.vil) # h\n> q || s || `"
BIG = 2**63 - 1


def an_opinion(author_id: int = 10, **changes: Any) -> OpinionView:
    values: dict[str, Any] = {
        "author_id": author_id,
        "verdict": Verdict.APPROVE,
        "reason": None,
        "has_review": False,
        "review": None,
        "created_at": NOW,
    }
    return OpinionView(**values | changes)


def a_request(**changes: Any) -> RequestView:
    values: dict[str, Any] = {
        "id": 7,
        "guild_id": 1,
        "level_id": 1234,
        "level_name": "Level 1234",
        "level": json.loads(json.dumps(asdict(a_level()))),
        "language": "ru",
        "showcase": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "comment": "please look",
        "author_id": 42,
        "creator_name": None,
        "status": RequestStatus.PENDING,
        "created_at": NOW,
        "resolved_at": None,
    }
    return RequestView(**values | changes)


def a_trainee_review(**changes: Any) -> TraineeReviewView:
    values: dict[str, Any] = {
        "id": 3,
        "guild_id": 1,
        "request_id": 7,
        "level_id": 1234,
        "level_name": "Level 1234",
        "language": "en",
        "author_id": 20,
        "verdict": Verdict.REJECT,
        "reason": None,
        "text": "A review that is long enough to be one, about the gameplay.",
        "created_at": NOW,
    }
    return TraineeReviewView(**values | changes)


def fields(payload: MessagePayload) -> dict[str, str]:
    return {field["name"]: field["value"] for field in payload.embeds[0]["fields"]}


def custom_ids(payload: MessagePayload) -> list[str]:
    return [button["custom_id"] for row in payload.components for button in row["components"]]


def check_limits(payload: MessagePayload) -> None:
    """Hold a message against Discord's reference: embeds and components."""
    total = 0
    for embed in payload.embeds:
        total += len(embed.get("title", "")) + len(embed.get("description", "")) + len(embed.get("footer", {}).get("text", ""))
        assert len(embed.get("title", "")) <= 256
        assert len(embed.get("description", "")) <= 4096
        assert len(embed["fields"]) <= 25
        for field in embed["fields"]:
            assert 0 < len(field["name"].strip()) <= 256
            assert 0 < len(field["value"].strip()) <= 1024
            total += len(field["name"]) + len(field["value"])
    assert 0 < total <= 6000
    assert len(payload.components) <= 5
    ids = custom_ids(payload)
    assert len(set(ids)) == len(ids)
    assert all(0 < len(custom_id) <= 100 for custom_id in ids)
    for row in payload.components:
        assert 1 <= len(row["components"]) <= 5
        assert all(0 < len(button["label"]) <= 80 for button in row["components"])
    assert payload.content == ""
    assert (payload.mention_users, payload.mention_roles) == ((), ())
    json.dumps(payload.embeds)


def all_cards(request: RequestView, settings: GuildSettings) -> list[MessagePayload]:
    return [
        CARDS.reviewer_card(request, settings),
        CARDS.resolution_card(request, settings),
        CARDS.archive_card(request, settings, MessageRef(BIG, BIG)),
        CARDS.archive_card(request, settings, None),
    ]


def test_colours_are_those_of_the_product() -> None:
    resolved = a_request(status=RequestStatus.RESOLVED)
    colours = [
        card.embeds[0]["color"]
        for card in (
            CARDS.reviewer_card(a_request(), SETTINGS),
            CARDS.resolution_card(a_request(), SETTINGS),
            CARDS.resolution_card(resolved, SETTINGS),
            CARDS.archive_card(resolved, SETTINGS, None),
            CARDS.trainee_card(a_trainee_review(), SETTINGS),
        )
    ]
    assert colours == [0x979B1F, 0x990000, 0x128611, 0x666666, 0x0000AA]


def test_the_reviewers_card_shows_the_request_and_has_four_buttons() -> None:
    card = CARDS.reviewer_card(a_request(), SETTINGS)
    shown = fields(card)
    assert shown["ID"] == "`1234`"
    assert shown["Creator"] == "Maker"
    assert shown["Requested by"] == "<@42>"
    assert shown["Language of the request"] == "Русский"
    assert "dQw4w9WgXcQ" in shown["Showcase"]
    assert shown["Comment"] == "please look"
    assert shown["Stars requested"] == "5"
    assert "123456" in shown["Song"]
    assert card.embeds[0]["title"] == "Level 1234"
    assert custom_ids(card) == ["opinion:7:approve:0", "opinion:7:reject:0", "opinion:7:approve:1", "opinion:7:reject:1"]


def test_the_resolution_card_has_six_verdicts_also_when_resolved() -> None:
    for status in RequestStatus:
        ids = custom_ids(CARDS.resolution_card(a_request(status=status), SETTINGS))
        grades = ("star_rate", "feature", "epic", "mythic", "legendary", "reject")
        assert ids == [f"resolve:7:{verdict}" for verdict in grades]


def test_the_archive_has_no_buttons_and_links_the_resolution_card() -> None:
    card = CARDS.archive_card(a_request(status=RequestStatus.RESOLVED), SETTINGS, MessageRef(5, 6))
    assert not card.components
    assert "https://discord.com/channels/1/5/6" in fields(card)["Resolution card"]


def test_the_consensus_links_reviews_and_quotes_reasons() -> None:
    opinions = (
        an_opinion(10, has_review=True, review=MessageRef(5, 6)),
        an_opinion(11, verdict=Verdict.REJECT, reason="The sync\nis off"),
        an_opinion(12),
        an_opinion(13, has_review=True),
    )
    shown = fields(CARDS.resolution_card(a_request(opinions=opinions), SETTINGS))
    first, second, third, fourth = shown["Consensus (✅ 3 · ❌ 1)"].split("\n")
    assert first == "✅ <@10> · Approved · [review](https://discord.com/channels/1/5/6)"
    assert second == "❌ <@11> · Rejected: The sync is off"
    assert third == "✅ <@12> · Approved"
    assert fourth == "✅ <@13> · Approved · with a review"
    assert "Resolutions" not in shown


def test_resolutions_have_a_section_of_their_own() -> None:
    request = a_request(status=RequestStatus.RESOLVED, resolutions=(an_opinion(30, verdict=Verdict.EPIC, reason="Great"),))
    assert fields(CARDS.resolution_card(request, SETTINGS))["Resolutions"] == "🔥 <@30> · Epic: Great"


def test_a_long_list_cuts_reasons_first_and_then_counts_what_is_left_out() -> None:
    few = tuple(an_opinion(number, verdict=Verdict.REJECT, reason="r" * 400) for number in range(5))
    consensus = fields(CARDS.resolution_card(a_request(opinions=few), SETTINGS))["Consensus (✅ 0 · ❌ 5)"]
    assert len(consensus.split("\n")) == 5
    many = tuple(an_opinion(number) for number in range(200))
    lines = fields(CARDS.resolution_card(a_request(opinions=many), SETTINGS))["Consensus (✅ 200 · ❌ 0)"].split("\n")
    assert lines[-1] == f"…and {200 - (len(lines) - 1)} more"


def test_an_author_without_an_account_is_named_and_not_formatted() -> None:
    shown = fields(CARDS.reviewer_card(a_request(author_id=None, creator_name="**Bob** @everyone"), SETTINGS))
    assert shown["Requested by"] == "\\*\\*Bob\\*\\* @\u200beveryone"


def test_cards_speak_the_guilds_language() -> None:
    shown = fields(CARDS.resolution_card(a_request(opinions=(an_opinion(),)), RUSSIAN))
    assert "Автор заявки" in shown
    assert "Консенсус (✅ 1 · ❌ 0)" in shown


@pytest.mark.parametrize(
    "level", [{}, {"difficulty": "from_the_future", "length": None, "grade": 5, "stars_requested": "many", "song_id": None}]
)
def test_a_level_with_missing_or_unknown_values_is_shown_all_the_same(level: dict[str, Any]) -> None:
    for card in all_cards(a_request(level=level), SETTINGS):
        check_limits(card)


def test_every_difficulty_length_grade_and_verdict_has_its_words_in_every_language() -> None:
    for guild in (SETTINGS, RUSSIAN):
        for difficulty in Difficulty:
            for length in Length:
                level = asdict(a_level(difficulty=difficulty, length=length))
                assert len(fields(CARDS.reviewer_card(a_request(level=level), guild))) >= 13
        for grade in Grade:
            CARDS.reviewer_card(a_request(level=asdict(a_level(grade=grade))), guild)
        for verdict in Verdict:
            card = CARDS.resolution_card(a_request(resolutions=(an_opinion(verdict=verdict),)), guild)
            check_limits(card)


def test_nothing_hostile_pings_or_formats() -> None:
    level = asdict(a_level(name=HOSTILE, description=HOSTILE, creator_name=HOSTILE))
    opinions = (an_opinion(verdict=Verdict.REJECT, reason=HOSTILE),)
    request = a_request(level=level, level_name=HOSTILE, comment=HOSTILE, author_id=None, creator_name=HOSTILE, opinions=opinions)
    review = a_trainee_review(text=HOSTILE * 3, reason=HOSTILE, feedback=HOSTILE, approved=True, curator_id=5, level_name=HOSTILE)
    for card in [*all_cards(request, SETTINGS), CARDS.trainee_card(review, SETTINGS)]:
        check_limits(card)
        shown = json.dumps(card.embeds, ensure_ascii=False)
        for danger in ("@everyone", "<@1>", "<@&2>", "```", "**b**", "[l](", "||"):
            assert danger not in shown


def test_a_trainees_card_has_the_curators_buttons_until_it_is_graded() -> None:
    card = CARDS.trainee_card(a_trainee_review(), SETTINGS)
    assert custom_ids(card) == ["assess:3:1", "assess:3:0"]
    graded = CARDS.trainee_card(a_trainee_review(approved=False, curator_id=40, feedback="More on sync"), SETTINGS)
    assert not graded.components
    assert "<@40>" in fields(graded)["Assessment"]
    assert fields(graded)["Feedback"] == "More on sync"


def test_a_trainees_card_speaks_the_language_of_the_request() -> None:
    assert "Стажёр" in fields(CARDS.trainee_card(a_trainee_review(language="ru"), SETTINGS))


def test_the_longest_review_is_shown_whole() -> None:
    text = " ".join(["word_"] * 666)
    card = CARDS.trainee_card(a_trainee_review(text=text), SETTINGS)
    check_limits(card)
    shown = card.embeds[0]["description"] + fields(card).get("Review, continued", "")
    assert shown.count("word") == 666


EXTREME = st.text(max_size=50) | st.sampled_from([HOSTILE * 60, "*" * 4000, "@1" * 2000, "\n" * 99, "😀" * 4000, "|" * 255])
OPINIONS = st.lists(
    st.builds(
        OpinionView,
        author_id=st.sampled_from([1, BIG]),
        verdict=st.sampled_from(Verdict),
        reason=st.none() | EXTREME.map(lambda text: text[:400]),
        has_review=st.booleans(),
        review=st.none() | st.just(MessageRef(BIG, BIG)),
        created_at=st.just(NOW),
    ),
    max_size=60,
).map(tuple)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    name=EXTREME,
    description=EXTREME,
    creator=EXTREME,
    comment=EXTREME.map(lambda text: text[:400]),
    opinions=OPINIONS,
    resolutions=OPINIONS,
    russian=st.booleans(),
)
def test_extreme_values_stay_within_discords_limits(
    name: str,
    description: str,
    creator: str,
    comment: str,
    opinions: tuple[OpinionView, ...],
    resolutions: tuple[OpinionView, ...],
    russian: bool,
) -> None:
    numbers = dict.fromkeys(("stars_requested", "downloads", "likes", "coins", "song_id", "copied_id"), BIG)
    level = asdict(a_level(name=name, description=description, creator_name=creator, game_version="9" * 300, **numbers))
    request = a_request(
        level=level,
        level_id=BIG,
        id=BIG,
        level_name=name[:255],
        comment=comment,
        author_id=None,
        creator_name=creator[:100] or "x",
        opinions=opinions,
        resolutions=resolutions,
    )
    for card in all_cards(request, RUSSIAN if russian else SETTINGS):
        check_limits(card)


@settings(max_examples=60, deadline=None)
@given(text=EXTREME.filter(str.strip), reason=EXTREME, feedback=EXTREME, name=EXTREME)
def test_extreme_trainee_reviews_stay_within_discords_limits(text: str, reason: str, feedback: str, name: str) -> None:
    review = a_trainee_review(text=text[:4000], reason=reason[:400], level_name=name, feedback=feedback[:4000])
    check_limits(CARDS.trainee_card(review, SETTINGS))
    check_limits(CARDS.trainee_card(replace(review, approved=True, curator_id=BIG), SETTINGS))


def test_texts_that_a_guild_made_very_long_break_no_card() -> None:
    overrides = {
        (key, "en"): "long " * 300 + "{value}"
        for key in Text
        if key.value.startswith(("card.", "button.", "emoji.")) and key is not Text.CARD_MORE
    }
    overrides[Text.CARD_MORE, "en"] = "[other] " + "long " * 300
    guild = replace(SETTINGS, texts=overrides)
    request = a_request(opinions=tuple(an_opinion(number) for number in range(9)), resolutions=(an_opinion(),))
    for card in all_cards(request, guild):
        check_limits(card)
    check_limits(CARDS.trainee_card(a_trainee_review(approved=True, curator_id=1, feedback="ok"), guild))
