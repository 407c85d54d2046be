"""The register of consents: the text agreed to, the channel, who recorded it; rows that cannot be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_IMMUTABLE = ("consent_texts", "consents")


def upgrade() -> None:
    """To this revision. What was recorded before keeps its version; the words of that day are not known any more."""
    op.create_table(
        "consent_texts",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_consent_texts"),
    )
    with op.batch_alter_table("consents") as batch:
        batch.add_column(sa.Column("channel", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("actor", sa.String(), nullable=False, server_default="citizen"))
        batch.add_column(sa.Column("text_sha256", sa.String(), nullable=True))
        batch.create_foreign_key(
            "fk_consents_text_sha256_consent_texts", "consent_texts", ["text_sha256"], ["sha256"]
        )
    op.execute(
        "UPDATE consents SET channel = (SELECT channel FROM conversations WHERE id = consents.conversation_id)"
    )
    with op.batch_alter_table("consents") as batch:
        batch.alter_column("channel", existing_type=sa.String(), server_default=None)
        batch.alter_column("actor", existing_type=sa.String(), server_default=None)
    _forbid_changes()


def downgrade() -> None:
    """Back to the one before."""
    _allow_changes()
    with op.batch_alter_table("consents") as batch:
        batch.drop_constraint("fk_consents_text_sha256_consent_texts", type_="foreignkey")
        batch.drop_column("text_sha256")
        batch.drop_column("actor")
        batch.drop_column("channel")
    op.drop_table("consent_texts")


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _IMMUTABLE:
            for deed in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION only_ever_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
    )
    for table in _IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION only_ever_added_to()"
        )


def _allow_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _IMMUTABLE:
            for deed in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{deed}")
        return
    for table in _IMMUTABLE:
        op.execute(f"DROP TRIGGER {table}_immutable ON {table}")
    op.execute("DROP FUNCTION only_ever_added_to()")
