"""The day on which a credential was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of the uses before."""
    op.add_column("credentials", sa.Column("used_on", sa.Text))
