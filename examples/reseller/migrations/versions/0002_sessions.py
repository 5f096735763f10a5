"""Sessions that can be ended, and customers found by their e-mail address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customers.id")),
        sa.Column("ends", sa.Double, nullable=False, index=True),
    )
    op.execute("UPDATE customers SET email = lower(email)")
    op.create_index("ix_customers_email", "customers", ["email"])


def downgrade() -> None:
    op.drop_index("ix_customers_email", "customers")
    op.drop_table("sessions")
