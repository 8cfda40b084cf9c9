"""All tables of level requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "active_filter",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "filter", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_active_filter")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "payload", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("nonce", sa.String(length=25), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_due", ["due_at"], unique=False)
        batch_op.create_index("ix_delivery_stream", ["guild_id", "stream", "id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "fields", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_actor", ["guild_id", "actor_id", "id"], unique=False)
        batch_op.create_index("ix_event_at", ["guild_id", "at"], unique=False)
        batch_op.create_index("ix_event_guild", ["guild_id", "id"], unique=False)
        batch_op.create_index("ix_event_type", ["guild_id", "type", "id"], unique=False)

    op.create_table(
        "failed_delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "payload", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_delivery")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("failed_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_failed_delivery_guild", ["guild_id", "failed_at"], unique=False)

    op.create_table(
        "guild",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("command_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_guild")),
    )
    op.create_table(
        "guild_module",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("module", sa.String(length=64), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "module", name=op.f("pk_guild_module")),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "guild_id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["due_at"], unique=False)

    op.create_table(
        "language_role",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "role_id", name=op.f("pk_language_role")),
    )
    op.create_table(
        "parameter_override",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "key", name=op.f("pk_parameter_override")),
    )
    op.create_table(
        "permission_binding",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("flag", sa.String(length=64), nullable=False),
        sa.Column("role_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "flag", "role_id", name=op.f("pk_permission_binding")),
    )
    op.create_table(
        "posted_card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.String(length=25), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_card")),
        sa.UniqueConstraint("guild_id", "kind", "subject_id", name=op.f("uq_posted_card_guild_id_kind_subject_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("posted_card", schema=None) as batch_op:
        batch_op.create_index("ix_posted_card_message", ["guild_id", "message_id"], unique=False)

    op.create_table(
        "preference",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("level_id", sa.BigInteger(), nullable=False),
        sa.Column("level_name", sa.String(length=255), nullable=False),
        sa.Column(
            "level", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("showcase", sa.String(length=200), nullable=True),
        sa.Column("comment", sa.String(length=400), nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("creator_name", sa.String(length=100), nullable=True),
        sa.Column("inserted_by", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(author_id IS NULL) <> (creator_name IS NULL)", name=op.f("ck_request_one_addressee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("guild_id", "id", name=op.f("uq_request_guild_id_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index("ix_request_author", ["guild_id", "author_id", "id"], unique=False)
        batch_op.create_index("ix_request_created", ["guild_id", "created_at"], unique=False)
        batch_op.create_index("ix_request_level", ["guild_id", "level_id", "id"], unique=False)
        batch_op.create_index("ix_request_status", ["guild_id", "status", "id"], unique=False)
        batch_op.create_index(
            "uq_request_pending_level",
            ["guild_id", "level_id"],
            unique=True,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )

    op.create_table(
        "route_override",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("default_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "key", name=op.f("pk_route_override")),
    )
    op.create_table(
        "saved_filter",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("saved_by", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "filter", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("guild_id", "name", name=op.f("pk_saved_filter")),
    )
    op.create_table(
        "setup_residue",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("newer_than", sa.BigInteger(), nullable=False),
        sa.Column("discord_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_residue")),
    )
    with op.batch_alter_table("setup_residue", schema=None) as batch_op:
        batch_op.create_index("ix_setup_residue_guild", ["guild_id"], unique=False)

    op.create_table(
        "text_override",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=4000), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "key", "language", name=op.f("pk_text_override")),
    )
    op.create_table(
        "cooldown",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cast_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_cooldown_request_id_request"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("guild_id", "kind", "entity_id", name=op.f("pk_cooldown")),
    )
    with op.batch_alter_table("cooldown", schema=None) as batch_op:
        batch_op.create_index("ix_cooldown_listing", ["guild_id", "kind", "ends_at", "entity_id"], unique=False)

    op.create_table(
        "event_field",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_field_event_id_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "key", name=op.f("pk_event_field")),
    )
    with op.batch_alter_table("event_field", schema=None) as batch_op:
        batch_op.create_index("ix_event_field_value", ["guild_id", "key", "value", "event_id"], unique=False)

    op.create_table(
        "opinion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id", "request_id"],
            ["request.guild_id", "request.id"],
            name=op.f("fk_opinion_guild_id_request_id_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("request_id", "author_id", "stage", name=op.f("uq_opinion_request_id_author_id_stage")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.create_index("ix_opinion_author", ["guild_id", "author_id", "stage", "created_at"], unique=False)
        batch_op.create_index("ix_opinion_created", ["guild_id", "stage", "created_at"], unique=False)
        batch_op.create_index("ix_opinion_request", ["guild_id", "request_id", "stage", "id"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opinion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("level_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["opinion_id"], ["opinion.id"], name=op.f("fk_review_opinion_id_opinion"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_review_request_id_request"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("opinion_id", name=op.f("uq_review_opinion_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_author", ["guild_id", "author_id", "id"], unique=False)
        batch_op.create_index("ix_review_level", ["guild_id", "level_id", "id"], unique=False)
        batch_op.create_index("ix_review_request", ["guild_id", "request_id"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("trainee_id", sa.BigInteger(), nullable=False),
        sa.Column("curator_id", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("feedback", sa.String(length=4000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_assessment_review_id_review"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_trainee", ["guild_id", "trainee_id", "created_at"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_trainee")

    op.drop_table("assessment")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_request")
        batch_op.drop_index("ix_review_level")
        batch_op.drop_index("ix_review_author")

    op.drop_table("review")
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.drop_index("ix_opinion_request")
        batch_op.drop_index("ix_opinion_created")
        batch_op.drop_index("ix_opinion_author")

    op.drop_table("opinion")
    with op.batch_alter_table("event_field", schema=None) as batch_op:
        batch_op.drop_index("ix_event_field_value")

    op.drop_table("event_field")
    with op.batch_alter_table("cooldown", schema=None) as batch_op:
        batch_op.drop_index("ix_cooldown_listing")

    op.drop_table("cooldown")
    op.drop_table("text_override")
    with op.batch_alter_table("setup_residue", schema=None) as batch_op:
        batch_op.drop_index("ix_setup_residue_guild")

    op.drop_table("setup_residue")
    op.drop_table("saved_filter")
    op.drop_table("route_override")
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_request_pending_level", sqlite_where=sa.text("status = 'pending'"), postgresql_where=sa.text("status = 'pending'")
        )
        batch_op.drop_index("ix_request_status")
        batch_op.drop_index("ix_request_level")
        batch_op.drop_index("ix_request_created")
        batch_op.drop_index("ix_request_author")

    op.drop_table("request")
    op.drop_table("preference")
    with op.batch_alter_table("posted_card", schema=None) as batch_op:
        batch_op.drop_index("ix_posted_card_message")

    op.drop_table("posted_card")
    op.drop_table("permission_binding")
    op.drop_table("parameter_override")
    op.drop_table("language_role")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("guild_module")
    op.drop_table("guild")
    with op.batch_alter_table("failed_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_failed_delivery_guild")

    op.drop_table("failed_delivery")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_type")
        batch_op.drop_index("ix_event_guild")
        batch_op.drop_index("ix_event_at")
        batch_op.drop_index("ix_event_actor")

    op.drop_table("event")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_stream")
        batch_op.drop_index("ix_delivery_due")

    op.drop_table("delivery")
    op.drop_table("active_filter")
