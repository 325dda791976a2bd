"""What the pages keep: sessions, attempts to sign in, sign-ins under way elsewhere, drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give people a name to sign in with, and make the pages' tables."""
    op.add_column("people", sa.Column("username", sa.Text))
    op.create_index("people_by_username", "people", ["username"], unique=True)
    op.create_index("credentials_by_secret", "credentials", ["secret_hash"])
    op.create_index("credentials_by_holder", "credentials", ["holder", "kind"])
    op.create_index("advice_by_requester", "advice", ["requester", "id"])
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.LargeBinary, primary_key=True),
        sa.Column("credential", sa.Text, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.Column("ends_at", sa.Text, nullable=False),
    )
    op.create_index("sessions_by_end", "sessions", ["ends_at"])
    op.create_table(
        "attempts",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
    )
    op.create_index("attempts_by_until", "attempts", ["until"])
    op.create_table(
        "arrivals",
        sa.Column("state_hash", sa.LargeBinary, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
    )
    op.create_index("arrivals_by_until", "arrivals", ["until"])
    op.create_table(
        "drafts",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    )
