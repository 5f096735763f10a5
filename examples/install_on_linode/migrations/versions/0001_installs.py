"""The table of installs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make it."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        "install",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("browser", sa.String(64), nullable=False, index=True),
        sa.Column("began", time, nullable=False),
        sa.Column("phase", sa.String(16), nullable=False, index=True),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("region", sa.String(64), nullable=False),
        sa.Column("image", sa.String(64), nullable=False),
        sa.Column("state", sa.String(64), nullable=False, unique=True),
        sa.Column("verifier", sa.LargeBinary),
        sa.Column("code", sa.LargeBinary),
        sa.Column("token", sa.LargeBinary),
        sa.Column("token_ends", time),
        sa.Column("password", sa.LargeBinary),
        sa.Column("box", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("shown", time),
        sa.Column("linode_id", sa.Integer),
        sa.Column("address", sa.String(64)),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("trouble", sa.String(200)),
        sa.Column("reason", sa.Text),
        sa.Column("claim", sa.String(32)),
        sa.Column("due", time, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("install")
