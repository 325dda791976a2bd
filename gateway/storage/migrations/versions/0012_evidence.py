"""How many facts of an answer are not in what was sent, for the queue.

A projection, made anew from the log at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Unknown for answers from before."""
    op.add_column("advice", sa.Column("unsupported_facts", sa.Integer))
