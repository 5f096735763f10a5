"""Functions that are called when Linodes boot and stop."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import threading

import pytest

from linode import Linode, LinodeClient, Retry
from linode.errors import ServerError
from linode.sandbox import Fault, Refused, Sandbox
from linode.sandbox.families.linodes.power import power_off

NANODE, REGION, DEBIAN, PASSWORD = "g6-nanode-1", "us-east", "linode/debian12", "a-B-9-x-Y-z"
DATA = b"#cloud-config\n"


@pytest.fixture
def told(sandbox):
    """The arguments of the calls, in order."""
    found = []
    sandbox.on_boot(lambda linode, data: found.append(("boot", linode.id, linode.status, data)))
    sandbox.on_shutdown(lambda linode: found.append(("stop", linode.id)))
    return found


def make(client: LinodeClient, **options):
    return client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, **options)


def names(told):
    return [each[0] for each in told]


@pytest.mark.parametrize("data", [DATA, bytes(range(256)), None])
def test_a_boot_is_told_with_the_decoded_user_data(sandbox, told, data):
    options = {} if data is None else {"metadata": {"user_data": base64.b64encode(data).decode()}}
    linode = make(sandbox.client(), **options)
    assert told == [], "it is being created"
    sandbox.advance(120)
    assert told == [("boot", linode.id, "running", data)]


def test_a_wait_of_a_client_tells_too(sandbox, told):
    make(sandbox.client()).wait()
    assert names(told) == ["boot"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (lambda linode: linode.shutdown(), ["stop"]),
        (lambda linode: linode.reboot(), ["stop", "boot"]),
        (lambda linode: linode.rescue(), ["stop"]),
        (lambda linode: linode.rebuild(DEBIAN), ["stop", "boot"]),
        (lambda linode: linode.rebuild(DEBIAN, booted=False), ["stop"]),
        (lambda linode: linode.delete(), ["stop"]),
        (lambda linode: linode.resize("g6-standard-2"), ["stop", "boot"]),
        (lambda linode: linode.resize("g6-standard-2", migration_type="warm"), []),
        (lambda linode: linode.migrate(region="us-west"), ["stop", "boot"]),
        (lambda linode: linode.migrate(region="us-west", type="warm"), []),
        (lambda linode: linode.create_snapshot("now") if linode.backups.enabled else linode.enable_backups(), []),
    ],
)
def test_every_way_to_stop_and_boot_is_told_once(sandbox, told, order, expected):
    linode = make(sandbox.client())
    sandbox.advance(120)
    told.clear()
    order(linode)
    sandbox.advance(7200)
    assert names(told) == expected


def test_a_linode_that_is_off_does_not_stop(sandbox, told):
    linode = make(sandbox.client(), booted=False)
    sandbox.advance(120)
    linode.rebuild(DEBIAN, booted=False)
    sandbox.advance(120)
    linode.delete()
    assert told == []


def test_a_rebuild_and_a_clone_have_the_user_data_that_they_are_given(sandbox, told):
    client = sandbox.client()
    linode = make(client, metadata={"user_data": DATA})
    sandbox.advance(120)
    linode.rebuild(DEBIAN)
    sandbox.advance(120)
    linode.rebuild(DEBIAN, metadata={"user_data": b"new"})
    sandbox.advance(120)
    copy = linode.clone(region=REGION, type=NANODE, metadata={"user_data": b"of the copy"})
    sandbox.advance(120)
    copy.boot()
    sandbox.advance(120)
    assert [each[3] for each in told if each[0] == "boot"] == [DATA, DATA, b"new", b"of the copy"]


def test_a_deleted_linode_is_told_as_it_was(sandbox):
    gone = []
    sandbox.on_shutdown(lambda linode: gone.append((linode.label, list(linode.ipv4))))
    linode = make(sandbox.client(), label="web")
    sandbox.advance(120)
    before = list(linode.load().ipv4)
    linode.delete()
    assert gone == [("web", before)]


def test_what_a_refused_request_undoes_is_not_reported(sandbox, told):
    linode = make(sandbox.client())
    sandbox.advance(120)
    told.clear()
    with contextlib.suppress(Refused), sandbox.world.transaction():
        power_off(sandbox.world, sandbox.world.get(Linode, linode.id))
        raise Refused("no")
    sandbox.advance(1)
    assert told == []
    linode.shutdown()
    sandbox.advance(60)
    assert names(told) == ["stop"]


def test_a_function_may_use_a_client_and_what_that_causes_is_told_after_it(sandbox):
    order = []

    @sandbox.on_boot
    def first(linode, data):
        order.append(f"begin {linode.label}")
        if linode.label == "one":
            client = sandbox.client()
            make(client, label="two").wait()
            linode.label = "renamed"
            linode.save()
        order.append(f"end {linode.label}")

    make(sandbox.client(), label="one").wait()
    assert order == ["begin one", "end renamed", "begin two", "end two"]


def test_a_function_may_wait_for_another_thread_that_uses_the_sandbox(sandbox):
    done = []

    @sandbox.on_boot
    def boot(linode, data):
        thread = threading.Thread(target=lambda: done.append(len(sandbox.client().get_linodes())), daemon=True)
        thread.start()
        thread.join(20)

    make(sandbox.client()).wait()
    assert done == [1]


def test_an_exception_of_a_function_is_raised_and_the_rest_is_told_next_time(sandbox):
    told = []

    @sandbox.on_boot
    def boot(linode, data):
        told.append(linode.label)
        if linode.label == "one":
            raise RuntimeError("no room for one")

    client = sandbox.client()
    one, two = make(client, label="one"), make(client, label="two")
    with pytest.raises(RuntimeError, match="no room for one"):
        sandbox.advance(120)
    assert told == ["one"]
    assert [linode.load().status for linode in (one, two)] == ["running", "running"]
    assert told == ["one", "two"]


def test_an_exception_is_raised_from_the_request_that_made_the_linode_stop_which_was_carried_out(sandbox):
    @sandbox.on_shutdown
    def down(linode):
        raise RuntimeError("still in use")

    client = sandbox.client()
    linode = make(client)
    sandbox.advance(120)
    with pytest.raises(RuntimeError, match="still in use"):
        linode.delete()
    assert list(client.get_linodes()) == []
    assert [each.method for each in sandbox.requests].count("DELETE") == 1, "it is not repeated"


def test_linodes_of_other_accounts_come_with_a_client_of_theirs(sandbox):
    found = []
    other = sandbox.client(sandbox.add_account("Other Inc."))
    tokens = len(other.get_profile().tokens)
    sandbox.on_boot(lambda linode, data: found.append(linode.load().label))
    make(other, label="theirs")
    sandbox.advance(120)
    make(other, label="theirs-too")
    sandbox.advance(120)
    assert found == ["theirs", "theirs-too"]
    assert len(other.get_profile().tokens) == tokens


def test_a_reset_keeps_the_functions(sandbox, told):
    make(sandbox.client())
    sandbox.advance(120)
    sandbox.reset()
    make(sandbox.client())
    sandbox.advance(120)
    assert names(told) == ["boot", "boot"]


def test_a_stop_is_reported_for_a_linode_that_booted_before_the_restart(tmp_path):
    path, gone = str(tmp_path / "world"), []
    with Sandbox(path, seed=1) as first:
        make(first.client())
        first.advance(120)
    with Sandbox(path, seed=1) as second:
        second.on_shutdown(lambda linode: gone.append(linode.id))
        second.client().get_linodes()[0].delete()
    assert gone == [123]


def test_a_lost_answer_tells_all_the_same(sandbox, told):
    linode = make(sandbox.client())
    sandbox.advance(120)
    sandbox.faults.append(Fault("DELETE", connection="dropped", processed=True))
    linode.delete()
    assert names(told) == ["boot", "stop"]


def test_an_async_client_tells_and_gets_the_exceptions_too(sandbox, told):
    @sandbox.on_shutdown
    def down(linode):
        raise RuntimeError("still in use")

    async def use() -> None:
        async with sandbox.async_client() as client:
            linode = await client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
            await linode.wait()
            assert names(told) == ["boot"]
            with pytest.raises(RuntimeError, match="still in use"):
                await linode.delete()

    asyncio.run(use())
    assert names(told) == ["boot", "stop"]


def test_on_a_port_an_exception_of_a_function_is_printed_and_the_response_is_a_500(sandbox, capfd):
    linode = make(sandbox.client())
    sandbox.advance(120)

    @sandbox.on_shutdown
    def down(linode):
        raise RuntimeError("still in use")

    with sandbox.serve() as address:
        client = LinodeClient(sandbox.token, f"{address}/v4", retry=Retry(attempts=1))
        with client, pytest.raises(ServerError):
            client.request("DELETE", linode.url)
    assert "RuntimeError: still in use" in capfd.readouterr().err
    assert list(sandbox.client().get_linodes()) == []
