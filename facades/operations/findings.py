"""What the doctor finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from util.phrases import Phrase, Value, phrase
from util.texts import Text


class Severity(StrEnum):
    """How serious a finding is. A note asks for nothing."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One line of a diagnosis, with what mends it where something is to be mended."""

    severity: Severity
    said: Phrase
    fix: Phrase | None = None


@dataclass(frozen=True)
class Diagnosis:
    """All findings."""

    findings: Sequence[Finding]

    @property
    def is_healthy(self) -> bool:
        """Tell whether there is no problem; warnings do not count."""
        return all(finding.severity is not Severity.PROBLEM for finding in self.findings)


def fine(key: Text, **parameters: Value) -> Finding:
    """Make a finding that is as it should be."""
    return Finding(Severity.OK, phrase(key, **parameters))


def note(key: Text, **parameters: Value) -> Finding:
    """Make a finding that asks for nothing."""
    return Finding(Severity.NOTE, phrase(key, **parameters))


def warning(key: Text, fix: Text | Phrase, **parameters: Value) -> Finding:
    """Make a finding that somebody should look at."""
    return Finding(Severity.WARNING, phrase(key, **parameters), _as_phrase(fix))


def problem(key: Text, fix: Text | Phrase, **parameters: Value) -> Finding:
    """Make a finding with which something does not work."""
    return Finding(Severity.PROBLEM, phrase(key, **parameters), _as_phrase(fix))


def _as_phrase(fix: Text | Phrase) -> Phrase:
    return fix if isinstance(fix, Phrase) else phrase(fix)
