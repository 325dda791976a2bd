"""What measures count of facts in doubt, of late decisions and of checks whose wrong words were marked.

Projections, made anew from the log at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Unknown for what is from before."""
    op.add_column("decisions", sa.Column("unsupported_facts", sa.Integer))
    op.add_column("decisions", sa.Column("late", sa.Integer))
    op.add_column("checks", sa.Column("marked", sa.Integer))
