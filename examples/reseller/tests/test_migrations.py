"""The migrations and the models."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from common.database import open_database
from reseller.models import Customer, LoggedIn, Order
from reseller.settings import HERE


def test_they_agree(backend, tmp_path):
    """The tables that the migrations make are those of the models, on either database; twice is as good as once."""
    url = backend.get("database_url", f"sqlite:///{tmp_path}/app.db").replace("postgresql:", "postgresql+psycopg:")
    shop = MetaData()  # the tables of the shop: the base may have those of another application too
    for table in (Customer.__table__, Order.__table__, LoggedIn.__table__):
        table.to_metadata(shop)
    for _ in range(2):
        sessions = open_database(url, HERE / "migrations")
        with sessions() as db:
            context = MigrationContext.configure(db.connection(), opts={"compare_type": True})
            assert compare_metadata(context, shop) == []
        sessions.kw["bind"].dispose()
