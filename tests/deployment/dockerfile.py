"""Read the instructions of a Dockerfile and the patterns of a .dockerignore, as far as ours use them."""

import fnmatch
import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One instruction with the text that follows it; continued lines are joined, comments left out."""

    instruction: str
    text: str

    @property
    def words(self) -> list[str]:
        """The text as a list: of the JSON form, else split as a shell splits."""
        if self.text.startswith("["):
            return json.loads(self.text)
        return shlex.split(self.text)


@dataclass(frozen=True)
class Stage:
    """What stands between one FROM and the next."""

    base: str
    name: str
    steps: tuple[Step, ...]

    def last(self, instruction: str) -> Step:
        """Return the last instruction of a kind. Raises `LookupError` when there is none."""
        found = [step for step in self.steps if step.instruction == instruction]
        if not found:
            raise LookupError(instruction)
        return found[-1]

    @property
    def environment(self) -> dict[str, str]:
        """What the ENV instructions set."""
        pairs = [word for step in self.steps if step.instruction == "ENV" for word in step.words]
        return dict(pair.split("=", 1) for pair in pairs)


def read_dockerfile(path: Path) -> tuple[Stage, ...]:
    """Return the stages of a Dockerfile in their order."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    stages: list[tuple[str, str, list[Step]]] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        instruction, _, text = line.partition(" ")
        if instruction == "FROM":
            base, _, name = text.partition(" AS ")
            stages.append((base, name or str(len(stages)), []))
        else:
            stages[-1][2].append(Step(instruction, text.strip()))
    return tuple(Stage(base, name, tuple(steps)) for base, name, steps in stages)


def ignored(path: Path, patterns: list[str]) -> bool:
    """Tell whether a path (relative to the project) is kept out of the image: itself or a folder above it matches."""
    for part in (path, *path.parents[:-1]):
        shown = part.as_posix()
        for pattern in patterns:
            if pattern.startswith("**/"):
                if fnmatch.fnmatch(part.name, pattern[3:]):
                    return True
            elif fnmatch.fnmatch(shown, pattern) and shown.count("/") == pattern.count("/"):
                return True
    return False


def read_ignore_file(path: Path) -> list[str]:
    """Return the patterns of a .dockerignore."""
    lines = map(str.strip, path.read_text("utf-8").splitlines())
    return [line.rstrip("/") for line in lines if line and not line.startswith("#")]


def context_files(root: Path) -> list[Path]:
    """Return every file that COPY . takes, relative to the project."""
    patterns = read_ignore_file(root / ".dockerignore")
    found: list[Path] = []
    for entry in sorted(root.iterdir()):
        if ignored(entry.relative_to(root), patterns):
            continue
        inside = [entry] if entry.is_file() else [path for path in sorted(entry.rglob("*")) if path.is_file()]
        found += [path.relative_to(root) for path in inside if not ignored(path.relative_to(root), patterns)]
    return found
