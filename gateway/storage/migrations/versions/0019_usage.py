"""What was used, by day, policy, application, person and model; limits that were told of; and, in PostgreSQL, what is
set aside for requests that are under way.

`countersign rebuild` fills the projections; the next start does it by itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
step = "expand"
release = "0.1.0"


def upgrade() -> None:
    """Create the tables. `tokens` of each request, and `request_rates`, are for gateways of the release before."""
    keys = ("day", "policy", "application", "person", "model", "currency")
    counts = ("requests", "prompt_tokens", "completion_tokens", "micro")
    op.create_table(
        "usage",
        *(sa.Column(name, sa.Text, nullable=False) for name in keys),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in counts),
        sa.PrimaryKeyConstraint(*keys),
    )
    op.create_index("usage_by_policy", "usage", ["policy", "day"])
    named = ("policy", "whose", "subject", "limit", "period", "state")
    op.create_table(
        "limits_told",
        sa.Column("event", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*named, "told_at")),
    )
    op.create_index("limits_told_by_limit", "limits_told", list(named))
    op.add_column("advice", sa.Column("used", sa.Text))
    op.add_column("embeddings", sa.Column("requester", sa.Text))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE UNLOGGED TABLE reservations (id text PRIMARY KEY, policy text NOT NULL, application text NOT NULL,"
            " person text NOT NULL, at timestamptz NOT NULL, until timestamptz NOT NULL, tokens bigint NOT NULL,"
            " micro bigint NOT NULL, open boolean NOT NULL)"
        )
        op.execute("CREATE INDEX reservations_by_policy ON reservations (policy, at)")
