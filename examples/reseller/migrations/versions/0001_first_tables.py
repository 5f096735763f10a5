"""Customers and their orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(12), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customers.id"), nullable=False, unique=True),
        sa.Column("label", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("region", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("linode_id", sa.Integer),
        sa.Column("linode_status", sa.String(32)),
        sa.Column("ipv4", sa.String(15)),
        sa.Column("trouble", sa.String(500)),
        sa.Column("box", sa.LargeBinary(32)),
        sa.Column("sealed", sa.LargeBinary(200)),
        sa.Column("claim", sa.String(32)),
        sa.Column("due", sa.Double, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("orders")
    op.drop_table("customers")
