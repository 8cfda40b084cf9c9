"""The figures: all of them documented, and what is not known said so."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from config.paths import ROOT
from util.metrics import Metrics, Reading, timed

UNKNOWN = Reading(None, None, {0: (True, 0.1)}, 1, 1, {"closed": True}, 0, 0, 0, 1.0)


def test_every_figure_is_documented_and_every_documented_one_is_there() -> None:
    charts = {"chart_renders", "chart_render_seconds", "chart_browser_starts", "chart_browser_crashes"}
    source = (ROOT / "facades" / "operations" / "read_metrics.py").read_text("utf-8")
    assert all(f'"{name}"' in source for name in charts)
    ours = {family.name.removeprefix("greenlight_") for family in Metrics().registry.collect() if "greenlight" in family.name}
    table = (ROOT / "docs" / "operations.md").read_text("utf-8").partition("## Figures")[2].partition("###")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    documented = {name.strip(" `").removesuffix("_total") for row in rows for name in row.split(",")}
    documented = {name.removesuffix("_info") if name == "build_info" else name for name in documented}
    assert documented == ours | charts


def test_what_is_not_known_is_not_a_number() -> None:
    text = Metrics().text(UNKNOWN).decode()
    assert "greenlight_deliveries_pending NaN" in text
    assert "greenlight_deliveries_oldest_due_seconds NaN" in text


def test_a_shard_that_is_gone_leaves_the_list() -> None:
    metrics = Metrics()
    metrics.text(Reading(0, 0, {0: (True, 0.1), 1: (True, 0.1)}, 1, 1, {}, 0, 0, 0, 1.0))
    families = text_string_to_metric_families(metrics.text(UNKNOWN).decode())
    shards = [s.labels["shard"] for family in families if family.name == "greenlight_gateway_connected" for s in family.samples]
    assert shards == ["0"]


def test_what_raises_is_timed_too() -> None:
    metrics = Metrics()
    with pytest.raises(ValueError), timed(metrics.game_seconds):  # noqa: PT011
        raise ValueError
    assert metrics.registry.get_sample_value("greenlight_game_server_call_duration_seconds_count") == 1


def test_processes_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.game_calls.labels("ok").inc()
    assert other.registry.get_sample_value("greenlight_game_server_calls_total", {"outcome": "ok"}) is None
