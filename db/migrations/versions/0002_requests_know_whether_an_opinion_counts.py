"""Requests know whether an opinion counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("request", sa.Column("judged", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE request SET judged = true WHERE EXISTS (SELECT 1 FROM opinion WHERE opinion.guild_id = request.guild_id "
        "AND opinion.request_id = request.id AND opinion.stage IN ('reviewer', 'moderator'))"
    )
    op.create_index("ix_request_judged", "request", ["guild_id", "status", "judged", "id"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_request_judged", table_name="request")
    op.drop_column("request", "judged")
