"""The description of the container image fits the project; `tests.deployment.rehearse` runs its steps."""

from pathlib import Path

import pytest
import yaml

from config.paths import ROOT
from config.settings import Settings
from tests.deployment.dockerfile import Stage, context_files, ignored, read_dockerfile, read_ignore_file

NEEDED = ("api", "cog_presets", "cogs", "components", "config", "data", "db", "facades", "sandbox", "services", "util")


def image() -> Stage:
    return read_dockerfile(ROOT / "Dockerfile")[-1]


def test_every_file_that_runs_is_in_the_image_and_nothing_secret() -> None:
    taken = {path.as_posix() for path in context_files(ROOT)}
    for folder in NEEDED:
        wanted = [path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()]
        missing = {path for path in wanted if "__pycache__" not in path} - taken
        assert not missing
    assert {"main.py", "startup.py", "bot.py", "requirements.txt", "LICENSE", "pyproject.toml"} <= taken
    assert not [path for path in taken if path.startswith((".", "var/", "tests/", "docs/")) or path.endswith(".db")]


@pytest.mark.parametrize(
    ("path", "kept_out"),
    [
        (".env", True),
        (".venv/bin/python", True),
        ("var/x.db", True),
        ("README.md", True),
        ("data/long_texts/en/a.md", False),
        ("util/__pycache__/a.pyc", True),
        ("greenlight.db", True),
        ("config/settings.py", False),
    ],
)
def test_what_is_kept_out_is_said_by_patterns(path: str, kept_out: bool) -> None:
    assert ignored(Path(path), read_ignore_file(ROOT / ".dockerignore")) is kept_out


def test_the_image_does_not_run_as_root_and_keeps_its_data_in_a_volume() -> None:
    assert image().last("USER").text not in {"root", "0"}
    assert image().last("VOLUME").text == "/app/var"
    assert image().last("STOPSIGNAL").text == "SIGTERM"


def test_the_images_environment_has_settings_that_exist() -> None:
    settings = {name.upper() for name in Settings.model_fields}
    own = {"PATH", "HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    assert image().environment.keys() - own <= settings
    assert "/healthz" in image().last("HEALTHCHECK").text


def test_both_stages_come_from_the_same_debian() -> None:
    assert len({stage.base for stage in read_dockerfile(ROOT / "Dockerfile")}) == 1


def test_compose_publishes_for_this_machine_only_and_starts_postgresql_on_demand() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["bot"]["ports"])
    assert services["bot"]["read_only"] is True
    assert services["db"]["profiles"] == ["postgres"]
    assert "ports" not in services["db"]
