"""Run by Alembic: brings the tables up to date over the connection that common/database.py opened."""

from __future__ import annotations

from alembic import context

from common.database import Base
from install_on_linode import models  # noqa: F401  the tables

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
