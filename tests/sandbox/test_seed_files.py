"""Seed files: the contents of a world in the words of the API's requests, with labels for IDs."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from asking import DEBIAN, NANODE, PASSWORD, REGION, send
from sandbox_process import served

from linode import Domain
from linode.errors import AuthorizationError
from linode.sandbox import Sandbox, SandboxError
from linode.sandbox.core.refusals import NotSaved

PAGE = Path(__file__).parent.parent.parent / "docs" / "world.yaml"
WEB = {"label": "web-1", "region": REGION, "type": NANODE, "image": DEBIAN}
DOMAIN = {"domain": "example.com", "type": "master", "soa_email": "a@example.com"}


def seeded(tmp_path: Path, text: str | dict[str, Any], **options: Any) -> Sandbox:
    """A sandbox with a seed file of that text, or of that JSON."""
    path = tmp_path / ("world.yaml" if isinstance(text, str) else "world.json")
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    return Sandbox(seed=1, seed_file=str(path), **options)


# -- what is there ---------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(monkeypatch):
    monkeypatch.setenv("ROOT_PASS", PASSWORD)
    with Sandbox(seed=1, start=datetime(2026, 1, 31, tzinfo=UTC), seed_file=str(PAGE)) as sandbox:
        yield sandbox


def test_the_example_makes_the_world_that_it_describes(shop):
    """Objects are ready, refer to each other, and no time has passed."""
    client = shop.client()
    linodes = {each.label: each for each in client.get_linodes()}
    assert {label: each.status for label, each in linodes.items()} == {
        "web-1": "running",
        "web-2": "offline",
        "database": "running",
        "empty": "offline",
    }
    assert [len(each.disks) for each in linodes.values()] == [2, 2, 2, 0]
    assert client.get_volumes()[0].linode == linodes["database"]
    assert {each.entity.label for each in client.get_firewalls()[0].devices} == {"web-1", "web-2"}
    nodes = client.get_nodebalancers()[0].configs[0].nodes
    assert [each.address.split(":")[0] in linodes[f"web-{at}"].ipv4 for at, each in enumerate(nodes, 1)] == [True, True]
    (subnet,) = client.get_vpcs()[0].subnets
    assert [each.id for each in subnet.linodes] == [linodes["database"].id]
    assert [(each.type, each.name) for each in client.get_domains()[0].records] == [("A", "www"), ("MX", "")]
    assert client.get_account().company == "Toys Ltd."
    assert (shop.now - datetime(2026, 1, 31, tzinfo=UTC)).total_seconds() < 20
    assert not [each for each in client.get_events() if each.status in ("scheduled", "started")]
    assert shop.durations == {"*": 1.0}


def test_users_have_their_grants_and_accounts_their_objects(shop):
    token = shop.world.identity
    with shop.world.transaction():
        ada = shop.client(token.issue_token("ada")["_secret"])
    assert [each.label for each in ada.get_linodes()] == ["web-1"]
    with pytest.raises(AuthorizationError):
        ada.create_domain("ada.example.com", soa_email="a@example.com")
    assert [each.domain for each in shop.client().get_domains()] == ["example.com"]
    other = shop.world.accounts()[1]
    assert [each["domain"] for each in other.read(Domain)] == ["other.example.com"]


def test_the_same_file_gives_the_same_world(monkeypatch):
    monkeypatch.setenv("ROOT_PASS", PASSWORD)
    start = datetime(2026, 1, 31, tzinfo=UTC)
    worlds = []
    for _ in range(2):
        with Sandbox(seed=1, start=start, token="mine", seed_file=str(PAGE)) as sandbox:
            worlds.append(sandbox.export(secrets=True))
    assert worlds[0] == worlds[1]


def test_later_objects_may_be_named_before_they_are_there(tmp_path):
    """The order of the file and of the lists does not matter."""
    contents = {
        "firewalls": [{"label": "wall", "rules": {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"}}],
        "linodes": [{**WEB, "placement_group": {"id": "apart"}, "firewall_id": "wall"}],
        "placement_groups": [
            {
                "label": "apart",
                "region": REGION,
                "placement_group_type": "anti_affinity:local",
                "placement_group_policy": "strict",
            }
        ],
    }
    with seeded(tmp_path, contents) as sandbox:
        client = sandbox.client()
        assert client.get_placement_groups()[0].members[0].linode_id == client.get_linodes()[0].id
        assert client.get_linodes()[0].firewalls[0].label == "wall"


def test_objects_are_added_to_a_sandbox_in_use(sandbox):
    linode = sandbox.client().create_linode(NANODE, REGION, label="mine")
    sandbox.seed_from({"volumes": [{"label": "data", "size": 20, "linode_id": "mine"}]})
    assert sandbox.client().get_volumes()[0].linode == linode
    assert [each.path for each in sandbox.requests if "volumes" in each.path] == ["/v4/volumes"]


def test_a_data_file_is_seeded_once_and_a_reset_seeds_again(tmp_path):
    data = str(tmp_path / "world.db")
    with seeded(tmp_path, {"domains": [DOMAIN]}, data=data) as first:
        first.client().get_domains()[0].delete()
    with seeded(tmp_path, {"domains": [DOMAIN]}, data=data) as second:
        assert len(second.client().get_domains()) == 0
        second.reset()
        assert len(second.client().get_domains()) == 1


def test_programs_seed_a_sandbox_on_a_port(tmp_path):
    path = tmp_path / "world.json"
    path.write_text(json.dumps({"domains": [DOMAIN]}))
    with served("--seed-file", str(path)) as http:
        more = {"domains": [{**DOMAIN, "domain": "more.example.com"}]}
        assert http.post("/sandbox/seed", json=more).json()["rows"]["Domain"] == 2
        wrong = http.post("/sandbox/seed", json={"domain": []})
        assert (wrong.status_code, "did you mean domains?" in wrong.text) == (400, True)
        assert http.get("/v4/domains").json()["results"] == 2


# -- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("domain: []", r"world\.yaml line 1: domain: a seed file has no such list; did you mean domains\?"),
        (
            "linodes:\n  - label: web\n    regoin: us-east",
            r"line 3: linodes\[0\]\.regoin: POST .* did you mean region\?",
        ),
        (
            "domains:\n  - domain: a.com\n    type: master\n    soa_email: a@a.com\n    records:\n      - typ: A",
            r"line 6: domains\[0\]\.records\[0\]\.typ: POST .*did you mean type\?",
        ),
        (
            "firewalls:\n  - label: wall\n    rules:\n      inbund: []",
            r"line 4: firewalls\[0\]\.rules\.inbund: the API has no such member; did you mean inbound\?",
        ),
        (
            (
                "linodes: [{label: web-1, region: us-east, type: g6-nanode-1}]\n"
                "volumes:\n  - {label: data, linode_id: web-2}"
            ),
            r"line 3: volumes\[0\]\.linode_id: no Linode has the label 'web-2'; did you mean web-1\?",
        ),
        ("volumes:\n  - label: data\n    size: 2\n    region: us-east", r"line 3: volumes\[0\]\.size: "),
        ("volumes:\n  label: data", r"line 1: volumes: must be a list"),
        ("volumes: [data]", r"line 1: volumes\[0\]: must have members, not 'data'"),
        ("linodes:\n  - status: half", r"line 2: linodes\[0\]\.status: must be running or offline, not 'half'"),
        ("linodes:\n  - status: running", "a Linode without an image cannot be running"),
        ("linodes:\n  - root_pass: ${NOT_SET_HERE}", r"line 2: .*variable NOT_SET_HERE is not set"),
        ("users: []\nusers: []", "line 2: users is there twice"),
        ("accounts:\n  - firm: x", r"line 2: accounts\[0\]: an account has a company"),
        ("a: [", r"world\.yaml line 1 is not YAML: expected the node content"),
        ("linodes: &a\n  - *a", "line 1: an alias contains itself"),
        ("linodes:\n  - &a {<<: *a}", "line 2: an alias contains itself"),
        ("linodes:\n  - {<<: 5}", r"line 2: linodes\[0\]\.<< must be an alias of members, or a list of these"),
        ("linodes:\n  - label: !!int one", r"line 2: linodes\[0\]\.label is not of the type tag:yaml.org,2002:int"),
        ("volumes:\n  - size: .nan", r"line 2: volumes\[0\]\.size: JSON has no such value \(nan\)"),
        ("volumes:\n  - label: !!binary aGVsbG8=", r"line 2: volumes\[0\]\.label: JSON has no such value \(bytes\)"),
        (f"linodes: {'[' * 1500}{']' * 1500}", "has too many lists or members inside one another"),
    ],
)
def test_mistakes_are_named_with_their_line_and_nothing_is_created(tmp_path, sandbox, text, words):
    path, data = tmp_path / "world.yaml", tmp_path / "world.db"
    path.write_text(text)
    with pytest.raises(SandboxError, match=words):
        Sandbox(str(data), seed_file=str(path))
    assert not data.exists()
    sandbox.client().create_domain("here.example.com", soa_email="a@example.com")
    before = sandbox.export(secrets=True)
    with pytest.raises(SandboxError):
        sandbox.seed_from(path)
    assert sandbox.export(secrets=True) == before


def test_aliases_of_aliases_are_bounded(tmp_path):
    """Ten lines of YAML may mean ten thousand million values, which would take all memory."""
    lines = [f"l{at}: &l{at} [{', '.join([f'*l{at - 1}'] * 10)}]" for at in range(1, 10)]
    path = tmp_path / "world.yaml"
    path.write_text("\n".join(["l0: &l0 [x]", *lines]))
    with pytest.raises(SandboxError, match="the aliases repeat more than 100000 values"):
        Sandbox(seed_file=str(path))
    merges = [f"  - &m{at} {{<<: [{', '.join([f'*m{at - 1}'] * 10)}]}}" for at in range(1, 20)]
    path.write_text("\n".join(["linodes:", "  - &m0 {label: web-1, region: us-east, type: g6-nanode-1}", *merges]))
    with pytest.raises(SandboxError, match=r"linodes\[1\]\.label: Label must be unique"):
        Sandbox(seed_file=str(path))


def test_a_json_file_with_lists_in_lists_is_refused(tmp_path):
    path = tmp_path / "world.json"
    path.write_text('{"linodes": [{"label": ' + "[" * 100_000 + "]" * 100_000 + "}]}")
    with pytest.raises(SandboxError, match="too many lists or members inside one another"):
        Sandbox(seed_file=str(path))


def test_a_mapping_with_lists_in_lists_is_refused_too(sandbox):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(SandboxError, match="the seed has too many lists or members inside one another"):
        sandbox.seed_from({"linodes": [{"label": deep}]})


def test_no_error_quotes_a_line_of_the_file(tmp_path):
    """The line may have a password."""
    path = tmp_path / "world.yaml"
    path.write_text(f'linodes:\n  - {{label: web-1, root_pass: "{PASSWORD}')
    with pytest.raises(SandboxError, match=r"line 2 is not YAML: found unexpected end of stream") as caught:
        Sandbox(seed_file=str(path))
    assert PASSWORD not in str(caught.value)


def test_labels_that_two_objects_have_need_that_of_the_parent(sandbox):
    subnet = {"label": "home", "ipv4": "10.0.0.0/24"}
    vpcs = [{"label": f"vpc-{at}", "region": "us-iad", "subnets": [subnet]} for at in (1, 2)]
    linode = {**WEB, "region": "us-iad", "interfaces": [{"purpose": "vpc", "subnet_id": "home"}]}
    with pytest.raises(SandboxError, match="2 objects of VPCSubnet have the label 'home'; write PARENT/home"):
        sandbox.seed_from({"vpcs": vpcs, "linodes": [linode]})
    linode["interfaces"][0]["subnet_id"] = "vpc-2/home"
    sandbox.seed_from({"vpcs": vpcs, "linodes": [linode]})
    assert len(sandbox.client().get_vpcs()[1].subnets[0].linodes) == 1


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SandboxError, match=r"cannot read .*none\.yaml: No such file"):
        Sandbox(seed_file=str(tmp_path / "none.yaml"))
    path = tmp_path / "world.json"
    path.write_text("{")
    with pytest.raises(SandboxError, match=r"world\.json is not JSON"):
        Sandbox(seed_file=str(path))


def test_yaml_needs_pyyaml_and_json_does_not(tmp_path):
    path = tmp_path / "world.json"
    path.write_text(json.dumps({"domains": [DOMAIN]}))
    program = (
        "import sys; sys.modules['yaml'] = None\n"
        "from linode.sandbox import Sandbox\n"
        f"print(len(Sandbox(seed_file={str(path)!r}).client().get_domains()))\n"
        f"Sandbox(seed_file={str(PAGE)!r})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "1\n"
    assert done.stderr.splitlines()[-1].endswith(
        "a seed file in YAML needs pyyaml: pip install pyyaml; one in JSON needs nothing"
    )


def test_times_stay_texts_and_yaml_is_read_as_json_has_it(tmp_path):
    assert yaml.safe_load("a: 2026-01-31") != {"a": "2026-01-31"}
    text = "linodes:\n  - {label: on-2026, region: us-east, type: g6-nanode-1, tags: [2026-01-31]}"
    with seeded(tmp_path, text) as sandbox:
        assert sandbox.client().get_linodes()[0].tags == ["2026-01-31"]
        assert send(sandbox, "GET", "/v4/linode/instances").status == 200


def test_a_full_disk_leaves_the_world_as_it_was(tmp_path):
    with Sandbox(str(tmp_path / "world.db"), seed=1) as sandbox:
        sandbox.world._store._file._db.execute("PRAGMA query_only = ON")
        with pytest.raises(NotSaved):
            sandbox.seed_from({"domains": [DOMAIN]})
        sandbox.world._store._file._db.execute("PRAGMA query_only = OFF")
        assert len(sandbox.client().get_domains()) == 0
