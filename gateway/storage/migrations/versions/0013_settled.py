"""Advice by when it was settled, for what applications are told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only what is settled is in it, so that asking pays nothing for it."""
    settled = sa.text("settled_at IS NOT NULL")
    op.create_index(
        "advice_by_settled_at", "advice", ["settled_at"], sqlite_where=settled, postgresql_where=settled
    )
