"""Jobs that take a share of their time, while expiries keep theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linode import Event, Linode
from linode.errors import AuthenticationError
from linode.sandbox import Sandbox
from linode.sandbox.__main__ import main
from linode.sandbox.core.jobs import job
from linode.sandbox.core.world import World
from linode.sandbox.engine import rules
from linode.sandbox.families.databases import databases
from linode.sandbox.families.images import uploads
from linode.sandbox.families.linodes import power
from linode.sandbox.families.lke import control_plane

SHARE = 0.05


@pytest.fixture
def quick():
    with Sandbox(seed=1, step=0, durations=SHARE) as sandbox:
        yield sandbox


@job("test.durations.nothing")
def nothing(world: World) -> None: ...


def test_a_boot_takes_its_share_of_the_seconds(quick):
    client = quick.client()
    linode = client.create_linode(
        "g6-nanode-1", "us-east", image="linode/debian12", root_pass="a-B-9-x-Y", booted=False
    )
    quick.advance(60)
    linode.boot()
    quick.advance(power.BOOT * SHARE - 0.01)
    assert linode.load().status == "booting"
    quick.advance(0.02)
    assert linode.load().status == "running"


def test_jobs_of_one_linode_take_their_shares_one_after_the_other(quick):
    client = quick.client()
    linode = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass="a-B-9-x-Y")
    quick.advance(60)
    linode.reboot()
    linode.shutdown()
    quick.advance((power.BOOT + power.SHUT_DOWN) * SHARE - 0.01)
    assert linode.load().status == "shutting_down"
    quick.advance(0.02)
    assert linode.load().status == "offline"


def test_the_progress_of_an_event_is_that_of_the_shortened_job(quick):
    world = quick.world
    with world.transaction():
        event = world.events.schedule("linode_boot", world.add(Linode, label="web"), seconds=21)
    world.advance(11 * SHARE)
    shown = rules.show(world, world.get(Event, event["id"]))
    assert (shown["status"], shown["percent_complete"]) == ("started", 50)


def test_a_volume_a_database_and_a_cluster_are_ready_sooner(quick):
    client = quick.client()
    volume = client.create_volume("data", region="us-east", size=20)
    database = client.create_mysql_database("shop", "us-east", "g6-nanode-1", "mysql/8")
    cluster = client.create_lke_cluster("shop", "us-east", "1.33", node_pools=[{"type": "g6-standard-1", "count": 1}])
    quick.advance(max(databases.CREATE, control_plane.UP["standard"], 200) * SHARE)
    assert volume.load().status == "active"
    assert database.load().status == "active"
    assert [node.status for pool in cluster.pools for node in pool.nodes] == ["ready"]


def test_expiries_keep_their_time(quick):
    client = quick.client()
    ends = quick.now.replace(microsecond=0) + timedelta(hours=1)
    token = client.get_profile().create_token(label="ci", scopes="*", expiry=ends)
    upload = client.upload_image("mine", "us-east")
    quick.advance(3000)
    assert quick.client(token.token).get_profile().username == "sandbox"
    quick.advance(700)
    with pytest.raises(AuthenticationError):
        quick.client(token.token).get_profile()
    quick.advance(uploads.OPEN - 3702)
    assert upload.image.load().status == "pending_upload"


def test_the_clock_is_not_affected(quick):
    began = quick.now
    quick.advance(600)
    assert quick.now - began == timedelta(seconds=600)


def test_work_and_expiries_have_a_method_each(quick):
    world = quick.world
    with world.transaction():
        done, over = world.takes(100, nothing), world.later(100, nothing)
    assert world.get("_Job", done)["due"] == pytest.approx(world.now + 5)
    assert world.get("_Job", over)["due"] == pytest.approx(world.now + 100)


def test_a_job_in_a_data_file_ends_when_it_would_have_ended(tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path, durations=SHARE) as first, first.world.transaction():
        event = first.world.events.schedule("linode_boot", first.world.add(Linode, label="web"), seconds=40)["id"]
    with Sandbox(path) as second:
        second.advance(40 * SHARE - 0.1)
        assert second.world.get(Event, event)["status"] == "started"
        second.advance(0.2)
        assert second.world.get(Event, event)["status"] == "finished"


def test_a_new_world_after_a_reset_and_other_accounts_have_the_same_durations(quick):
    quick.add_account("Other Inc.")
    assert [world.duration(100) for world in quick.world.accounts()] == [5, 5]
    quick.reset()
    assert quick.world.duration(100) == 5


# -- seconds by kind of job ------------------------------------------------------------------------------------------


def test_a_kind_of_job_takes_its_own_seconds():
    """A boot takes 2 seconds and a database 5 minutes, whatever they take at Linode; a share is for the others."""
    durations = {"linode_boot": 2, "database_create": timedelta(minutes=5), "*": SHARE}
    with Sandbox(seed=1, step=0, durations=durations) as sandbox:
        client = sandbox.client()
        linode = client.create_linode(
            "g6-nanode-1", "us-east", image="linode/debian12", root_pass="a-B-9-x-Y", booted=False
        )
        database = client.create_mysql_database("shop", "us-east", "g6-nanode-1", "mysql/8")
        sandbox.advance(60)
        assert linode.load().status == "offline"
        linode.boot()
        sandbox.advance(1.9)
        assert linode.load().status == "booting"
        sandbox.advance(0.2)
        assert linode.load().status == "running"
        sandbox.advance(237)
        assert database.load().status == "provisioning"
        sandbox.advance(1)
        assert database.load().status == "active"


def test_a_job_without_an_event_of_its_own_is_set_by_either_name():
    for kind in ("volume_resize", "volumes.activate"):
        with Sandbox(seed=1, step=0, durations={kind: 1000}) as sandbox:
            volume = sandbox.client().create_volume("data", region="us-east", size=20)
            sandbox.advance(60)
            volume.resize(30)
            sandbox.advance(999)
            assert volume.load().status == "resizing", kind
            sandbox.advance(2)
            assert volume.load().status == "active", kind


def test_a_zone_is_rendered_after_the_seconds_that_were_set():
    with Sandbox(seed=1, step=0, durations={"domains.render": 5, "domains.publish": 0}) as sandbox:
        domain = sandbox.client().create_domain("example.com", soa_email="admin@example.com")
        domain.create_record("A", name="www", target="198.51.100.7")
        assert not any("www" in line for line in domain.zone_file())
        sandbox.advance(5.1)
        assert any("www" in line for line in domain.zone_file())


def test_a_job_of_no_seconds_is_done_at_once():
    with Sandbox(seed=1, step=0, durations={"linode_boot": 0, "linode_create": 0}) as sandbox:
        linode = sandbox.client().create_linode(
            "g6-nanode-1", "us-east", image="linode/debian12", root_pass="a-B-9-x-Y"
        )
        sandbox.advance(0)
        assert linode.load().status == "running"


def test_durations_are_changed_for_the_jobs_that_follow(quick):
    assert quick.durations == {"*": SHARE}
    quick.durations = {"linode_boot": 7}
    assert quick.durations == {"linode_boot": 7, "*": 1.0}
    quick.reset()
    assert quick.world.duration(100, "linode_boot") == 7
    with pytest.raises(ValueError, match="no job is called 'linode_bot': did you mean 'linode_boot'"):
        quick.durations = {"linode_bot": 1}
    with pytest.raises(TypeError, match="the duration of linode_boot must be a number of seconds or a timedelta"):
        quick.durations = {"linode_boot": "2s"}
    with pytest.raises(ValueError, match="the duration of linode_boot must be 0 or more seconds, not -1"):
        quick.durations = {"linode_boot": -1}
    assert quick.durations == {"linode_boot": 7, "*": 1.0}


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf")])
def test_a_share_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="durations must be a number above 0"):
        Sandbox(durations=wrong)


def test_the_command_refuses_a_share_that_is_none(capsys):
    with pytest.raises(SystemExit):
        main(["--durations", "0"])
    assert "--durations: '0' must be a number above 0" in capsys.readouterr().err
