"""What oversight measures and searches: facts of each decision, incidents, concerns, alerts, seeded checks.

The projections are made anew from the log at the next start, so their tables are simply replaced or left empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the projections of advice and decisions; add those of oversight."""
    op.add_column("advice", sa.Column("words", sa.Integer))
    op.create_index("advice_by_time", "advice", ["requested_at", "id"])
    op.drop_table("decisions")
    op.create_table(
        "decisions",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("text", sa.Integer, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("shown_at", sa.Text),
        sa.Column("words", sa.Integer),
        sa.Column("changed", sa.Integer),
        sa.Column("own_view", sa.Text),
    )
    op.create_index("decisions_by_event", "decisions", ["event"])
    op.create_index("decisions_by_policy", "decisions", ["policy", "event"])
    op.create_index("decisions_by_person", "decisions", ["person", "event"])
    _incidents()
    _policies_in_force()
    _concerns()
    _alerts()
    _checks()


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("event", sa.Integer, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("advice", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
    )
    op.create_index("incidents_by_advice", "incidents", ["advice", "type"])


def _policies_in_force() -> None:
    op.create_table(
        "policies_in_force",
        sa.Column("event", sa.Integer, primary_key=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("stage", sa.Text),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
    )
    op.create_index("policies_in_force_by_policy", "policies_in_force", ["policy", "event"])


def _concerns() -> None:
    op.create_table(
        "concerns",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("advice", sa.Text),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("raised_by", sa.Text, nullable=False),
        sa.Column("raised_at", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answered_at", sa.Text),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )
    op.create_index("concerns_by_state", "concerns", ["state", "raised_at"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("event", sa.Integer, primary_key=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("raised_at", sa.Text, nullable=False),
        sa.Column("decisions", sa.Integer, nullable=False),
        sa.Column("upto", sa.Integer, nullable=False),
    )
    op.create_index("alerts_by_policy", "alerts", ["policy", "alert", "event"])


def _checks() -> None:
    op.create_table(
        "checks",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("check", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("caught", sa.Integer),
        sa.Column("revealed_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )
    op.create_table(
        "advice_events",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seeded",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("check", sa.Text, nullable=False),
    )
