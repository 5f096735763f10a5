"""Runs the migrations over the connection that the application passes to Alembic."""

from __future__ import annotations

from alembic import context

from reseller.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
