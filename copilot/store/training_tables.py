"""Tables of training: which changes somebody has acknowledged, and how their quizzes went."""

from sqlalchemy import JSON, Column, Integer, String, Table

from copilot.store.tables import metadata
from copilot.store.times import UtcDateTime

acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("doc_id", String(512), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
)

quiz_results = Table(
    "quiz_results",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("quiz_id", String(100), primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("right", Integer, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("wrong", JSON, nullable=False),
)
