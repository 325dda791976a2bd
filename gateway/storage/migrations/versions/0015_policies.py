"""The words of every version of a policy that was ever in force, and who has agreed to a change so far.

The words are no projection: events hold their hashes only. Nothing changes or deletes them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REFUSING = (
    "CREATE OR REPLACE FUNCTION countersign_policy_texts_stay() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the words of policies stay'; END $$"
)


def upgrade() -> None:
    """Create both, and the guards; `details`: what else the event says of a version."""
    op.create_table(
        "policy_texts",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "policy_approvals",
        sa.Column("event", sa.Integer, primary_key=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("approved_at", sa.Text, nullable=False),
    )
    op.create_index("policy_approvals_by_policy", "policy_approvals", ["policy", "event"])
    op.add_column("policies_in_force", sa.Column("details", sa.Text))
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER policy_texts_stay_{verb.lower()} BEFORE {verb} ON policy_texts"
                " BEGIN SELECT RAISE(ABORT, 'the words of policies stay'); END"
            )
        return
    op.execute(_REFUSING)
    op.execute(
        "CREATE TRIGGER policy_texts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_texts"
        " FOR EACH STATEMENT EXECUTE FUNCTION countersign_policy_texts_stay()"
    )
