"""Worlds that are carried: exported as JSON, whole or in part, and loaded into another sandbox."""

from __future__ import annotations

import json
import re
import stat
from typing import Any

import msgspec
import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, machine, send
from full_world import furnish
from sandbox_process import served

from linode import Disk, Domain, Linode, Volume
from linode.errors import ApiError
from linode.sandbox import Sandbox, SandboxError
from linode.sandbox.__main__ import main
from linode.sandbox.state.documents import Document
from linode.sandbox.state.seals import seals


@pytest.fixture
def sandbox():
    with Sandbox(seed=1, token="my-own-token") as sandbox:
        yield sandbox


@pytest.fixture
def other():
    with Sandbox(seed=2, token="my-own-token") as sandbox:
        yield sandbox


def carried(document: dict[str, Any]) -> dict[str, Any]:
    """The *document*, as a file holds it."""
    return json.loads(json.dumps(document))


def story(sandbox: Sandbox) -> list[Any]:
    """The events of the next days, as a client sees them."""
    client = sandbox.client()
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="later")
    linode.wait()
    database = client.create_mysql_database("later", REGION, NANODE, "mysql/8")
    client.get_linodes(Linode.label == "one")[0].resize("g6-standard-2").wait()
    sandbox.advance(40 * 86400)
    seen: list[Any] = [
        each.raw for kind in (client.get_linodes, client.get_events, client.get_domains) for each in kind()
    ]
    invoices = [[item.raw for item in each.items] for each in client.get_invoices()]
    return [*seen, invoices, client.get_account().raw, database.get_credentials().password, sandbox.now]


# -- the whole world -------------------------------------------------------------------------------------------------


def test_a_world_with_its_secrets_behaves_the_same_elsewhere(sandbox, other):
    """Jobs, events, IDs, meters, invoices, the clock and the random numbers go on as they would have at home."""
    furnish(sandbox)
    sandbox.durations = {"linode_boot": 7, "*": 0.5}
    sandbox.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    document = carried(sandbox.export(secrets=True))
    other.load(document)
    assert carried(other.export(secrets=True)) == document
    assert (other.now, other.durations) == (sandbox.now, sandbox.durations)
    assert story(other) == story(sandbox)
    assert carried(other.export(secrets=True)) == carried(sandbox.export(secrets=True))


def test_a_world_keeps_its_own_token_and_what_was_there_is_gone(sandbox):
    sandbox.client().create_domain("kept.example.com", soa_email="a@example.com")
    with Sandbox(token="another") as other:
        other.client().create_domain("gone.example.com", soa_email="a@example.com")
        for secrets in (True, False):
            other.load(sandbox.export(secrets=secrets))
            assert other.token == "another"
            assert [each.domain for each in other.client().get_domains()] == ["kept.example.com"]
            assert send(other, "GET", "/v4/domains", token="my-own-token").status == 401


def test_jobs_under_way_end_in_the_other_sandbox(sandbox, other):
    linode = sandbox.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    other.load(sandbox.export())
    found = other.client().get_linodes()[0]
    assert found.status == "provisioning"
    found.wait()
    assert (found.id, found.load().status) == (linode.id, "running")


def test_other_accounts_and_what_is_sold_out_are_carried(sandbox, other):
    token = sandbox.add_account("Shop Inc.")
    shop = sandbox.client(token)
    shop.create_domain("shop.example.com", soa_email="a@example.com")
    sandbox.sold_out(REGION, NANODE)
    other.load(carried(sandbox.export(secrets=True)))
    there = other.client(token)
    assert [each.domain for each in there.get_domains()] == ["shop.example.com"]
    with pytest.raises(ApiError, match="not currently available"):
        there.create_linode(NANODE, REGION)


def test_an_export_is_stable_and_changes_nothing(sandbox):
    """Two exports are equal, and a world without objects is a page of text."""
    furnish(sandbox)
    assert sandbox.export() == sandbox.export()
    with Sandbox() as empty:
        assert len(json.dumps(empty.export())) < 4000


# -- secrets ---------------------------------------------------------------------------------------------------------


def test_secrets_are_withheld_and_others_made(sandbox, other):
    """No random text that only some may see is in the document; each secret of the loaded world is a new one."""
    client = furnish(sandbox)
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, metadata={"user_data": "a-secret-of-the-user"})[0]
    token = client.get_profile().create_token(label="two")
    database = client.get_mysql_databases()[0].get_credentials().password
    key = sandbox.world.read("ObjectStorageKey")[0]["_secret"]
    text = json.dumps(sandbox.export())
    whole = json.dumps(sandbox.export(secrets=True))
    for secret in (sandbox.token, token.token, database, key, "YS1zZWNyZXQtb2YtdGhlLXVzZXI="):
        assert f'"{secret}' in whole
        assert f'"{secret}' not in text
    assert not re.findall(r'"[0-9a-f]{64}"', text)
    other.load(json.loads(text))
    assert other.client().get_mysql_databases()[0].get_credentials().password not in ("", database)
    assert other.world.read("ObjectStorageKey")[0]["_secret"] not in ("", key)
    assert send(other, "GET", "/v4/domains", token=token.token).status == 401
    found = next(each for each in other.world.read("Token") if each["label"] == "two")
    assert send(other, "GET", "/v4/domains", token=found["_secret"]).status == 200
    assert found["token"] == found["_secret"][:16]
    assert other.client().get_linodes(Linode.id == linode.id)[0].has_user_data


def test_jobs_that_name_a_secret_name_the_new_one(sandbox, other):
    """The address of an upload is a secret, which the job that closes it has as an argument."""
    answer = send(sandbox, "POST", "/v4/images/upload", {"label": "up", "region": REGION})
    address = json.loads(answer.content)["upload_to"].rpartition("/")[2]
    document = carried(sandbox.export())
    assert address not in json.dumps(document)
    other.load(document)
    assert len(other.world.read("ImageUpload")) == 1
    other.advance(86400 + 60)
    assert len(other.world.read("ImageUpload")) == 0


# -- documents that cannot be loaded ---------------------------------------------------------------------------------


def later(document):
    document["version"] = 99


def nothing(document):
    document.clear()


def no_rows(document):
    del document["rows"]


def misspelt(document):
    document["rows"]["Domains"] = document["rows"].pop("Domain")


def without_id(document):
    del document["rows"]["Domain"][0]["id"]


def twice(document):
    document["rows"]["Domain"] *= 2


def of_text(document):
    document["rows"]["Linode"][0]["id"] = 5.5
    document["rows"]["Domain"][0]["ttl_sec"] = "long"


def unknown_job(document):
    document["rows"]["_Job"][0]["call"] = "linodes.dance"
    document["seals"] = seals(msgspec.convert(document, Document))  # another version has exported it so


def half_a_domain(document):
    document["rows"]["Domain"][0] = {"id": 123}


def after_the_end(document):
    document["now"] = 1e300


def negative_ids(document):
    document["first_id"] = -5


def no_character(document):
    document["rows"]["Domain"] = "\ud800"


def half_a_job(document):
    document["rows"]["_Job"][0].pop("args")
    document["seals"] = seals(msgspec.convert(document, Document))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (later, "has version 99 of the format.*reads version 1"),
        (nothing, "is not an exported world"),
        (no_rows, "missing required field `rows`"),
        (misspelt, r"rows\.Domains: no objects are called Domains; did you mean Domain\?"),
        (without_id, r"rows\.Domain\[0\] has no member id"),
        (twice, r"rows\.Domain\[1\]: id 123 is there twice"),
        (of_text, r"rows\.Domain\[0\]\.ttl_sec: Must be of type Integer"),
        (unknown_job, "has jobs that this version of the sandbox does not know: linodes.dance"),
        (half_a_domain, r"rows\.Domain\[0\] has no member domain"),
        (after_the_end, "is broken: now must be 0 to"),
        (negative_ids, "is broken: first_id must be 1 to"),
        (no_character, "is broken: .*surrogates not allowed"),
        (half_a_job, "is broken: KeyError: 'args'"),
    ],
)
def test_a_broken_document_is_refused_before_anything_changes(sandbox, other, spoil, words):
    client = sandbox.client()
    client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    client.create_domain("a.example.com", soa_email="a@example.com")
    client.create_volume("data", region=REGION)
    document = carried(sandbox.export())
    spoil(document)
    other.client().create_domain("here.example.com", soa_email="a@example.com")
    before = other.export(secrets=True)
    with pytest.raises(SandboxError, match=words):
        other.load(document)
    assert other.export(secrets=True) == before


def test_a_file_that_is_no_json_is_named(other, tmp_path):
    path = tmp_path / "world.json"
    with pytest.raises(SandboxError, match=r"cannot read .*world\.json: No such file"):
        other.load(path)
    path.write_text("{")
    with pytest.raises(SandboxError, match=r"world\.json is not JSON"):
        other.load(path)


# -- parts -----------------------------------------------------------------------------------------------------------


def test_a_part_has_the_objects_and_all_that_belongs_to_them(sandbox):
    """They are added to what the other sandbox has, with their IDs, and their jobs run there."""
    client = sandbox.client()
    linode = machine(sandbox, client, label="web")
    linode.enable_backups()
    volume = client.create_volume("data", linode_id=linode)
    client.create_volume("loose", region=REGION)
    domain = client.create_domain("a.example.com", soa_email="a@example.com")
    domain.create_record("A", name="www", target="198.51.100.7")
    sandbox.advance(600)
    part = carried(sandbox.export(Linode, "Domain"))
    assert [each["label"] for each in part["rows"]["Volume"]] == ["data"]
    assert not part["rows"].keys() & {"User", "Token", "Event", "Account", "AccountSettings", "Region"}
    with Sandbox(first_id=5000) as other:
        there = other.client()
        mine = machine(other, there, label="mine")
        other.load(part)
        assert sorted(each.label for each in there.get_linodes()) == ["mine", "web"]
        assert there.get_domains()[0].records[0].target == "198.51.100.7"
        web = there.get_linodes(Linode.id == linode.id)[0]
        assert ([each.id for each in web.disks], web.volumes[0].id) == ([each.id for each in linode.disks], volume.id)
        new = [there.create_linode(NANODE, REGION) for _ in range(3)]
        addresses = [address for each in (mine, web, *new) for address in each.ipv4]
        assert len(addresses) == len(set(addresses))
        other.advance(30 * 3600)
        assert len(web.available_backups().automatic) == 1
        web.boot().wait()
        assert web.load().status == "running"
        assert there.get_account().balance_uninvoiced > 0


def test_a_part_with_jobs_whose_progress_is_reported_must_wait(sandbox):
    sandbox.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    with pytest.raises(SandboxError, match=r"the Linode 123 has a running job \(linode_create\)"):
        sandbox.export(Linode)
    sandbox.advance(300)
    assert sandbox.export(Linode)["rows"]["Linode"]


def test_a_part_that_does_not_fit_is_refused_before_anything_changes(sandbox, other):
    client = sandbox.client()
    linode = machine(sandbox, client, label="web")
    client.create_volume("data", linode_id=linode)
    sandbox.advance(100)
    linodes, volumes = sandbox.export(Linode), sandbox.export(Volume)
    before = other.export(secrets=True)
    with pytest.raises(SandboxError, match=r"the Volume 123 refers to the Linode 123 \(linode_id\).*export Linode too"):
        other.load(volumes)
    assert other.export(secrets=True) == before
    other.load(linodes)
    before = other.export(secrets=True)
    with pytest.raises(SandboxError, match=r"already given: Config 123, Disk 123"):
        other.load(linodes)
    assert other.export(secrets=True) == before
    with Sandbox(first_id=900) as third:
        machine(third, third.client(), label="web")
        with pytest.raises(SandboxError, match="a Linode with the label 'web' already"):
            third.load(linodes)


def test_unknown_classes_and_accounts_are_refused(sandbox):
    with pytest.raises(SandboxError, match="no class of objects is called 'Server'"):
        sandbox.export("Server")
    with pytest.raises(SandboxError, match="no other account is called 'Shop'; the other accounts are: none"):
        sandbox.export(account="Shop")
    with pytest.raises(ValueError, match="not both"):
        sandbox.export(Disk, account="Shop")


def test_another_account_is_carried_with_its_users_events_and_jobs(sandbox, other):
    token = sandbox.add_account("Shop Inc.")
    shop = sandbox.client(token)
    sandbox.client().create_domain("own.example.com", soa_email="a@example.com")
    linode = shop.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="till")
    part = carried(sandbox.export(account="Shop Inc.", secrets=True))
    assert "own.example.com" not in json.dumps(part)
    with Sandbox(first_id=7000) as elsewhere:
        elsewhere.load(part)
        there = elsewhere.client(token)
        assert there.get_account().company == "Shop Inc."
        found = there.get_linodes()[0]
        found.wait()
        assert (found.label, found.id, found.load().status) == ("till", linode.id, "running")
        assert [each.action for each in there.get_events() if each.action == "linode_create"]
        assert len(elsewhere.client().get_linodes()) == 0
        with pytest.raises(SandboxError, match="already given"):
            elsewhere.load(part)


def test_a_child_account_stays_with_its_parent(sandbox):
    sandbox.add_account("Child Inc.", child=True)
    with pytest.raises(SandboxError, match="a child account, which needs its parent"):
        sandbox.export(account="Child Inc.")


# -- files, the command line, HTTP -----------------------------------------------------------------------------------


def test_a_file_with_secrets_is_for_its_owner(sandbox, tmp_path):
    sandbox.client().create_domain("a.example.com", soa_email="a@example.com")
    path = tmp_path / "world.json"
    sandbox.save(path)
    assert not stat.S_IMODE(path.stat().st_mode) & 0o111
    sandbox.save(path, secrets=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["world.json"]
    with Sandbox(load=str(path)) as other:
        assert other.client().get_domains()[0].domain == "a.example.com"
        other.client().get_domains()[0].delete()
        other.reset()
        assert len(other.client().get_domains()) == 1


def test_a_data_file_begins_with_the_world_and_then_goes_its_own_way(sandbox, tmp_path):
    path, data = str(tmp_path / "world.json"), tmp_path / "world.db"
    sandbox.client().create_domain("a.example.com", soa_email="a@example.com")
    sandbox.save(path)
    with Sandbox(str(data), load=path) as first:
        first.client().create_domain("b.example.com", soa_email="a@example.com")
    with Sandbox(str(data), load=path) as second:
        assert [each.domain for each in second.client().get_domains()] == ["a.example.com", "b.example.com"]
        assert second.client().get_domains(Domain.domain == "a.example.com")[0].id == 123


def test_a_world_that_cannot_be_loaded_leaves_no_data_file(tmp_path):
    path, data = tmp_path / "world.json", tmp_path / "world.db"
    path.write_text('{"format": "linode-sandbox", "version": 7, "library": "6.0.0"}')
    with pytest.raises(SandboxError, match="has version 7"):
        Sandbox(str(data), load=str(path))
    assert not data.exists()


def test_programs_export_and_load_on_a_port(sandbox, tmp_path, capsys):
    client = sandbox.client()
    client.create_domain("a.example.com", soa_email="a@example.com")
    client.create_volume("data", region=REGION)
    path = tmp_path / "world.json"
    sandbox.save(path)
    with served("--load", str(path)) as http:
        assert [each["domain"] for each in http.get("/v4/domains").json()["data"]] == ["a.example.com"]
        document = http.get("/sandbox/export").json()
        part = http.get("/sandbox/export", params={"class": "Domain"}).json()
        assert list(part["rows"]) == [each for each in part["rows"] if each in ("Domain", "_Blocks", "_Block", "_Job")]
        assert http.get("/sandbox/export", params={"class": "Domian"}).status_code == 400
        assert http.get("/sandbox/export", params={"secret": "true"}).json()["errors"][0]["field"] == "secret"
        http.delete("/v4/domains/123").raise_for_status()
        assert http.post("/sandbox/load", json={**document, "version": 2}).status_code == 400
        assert http.get("/v4/domains").json()["results"] == 0
        assert http.post("/sandbox/load", json=document).json()["rows"]["Domain"] == 1
        assert http.get("/v4/domains").json()["results"] == 1
    path.write_text("[]")
    assert main(["--load", str(path), "--port", "0"]) == 1
    assert "is not an exported world" in capsys.readouterr().err
