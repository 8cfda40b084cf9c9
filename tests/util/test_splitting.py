"""Splitting of long texts into messages."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from util.splitting import LONGEST_WHOLE_WORD, split_message

words = st.text("abcdefgхё\u0301👍🏽\u200d👩", min_size=1, max_size=60)
spaces = st.sampled_from([" ", "  ", "\n", "\n\n", "\n \n", "\t", " \n\n\n"])
texts = st.lists(st.tuples(words, spaces), max_size=60).map(lambda pairs: "".join(word + space for word, space in pairs))
limits = st.integers(30, 300)


def without_space(text):
    return "".join(text.split())


@given(texts | st.text(), st.integers(1, 120))
@example(" " * 300 + "a", 100)
@example("a" * 99 + " " * 300 + "b", 100)
def test_every_part_fits_and_none_is_blank(text, limit):
    for part in split_message(text, limit):
        assert part.strip()
        assert len(part) <= limit


@given(st.text().map(lambda text: text.replace("`", "")) | texts, limits)
def test_nothing_but_white_space_is_lost(text, limit):
    assert without_space("".join(split_message(text, limit))) == without_space(text)


@given(texts, limits)
def test_only_words_of_more_than_twenty_characters_are_cut(text, limit):
    whole = set(text.split())
    position = 0
    parts = split_message(text, limit)
    for part, following in pairwise(parts):
        position = text.index(part, position) + len(part)
        if text[position : position + len(following)] == following:
            before = text[:position].split()[-1]
            after = text[position:].split()[0]
            assert before + after in whole
            assert len(before + after) > LONGEST_WHOLE_WORD


@given(st.text("ab `\n", max_size=400) | st.text("`\n a", max_size=300), st.integers(100, 130))
def test_texts_full_of_backticks_still_fit(text, limit):
    parts = split_message(text, limit)
    assert all(part.strip() and len(part) <= limit for part in parts)
    assert "".join(parts).count("a") == text.count("a")


def test_a_short_text_stays_whole():
    assert split_message("  hello\nthere ") == ["  hello\nthere "]


def test_a_blank_text_has_no_parts():
    assert split_message("") == split_message(" \n\t ") == split_message(" " * 5_000) == []


def test_a_text_of_exactly_the_limit_is_one_message():
    assert split_message("x" * 2_000) == ["x" * 2_000]
    assert split_message("👍" * 2_000) == ["👍" * 2_000]


def test_the_longest_review_becomes_messages_of_whole_words():
    text = " ".join(f"word{number}" for number in range(400))
    parts = split_message(text)
    assert len(parts) == 2
    assert " ".join(parts) == text


def test_splits_between_paragraphs_first_then_lines_then_words():
    paragraph, line, word = "p" * 30 + " q", "l" * 15 + " m", "w w w w"
    assert split_message(f"{paragraph}\n\n{line}\n{word} {'x' * 20}", 60)[0] == paragraph
    assert split_message(f"{'a ' * 15}{line}\n{word} {'x' * 20}", 60)[0].endswith(line)
    assert split_message(f"{'a ' * 28}end more", 60)[0].endswith("end")


def test_a_paragraph_that_would_leave_a_small_part_is_not_split_off():
    assert split_message("Hi!\n\n" + "word " * 20, 60)[0].startswith("Hi!\n\nword word")


def test_a_word_of_twenty_characters_goes_to_the_next_message_whole():
    assert split_message("a" * 25 + " " + "b" * 20, 30) == ["a" * 25, "b" * 20]


def test_a_longer_word_may_be_cut_at_the_limit():
    assert split_message("a" * 5 + " " + "b" * 40, 30) == ["a" * 5 + " " + "b" * 24, "b" * 16]


def test_a_long_link_is_kept_whole_when_the_part_before_is_long_enough():
    link = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert split_message("word " * 8 + link, 60) == [("word " * 8).strip(), link]


def test_a_mention_is_not_cut():
    mention = "<@&123456789012345678>"
    assert split_message("x" * 45 + " " + mention, 60) == ["x" * 45, mention]


@pytest.mark.parametrize("cluster", ["e\u0301", "👍🏽", "👩\u200d👩\u200d👧", "🇺🇦", "❤\ufe0f"])
def test_a_cut_leaves_joined_characters_together(cluster):
    parts = split_message(cluster * 40, 21)
    assert all(len(part) % len(cluster) == 0 for part in parts)
    assert "".join(parts) == cluster * 40


def test_endless_combining_marks_are_cut_somewhere():
    assert "".join(split_message("e" + "\u0301" * 500, 100)) == "e" + "\u0301" * 500


def test_a_split_code_block_is_closed_and_opened_again():
    code = "\n".join(f"    line {number}" for number in range(20))
    parts = split_message(f"Look:\n```py\n{code}\n```\nDone.", 150)
    assert len(parts) > 1
    assert all(part.count("```") % 2 == 0 for part in parts)
    assert all(part.startswith("```py\n    line") for part in parts[1:])
    assert all(len(part) <= 150 for part in parts)
    body = "\n".join(line for part in parts for line in part.split("\n") if "line" in line)
    assert body == code


def test_a_code_block_that_fits_the_next_message_is_not_opened_for_nothing():
    parts = split_message("word " * 17 + "\n```py\n" + "x = 1\n" * 10 + "```", 100)
    assert parts[0] == ("word " * 17).strip()
    assert parts[1].startswith("```py\nx = 1")


def test_a_split_right_before_the_end_of_a_code_block_leaves_no_empty_block():
    parts = split_message("```\n" + "a" * 40 + "\n" + "b" * 48 + "\n```\n" + "after " * 10, 100)
    assert all("```\n```" not in part for part in parts)
    assert parts[-1].startswith("after")


def test_an_unclosed_fence_is_left_alone():
    text = "``` " + "word " * 40
    assert split_message(text, 100)[1].startswith("word")


def test_a_limit_below_one_is_an_error():
    with pytest.raises(ValueError, match="room"):
        split_message("a", 0)
