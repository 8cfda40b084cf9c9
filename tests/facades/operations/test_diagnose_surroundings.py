"""What the doctor says of the browser and of Sentry."""

from pathlib import Path

import pytest

from config.settings import Settings
from facades.operations import diagnose
from facades.operations.findings import Severity
from services import sentry
from util.texts import Text

GOOD = "https://key@sentry.example.org/1"


def test_a_browser_is_named_with_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.touch(0o700)
    monkeypatch.setenv("BROWSER_PATH", str(browser))
    found = diagnose._browser()
    assert (found.severity, found.said.key) == (Severity.NOTE, Text.DOCTOR_BROWSER_FOUND)


def test_a_missing_browser_is_a_warning_with_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr(diagnose, "find_browser", lambda: None)
    found = diagnose._browser()
    assert (found.severity, found.said.key) == (Severity.WARNING, Text.DOCTOR_BROWSER_MISSING)
    assert found.fix is not None
    assert found.fix.key is Text.DOCTOR_BROWSER_MISSING_FIX


def test_a_wrong_path_of_the_browser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    found = diagnose._browser()
    assert (found.severity, found.said.key) == (Severity.WARNING, Text.DOCTOR_BROWSER_WRONG)
    assert found.said.parameters == {"path": "/nowhere/chromium"}


def keys(dsn: str | None) -> list[tuple[Severity, Text]]:
    return [(found.severity, found.said.key) for found in diagnose._sentry(Settings(sentry_dsn=dsn))]  # pyright: ignore


def test_sentry_is_mentioned_only_where_somebody_wants_it() -> None:
    assert keys(None) == []
    assert keys(GOOD) == [(Severity.OK, Text.DOCTOR_SENTRY_OK)]


def test_what_keeps_sentry_from_working_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys("nonsense") == [(Severity.PROBLEM, Text.DOCTOR_SENTRY_WRONG)]
    monkeypatch.setattr(sentry, "PACKAGE", "sentry_sdk_that_nobody_has_installed")
    assert keys(GOOD) == [(Severity.PROBLEM, Text.DOCTOR_SENTRY_PACKAGE)]
