"""The tables of documents and passages. SQL is the truth: the word index and Chroma are built from it."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

DEFAULT_TENANT = "default"

# The names are the same on every database, so that migrations can find them.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

metadata = MetaData(naming_convention=NAMES)

# `revision` grows with every change of the collection: who holds an index of it in memory sees that it is outdated.
collections = Table(
    "collections",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("collection", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("collection", String(64), primary_key=True),
    Column("doc_id", String(512), primary_key=True),
    Column("source", Text, nullable=False),
    Column("content_hash", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("language", String(35), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("jurisdiction", JSON, nullable=False),
    Column("effective_from", Date),
    Column("effective_to", Date),
    Column("supersedes", String(512)),
    Column("triggers", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("collection", String(64), primary_key=True),
    Column("passage_id", String(540), primary_key=True),
    Column("doc_id", String(512), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(
        ["tenant", "collection", "doc_id"],
        ["documents.tenant", "documents.collection", "documents.doc_id"],
        ondelete="CASCADE",
    ),
    Index(None, "tenant", "collection", "doc_id"),
)

# Vectors stand here too, beside Chroma: a lost or outdated Chroma folder is then rebuilt without embedding anything
# again, and a second process can search while the first one holds the folder.
passage_vectors = Table(
    "passage_vectors",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("collection", String(64), primary_key=True),
    Column("recipe", String(160), primary_key=True),
    Column("passage_id", String(540), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little endian
)
