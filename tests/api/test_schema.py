"""The OpenAPI document, and the running API held against it."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.application import openapi_document
from config.paths import ROOT
from tests.api.client import Panel
from tests.e2e.commands.reporting import Painter
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import new_level, request
from tests.e2e.world import World
from tests.thoroughness import THOROUGH

world = guild_of_its_own()
EXAMPLES = 100 if THOROUGH else 8
DOCUMENT: dict[str, Any] = json.loads(openapi_document())
PATHS = {
    ("post", "/message/stream_start"),
    ("post", "/message/stream_end"),
    ("get", "/request/random"),
    ("get", "/request/oldest"),
    ("post", "/request/resolve"),
    ("post", "/request/preapprove"),
    ("post", "/request/create"),
    ("post", "/request/create_batch"),
}


def test_the_document_has_the_eight_calls_of_the_client() -> None:
    found = {(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert found >= PATHS
    assert {path for _, path in found - PATHS} <= {"/healthz", "/readyz", "/metrics"}


def test_the_program_prints_the_document_without_a_token() -> None:
    printed = subprocess.run([sys.executable, "main.py", "openapi"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(printed.stdout) == DOCUMENT
    assert printed.stdout == json.dumps(DOCUMENT, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@ONE_LOOP
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "not fitting"])
@pytest.mark.parametrize(("method", "path"), sorted(PATHS))
async def test_the_api_does_what_its_document_says(
    world: World, panel: Panel, method: str, path: str, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    await request(world, world.guild, world.guild.join("Mira"), new_level(world))
    assert panel.bot.api.application is not None
    monkeypatch.setattr(world.app.charts, "picture", Painter().picture)
    state = panel.bot.api.application.state.api
    # Each call that succeeds is tried with wrong tokens as well, which soon would be too many.
    for limit in (state.attempts, state.calls, state.messages):
        monkeypatch.setattr(limit, "most", 10_000)
    operation = schemathesis.openapi.from_dict(DOCUMENT)[path][method.upper()]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def check(case: schemathesis.Case) -> None:
        reply = case.call_and_validate(
            base_url=panel.address, headers={"x-key": panel.token}, excluded_checks=[positive_data_acceptance]
        )
        assert reply.status_code != 429
        if mode is GenerationMode.POSITIVE and reply.status_code == 422:
            # A rule of ours may refuse what has the right form.
            assert reply.json()["error"] != "invalid_body"

    # The program under test answers in this loop.
    await asyncio.to_thread(check)
