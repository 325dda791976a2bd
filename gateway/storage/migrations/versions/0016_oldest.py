"""Which gateways may still run on this database: those that know the migration in `oldest`, or a later one.

A gateway that starts on a database which a newer one has brought up reads it (gateway/storage/schema_versions.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
step = "expand"
release = "0.1.0"


def upgrade() -> None:
    """Those from before this one don't look."""
    table = op.create_table("oldest_schema", sa.Column("version", sa.Text, nullable=False))
    op.bulk_insert(table, [{"version": "0016"}])
