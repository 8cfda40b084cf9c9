"""The interactive file: whole, quiet towards the network, and safe against what names contain."""

import json
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from services.charts import Bars, Chart, ChartService, Donut, Lines, Series, Slice
from services.charts.browser import find_browser
from tests.services.charts.examples import LAST, activity, opinions, pending, requests

EVIL = (
    "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\"><b>Bold</b> & %{y} ${x} \u2028"
)
TEN_MEGABYTES = 10_000_000


class Reader(HTMLParser):
    """Collects tags and what scripts contain."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and data.strip():
            self.scripts.append(data)


async def page(chart: Chart) -> str:
    return (await ChartService().interactive(chart)).decode()


def evil_charts() -> list[Chart]:
    return [
        Bars(EVIL, EVIL, (LAST,), (3,), EVIL, marked=frozenset({LAST}), marked_name=EVIL),
        Lines(EVIL, EVIL, (LAST,), (Series(EVIL, (1,)), Series(EVIL, (2,))), EVIL),
        Donut(EVIL, EVIL, (Slice(EVIL, 1, "good"), Slice("b", 2, "bad")), EVIL, EVIL),
    ]


async def test_the_file_fits_into_a_message_and_needs_no_other() -> None:
    for chart in (requests("ru", 1826), activity("en", 1826), pending("ru", 1826), opinions("en")):
        text = await page(chart)
        assert len(text.encode()) < TEN_MEGABYTES
        reader = Reader(text)
        assert not [tag for tag, values in reader.tags if values.keys() & {"src", "href"}]
        assert "default-src 'none'" in text


async def test_every_value_is_in_the_file_even_where_the_picture_adds_them_up() -> None:
    chart = requests("en", 1826)
    call = Reader(await page(chart)).scripts[-1]
    data = json.loads(re.findall(r'"chart", (\[.*\]), \{"width|"chart", (\[\{.*?\}\]), \{', call, re.DOTALL)[0][1])
    assert sum(len(trace["y"]) for trace in data) == 1826
    assert sum(sum(trace["y"]) for trace in data) == sum(chart.values)


async def test_the_file_says_its_language_and_knows_the_months() -> None:
    text = await page(requests("ru", 30))
    assert '<html lang="ru">' in text
    assert '"нояб."' in text
    assert "20 ноября 2026" in text


async def test_names_cannot_bring_in_scripts_or_tags() -> None:
    for chart in evil_charts():
        reader = Reader(await page(chart))
        tags = [tag for tag, _ in reader.tags]
        assert tags.count("script") == 2
        assert "img" not in tags
        assert "b" not in tags


@pytest.mark.parametrize("at", [0, 1, 2])
async def test_a_browser_shows_the_chart_and_the_names_as_they_are(at: int, tmp_path: Path) -> None:
    chart = evil_charts()[at]
    target = tmp_path / "page.html"
    target.write_text(await page(replace(chart, title="A title")), "utf-8")
    browser = find_browser()
    assert browser is not None
    shown = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path}/p",
            "--virtual-time-budget=9000",
            "--dump-dom",
            target.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    ).stdout
    drawn = shown.split('<div id="chart"', 1)[1].split("<script", 1)[0]
    assert "main-svg" in drawn
    assert "&lt;b&gt;Bold&lt;/b&gt;" in drawn or "&lt;/script&gt;" in drawn
    assert "<title>A title</title>" in shown
    assert "<img" not in drawn
