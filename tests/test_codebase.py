"""The conventions of the project, held by tests."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

from config import text_enum
from config.paths import DATA, ROOT
from config.settings import Settings
from config.texts import catalogue, plural_forms
from facades.operations.diagnose_guild import invite_permissions
from util.identifiers import EventType, Flag, Parameter, Route
from util.texts import Text

FOLDERS = ("cogs", "cog_presets", "components", "facades", "services", "db", "config", "util", "api", "sandbox", "tests")
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50
# Longer than the rule allows, each with the reason that a reader would accept.
LONG_FILES: dict[str, str] = {
    "util/texts.py": "one line for each text, made by `python -m config.text_enum`",
    "db/migrations/versions/": "a migration is a list of statements, made by a tool and never changed again",
}
LONG_FUNCTIONS: dict[str, str] = {
    "db/migrations/versions/": "a migration is a list of statements, made by a tool and never changed again",
}
# These speak to a person on a terminal, or to the test that started them; everything else logs.
PRINTING = ("main.py", "sandbox/demo/", "tests/")
# Texts that are found by the names of commands, options and keys; the rest is named in code.
KEYS_BY_CONVENTION = ("command.", "option.", "choice.", "parameter.", "route.", "flag.", "event.", "module.", "doctor.level_")
# As above, by the names of the game's own scales (components/cards/level_fields.py).
KEYS_OF_LEVELS = ("difficulty.", "length.", "grade.", "emoji.")
SECRETS = re.compile(r"\.env|.*\.(db|sqlite3?|pem|key)")


@cache
def sources() -> tuple[tuple[str, str, ast.Module], ...]:
    """Return every Python file by its path, with its text and its tree."""
    paths = [ROOT / "main.py", ROOT / "startup.py", ROOT / "bot.py"]
    for folder in FOLDERS:
        paths += sorted((ROOT / folder).rglob("*.py"))
    found: list[tuple[str, str, ast.Module]] = []
    for path in paths:
        text = path.read_text("utf-8")
        found.append((path.relative_to(ROOT).as_posix(), text, ast.parse(text)))
    return tuple(found)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def is_excused(name: str, reasons: dict[str, str]) -> bool:
    return any(name.startswith(excused) for excused in reasons)


# Layers


def test_each_layer_imports_only_what_it_may() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


# Texts


def test_the_enum_of_text_keys_is_up_to_date() -> None:
    assert text_enum.TARGET.read_text("utf-8") == text_enum.source(), "run: python -m config.text_enum"


def test_every_text_is_there_in_every_language_with_the_same_parameters() -> None:
    known = catalogue()
    for language in known.languages:
        for key in Text:
            entry, english = known.entry(key, language), known.entry(key, "en")
            assert entry.text.strip(), (language, key)
            assert entry.description.strip(), (language, key)
            assert entry.parameters.keys() == english.parameters.keys(), (language, key)
            assert all(text.strip() for text in entry.parameters.values()), (language, key)


def test_plural_forms_are_those_of_the_language() -> None:
    for language in catalogue().languages:
        needed = {"other", *Locale.parse(language, sep="-").plural_form.tags}
        for key in Text:
            entry = catalogue().entry(key, language)
            if entry.plural is not None:
                assert set(plural_forms(entry.text)) == needed, (language, key)


def _named_in_code() -> tuple[set[str], tuple[str, ...]]:
    """Return the names after `Text.`, and the beginnings of keys that code puts together.

    Those are `Text(f"choice.{...}")` and `text_for("verdict", ...)`.
    """
    named: set[str] = set()
    beginnings: list[str] = [*KEYS_BY_CONVENTION, *KEYS_OF_LEVELS]
    for path, text, tree in sources():
        if path.startswith("tests/"):
            continue
        named.update(re.findall(r"\bText\.([A-Z0-9_]+)", text))
        joined = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and node.values)
        starts = (node.values[0].value for node in joined if isinstance(node.values[0], ast.Constant))
        beginnings += [start for start in starts if isinstance(start, str) and re.fullmatch(r"[a-z_]+\.[a-z_.]*", start)]
        beginnings += re.findall(r"\btext_for\(\"([a-z_.]+)\"", text.replace("text_for(\n", "text_for("))
    return named, tuple(beginnings)


def test_every_text_is_used() -> None:
    named, beginnings = _named_in_code()
    assert [key.value for key in Text if key.name not in named and not key.value.startswith(beginnings)] == []


def test_every_text_that_code_names_is_there() -> None:
    missing = {
        (path, name)
        for path, text, _ in sources()
        for name in re.findall(r"\bText\.([A-Z][A-Z0-9_]*)\b", text)
        if name not in Text.__members__ and not (path.startswith("tests/") and name == "X")
    }
    assert missing == set()


@pytest.mark.parametrize(("kind", "keys"), [("flag", Flag), ("route", Route), ("parameter", Parameter), ("event", EventType)])
def test_what_people_choose_from_is_described(kind: str, keys: type[StrEnum]) -> None:
    """Keys of configs are shown by their texts; a kind that nothing shows yet has none at all."""
    have = {key.value for key in Text if key.value.startswith(f"{kind}.")}
    without = [
        key.value
        for key in keys
        if not any(text.startswith((f"{kind}.{key.value.replace('.', '_')}", f"{kind}.{key.value}")) for text in have)
    ]
    assert not have or without == []


def test_templates_are_filled_in_by_one_function_only() -> None:
    """`str.format` on a text that a guild edits would hand out attributes of our objects."""
    wrong = [
        f"{path}:{node.lineno}"
        for path, _, tree in sources()
        if not path.startswith(("tests/", "sandbox/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"format", "format_map", "safe_substitute"}
        and not _is_formatter(node)
    ]
    assert wrong == []


def _is_formatter(node: ast.Attribute) -> bool:
    """Tell a log formatter's `super().format(record)` from a string's `format`."""
    return isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and node.value.func.id == "super"


# Configs


def test_every_setting_of_the_environment_is_explained_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    assert explained == {name.upper() for name in Settings.model_fields} - {"STAGE"}


def test_every_config_has_a_schema_and_every_schema_a_config() -> None:
    configs = {path.stem for path in DATA.glob("*.json")} | {"texts"}
    assert configs == {path.name.removesuffix(".schema.json") for path in (DATA / "schemas").glob("*.json")}


def test_configs_are_written_in_one_way() -> None:
    for path in [*DATA.glob("*.json"), *(DATA / "texts").rglob("*.json")]:
        text = path.read_text("utf-8")
        assert text.endswith("}\n"), path
        assert "\t" not in text, path
        assert "\\u" not in re.sub(r"\\\\", "", text), f"{path}: write characters as they are"
        json.loads(text)


def test_requirements_are_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[A-Za-z0-9_.-]+(\[[a-z,]+\])?==[0-9][0-9A-Za-z.]*", line), f"{name}: {line}"


def test_every_pinned_library_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "decisions" / "0002-libraries.md").read_text("utf-8").lower()
    for name in ("requirements.txt", "requirements-dev.txt"):
        for library in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[.*\])?==", (ROOT / name).read_text("utf-8"), re.MULTILINE):
            assert f"`{library.lower()}`" in reasons, library


def test_the_invite_link_of_the_documentation_asks_for_exactly_what_the_bot_needs() -> None:
    for name in ("README.md", "docs/running.md"):
        found = re.findall(r"permissions=(\d+)", (ROOT / name).read_text("utf-8"))
        assert all(int(number) == invite_permissions() for number in found), f"{name}: it is {invite_permissions()}"


def test_links_in_the_documentation_lead_somewhere() -> None:
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.relative_to(ROOT)}: {target}"


def test_files_that_the_documentation_names_are_there() -> None:
    """In backticks, what looks like a path of ours must be one; `<…>` and `*` stand for something."""
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for named in re.findall(r"`((?:[a-z_]+/)+[\w.-]+\.(?:py|json|md))`", path.read_text("utf-8")):
            if named.partition("/")[0] in {*FOLDERS, "data", "docs"} and "your_" not in named:
                assert (ROOT / named).exists(), f"{path.relative_to(ROOT)}: {named}"


# Style


@pytest.mark.parametrize("folder", ["main.py", "startup.py", "bot.py", *FOLDERS])
def test_every_module_says_what_it_is_for(folder: str) -> None:
    wanting = [path for path, text, tree in sources() if path.startswith(folder) and text and not ast.get_docstring(tree)]
    assert wanting == []


def test_everything_public_says_what_it_does() -> None:
    """Tests say it by their names; overrides of a library's methods and short properties by their class."""
    wanting = [
        f"{path}:{node.lineno} {node.name}"
        for path, _, tree in sources()
        if not path.startswith(("tests/", "db/migrations/"))
        for node in _public(tree)
        if not ast.get_docstring(node)
    ]
    assert wanting == []


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_no_file_is_too_long() -> None:
    long = {
        path: text.count("\n")
        for path, text, _ in sources()
        if text.count("\n") > MOST_LINES and not is_excused(path, LONG_FILES)
    }
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{path}:{function.name}": length
        for path, _, tree in sources()
        for function in functions(tree)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_OF_A_FUNCTION
        and not is_excused(f"{path}:{function.name}", LONG_FUNCTIONS)
    }
    assert long == {}


def test_no_excuse_outlives_what_it_excuses() -> None:
    for excused in (*LONG_FILES, *LONG_FUNCTIONS):
        assert (ROOT / excused.partition(":")[0]).exists(), excused


def test_nothing_is_caught_blindly() -> None:
    bare = [
        f"{path}:{node.lineno}"
        for path, _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def test_nothing_prints_but_what_speaks_to_a_terminal() -> None:
    prints = [
        f"{path}:{node.lineno}"
        for path, _, tree in sources()
        if not path.startswith(PRINTING)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert prints == []


def test_facades_take_plain_values_by_keyword() -> None:
    """The app comes first; everything else is named where it is passed."""
    wrong = [
        f"{path}:{node.lineno} {node.name}"
        for path, _, tree in sources()
        if path.startswith("facades/") and path.count("/") == 2
        for node in tree.body
        if isinstance(node, ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and [argument.arg for argument in node.args.args][:1] == ["app"]
        and len(node.args.args) > 1
        and any(argument.arg == "actor" for argument in (*node.args.args, *node.args.kwonlyargs))
    ]
    assert wrong == []


# The repository


def test_nothing_secret_or_made_by_the_bot_is_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone of the repository")
    wrong = [
        path for path in listed.stdout.splitlines() if SECRETS.fullmatch(Path(path).name) or path.startswith((".venv/", "var/"))
    ]
    assert wrong == []
