"""Panel tokens, requests found by when they were resolved, reviews by when they were written."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "panel_token",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_panel_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_panel_token_token_hash")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index("ix_request_resolved", ["guild_id", "resolved_at"], unique=False)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_created", ["guild_id", "stage", "created_at", "author_id"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_created")

    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index("ix_request_resolved")

    op.drop_table("panel_token")
