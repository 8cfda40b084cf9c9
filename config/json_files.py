"""Read JSON configs and check them against their schemas."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from config.errors import ConfigError
from config.paths import DATA


@cache
def _validator(schema_name: str) -> Draft202012Validator:
    schema = json.loads((DATA / "schemas" / f"{schema_name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _refuse_duplicates(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ConfigError(path, key, "the key stands twice in one object")
        seen[key] = value
    return seen


def load(path: Path, schema_name: str) -> dict[str, Any]:
    """Return the content of a JSON file.

    Raises `ConfigError` when the file is missing, is not JSON, names a key twice or does not fit its schema.
    """
    try:
        content = json.loads(path.read_text("utf-8"), object_pairs_hook=lambda pairs: _refuse_duplicates(path, pairs))
    except FileNotFoundError as error:
        raise ConfigError(path, "", "the file is missing") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, "", f"not readable as JSON: {error}") from error
    found = _validator(schema_name).iter_errors(content)  # pyright: ignore[reportUnknownMemberType]
    problems = sorted(found, key=lambda problem: list(map(str, problem.absolute_path)))
    if problems:
        where = " › ".join(map(str, problems[0].absolute_path))
        raise ConfigError(path, where, problems[0].message)
    return content
