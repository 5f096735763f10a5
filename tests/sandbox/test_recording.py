"""Recordings: what clients have changed becomes a program of this library, or a seed file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, send
from full_world import furnish
from sandbox_process import served

from linode import Domain
from linode._http.transport import Request
from linode.sandbox import Fault, Sandbox, SandboxError
from linode.sandbox.families.linodes.rows import settings

VOLATILE = {"created", "updated", "ipv6", "password_created", "host_uuid", "mac_address", "last_login", "fingerprint"}
KINDS = ["Linode", "Disk", "Config", "Domain", "DomainRecord", "Volume", "Firewall", "FirewallDevice", "NodeBalancer"]
KINDS += ["NodeBalancerConfig", "NodeBalancerNode", "VPC", "VPCSubnet", "User", "SSHKey"]


def raw(sandbox: Sandbox, method: str, path: str, body: Any = None) -> Any:
    """The response for a client in another language."""
    answer = sandbox.transport().send(request(sandbox, method, path, body), None)
    assert answer.status == 200, answer.content
    return json.loads(answer.content)


def request(sandbox: Sandbox, method: str, path: str, body: Any) -> Request:
    content = None if body is None else json.dumps(body).encode()
    return Request(method, f"http://sandbox/v4{path}", {"Authorization": f"Bearer {sandbox.token}"}, content)


def story(sandbox: Sandbox, *, simple: bool = False) -> None:
    """A shop is built by hand, with second thoughts; a *simple* one needs no more than a seed file can have."""
    web = {"type": NANODE, "region": REGION, "image": DEBIAN, "root_pass": PASSWORD, "label": "web", "private_ip": True}
    vpc = raw(sandbox, "POST", "/vpcs", {"label": "inside", "region": "us-iad"})
    raw(sandbox, "POST", f"/vpcs/{vpc['id']}/subnets", {"label": "home", "ipv4": "10.0.0.0/24"})
    linode = raw(sandbox, "POST", "/linode/instances", web)
    sandbox.advance(200)
    domain = raw(sandbox, "POST", "/domains", {"domain": "a.com", "type": "master", "soa_email": "a@a.com"})
    raw(sandbox, "POST", f"/domains/{domain['id']}/records", {"type": "A", "name": "www", "target": linode["ipv4"][0]})
    raw(sandbox, "PUT", f"/domains/{domain['id']}", {"description": "our shop", "tags": ["shop"]})
    raw(sandbox, "POST", "/volumes", {"label": "data", "size": 20, "linode_id": linode["id"]})
    sandbox.advance(60)
    raw(sandbox, "POST", f"/linode/instances/{linode['id']}/shutdown")
    sandbox.advance(60)
    if not simple:
        raw(sandbox, "POST", f"/linode/instances/{linode['id']}/resize", {"type": "g6-standard-1"})
        sandbox.advance(600)
        disk = raw(sandbox, "GET", f"/linode/instances/{linode['id']}/disks")["data"][1]
        raw(sandbox, "PUT", f"/linode/instances/{linode['id']}/disks/{disk['id']}", {"label": "swap"})
    node = {"label": "one", "address": f"{linode['ipv4'][1]}:80"}
    raw(
        sandbox,
        "POST",
        "/nodebalancers",
        {"region": REGION, "label": "front", "configs": [{"port": 80, "nodes": [node]}]},
    )
    rules = {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"}
    raw(
        sandbox,
        "POST",
        "/networking/firewalls",
        {"label": "wall", "rules": rules, "devices": {"linodes": [linode["id"]]}},
    )
    gone = raw(sandbox, "POST", "/domains", {"domain": "gone.com", "type": "master", "soa_email": "a@a.com"})
    raw(sandbox, "DELETE", f"/domains/{gone['id']}")
    raw(sandbox, "POST", "/account/users", {"username": "ada", "email": "ada@example.com", "restricted": True})
    grant = {"id": linode["id"], "permissions": "read_only"}
    raw(sandbox, "PUT", "/account/users/ada/grants", {"linode": [grant], "global": {"add_domains": True}})
    raw(sandbox, "PUT", "/account", {"company": "Toys Ltd."})
    raw(sandbox, "GET", "/linode/instances")
    assert send(sandbox, "POST", "/v4/domains", {"domain": "refused.com"}).status == 400
    sandbox.advance(300)


def lasting(value: Any, left: set[str]) -> Any:
    """The JSON *value* without hidden members and those of *left*."""
    if isinstance(value, dict):
        return {name: lasting(each, left) for name, each in value.items() if name not in left and name[:1] != "_"}
    return [lasting(each, left) for each in value] if isinstance(value, list) else value


def essence(sandbox: Sandbox, *leave_out: str) -> dict[str, Any]:
    """The contents of the world, without times and random values."""
    left = VOLATILE | {*leave_out}
    found: dict[str, Any] = {"company": sandbox.client().get_account().company}
    for kind in KINDS:
        rows = [lasting(row, left) for row in sandbox.world.read(kind)]
        found[kind] = sorted(rows, key=lambda row: str(row.get("label", row.get("domain", row))))
    return found


def run(script: str, sandbox: Sandbox) -> None:
    """Run the program on *sandbox*."""
    names: dict[str, Any] = {"__name__": "recorded"}
    exec(compile(script, "recorded.py", "exec"), names)
    names["rebuild"](sandbox.client(), sandbox.advance)


def test_a_program_rebuilds_what_raw_requests_have_built(monkeypatch):
    """The worlds are equal, though the program reads IDs and addresses from the responses that it gets."""
    monkeypatch.setenv("ROOT_PASS", PASSWORD)
    with Sandbox(seed=1) as sandbox, Sandbox(seed=2) as other:
        recording = sandbox.record()
        story(sandbox)
        run(recording.script(), other)
        assert essence(other) == essence(sandbox)
        assert abs(other.world.now - sandbox.world.now) < 60


def test_the_program_has_the_methods_of_the_library_and_variables(monkeypatch):
    monkeypatch.setenv("ROOT_PASS", PASSWORD)
    with Sandbox(seed=1) as sandbox:
        recording = sandbox.record()
        story(sandbox)
        script = recording.script()
    for line in (
        'vpcsubnet_1 = vpc_1.create_subnet(label="home", ipv4="10.0.0.0/24")',
        'root_pass=os.environ["ROOT_PASS"]',
        "    pause(200",
        "target=linode_1.ipv4[0])",
        '    domain_1.description = "our shop"',
        "linode_id=linode_1.id)",
        "    linode_1.shutdown()",
        '"address": f"{linode_1.ipv4[1]}:80"',
        '"linodes": [linode_1.id]',
        "    disk_1 = Disk(client, 124, linode_1)",
        "    domain_2.delete()",
        'user_1.update_grants(linode=[{"id": linode_1.id, "permissions": "read_only"}]',
    ):
        assert line in script, script
    assert PASSWORD not in script
    assert "refused.com" not in script
    assert script.count("linode_1 = ") == 1


def test_the_program_runs_where_the_ids_are_others(monkeypatch, tmp_path):
    """By itself, against a sandbox on a port."""
    with Sandbox(seed=1) as sandbox:
        recording = sandbox.record()
        story(sandbox, simple=True)
        path = tmp_path / "recorded.py"
        path.write_text(recording.script())
    with Sandbox(first_id=5000, speed=2000) as other, other.serve() as address:
        env = {"LINODE_TOKEN": other.token, "LINODE_URL": f"{address}/v4", "PYTHONPATH": str(Path("src").resolve())}
        program = (
            "import recorded, linode, time\n"
            "recorded.rebuild(linode.LinodeClient(), lambda seconds: time.sleep(seconds / 1000))"
        )
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
        assert "KeyError: 'ROOT_PASS'" in done.stderr
        other.reset()
        env["ROOT_PASS"] = PASSWORD
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        client = other.client()
        assert (client.get_linodes()[0].id, client.get_domains()[0].records[0].target) == (
            5000,
            client.get_linodes()[0].ipv4[0],
        )


def test_a_furnished_world_is_rebuilt(monkeypatch):
    """By the library's own calls, too: one object of most kinds."""
    with Sandbox(seed=1) as sandbox, Sandbox(seed=2) as other:
        recording = sandbox.record()
        furnish(sandbox)
        script = recording.script()
        for change in recording.changes:
            for name, value in (change.body or {}).items() if isinstance(change.body, dict) else ():
                if "pass" in name and isinstance(value, str):
                    assert value not in script
        with other.world.transaction():
            settings(other.world)["managed"] = True
        for name in ("ROOT_PASS", *(f"ROOT_PASS_{at}" for at in range(2, 9)), "PASSWORD"):
            monkeypatch.setenv(name, PASSWORD)
        other.add_user("ada", "ada@example.com", restricted=True)
        run(script, other)
        counts = [
            {kind: len(each.world.read(kind)) for kind in (*KINDS, "Image", "StackScript", "MySQLDatabase")}
            for each in (sandbox, other)
        ]
        assert counts[0] == counts[1]


def test_a_seed_file_is_written_too(monkeypatch):
    with Sandbox(seed=1) as sandbox, Sandbox(seed=2) as other:
        recording = sandbox.record()
        story(sandbox, simple=True)
        contents = json.loads(json.dumps(recording.seed()))
        assert PASSWORD not in json.dumps(contents)
        assert contents["volumes"] == [{"label": "data", "size": 20, "linode_id": "web"}]
        assert [each["domain"] for each in contents["domains"]] == ["a.com"]
        monkeypatch.setenv("ROOT_PASS", PASSWORD)
        other.seed_from(contents)
        assert essence(other, "id", "linode_id", "entities") == essence(sandbox, "id", "linode_id", "entities")
        assert other.client().get_linodes()[0].status == "offline"


def test_what_a_seed_file_cannot_have_is_named(sandbox):
    recording = sandbox.record()
    story(sandbox)
    with pytest.raises(
        SandboxError, match=r"cannot have these changes: POST /linode/instances/123/resize, PUT .*/disks/"
    ):
        recording.seed()


def test_only_changes_that_were_made_are_recorded(sandbox):
    """Also those whose response was lost; not those before, in other accounts, or after another recording began."""
    client = sandbox.client()
    before = client.create_domain("before.example.com", soa_email="a@example.com")
    recording = sandbox.record()
    sandbox.faults.append(Fault("POST", "/domains", connection="dropped", processed=True))
    client.create_domain("lost.example.com", soa_email="a@example.com")
    before.description = "changed"
    before.save()
    sandbox.client(sandbox.add_account("Other Inc.")).create_domain("other.com", soa_email="a@example.com")
    script = recording.script()
    assert script.count("create_domain(") == 1
    assert f"domain_2 = Domain(client, {before.id})" in script
    assert "# left out: POST /v4/domains: it was made by another account" in script
    sandbox.record()
    client.create_domain("later.example.com", soa_email="a@example.com")
    assert "later" not in recording.script()
    assert len(client.get_domains(Domain.domain == "later.example.com")) == 1


def test_programs_record_on_a_port():
    with served() as http:
        assert http.get("/sandbox/recording").status_code == 404
        assert http.post("/sandbox/recording").json() == {"changes": 0}
        http.post("/v4/domains", json={"domain": "a.com", "type": "master", "soa_email": "a@a.com"}).raise_for_status()
        answer = http.get("/sandbox/recording", params={"as": "python"}).json()
        assert (answer["changes"], 'client.create_domain(domain="a.com"' in answer["python"]) == (1, True)
        seed = http.get("/sandbox/recording", params={"as": "seed"}).json()["seed"]
        assert [each["domain"] for each in seed["domains"]] == ["a.com"]
        assert http.get("/sandbox/recording", params={"as": "go"}).status_code == 400
        assert http.delete("/sandbox/recording").json() == {}
        assert http.get("/sandbox/recording").status_code == 404
