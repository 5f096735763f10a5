"""The page about fleets: its program for Dask runs."""

from __future__ import annotations

import re
from pathlib import Path

import cloudpickle
from distributed import LocalCluster

PAGE = Path(__file__).parents[3] / "docs" / "fleets.md"
BLOCK = re.compile(r"^```python needs-dask\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_objects_travel_to_the_workers_and_the_token_does_not(account, monkeypatch):
    """The page's program boots Linodes in two processes, which get objects, and the token from their environment."""
    client = account.sandbox.client()
    for number in range(8):
        client.create_linode(
            "g6-nanode-1",
            "us-iad",
            image="linode/debian12",
            root_pass="correct-horse-42-Battery",
            label=f"render-{number}",
            tags=["render"],
            booted=False,
        )
    account.sandbox.advance(60)
    monkeypatch.setenv("LINODE_TOKEN", account.sandbox.token)
    monkeypatch.setenv("LINODE_URL", account.url)
    (program,) = BLOCK.findall(PAGE.read_text())
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        names = {"__name__": "page"}
        exec(program.replace("tls://scheduler.example.com:8786", cluster.scheduler_address), names)
        assert {each.status for each in names["linodes"]} == {"running"}
    boots = [each for each in account.sandbox.requests if each.path.endswith("/boot")]
    assert (len(boots), len(names["linodes"])) == (8, 8)
    assert account.sandbox.token.encode() not in cloudpickle.dumps([names["boot"], *names["linodes"]])
