"""Tell people who left a company from people who are only out of the group.

A row `left` from before has no cause: whether the person left the company is not recorded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
phase = "before"

_KINDS = ("joined", "left", "dropped", "role_changed", "title_changed", "contact_changed")
_COLUMNS = (
    sa.Column("cause", sa.String(length=16), nullable=True),
    sa.Column("other_company_id", sa.String(length=128), nullable=True),
    sa.Column("other_company", sa.Text(), nullable=True),
    sa.Column("gaps_opened", sa.Text(), nullable=True),
    sa.Column("gaps_closed", sa.Text(), nullable=True),
)


def upgrade() -> None:
    """Add the columns, and `dropped` to the kinds."""
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    name = op.f("ck_buyer_group_changes_kind")
    with op.batch_alter_table("buyer_group_changes") as table:
        for column in _COLUMNS:
            table.add_column(column)
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"kind IN ({kinds})")
