"""The tables, as SQLite and PostgreSQL both understand them. Every change here needs a migration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    cast,
    false,
    literal,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

# Named from the first migration on: a constraint without a name cannot be dropped on SQLite.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times only, stored and given back in UTC; SQLite by itself forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuses a time without a zone (ValueError)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Terms(TypeDecorator[frozenset[str]]):
    """Search terms, letters and digits only: a tsvector in PostgreSQL, text for the FTS5 table in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """The column's type."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """One blank between two terms; both databases read that."""
        return None if value is None else " ".join(sorted(value))


_Serial = BigInteger().with_variant(
    Integer, "sqlite"
)  # SQLite numbers rows only in a column of its own INTEGER


def _serial(name: str) -> Column[int]:
    return Column(name, _Serial, primary_key=True, autoincrement=True)


def _conversation(*, primary_key: bool = False, index: bool = False) -> Column[str]:
    return Column(
        "conversation_id",
        String,
        ForeignKey("conversations.id"),
        primary_key=primary_key,
        nullable=False,
        index=index,
    )


conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("state", JSON, nullable=False),
    Column("phase", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("holder", String, index=True),
    Column("queued_at", UtcDateTime),
    Column("urgent", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("wait_offered", Boolean, nullable=False),
    Column("unreachable", Boolean, nullable=False),
    Column("token_hash", String),
    Column("token_expires", UtcDateTime),
    UniqueConstraint("channel", "external_id"),
    Index(None, "phase", "updated_at"),
)

inbox = Table(
    "inbox",
    metadata,
    _serial("id"),
    _conversation(),
    Column("event_id", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("digest", String, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done", Boolean, nullable=False),
    UniqueConstraint("conversation_id", "event_id"),
    sqlite_autoincrement=True,  # else the number of a deleted row could be given again
)
_pending = inbox.c.done.is_(False)
Index(
    "ix_inbox_pending", inbox.c.conversation_id, inbox.c.id, sqlite_where=_pending, postgresql_where=_pending
)

messages = Table(
    "messages",
    metadata,
    _conversation(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("author", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("locale", String, nullable=False),
    Column("event_id", String),
    Column("buttons", JSON, nullable=False),
    Column("ask", String, nullable=False),
    Column("tone", String, nullable=False),
    Column("replaces", Boolean, nullable=False),
    Column("name", String, nullable=False),
    Column("attachment_id", String),
    Column("external_id", String),
    Index(None, "conversation_id", "event_id"),
)

outbox = Table(
    "outbox",
    metadata,
    _serial("position"),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("stream", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("system", String, nullable=False, server_default=""),
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Index(None, "stream", "position"),
    sqlite_autoincrement=True,
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    _serial("id"),
    Column("message_id", String, nullable=False, index=True),
    Column("system", String, nullable=False),
    Column("appeal_id", String, ForeignKey("appeals.id"), nullable=False, index=True),
    Column("event", String, nullable=False),
    Column("event_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("ms", Integer, nullable=False),
    Column("http_status", Integer),
    Column("error", Text, nullable=False),
)

external_cases = Table(
    "external_cases",
    metadata,
    Column("appeal_id", String, ForeignKey("appeals.id"), primary_key=True),
    Column("system", String, primary_key=True),
    Column("external_id", String),
    Column("token", String),
    Column("sequence", BigInteger, nullable=False),
    Column("next_poll", UtcDateTime),
    Column("polled_at", UtcDateTime),
    Column("error", Text, nullable=False),
    Index(None, "system", "next_poll"),
)

status_reports = Table(
    "status_reports",
    metadata,
    Column("system", String, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("reference", String, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("status", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("appeal_id", String, ForeignKey("appeals.id")),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_hash", String, nullable=False, unique=True),
    Column("hint", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("used_on", Date),
)

# How far the year's numbers have been laid out, and those that no appeal has yet: whoever files takes the first that nobody
# else holds, and waits for none.
appeal_numbers = Table(
    "appeal_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
appeal_free_numbers = Table(
    "appeal_free_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
)

# What appeals are filtered by beside the key of an index: PostgreSQL then finds and counts them in the index alone.
_FILTERS = ("is_open", "topic", "place", "body_id", "kind", "status", "executor_id", "locale", "channel")


def _telling(*key: str) -> Index:
    dates = tuple(name for name in ("due_sort", "created_at") if name not in key)
    return Index(
        None, *key, "ordinal", postgresql_include=[name for name in (*_FILTERS, *dates) if name not in key]
    )


appeals = Table(
    "appeals",
    metadata,
    Column("id", String, primary_key=True),
    Column("reference", String, nullable=False, unique=True),
    Column("secret_hash", String, nullable=False),
    _conversation(index=True),
    Column("draft", JSON, nullable=False),
    Column("body_name", Text, nullable=False),
    Column("locale", String, nullable=False),
    Column("status", String, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("consent_version", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", String),
    Column("registered_on", Date),
    Column("due", Date),
    Column("due_article", Text),
    Column("answer", Text),
    Column("answer_files", JSON, nullable=False),
    Column("decision", String),
    Column("character", String),
    Column("executor_id", String),
    Column("reached_on", Date),
    Column("fix_until", Date),
    Column("fix_asked", Text, nullable=False),
    Column("extended_on", Date),
    Column("hearing_on", Date),
    Column("hearing_where", Text, nullable=False),
    Column("decide_from", Date),
    Column("parent_id", String, index=True),
    # What the registry is searched by, worked out of the columns above whenever one is stored.
    Column("ordinal", BigInteger, nullable=False, unique=True),
    Column("channel", String, nullable=False),
    Column("kind", String),
    Column("topic", String),
    Column("place", String),
    Column("body_id", String),
    Column("due_sort", Date, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("terms", Terms, nullable=False),
    Column("terms_version", SmallInteger, nullable=False, index=True),
    _telling("due_sort"),
    _telling("created_at"),
    _telling("executor_id", "due_sort"),
    Index(None, "updated_at"),
    Index(None, "status", "due_sort", "ordinal", postgresql_include=["executor_id"]),
    Index(None, "topic", "due_sort", "ordinal"),
    Index(None, "body_id", "due_sort", "ordinal"),
    Index(None, "place"),
    # NULL: no common matter; empty: one without a street. The key tells applicants apart and names nobody.
    Column("matter_street", String),
    Column("applicant_key", String),
)
_open = appeals.c.is_open.is_(True)
Index(
    "ix_appeals_open",
    appeals.c.due_sort,
    appeals.c.ordinal,
    sqlite_where=_open,
    postgresql_where=_open,
    # What open appeals are counted by.
    postgresql_include=[
        "topic",
        "place",
        "body_id",
        "kind",
        "status",
        "executor_id",
        "locale",
        "channel",
        "created_at",
    ],
)
Index(
    "ix_appeals_open_executor",
    appeals.c.executor_id,
    appeals.c.due_sort,
    appeals.c.ordinal,
    sqlite_where=_open,
    postgresql_where=_open,
)
_common = appeals.c.matter_street.is_not(None)
Index(
    "ix_appeals_matter",
    appeals.c.topic,
    appeals.c.place,
    appeals.c.created_at,
    sqlite_where=_common,
    postgresql_where=_common,
)
DAYS_OF_A_LABEL = 8
FIRST_LABELLED = date(2000, 1, 1)
# Word for word as PostgreSQL tells it: only so can the migrations be compared with it.
_LABELS: ColumnElement[Any] = literal_column(
    "(ARRAY['o'::text || is_open::text, 'e'::text || executor_id::text, 's'::text || status::text, "
    "'t'::text || topic::text, 'b'::text || body_id::text, 'k'::text || kind::text, 'l'::text || locale::text, "
    "'h'::text || channel::text, 'p'::text || \"left\"(place::text, 2), 'p'::text || \"left\"(place::text, 4), "
    "'p'::text || \"left\"(place::text, 6), 'p'::text || place::text, "
    "'r'::text || ((((created_at AT TIME ZONE 'UTC'::text)::date - '2000-01-01'::date) / 8)::text), "
    "'d'::text || (((NULLIF(due_sort, 'infinity'::date) - '2000-01-01'::date) / 8)::text)])"
)
"""What appeals are filtered by beside words, a letter telling what it is: one index of PostgreSQL then finds what all
words and filters have in common, instead of all that each of them finds."""


def labelled(labels: Sequence[str]) -> ColumnElement[bool]:
    """On PostgreSQL, whether an appeal has one of the labels."""
    return _LABELS.op("&&", is_comparison=True)(cast(literal(list(labels), ARRAY(Text)), ARRAY(Text)))


# SQLite's counterpart is the FTS5 table appeal_terms, which triggers keep in step: see migration 0005.
Index("ix_appeals_terms", appeals.c.terms, _LABELS, postgresql_using="gin").ddl_if(dialect="postgresql")

appeal_steps = Table(
    "appeal_steps",
    metadata,
    _serial("id"),
    Column("appeal_id", String, ForeignKey("appeals.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("action", String, nullable=False),
    Column("status", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("said", JSON, nullable=False),
)

# The key is what makes every reminder come once, whoever sweeps and however often.
appeal_reminders = Table(
    "appeal_reminders",
    metadata,
    Column("appeal_id", String, ForeignKey("appeals.id"), primary_key=True),
    Column("what", String, primary_key=True),
    Column("due", Date, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

appeal_ratings = Table(
    "appeal_ratings",
    metadata,
    Column("appeal_id", String, ForeignKey("appeals.id"), primary_key=True),
    Column("score", Integer, nullable=False),
    Column("word", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

consent_texts = Table(
    "consent_texts",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("text", Text, nullable=False),
)

# Triggers made by the migration refuse to change or delete rows of both; a batch that copies one has to make them again.
matter_follows = Table(
    "matter_follows",
    metadata,
    Column("id", String, primary_key=True),
    _conversation(),
    Column("topic", String, nullable=False),
    Column("place", String, nullable=False),
    Column("street", String, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    UniqueConstraint(
        "conversation_id",
        "topic",
        "place",
        "street",
        name="uq_matter_follows_conversation_id_topic_place_street",
    ),
    Index("ix_matter_follows_topic_place", "topic", "place"),
)

consents = Table(
    "consents",
    metadata,
    _serial("id"),
    _conversation(index=True),
    Column("version", String, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("locale", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("channel", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("text_sha256", String, ForeignKey("consent_texts.sha256")),
)

one_time_pages = Table(
    "one_time_pages",
    metadata,
    Column("id", String, primary_key=True),
    Column("token_hash", String, nullable=False, unique=True),
    _conversation(index=True),
    Column("kind", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("fingerprint", String, nullable=False),
    Column("text", Text, nullable=False),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", String, ForeignKey("conversations.id"), index=True),
    Column("channel", String, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due", Date, nullable=False),
    Column("person", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("reference", String, nullable=False),
    Column("state", String, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "state", "due"),
)

signatures = Table(
    "signatures",
    metadata,
    Column("id", String, primary_key=True),
    _conversation(index=True),
    Column("appeal_id", String, ForeignKey("appeals.id"), unique=True),
    Column("text", Text, nullable=False),
    Column("cms", LargeBinary, nullable=False),
    Column("signer", Text, nullable=False),
    Column("verification", JSON, nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
)

# Counted by the day: an exact time would lead back to a person's conversation.
answer_ratings = Table(
    "answer_ratings",
    metadata,
    Column("slug", String, primary_key=True),
    Column("locale", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("helpful", Integer, nullable=False),
    Column("not_helpful", Integer, nullable=False),
)

guess_corrections = Table(
    "guess_corrections",
    metadata,
    Column("guessed", String, primary_key=True),
    Column("chosen", String, primary_key=True),
    Column("locale", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("times", Integer, nullable=False),
)

# No conversation once that is erased: what was accepted by then stays.
learning_samples = Table(
    "learning_samples",
    metadata,
    _serial("id"),
    Column("conversation_id", String, ForeignKey("conversations.id"), index=True),
    Column("text", Text, nullable=False),
    Column("guessed", String, nullable=False),
    Column("chosen", String, nullable=False),
    Column("source", String, nullable=False),
    Column("language", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String, nullable=False),
    Index(None, "state", "day"),
    sqlite_autoincrement=True,  # a review file names ids: none may be given twice
)

decisions = Table(
    "decisions",
    metadata,
    _serial("id"),
    _conversation(index=True),
    Column("event_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("outcome", String, nullable=False),
    Column("route", String, nullable=False),
    Column("label", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("words", JSON, nullable=False),
    Column("language", String, nullable=False),
)

operators = Table(
    "operators",
    metadata,
    Column("id", String, primary_key=True),
    Column("login", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("post_kk", String),
    Column("post_ru", String),
)

operator_sessions = Table(
    "operator_sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("operator_id", String, ForeignKey("operators.id"), nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# What people added to the shipped swaps, or took out of force.
moved_days = Table(
    "moved_days",
    metadata,
    Column("free", Date, primary_key=True),
    Column("working", Date, primary_key=True),
    Column("act", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# The words people look for hold names: they live here for a day, and the page's address holds the id.
searches = Table(
    "searches",
    metadata,
    Column("id", String, primary_key=True),
    Column("operator_id", String, ForeignKey("operators.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

files = Table(
    "files",
    metadata,
    Column("id", String, primary_key=True),
    _conversation(index=True),
    Column("name", Text, nullable=False),
    Column("media_type", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("thumbnail", String, index=True),
)

audit = Table(
    "audit",
    metadata,
    _serial("id"),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", Text, nullable=False),
)
