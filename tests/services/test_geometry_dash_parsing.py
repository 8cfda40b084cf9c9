"""The server's text turned into levels."""

import base64
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.geometry_dash import Difficulty, GeometryDashUnavailable, Grade, Length, Level, UnavailableReason
from services.geometry_dash.parsing import parse_answer

SAMPLE = (Path(__file__).parents[1] / "data" / "gd_response_sample.txt").read_text()
HASH = "1664b8bb919b0822a4408752c37a9fb5f651f813"


def answer(*rows, creators=""):
    return f"{'|'.join(rows)}#{creators}##{len(rows)}:0:10#{HASH}"


def one(row, creators=""):
    (level,) = parse_answer(answer(row, creators=creators)).levels.values()
    return level


def test_the_recorded_answer_is_read():
    levels = parse_answer(SAMPLE).levels
    assert list(levels) == [10565740, 21761387, 64968478, 75795864]
    assert levels[10565740] == Level(
        id=10565740,
        name="Bloodbath",
        description="Whose blood will be spilt in the Bloodbath? Who will the victors be? How many will survive? Good luck...",
        creator_player_id=503085,
        creator_name="Riot",
        creator_account_id=37415,
        difficulty=Difficulty.EXTREME_DEMON,
        length=Length.LONG,
        grade=Grade.FEATURE,
        stars=10,
        stars_requested=0,
        downloads=44138442,
        likes=2375318,
        coins=0,
        game_version="2.1",
        song_id=467339,
        copied_id=7679228,
    )
    assert [level.difficulty for level in levels.values()] == [
        Difficulty.EXTREME_DEMON,
        Difficulty.MEDIUM_DEMON,
        Difficulty.INSANE,
        Difficulty.HARDER,
    ]
    assert [level.creator_name for level in levels.values()] == ["Riot", "Zyzyx", "Texic", "KNOEPPEL"]
    assert [level.game_version for level in levels.values()] == ["2.1", "2.0", "2.1", "2.1"]
    assert levels[21761387].coins == 3
    assert levels[21761387].copied_id is None
    assert all(level.is_rated and not level.is_platformer for level in levels.values())


def test_minus_one_is_an_answer_without_levels():
    assert parse_answer("-1").levels == parse_answer("-1\n").levels == {}


@pytest.mark.parametrize(
    ("fields", "difficulty"),
    [
        ("8:0:9:0", Difficulty.NA),
        ("", Difficulty.NA),
        ("8:10:9:10", Difficulty.EASY),
        ("8:10:9:20", Difficulty.NORMAL),
        ("8:10:9:30", Difficulty.HARD),
        ("8:10:9:40", Difficulty.HARDER),
        ("8:10:9:50", Difficulty.INSANE),
        ("8:10:9:-10", Difficulty.NA),
        ("8:3:9:12", Difficulty.HARDER),
        ("8:10:9:50:25:1", Difficulty.AUTO),
        ("17:1:43:3", Difficulty.EASY_DEMON),
        ("17:1:43:4", Difficulty.MEDIUM_DEMON),
        ("17:1:43:0", Difficulty.HARD_DEMON),
        ("17:1:43:", Difficulty.HARD_DEMON),
        ("17:1", Difficulty.HARD_DEMON),
        ("17:1:43:5", Difficulty.INSANE_DEMON),
        ("17:1:43:6", Difficulty.EXTREME_DEMON),
    ],
)
def test_difficulties(fields, difficulty):
    level = one(f"1:5:{fields}" if fields else "1:5")
    assert level.difficulty is difficulty
    assert level.is_demon == ("17:1" in fields)


@pytest.mark.parametrize(
    ("fields", "grade"),
    [
        ("18:0", Grade.UNRATED),
        ("18::19:500:42:1", Grade.UNRATED),
        ("18:2", Grade.STAR),
        ("18:2:19:0:42:0", Grade.STAR),
        ("18:2:19:900", Grade.FEATURE),
        ("18:2:19:900:42:1", Grade.EPIC),
        ("18:2:19:900:42:2", Grade.LEGENDARY),
        ("18:2:19:900:42:3", Grade.MYTHIC),
    ],
)
def test_grades(fields, grade):
    level = one(f"1:5:{fields}")
    assert level.grade is grade
    assert level.is_rated == (grade is not Grade.UNRATED)


@pytest.mark.parametrize(
    ("number", "version"),
    [("1", "1.0"), ("7", "1.6"), ("9", None), ("10", "1.7"), ("11", "1.8"), ("18", "1.8"), ("22", "2.2"), ("", None)],
)
def test_game_versions(number, version):
    assert one(f"1:5:13:{number}").game_version == version


@pytest.mark.parametrize(
    ("number", "length"), [("0", Length.TINY), ("", Length.TINY), ("4", Length.XL), ("5", Length.PLATFORMER)]
)
def test_lengths(number, length):
    level = one(f"1:5:15:{number}")
    assert level.length is length
    assert level.is_platformer == (length is Length.PLATFORMER)


@pytest.mark.parametrize("text", ["", "a", "ab", "abc", "Уровень ?>~", "@everyone **x** \u202e", "😀" * 50])
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize("alphabet", [base64.urlsafe_b64encode, base64.b64encode])
def test_descriptions_are_decoded_with_and_without_padding(text, padded, alphabet):
    encoded = alphabet(text.encode()).decode()
    assert one(f"1:5:3:{encoded if padded else encoded.rstrip('=')}").description == text


def test_a_description_that_is_not_encoded_stays_as_it_is():
    assert one("1:5:3:Hello, world!").description == "Hello, world!"


def test_a_description_that_is_not_utf_8_is_readable_in_part():
    assert one(f"1:5:3:{base64.urlsafe_b64encode(b'ab' + bytes([255])).decode()}").description == "ab\N{REPLACEMENT CHARACTER}"


def test_a_level_with_nothing_but_an_id_is_read():
    level = one("1:5")
    assert (level.name, level.description, level.creator_name, level.song_id, level.copied_id) == ("", "", None, None, None)
    assert level.grade is Grade.UNRATED


def test_a_creator_the_answer_does_not_name_is_unknown():
    level = one("1:5:6:77", creators="78:Other:1")
    assert (level.creator_player_id, level.creator_name, level.creator_account_id) == (77, None, None)


@pytest.mark.parametrize(
    ("row", "name", "account_id"),
    [
        ("77:Anna:5", "Anna", 5),
        ("77:Anna:0", "Anna", None),
        ("77:Anna:", "Anna", None),
        ("77:a:b:5", "a:b", 5),
        ("77:Anna", None, None),
    ],
)
def test_creators_in_odd_forms(row, name, account_id):
    level = one("1:5:6:77", creators=row)
    assert (level.creator_name, level.creator_account_id) == (name, account_id)


def test_hostile_names_come_through_unchanged():
    assert one("1:5:2:**@everyone** <@1> `x` \u202e{0.__class__}").name == "**@everyone** <@1> `x` \u202e{0.__class__}"


@pytest.mark.parametrize(
    "row", ["1:5:2", "1:5:18:many", "1:5:18:1_0", "1:5:10:٣", "1:5:15:9", "1:5:10:" + "9" * 5_000, "1:5:2:a:b:3:x:y:z"]
)
def test_a_level_that_cannot_be_read_spares_the_others(row):
    parsed = parse_answer(answer(row, "1:6:2:Fine"))
    assert parsed.unreadable == {5}
    assert parsed.levels[6].name == "Fine"


@pytest.mark.parametrize(
    "text",
    ["error code: 1005", "error code: 1020\n", "<!DOCTYPE html><html></html>", "<html><body>x</body></html>", " \n<head>"],
)
def test_refusals_are_told_apart(text):
    with pytest.raises(GeometryDashUnavailable) as caught:
        parse_answer(text)
    assert caught.value.reason is UnavailableReason.REFUSED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-2",
        "hi",
        "####",
        "#" * 50,
        answer("2:x"),
        answer("1:x:2:y"),
        answer("x"),
        answer("1:5").replace(HASH, "00"),
        "1:5#a#b",
    ],
)
def test_garbage_raises_our_own_error(text):
    with pytest.raises(GeometryDashUnavailable) as caught:
        parse_answer(text)
    assert caught.value.reason is UnavailableReason.GARBAGE


@pytest.mark.parametrize("length", range(1, len(SAMPLE.strip()), 7))
def test_an_answer_cut_anywhere_never_makes_a_level_look_absent(length):
    with pytest.raises(GeometryDashUnavailable):
        parse_answer(SAMPLE[:length])


wire_text = st.text("0123456789:|#~-=abcXYZ_ \n", max_size=300)


@given(st.text() | wire_text | st.binary().map(lambda data: data.decode("utf-8", "replace")))
def test_any_text_is_read_or_raises_our_own_error(text):
    with suppress(GeometryDashUnavailable):
        parse_answer(text)


@given(st.text().map(lambda text: text.replace("#", "")), st.text().map(lambda text: text.replace("#", "")))
def test_any_content_in_the_right_frame_is_read_or_raises_our_own_error(row, creators):
    with suppress(GeometryDashUnavailable):
        parsed = parse_answer(answer("1:5:" + row, creators=creators))
        assert 5 in parsed.levels or 5 in parsed.unreadable
