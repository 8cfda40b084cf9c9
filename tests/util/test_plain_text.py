"""Escaped texts that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from util.markdown import plain, shorten
from util.plain_text import fit_plain, split_plain

TYPED = st.text(alphabet=st.sampled_from("ab *_`#>-@<1\\\n😀[]()|~:"), max_size=400) | st.text(max_size=400)


@given(TYPED, st.integers(8, 300))
def test_a_fitted_text_fits_and_is_a_whole_escape(text: str, limit: int) -> None:
    shown = fit_plain(text, limit)
    assert len(shown) <= limit
    assert any(shown == plain(shorten(text, cut)) for cut in range(1, limit + 1))


@given(TYPED)
def test_a_text_with_enough_room_is_only_escaped(text: str) -> None:
    assert fit_plain(text, 4000) == plain(text)


@given(TYPED, st.integers(8, 60), st.integers(8, 60))
def test_every_part_fits_and_none_is_blank(text: str, first: int, rest: int) -> None:
    parts = split_plain(text, first, rest)
    assert all(0 < len(part) <= (rest if number else first) for number, part in enumerate(parts))


@given(st.lists(st.sampled_from(["word", "*bold*", "`code`", "# no", "@everyone", "a_b"]), min_size=1, max_size=200))
def test_no_word_is_lost_or_cut_by_splitting(words: list[str]) -> None:
    parts = split_plain(" ".join(words), 60, 60)
    bare = " ".join(parts).replace("\\", "").replace("\u200b", "")
    assert bare.split() == " ".join(words).split()


def test_code_fences_and_pings_are_broken_across_splits() -> None:
    parts = split_plain("```py\n" + "@everyone # x\n" * 200 + "```", 500, 500)
    assert len(parts) > 5
    assert not any("```" in part or "@everyone" in part for part in parts)
    assert not any(line.startswith("# ") for part in parts for line in part.split("\n"))


def test_a_blank_text_has_no_parts() -> None:
    assert split_plain(" \n ", 100, 100) == []


def test_too_little_room_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="room"):
        fit_plain("text", 3)
    with pytest.raises(ValueError, match="room"):
        split_plain("text", 100, 3)
