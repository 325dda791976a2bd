"""Transcripts of recorded speech: whose they are, and how long they are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
step = "expand"
release = "0.1.0"


def upgrade() -> None:
    """Create the projection."""
    op.create_table(
        "transcriptions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("requested_at", sa.Text, nullable=False),
        sa.Column("received_at", sa.Text),
        sa.Column("requester", sa.Text),
        sa.Column("keep_content", sa.Integer, nullable=False),
        sa.Column("keep_pseudonyms", sa.Integer, nullable=False),
        sa.Column("content_until", sa.Text),
        sa.Column("erased_at", sa.Text),
    )
    op.create_index("transcriptions_by_scope", "transcriptions", ["scope"])
    op.create_index("transcriptions_by_content_until", "transcriptions", ["content_until"])
