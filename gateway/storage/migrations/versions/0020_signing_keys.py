"""Which of the log's keys each gateway signs with, so that the change to another key ends only once all have it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
step = "expand"
release = "0.1.0"


def upgrade() -> None:
    """Empty for gateways of the release before, which can't say."""
    op.add_column("gateways", sa.Column("log_keys", sa.Text))
