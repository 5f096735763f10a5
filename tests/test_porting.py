"""Coming from linode_api4: the table is complete, its new names exist, and the search finds what is in a program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import log_in

import linode
import make_porting
from linode.login import LinodeLoginClient
from linode.porting.__main__ import main
from linode.porting.search import search
from linode.porting.table import New, table
from linode.sandbox import Sandbox
from test_docs import names as names  # noqa: PLC0414 - a fixture
from test_docs import run

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "porting.md"
PEER = ROOT / ".venv-peer" / "bin" / "python"
PUBLIC_OF_PEER = """
import importlib, inspect, json, pkgutil
import linode_api4, linode_api4.groups
from linode_api4.objects.base import Base

KINDS = (property, staticmethod, classmethod)

def methods(cls):
    return [k for k, v in vars(cls).items() if not k.startswith("_") and (callable(v) or isinstance(v, KINDS))]

found = {"groups": {}, "classes": {}}
client = linode_api4.LinodeClient("token")
monitor = linode_api4.MonitorClient("token")
for owner in (client, monitor):
    for name, value in vars(owner).items():
        if isinstance(value, linode_api4.groups.Group):
            called = ["()"] if "__call__" in vars(type(value)) else []
            found["groups"][name] = methods(type(value)) + called
found["client"] = methods(linode_api4.LinodeClient) + methods(linode_api4.linode_client.BaseClient)

def below(cls):
    for each in cls.__subclasses__():
        yield each
        yield from below(each)

for cls in {Base, *below(Base)}:
    derived = [name for name, one in cls.properties.items() if one.derived_class]
    found["classes"][cls.__name__] = methods(cls) + derived
for cls in (linode_api4.LinodeLoginClient, linode_api4.EventPoller, linode_api4.PaginatedList, linode_api4.ApiError,
            linode_api4.UnexpectedResponseError):
    found["classes"][cls.__name__] = methods(cls)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def peer():
    """The public methods of linode_api4, by where they stand."""
    if not PEER.exists():
        pytest.skip("make peer installs linode_api4")
    told = subprocess.run([PEER, "-W", "ignore", "-c", PUBLIC_OF_PEER], check=True, capture_output=True, text=True)
    return json.loads(told.stdout)


def test_every_public_method_of_the_official_library_is_in_the_table(peer):
    """Of its client, the client's groups, and its classes; and nothing is in the table that it does not have."""
    rows = table()
    assert {name: {*members} for name, members in peer["groups"].items()} == {
        name: {*members} for name, members in rows.groups.items()
    }
    assert {*peer["client"]} == {*rows.client}
    for cls, members in peer["classes"].items():
        assert cls in rows.names, cls
        assert {*members} <= {*rows.classes[cls], *rows.classes["Base"]}, cls


def test_the_version_is_that_of_the_peer():
    """The table is about the version that the tests install."""
    assert f"linode_api4=={table().version}\n" in (ROOT / "requirements" / "peer.in").read_text()


def dotted() -> Iterator[tuple[str, str, str]]:
    """The old call, the class and the member of each dotted name in a new call."""
    for old, new in table().rows():
        for owner, member in re.findall(r"\b([A-Za-z_]\w*)\.([A-Za-z_]\w*)", new.call):
            yield old, table().instances.get(owner, "LinodeClient" if owner == "client" else owner), member


def test_every_new_name_exists():
    """Classes and members of the new calls are public names of the library."""
    assert [old for old, owner, member in dotted() if not hasattr(getattr(linode, owner), member)] == []
    for name, new in table().names.items():
        assert not new.call or hasattr(linode, new.call), name
    bare = [new.call for _, new in table().rows() if re.match(r"[A-Z]\w*\(", new.call)]
    assert all(hasattr(linode, call.partition("(")[0]) for call in bare)
    assert len(list(dotted())) > 250


def test_every_row_has_a_call_or_a_reason():
    """A call that is not there says what takes its place."""
    assert [old for old, new in table().rows() if not (new.call or new.note)] == []


def test_the_page_has_the_table_of_the_tool():
    """`make stub` writes it."""
    assert make_porting.main(["--check"]) == 0


# -- the search --------------------------------------------------------------------------------------------------------

PROGRAM = """\
from linode_api4 import LinodeClient, Instance, Volume as Disk5
import linode_api4 as old

client = LinodeClient("token")
linodes = client.linode.instances(Instance.label == "web")
for linode in linodes:
    linode.disk_create(1024)
    linode.delete()
volume = client.load(Disk5, 5)
volume.resize(20)
made, password = client.linode.instance_create("g6-nanode-1", "us-east")
made.ips.ipv4
while made.status != "running":
    made._api_get()
for domain in client.domains():
    domain.record_create("A")
self.api.volumes.create("data")
unknown.record_create("A")
try:
    old.Instance(client, 5).initiate_migration()
except old.ApiError as error:
    print(error.errors)
session.get("/path")
"""


def news(source: str, **options) -> dict[tuple[int, str], str]:
    return {(each.line, each.old): each.new for each in search(source, **options)}


def test_the_search_finds_each_call_and_says_the_new_one():
    """Through imports under other names, variables, loops, tuples and attributes."""
    found = news(PROGRAM)
    assert {line: new.partition(" (")[0] for (line, _), new in found.items() if line > 2} == {
        5: "client.get_linodes",
        7: "linode.create_disk",
        9: "Volume(client, 5)",
        11: "client.create_linode",
        12: "linode.ips",
        13: "client.wait_for(linode, 'running'), or linode.wait(): a status does not refresh itself here",
        14: "resource.load",
        15: "client.get_domains",
        16: "domain.create_record",
        17: "client.create_volume",
        18: "domain.create_record",
        20: "linode.migrate",
        21: "ApiError",
        22: "ApiError",
    }
    assert found[1, "from linode_api4 import Instance"] == "from linode import Linode"
    assert found[2, "import linode_api4"] == "import linode"


def test_the_search_leaves_other_code_alone():
    """A file without the import is not searched, unless asked for; names that both have are no difference."""
    other = 'client.linode.instances()\nrecord.save()\nrequests.get("/")\n'
    assert search(other) == []
    assert news(other, everywhere=True) == {(1, "client.linode.instances"): "client.get_linodes"}
    same = "from linode_api4 import Volume\nvolume = Volume(c, 5)\nvolume.detach()\nvolume.save\n"
    assert [line for line, _ in news(same)] == [1, 4]


def test_the_command_prints_the_calls_and_ends_with_a_status(tmp_path, capsys):
    """0 for none, 1 for some, 2 for a file that cannot be parsed; a folder is searched whole."""
    (tmp_path / "new.py").write_text("from linode import Linode\n")
    assert main([str(tmp_path)]) == 0
    (tmp_path / "old.py").write_text("import linode_api4\nclient.linode.types()\n")
    assert main([str(tmp_path)]) == 1
    assert f"{tmp_path / 'old.py'}:2: client.linode.types -> client.get_types\n" in (printed := capsys.readouterr()).out
    assert printed.err.splitlines()[-1].startswith("2 calls in 1 file; see ")
    (tmp_path / "wrong.py").write_text("import linode_api4\n(\n")
    assert main([str(tmp_path)]) == 2
    assert main([str(tmp_path / "missing.py")]) == 2
    assert "wrong.py:2: " in capsys.readouterr().err


def test_the_search_imports_little():
    """Neither linode_api4 nor what sends requests is imported."""
    program = "import sys, linode.porting.__main__; print({'linode_api4', 'httpcore2', 'msgspec'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


@pytest.mark.skipif(not PEER.exists(), reason="make peer installs linode_api4")
def test_the_search_finds_calls_in_the_official_library_itself():
    """The modules of the official library parse, and the deprecated methods of its client are found in it."""
    package = next((ROOT / ".venv-peer" / "lib").glob("python3.*/site-packages/linode_api4"))
    found = [each for path in package.rglob("*.py") for each in search(path.read_text())]
    assert len(found) > 50


def test_a_new_call_differs_by_its_name_or_by_a_note():
    """Unchanged calls are not reported."""
    assert not New("linode.boot", "").differs("boot")
    assert New("linode.boot", "returns a job").differs("boot")
    assert New("domain.create_record", "").differs("record_create")


# -- the programs ------------------------------------------------------------------------------------------------------


def test_the_ported_application_logs_a_visitor_in_and_creates_a_linode(names):
    """The functions on the page do what those of the official example do."""
    run(PAGE, names)
    with Sandbox(seed=1) as sandbox:
        way = sandbox.transport()
        names["login_client"] = LinodeLoginClient("my-client-id", "my-client-secret", "http://sandbox", transport=way)
        names["LinodeClient"] = sandbox.client
        session: dict[str, str] = {}
        form = {"region": "us-east", "image": "linode/debian12", "type": "g6-nanode-1", "other": "field"}
        code = parse_qs(urlsplit(log_in(names["start_auth"](form, session), way)).query)["code"][0]
        made, password = names["auth_callback"](code, session)
        assert (made.label, len(password) > 20, session["region"]) == ("installed", True, "us-east")
        assert [each.label for each in sandbox.client().get_linodes()] == ["installed"]
