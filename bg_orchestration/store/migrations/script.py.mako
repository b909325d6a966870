"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
# "before": it only adds, and the old code works on it. "after": it removes or tightens.
phase = "before"


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}
