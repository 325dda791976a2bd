"""The first tables: advice and its projections, identities, sealed content."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first release."""
    _projections()
    _identity()
    _content()


def _projections() -> None:
    op.create_table(
        "advice",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("requester", sa.Text),
        sa.Column("gate", sa.Text, nullable=False),
        sa.Column("review", sa.Text, nullable=False),
        sa.Column("redactions", sa.Text, nullable=False),
        sa.Column("caveats", sa.Text, nullable=False),
        sa.Column("requested_at", sa.Text, nullable=False),
        sa.Column("received_at", sa.Text),
        sa.Column("decide_by", sa.Text),
        sa.Column("settled_at", sa.Text),
        sa.Column("released_text", sa.Integer),
        sa.Column("released_at", sa.Text),
        sa.Column("tokens", sa.Integer, nullable=False),
    )
    op.create_index("advice_by_status", "advice", ["status", "decide_by"])
    op.create_index("advice_by_application", "advice", ["application", "policy", "status"])
    op.create_index("advice_by_request", "advice", ["policy", "requested_at"])
    op.create_table(
        "decisions",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("text", sa.Integer, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )
    op.create_table(
        "views",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )
    op.create_table(
        "showings",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("viewer", sa.Text, primary_key=True),
        sa.Column("shown_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )


def _identity() -> None:
    op.create_table("applications", sa.Column("id", sa.Text, primary_key=True), sa.Column("title", sa.Text))
    op.create_table(
        "people",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.Text),
    )


def _content() -> None:
    op.create_table(
        "case_keys",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "sealed",
        sa.Column("advice", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("commitment", sa.Text, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    )
    op.create_index("sealed_by_scope", "sealed", ["scope"])
    op.create_table(
        "pseudonyms",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "idempotency",
        sa.Column("application", sa.Text, primary_key=True),
        sa.Column("key_hash", sa.Text, primary_key=True),
        sa.Column("advice", sa.Text, nullable=False),
        sa.Column("body_hash", sa.Text, nullable=False),
        sa.UniqueConstraint("advice"),
    )
