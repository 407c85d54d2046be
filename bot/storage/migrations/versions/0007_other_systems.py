"""Deliveries to other systems, what they report back, and keys to the published data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this revision."""
    op.add_column("outbox", sa.Column("system", sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Until now there was one system, and its events had streams of their own by appeal.
    op.execute(
        "UPDATE outbox SET system = 'webhook', stream = 'webhook:' || substr(stream, 8) WHERE kind = 'appeal'"
    )
    op.create_table(
        "delivery_attempts",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("appeal_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("event_at", _WHEN, nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_delivery_attempts_appeal_id_appeals"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_attempts"),
    )
    for column in ("message_id", "appeal_id", "at"):
        op.create_index(f"ix_delivery_attempts_{column}", "delivery_attempts", [column])
    op.create_table(
        "external_cases",
        sa.Column("appeal_id", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("next_poll", _WHEN, nullable=True),
        sa.Column("polled_at", _WHEN, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_external_cases_appeal_id_appeals"),
        sa.PrimaryKeyConstraint("appeal_id", "system", name="pk_external_cases"),
    )
    op.create_index("ix_external_cases_system_next_poll", "external_cases", ["system", "next_poll"])
    op.create_table(
        "status_reports",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("received_at", _WHEN, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("appeal_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_status_reports_appeal_id_appeals"),
        sa.PrimaryKeyConstraint("system", "message_id", name="pk_status_reports"),
    )
    op.create_index("ix_status_reports_received_at", "status_reports", ["received_at"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("created_at", _WHEN, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("revoked_at", _WHEN, nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
    )


def downgrade() -> None:
    """Back to the one before."""
    for table in ("api_keys", "status_reports", "external_cases", "delivery_attempts"):
        op.drop_table(table)
    op.execute("UPDATE outbox SET stream = 'appeal:' || substr(stream, 9) WHERE system = 'webhook'")
    op.drop_column("outbox", "unsure")
    op.drop_column("outbox", "system")
