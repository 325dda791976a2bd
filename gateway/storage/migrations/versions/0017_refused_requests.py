"""The requests that a policy refused and whose content is kept, so that a change of its rules can be tried on them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
step = "expand"
release = "0.1.0"


def upgrade() -> None:
    """Create the projection; it is filled as the projections are made again."""
    op.create_table(
        "refused_requests",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("redactions", sa.Text, nullable=False),
        sa.Column("refused_at", sa.Text, nullable=False),
        sa.Column("keep_content", sa.Integer, nullable=False),
        sa.Column("content_until", sa.Text),
        sa.Column("erased_at", sa.Text),
    )
    op.create_index("refused_requests_by_policy", "refused_requests", ["policy", "refused_at"])
    op.create_index("refused_requests_by_scope", "refused_requests", ["scope"])
    op.create_index("refused_requests_by_content_until", "refused_requests", ["content_until"])
