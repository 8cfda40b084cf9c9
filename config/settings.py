"""Settings of the process, from the environment and `.env`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.json_files import load
from config.paths import DATA, ROOT, VAR
from util.networks import parse_networks


class DeploymentStage(StrEnum):
    """To which stage the bot is deployed; each has its own token, database file and guilds."""

    PRODUCTION = "production"
    TEST = "test"


class Settings(BaseSettings):
    """What the environment says. Raises pydantic's `ValidationError` for a value of the wrong form."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", env_file_encoding="utf-8", extra="ignore")

    bot_token: SecretStr | None = None
    bot_token_test: SecretStr | None = None
    database_url: str | None = None
    gd_api_url: str = "http://www.boomlings.com"
    discord_api_url: str = "https://discord.com/api/v10"
    api_token: SecretStr | None = None
    api_host: str = "127.0.0.1"
    api_port: int | None = Field(default=None, ge=0, le=65535)
    api_trusted_proxies: str = ""
    sentry_dsn: SecretStr | None = None
    snapshots_kept: int = Field(default=14, ge=1)
    shard_count: int | None = Field(default=None, ge=1, le=10_000)
    shards_per_process: int | None = Field(default=None, ge=1)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "text", "json"] = "auto"
    stage: DeploymentStage = Field(default=DeploymentStage.PRODUCTION, validation_alias="GREENLIGHT_STAGE")

    @field_validator(
        "bot_token",
        "bot_token_test",
        "api_token",
        "api_port",
        "sentry_dsn",
        "database_url",
        "shard_count",
        "shards_per_process",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("api_trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        try:
            parse_networks(value)
        except ValueError as error:
            raise ValueError("must be addresses or networks separated by commas") from error
        return value

    @field_validator("gd_api_url", "discord_api_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @property
    def token(self) -> str | None:
        """The bot token of the stage."""
        secret = self.bot_token_test if self.stage is DeploymentStage.TEST else self.bot_token
        return secret.get_secret_value().strip() if secret else None

    @property
    def token_name(self) -> str:
        """The environment variable that holds the token of the stage."""
        return "BOT_TOKEN_TEST" if self.stage is DeploymentStage.TEST else "BOT_TOKEN"

    @property
    def database(self) -> str:
        """The database's address; by default a SQLite file of the stage below `var/`."""
        name = "greenlight.db" if self.stage is DeploymentStage.PRODUCTION else "greenlight-test.db"
        return self.database_url or f"sqlite:///{VAR / name}"


@dataclass(frozen=True)
class StageParameters:
    """What stays the same while the bot runs but depends on the stage."""

    maintainers: tuple[int, ...]
    guilds: frozenset[int]
    control_panel_guild: int | None
    snapshot_channel: int | None = None


def stage_parameters(stage: DeploymentStage) -> StageParameters:
    """Return the parameters of a stage. Raises `ConfigError`."""
    raw = load(DATA / "stage_parameters.json", "stage_parameters")[stage.value]
    return StageParameters(
        tuple(raw["maintainers"]), frozenset(raw["guilds"]), raw["control_panel_guild"], raw["snapshot_channel"]
    )
