"""The tool calls that were passed on, and which advice goes on from which: the turns of an agent's run.

Projections, made anew from the log at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was passed on before."""
    op.add_column("advice", sa.Column("continues", sa.Text))
    op.create_table(
        "tool_calls",
        sa.Column("reference", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, primary_key=True),
        sa.Column("advice", sa.Text, nullable=False),
    )
