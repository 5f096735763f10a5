"""The database as processes find it that begin at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import inspect

from common.database import open_database
from reseller.settings import HERE


def test_processes_that_begin_together_all_get_their_database(tmp_path: Path) -> None:
    """One process creates the file and its tables; the others wait, and none finds it locked."""
    for number in range(8):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        together = threading.Barrier(8)

        def begin(url: str = url, together: threading.Barrier = together) -> None:
            together.wait()
            sessions = open_database(url, HERE / "migrations")
            engine = sessions.kw["bind"]
            assert "orders" in inspect(engine).get_table_names()
            engine.dispose()

        with ThreadPoolExecutor(8) as pool:
            for each in [pool.submit(begin) for _ in range(8)]:
                each.result()
