"""Responses that the application which asked for them has deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was deleted before."""
    op.create_table(
        "deleted_responses",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("deleted_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )
