"""Passkeys with which people sign their decisions, who approved them, and the events about people's keys.

Projections all of them, made anew from the log at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; a decision tells with which passkey it was signed."""
    op.create_table(
        "passkeys",
        sa.Column("credential", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("algorithm", sa.Integer, nullable=False),
        sa.Column("rp_id", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("trust", sa.Text, nullable=False),
        sa.Column("registered_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("in_force_at", sa.Text),
        sa.Column("used_at", sa.Text),
        sa.Column("revoked_at", sa.Text),
        sa.Column("revoked_why", sa.Text),
    )
    op.create_index("passkeys_by_person", "passkeys", ["person", "event"])
    waits = sa.text("in_force_at IS NULL AND revoked_at IS NULL")
    op.create_index("passkeys_that_wait", "passkeys", ["event"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "passkey_approvals",
        sa.Column("credential", sa.Text, primary_key=True),
        sa.Column("admin", sa.Text, primary_key=True),
        sa.Column("approved_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )
    op.create_table(
        "people_events",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.add_column("decisions", sa.Column("passkey", sa.Text))
