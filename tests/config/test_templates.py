"""Templates: `{name}` and nothing else; what a value contains is never read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.templates import BadEscape, escape, parameters_of, substitute, unescape
from config.texts import join_forms, plural_category, plural_forms

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
BRACES = st.text(alphabet="{}\\abcnt_.!:0 [](),\n", max_size=40)


@given(st.text())
def test_unescaping_gives_back_what_was_escaped(text: str) -> None:
    assert unescape(escape(text)) == text


@given(BRACES)
def test_escaped_text_stands_on_one_line(text: str) -> None:
    assert "\n" not in escape(text)


@given(st.dictionaries(NAMES, BRACES, max_size=4), BRACES)
def test_values_are_never_interpreted(values: dict[str, str], other: str) -> None:
    template = other.replace("{", "").replace("}", "") + "".join(f"|{{{name}}}" for name in values)
    start = template.split("|", 1)[0] if values else template
    assert substitute(template, values) == start + "".join(f"|{value}" for value in values.values())


@given(BRACES)
def test_unknown_names_stay_as_they_are(template: str) -> None:
    assert substitute(template, {}) == template


@given(NAMES, st.text(max_size=10))
def test_a_value_that_looks_like_a_parameter_stays_text(name: str, more: str) -> None:
    assert substitute("{a}{b}", {"a": "{b}", "b": f"{{{name}}}{more}"}) == f"{{b}}{{{name}}}{more}"


@pytest.mark.parametrize("template", ["{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{}", "{0}", "{A}", "{ a }", "{__class__}"])
def test_nothing_but_a_name_is_substituted(template: str) -> None:
    assert substitute(template, {"a": "x", "A": "x", "0": "x", "": "x"}) == template
    assert parameters_of(template) == frozenset()


def test_doubled_braces_are_not_an_escape() -> None:
    assert substitute("{{a}}", {"a": "x"}) == "{x}"


def test_a_name_in_backticks_takes_its_form_for_code() -> None:
    values, code = {"a": "1", "b": "2"}, {"a": "<1>"}
    assert substitute("`{a}` {a} `{b}` `{c}` `x {a}` ```{a}```", values, code) == "<1> 1 `2` `{c}` `x 1` ```1```"


def test_parameters_are_found() -> None:
    assert parameters_of("{a} and {b_2} and {a} but not {C}") == {"a", "b_2"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (r"a\nb", "a\nb"),
        (r"a\tb", "a\tb"),
        (r"\\n", r"\n"),
        (r"\"\'", "\"'"),
        (r"\u0041\u044f", "Aя"),
        (r"\\\\", r"\\"),
        ("", ""),
    ],
)
def test_escape_codes_mean_their_characters(typed: str, meant: str) -> None:
    assert unescape(typed) == meant


@pytest.mark.parametrize(
    ("typed", "sequence"),
    [("\\", "\\"), (r"C:\dir", r"\d"), (r"\u12", r"\u"), (r"\ud83d", r"\ud83d"), ("a\\\n", "\\\n"), (r"\x41", r"\x")],
)
def test_a_backslash_without_a_meaning_is_noticed(typed: str, sequence: str) -> None:
    with pytest.raises(BadEscape) as caught:
        unescape(typed)
    assert caught.value.sequence == sequence


FORMS = st.dictionaries(
    st.sampled_from(["zero", "one", "two", "few", "many"]), st.text(alphabet="abc {}я\n", max_size=20).map(str.strip), max_size=5
)


@given(FORMS, st.text(alphabet="abc", max_size=5))
def test_plural_forms_survive_being_written_as_one_text(forms: dict[str, str], other: str) -> None:
    complete = {**forms, "other": other}
    assert plural_forms(join_forms(complete)) == complete


@pytest.mark.parametrize("text", ["", "no forms", "x\n[other] y", "[one] only", "[plenty] x\n[other] y"])
def test_a_text_without_proper_forms_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="form"):
        plural_forms(text)


@pytest.mark.parametrize(
    ("language", "count", "category"),
    [
        ("en", 1, "one"),
        ("en", 0, "other"),
        ("en", 21, "other"),
        ("ru", 1, "one"),
        ("ru", 21, "one"),
        ("ru", 3, "few"),
        ("ru", 11, "many"),
    ],
)
def test_numbers_have_the_category_of_their_language(language: str, count: int, category: str) -> None:
    assert plural_category(language, count) == category
