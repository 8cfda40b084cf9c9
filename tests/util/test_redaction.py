"""Secrets and what somebody wrote are taken out of texts, in whatever form they stand there."""

import json

import pytest

from util.redaction import SECRET, TYPED, redact, without_typed

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"the token {TOKEN} leaked", f"the token {SECRET} leaked"),
        (f"/webhooks/123/{'w' * 60}/messages", f"/webhooks/123/{SECRET}/messages"),
        (f"/interactions/123/{'w' * 60}/callback", f"/interactions/123/{SECRET}/callback"),
        ("postgresql://bot:hunter2@db/x", f"postgresql://bot:{SECRET}@db/x"),
        ('{"url": "http://host:5000", "who": "a@b"}', '{"url": "http://host:5000", "who": "a@b"}'),
        ("nothing secret here", "nothing secret here"),
    ],
)
def test_what_looks_like_a_secret_is_not_told(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_known_secrets_are_not_told() -> None:
    assert redact("the panel-password is known", "panel-password", None, "") == f"the {SECRET} is known"


@pytest.mark.parametrize("typed", ["a level of mine", "it's \"mine\"\nand\tnobody's", "я уровень", "  padded  "])
def test_what_somebody_wrote_is_cut_in_every_form(typed: str) -> None:
    for form in (typed, repr(typed), typed.strip(), repr({"text": typed})):
        assert "mine" not in without_typed(form, [typed])
        assert TYPED in without_typed(form, [typed])


def test_longer_texts_are_cut_before_those_they_contain() -> None:
    assert without_typed("level up, level", ["level", "level up"]) == f"{TYPED}, {TYPED}"


def test_very_short_texts_do_not_blot_out_words() -> None:
    assert without_typed("a traceback", ["a", "", "   "]) == "a traceback"


def test_json_is_covered_too() -> None:
    typed = 'say "hello"\nworld'
    assert "hello" not in without_typed(json.dumps({"text": typed}), [typed])
