"""A wrong config is refused with the file, the key and the reason."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.definitions import definitions, load_flags, load_parameters, load_routes
from config.errors import ConfigError
from config.json_files import load
from config.paths import DATA
from config.settings import DeploymentStage, stage_parameters
from config.texts import load_catalogue
from util.identifiers import Flag, Parameter, ParameterType, Route
from util.texts import Text

Change = Callable[[dict[str, Any]], object]


def _changed(tmp_path: Path, name: str, change: Change) -> Path:
    """Return a copy of a config with something changed in it."""
    content = json.loads((DATA / name).read_text("utf-8"))
    change(content)
    path = tmp_path / Path(name).name
    path.write_text(json.dumps(content), "utf-8")
    return path


def _set(key: str, field: str, value: Any) -> Change:
    return lambda content: content[key].update({field: value})


LOADERS: dict[str, Callable[[Path], Any]] = {
    "parameters.json": load_parameters,
    "routes.json": load_routes,
    "permission_flags.json": load_flags,
}
WRONG: list[tuple[str, Change, str, str]] = [
    ("parameters.json", lambda c: c.pop("queue.blocked"), "queue.blocked", "missing"),
    ("parameters.json", lambda c: c.update({"queue.colour": {"type": "bool", "default": "true"}}), "queue.colour", "no such key"),
    ("parameters.json", _set("queue.block_at", "type", "colour"), "queue.block_at › type", "'colour' is not one of"),
    ("parameters.json", _set("queue.block_at", "default", "0"), "queue.block_at", "'0' is not a natural"),
    ("parameters.json", _set("queue.blocked", "default", "perhaps"), "queue.blocked", "'perhaps' is not a bool"),
    (
        "parameters.json",
        _set("cooldown.post_request_user_cd", "default", "3x"),
        "cooldown.post_request_user_cd",
        "not a duration",
    ),
    ("parameters.json", _set("guild.language", "default", "xx"), "guild.language", "'xx' is not a language"),
    ("parameters.json", _set("queue.block_at", "colour", "red"), "queue.block_at", "colour"),
    ("routes.json", lambda c: c.pop("log"), "log", "missing"),
    ("routes.json", lambda c: c.update({"moon": c["log"]}), "moon", "no such key"),
    ("routes.json", lambda c: c["log"].pop("audience"), "log", "'audience' is a required property"),
    ("routes.json", _set("log", "audience", "nobody"), "log › audience", "nobody"),
    ("routes.json", _set("log", "suggested_channel", 5), "log › suggested_channel", "5 is not of type 'string'"),
    ("permission_flags.json", lambda c: c.pop("admin"), "admin", "missing"),
    ("permission_flags.json", lambda c: c.update({"king": c["admin"]}), "king", "no such key"),
    ("permission_flags.json", _set("reviewer", "module", "moon"), "reviewer › module", "moon"),
]


@pytest.mark.parametrize(("name", "change", "key", "reason"), WRONG)
def test_a_wrong_config_is_refused(tmp_path: Path, name: str, change: Change, key: str, reason: str) -> None:
    path = _changed(tmp_path, name, change)
    with pytest.raises(ConfigError) as caught:
        LOADERS[name](path)
    assert caught.value.key == key
    assert reason in caught.value.reason
    assert str(caught.value) == f"{path}: {key}: {caught.value.reason}"


@pytest.mark.parametrize(
    ("content", "key", "reason"),
    [
        (b"{", "", "not readable as JSON"),
        (b'{"log": "\xff"}', "", "not readable as JSON"),
        (b"[]", "", "is not of type 'object'"),
        (b'{"log": {}, "log": {}}', "log", "stands twice"),
        (b'{"log": {"audience": "staff", "audience": "staff"}}', "audience", "stands twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, key: str, reason: str) -> None:
    path = tmp_path / "routes.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_routes(path)
    assert caught.value.key == key
    assert reason in caught.value.reason


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the file is missing"):
        load(tmp_path / "routes.json", "routes")


def test_a_file_of_the_project_is_named_by_its_path_inside_it() -> None:
    assert str(ConfigError(DATA / "routes.json", "log", "why")) == "data/routes.json: log: why"


def test_every_key_of_the_code_has_its_definition() -> None:
    found = definitions()
    assert set(found.parameters) == set(Parameter)
    assert set(found.routes) == set(Route)
    assert set(found.flags) == set(Flag)


def test_the_defaults_are_those_of_the_product() -> None:
    expected = {
        Parameter.QUEUE_BLOCK_AT: "50",
        Parameter.QUEUE_UNBLOCK_AT: "30",
        Parameter.QUEUE_BLOCK_ENABLED: "true",
        Parameter.QUEUE_UNBLOCK_ENABLED: "false",
        Parameter.QUEUE_BLOCKED: "false",
        Parameter.COOLDOWN_POST_REQUEST_USER_CD: "3d",
        Parameter.COOLDOWN_POST_REJECT_LEVEL_CD: "1w",
        Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW: "false",
        Parameter.REQUEST_APPEND_CONCLUSION_TO_FINAL_REVIEW: "false",
        Parameter.REQUEST_MIN_STARS_TO_REQUIRE_SHOWCASE: "10",
        Parameter.REQUEST_ALWAYS_REQUIRE_SHOWCASE: "false",
        Parameter.TRAINEE_RESOLVED_REVIEWS_FOR_PROMOTION_DECISION: "3",
    }
    found = definitions().parameters
    assert {key: found[key].default_text for key in expected} == expected
    assert found[Parameter.QUEUE_PING_ROLE].default is None
    assert {definition.type for definition in found.values()} == set(ParameterType)


@pytest.mark.parametrize("stage", DeploymentStage)
def test_each_stage_has_its_parameters(stage: DeploymentStage) -> None:
    assert isinstance(stage_parameters(stage).guilds, frozenset)


# Texts

KEY = Text.ERROR_FORBIDDEN.value


def _texts(tmp_path: Path, language: str, change: Change) -> Path:
    """Return a copy of all texts with something changed in one language's `errors.json`."""
    folder = tmp_path / "texts"
    shutil.copytree(DATA / "texts", folder)
    path = folder / language / "errors.json"
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")
    return folder


WRONG_TEXTS: list[tuple[str, Change, str, str]] = [
    ("ru", lambda c: c.pop(KEY), KEY, "the text is missing"),
    ("en", lambda c: c.pop(KEY), KEY, "the text is missing"),
    ("ru", lambda c: c.update({"error.moon": c[KEY]}), "error.moon", "no text of this name"),
    ("ru", lambda c: c.update({"language.name": c["error.guild_only"]}), "language.name", "stands in two files"),
    ("ru", _set(KEY, "parameters", {"flags": "x", "more": "y"}), KEY, "the parameters differ"),
    ("ru", _set(KEY, "text", "{flagz}"), KEY, "not described: flagz"),
    ("ru", _set(KEY, "text", ""), f"{KEY} › text", "is not valid"),
    ("ru", _set(KEY, "text", {"other": "{flags}"}), KEY, "belong together"),
    ("ru", _set(KEY, "plural", "flags"), KEY, "belong together"),
    ("ru", _set(KEY, "text", {"many": "{flags}"}), f"{KEY} › text", "is not valid"),
    ("ru", lambda c: c[KEY].pop("description"), KEY, "'description' is a required property"),
]


@pytest.mark.parametrize(("language", "change", "key", "reason"), WRONG_TEXTS)
def test_wrong_texts_are_refused(tmp_path: Path, language: str, change: Change, key: str, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_catalogue(_texts(tmp_path, language, change))
    assert caught.value.key == key
    assert reason in caught.value.reason


def test_a_folder_that_is_no_language_is_refused(tmp_path: Path) -> None:
    folder = _texts(tmp_path, "ru", lambda content: None)
    (folder / "klingonese").mkdir()
    with pytest.raises(ConfigError, match="not a language code"):
        load_catalogue(folder)


def test_the_english_texts_cannot_be_left_out(tmp_path: Path) -> None:
    folder = _texts(tmp_path, "ru", lambda content: None)
    shutil.rmtree(folder / "en")
    with pytest.raises(ConfigError, match="English texts are missing"):
        load_catalogue(folder)
