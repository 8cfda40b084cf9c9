"""Panel tokens, requests found by when they were resolved, reviews by when they were written; what erasing a member needs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

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
        further = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
        batch_op.add_column(sa.Column("further_messages", further, nullable=True))
        batch_op.create_index("ix_review_created", ["guild_id", "stage", "created_at", "author_id"], unique=False)
        batch_op.drop_index("ix_review_request")
        batch_op.create_index("ix_review_request", ["request_id", "guild_id"], unique=False)
    with op.batch_alter_table("cooldown", schema=None) as batch_op:
        batch_op.create_index("ix_cooldown_request", ["request_id"], unique=False)
    with op.batch_alter_table("guild", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_members", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("guild", schema=None) as batch_op:
        batch_op.drop_column("former_members")

    with op.batch_alter_table("cooldown", schema=None) as batch_op:
        batch_op.drop_index("ix_cooldown_request")

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_request")
        batch_op.create_index("ix_review_request", ["guild_id", "request_id"], unique=False)
        batch_op.drop_index("ix_review_created")
        batch_op.drop_column("further_messages")

    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index("ix_request_resolved")

    op.drop_table("panel_token")
