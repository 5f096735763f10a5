"""Snapshots: a sandbox goes back to what it held, as often as is wanted."""

from __future__ import annotations

import json

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, send
from full_world import furnish

from linode import Domain, Linode, Retry
from linode.sandbox import Fault, Limit, Sandbox, SandboxError
from linode.sandbox.core.refusals import NotSaved


@pytest.fixture
def sandbox():
    with Sandbox(seed=1) as sandbox:
        yield sandbox


def seen(sandbox: Sandbox) -> dict[str, str]:
    kinds = ("Linode", "Domain", "Event", "Disk", "_Job", "_Counter")
    return {kind: json.dumps(list(sandbox.world.read(kind))) for kind in kinds}


def test_a_block_leaves_the_sandbox_as_it_was(sandbox):
    """Creations, changes and deletions in a block are undone at its end, and the clock goes back."""
    client = sandbox.client()
    client.create_domain("kept.example.com", soa_email="a@example.com")
    before, now = seen(sandbox), sandbox.now
    with sandbox.snapshot():
        client.create_domain("new.example.com", soa_email="a@example.com")
        kept = client.get_domains(Domain.domain == "kept.example.com")[0]
        kept.description = "changed"
        kept.save()
        client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD).wait()
        kept.delete()
        assert seen(sandbox) != before
    assert (seen(sandbox), sandbox.now) == (before, now)
    assert [each.domain for each in client.get_domains(Domain.domain.contains("example.com"))] == ["kept.example.com"]


def test_an_error_in_the_block_restores_too(sandbox):
    def fail() -> None:
        sandbox.client().create_domain("a.example.com", soa_email="a@example.com")
        raise LookupError

    with pytest.raises(LookupError), sandbox.snapshot():
        fail()
    assert len(sandbox.client().get_domains()) == 0


def test_what_happens_after_a_snapshot_happens_again(sandbox):
    """IDs, addresses, secrets and jobs come as they came the first time: the random numbers go back too."""
    client = furnish(sandbox)
    saved = sandbox.snapshot()
    ends = []
    for _ in range(3):
        linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
        sandbox.advance(100)
        database = client.create_mysql_database("other", "us-east", "g6-nanode-1", "mysql/8")
        database.wait()
        ends.append((linode.load().raw, database.get_credentials().password, seen(sandbox)))
        sandbox.restore(saved)
    assert ends[0] == ends[1] == ends[2]
    assert ends[0][0]["status"] == "running"


def test_jobs_under_way_go_on_after_it(sandbox):
    linode = sandbox.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    saved = sandbox.snapshot()
    sandbox.advance(300)
    assert linode.load().status == "running"
    sandbox.restore(saved)
    assert linode.load().status == "provisioning"
    sandbox.advance(300)
    assert linode.load().status == "running"


def test_filters_and_orders_see_the_rows_of_the_snapshot(sandbox):
    """The indices that lists have built are those of the rows that are there."""
    client = sandbox.client()
    for name in ("b", "a", "c"):
        client.create_domain(f"{name}.example.com", soa_email="a@example.com", tags=["old"])
    saved = sandbox.snapshot()
    assert len(client.get_domains(Domain.tags == "old")) == 3
    for domain in client.get_domains():
        domain.tags = ["new"]
        domain.save()
    assert len(client.get_domains(Domain.tags == "old")) == 0
    sandbox.restore(saved)
    assert len(client.get_domains(Domain.tags == "old")) == 3
    assert len(client.get_domains(Domain.tags == "new")) == 0
    shown = [each.domain for each in client.get_domains(Domain.domain.asc())]
    assert shown == ["a.example.com", "b.example.com", "c.example.com"]


def test_faults_limits_requests_and_the_clock_go_back(sandbox):
    fault = Fault("GET", "/domains", status=500, times=3, skip=1)
    sandbox.faults.append(fault)
    sandbox.limits.append(Limit("GET", "/regions", 2))
    client = sandbox.client(retry=Retry(attempts=1))
    client.request("GET", "/regions")
    saved = sandbox.snapshot()
    client.request("GET", "/domains")
    with pytest.raises(Exception, match="500"):
        client.request("GET", "/domains")
    client.request("GET", "/regions")
    sandbox.faults.clear()
    sandbox.limits.clear()
    sandbox.stop_clock()
    sandbox.durations = 0.5
    sandbox.restore(saved)
    assert (list(sandbox.faults), fault.skip, fault.hits) == ([fault], 1, 0)
    assert [each.path for each in sandbox.requests] == ["/v4/regions"]
    assert (sandbox.stopped, sandbox.durations) == (False, {"*": 1.0})
    assert send(sandbox, "GET", "/v4/regions").headers["x-ratelimit-remaining"] == "0"


def test_users_tokens_and_accounts_that_came_later_are_gone(sandbox):
    saved = sandbox.snapshot()
    other = sandbox.client(sandbox.add_account("Other Inc."))
    sandbox.add_user("ada", "ada@example.com")
    sandbox.add_oauth_client("Shop", "http://localhost/shop", id="shop")
    assert other.get_account().company == "Other Inc."
    sandbox.restore(saved)
    with pytest.raises(Exception, match="Invalid Token"):
        other.get_account()
    assert [each.username for each in sandbox.client().get_users()] == ["sandbox"]
    sandbox.add_user("ada", "ada@example.com")
    sandbox.reset()
    assert sandbox.world.find("OAuthClient", "shop") is None


def test_a_sandbox_takes_the_snapshot_of_another(sandbox):
    """With the token of the other: a world is made once, and each test has its own sandbox of it."""
    furnish(sandbox)
    with Sandbox() as other:
        other.restore(sandbox.snapshot())
        assert other.token == sandbox.token
        assert seen(other) == seen(sandbox)
        other.client().get_linodes()[0].delete()
        assert len(other.client().get_linodes()) == len(sandbox.client().get_linodes()) - 1


def test_a_data_file_holds_what_was_restored(tmp_path):
    path = str(tmp_path / "world.db")
    with Sandbox(path, seed=1) as first:
        client = first.client()
        linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
        saved = first.snapshot()
        client.create_domain("gone.example.com", soa_email="a@example.com")
        linode.delete()
        first.sold_out("us-east", NANODE)
        first.restore(saved)
        rows = seen(first)
    with Sandbox(path) as second:
        assert seen(second) == rows
        assert second.client().create_linode(NANODE, "us-east").status == "provisioning"
        second.advance(300)
        assert second.client().get_linodes(Linode.id == linode.id)[0].status == "running"


def test_tables_of_the_file_that_nobody_has_read_yet_are_kept(tmp_path):
    path = str(tmp_path / "world.db")
    with Sandbox(path, seed=1) as first:
        first.client().create_domain("kept.example.com", soa_email="a@example.com")
    with Sandbox(path) as second:
        with second.snapshot():
            second.client().get_domains()[0].delete()
        assert len(second.client().get_domains()) == 1
    with Sandbox(path) as third:
        assert len(third.client().get_domains()) == 1


def test_a_file_that_cannot_be_written_stays_as_it_is(tmp_path):
    path = str(tmp_path / "world.db")
    with Sandbox(path, seed=1) as first:
        saved = first.snapshot()
        first.client().create_domain("here.example.com", soa_email="a@example.com")
        first.world._store._file._db.execute("PRAGMA query_only = ON")
        with pytest.raises(NotSaved):
            first.restore(saved)
        assert len(first.client().get_domains()) == 1
        first.world._store._file._db.execute("PRAGMA query_only = OFF")


def test_a_snapshot_within_a_transaction_is_refused(sandbox):
    with sandbox.world.transaction():
        added = sandbox.world.add(Domain, domain="half.example.com")
        with pytest.raises(SandboxError, match="a transaction has not ended"):
            sandbox.snapshot()
        sandbox.world.remove(added)
    assert len(sandbox.client().get_domains()) == 0
