"""Long lists become several pages."""

from components.pages.lines import pages_of


def test_lines_are_kept_whole_and_in_order() -> None:
    lines = [f"line {number}" for number in range(1000)]
    pages = pages_of(lines, 100)
    assert "\n".join(pages).split("\n") == lines
    assert max(map(len, pages)) <= 100


def test_a_line_longer_than_a_page_is_shortened() -> None:
    assert pages_of(["a", "b" * 200, "c"], 50) == ["a", "b" * 49 + "…", "c"]


def test_no_lines_are_no_pages() -> None:
    assert pages_of([]) == []
