"""A key for each advice under a keyring; how long content is kept, what was erased, what is held.

The projections are made anew from the log at the next start, so their tables are simply replaced.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BEFORE_KEYRING = "wk_" + "0" * 16


def upgrade() -> None:
    """Replace the projection of advice; move the cases' keys under a keyring's name."""
    _projections()
    _keys()


def _projections() -> None:
    op.drop_table("advice")
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
        sa.Column("keep_content", sa.Integer, nullable=False),
        sa.Column("keep_pseudonyms", sa.Integer, nullable=False),
        sa.Column("content_until", sa.Text),
        sa.Column("erased_at", sa.Text),
        sa.Column("erased_why", sa.Text),
    )
    op.create_index("advice_by_status", "advice", ["status", "decide_by"])
    op.create_index("advice_by_application", "advice", ["application", "policy", "status"])
    op.create_index("advice_by_request", "advice", ["policy", "requested_at"])
    op.create_index("advice_by_scope", "advice", ["scope"])
    _index_of_set("advice", "content_until")
    op.create_table(
        "cases",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("open", sa.Integer, nullable=False),
        sa.Column("pseudonyms_until", sa.Text),
    )
    _index_of_set("cases", "pseudonyms_until")
    op.create_table(
        "holds",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("why", sa.Text, primary_key=True),
        sa.Column("placed_at", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
    )
    op.create_table("projected", sa.Column("version", sa.Integer, nullable=False))


def _index_of_set(table: str, column: str) -> None:
    condition = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"{table}_by_{column}", table, [column], sqlite_where=condition, postgresql_where=condition
    )


def _keys() -> None:
    op.create_table(
        "keyring",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("master", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
    )
    op.create_table(
        "content_keys",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("wrapping", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    in_place = " ORDER BY rowid" if op.get_bind().dialect.name == "sqlite" else ""
    op.execute(
        f"INSERT INTO content_keys SELECT scope, '{_BEFORE_KEYRING}', wrapped FROM case_keys{in_place}"  # noqa: S608
    )
    op.drop_table("case_keys")
