"""Who may use the Control Panel API."""

from datetime import datetime

from sqlmodel import Field

from db.models.base import Table, moment, snowflake


class PanelToken(Table, table=True):
    """A guild's token for the Control Panel API: only its SHA-256 hash (64 hexadecimal digits) is kept."""

    guild_id: int = snowflake(key=True)
    token_hash: str = Field(max_length=64, unique=True)
    issued_by: int = snowflake()
    issued_at: datetime = moment()
