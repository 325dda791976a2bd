"""Which gateway has which request under way, where several share a log; and how many were asked in the last minute."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the rates, which only gateways that share a database need, in PostgreSQL alone."""
    op.create_table(
        "gateways",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("beat", sa.Integer, nullable=False),
    )
    op.create_table(
        "under_way",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("gateway", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE request_rates (application text, policy text, recent timestamptz[] NOT NULL,"
            " admitted boolean NOT NULL, PRIMARY KEY (application, policy))"
        )
