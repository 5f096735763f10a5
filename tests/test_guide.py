"""The first guide's promises: its snippets as they are written, and its statements one by one, on both wires."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import log_in

from linode import (
    Config,
    Datacenter,
    Disk,
    Distribution,
    Kernel,
    Linode,
    LinodeClient,
    LinodeLoginClient,
    NotFoundError,
    Resource,
    ResourceList,
    Service,
    StackScript,
    Zone,
    ZoneRecord,
    and_,
    or_,
)
from linode._http.network import HttpTransport
from linode.sandbox import Sandbox

# -- the snippets, as they are written ---------------------------------------------------------------------------------

GUIDE = Path(__file__).parent / "data" / "guide.md"
SNIPPET = re.compile(r"{% highlight python %}\n(.*?){% endhighlight %}", re.DOTALL)
API = "https://api.alpha.linode.com/v4"
LOGIN = "https://login.alpha.linode.com"

REPLACED = {
    "alpha": {
        API: "{server}/alpha/v4",
        LOGIN: "{server}/alpha",
    },
    "v4": {
        API: "{server}/v4",
        LOGIN: "{server}",
        "'lnde_123'": "123",
        "'disk_123'": "123",
        "'dctr_1'": "'us-east'",
        "label=='Newark'": "label=='Newark, NJ'",
        "'Linode 1024'": "'Nanode 1GB'",
    },
}
"""Replacements in the snippets: addresses, and at today's API the current names."""


def snippets() -> list[list[doctest.Example]]:
    parser = doctest.DocTestParser()
    return [parser.get_examples(text) for text in SNIPPET.findall(GUIDE.read_text())]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a sandbox on a port, in which Linode 123 and its disk 123 exist."""
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0", "--token", "my-token", "--speed", "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            word, address, _token = running.stdout.readline().split()
            assert word == "ready"
            with LinodeClient("my-token", f"{address}/v4") as client:
                made, _password = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="foo")
                client.wait_for([made], poll_interval=0.1)
                assert (made.id, made.disks[0].id) == (123, 123)
            yield address
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
                raise


def changed(source: str, api: str, server: str) -> str:
    for written, instead in REPLACED[api].items():
        source = source.replace(written, instead.format(server=server))
    return source


def code_from(url: str) -> str:
    """The code with which a user comes back who was sent to *url*."""
    way = HttpTransport()
    address = log_in(url, way)
    way.close()
    return re.search(r"[?&]code=([^&]+)", address)[1]


def force(names: dict[str, Any]) -> None:
    """Use everything: laziness must not hide that something does not work."""
    for value in names.values():
        if isinstance(value, ResourceList):
            assert len([each.label for each in value]) == len(value)
        elif isinstance(value, Resource):
            value.invalidate()
            assert value.label
            assert value.raw


@pytest.fixture
def names() -> Iterator[dict[str, Any]]:
    """The names that the snippets share; the guide closes nothing, so that is done here."""
    found: dict[str, Any] = {}
    yield found
    for each in found.values():
        if isinstance(each, (LinodeClient, LinodeLoginClient)):
            each.close()


@pytest.mark.parametrize("api", REPLACED)
def test_every_snippet_runs_as_written(api, server, names):
    """Every line of the guide does what it says, with nothing changed but what the table above tells."""
    found = snippets()
    assert len(found) == 10
    for examples in found:
        assert examples
        for example in examples:
            source = changed(example.source, api, server)
            if "code-from-query-string" in source:
                source = source.replace("code-from-query-string", code_from(names["_"]))
            if example.want:
                names["_"] = eval(source, names)
            else:
                exec(source, names)
        force(names)
    assert isinstance(names["token"], str)
    assert str(names["scopes"]) == "*"
    assert names["l"].label
    assert names["newark"].label == "Newark, NJ"
    assert "foo" in [each.label for each in names["newark_linodes"]]
    assert [each.label for each in names["foobar_linodes"]] == ["foo"]
    assert names["foorbaz_linodes"] == names["foobar_linodes"]
    assert [each.label for each in names["foo_linodes"]] == ([] if api == "alpha" else ["foo"])
    assert len(names["root_pw"]) >= 12
    with LinodeClient(names["token"], f"{server}/v4") as its:
        assert len(its.get_linodes()) >= 2


def test_the_login_address_is_the_guides():
    """With the guide's own base URL, the login address is the one that it shows, byte for byte."""
    names: dict[str, Any] = {}
    *first, last = snippets()[0]
    for example in first:
        exec(example.source, names)
    assert repr(eval(last.source, names)) + "\n" == last.want


# -- the statements, one by one ----------------------------------------------------------------------------------------


@dataclass
class Api:
    """An API of a sandbox, its client, and the arguments of a Linode there."""

    name: str
    sandbox: Sandbox
    client: LinodeClient
    service: Service
    datacenter: Datacenter
    distribution: Distribution

    def make(self, label: str) -> Linode:
        """A Linode with two disks, at rest."""
        made = self.client.create_linode(
            self.service, self.datacenter, source=self.distribution, root_pass="correct-horse-42-Battery", label=label
        )
        self.sandbox.advance(600)
        made.invalidate()
        return made

    def asked(self) -> int:
        return len(self.sandbox.requests)

    def id(self, prefix: str, number: int) -> Any:
        """An ID, as this API has it."""
        return number if self.name == "v4" else f"{prefix}_{number}"


@pytest.fixture(params=["v4", "alpha"])
def api(request) -> Iterator[Api]:
    path = {"v4": "/v4", "alpha": "/alpha/v4"}[request.param]
    plan = {"v4": "Nanode 1GB", "alpha": "Linode 1024"}[request.param]
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client(base_url=f"http://sandbox{path}")
        service = client.get_services(Service.label == plan)[0]
        datacenter = client.get_datacenters(Datacenter.label.contains("Newark"))[0]
        distribution = client.get_distributions(Distribution.vendor == "Ubuntu")[0]
        yield Api(request.param, sandbox, client, service, datacenter, distribution)


def test_an_object_is_lazy(api):
    """Making an object by its id costs no request, the first field that it does not have one, the others none."""
    api.make("web")
    before = api.asked()
    its = Linode(api.client, api.id("linode", 123))
    assert api.asked() == before
    assert its.id == api.id("linode", 123)
    assert api.asked() == before
    assert its.label == "web"
    assert api.asked() == before + 1
    assert its.datacenter == api.datacenter
    assert its.created.tzinfo is not None
    assert api.asked() == before + 1


def test_editable_fields_change_and_others_refuse(api):
    """Editable fields can be assigned and are there after a save; others are refused at once, by name."""
    its = api.make("web")
    its.label = "db-1"
    its.group = "shop"
    its.save()
    again = Linode(api.client, its.id)
    assert (again.label, again.group) == ("db-1", "shop")
    before = api.asked()
    for name in ("id", "state", "created", "datacenter", "distribution"):
        with pytest.raises(AttributeError, match=rf"Linode\.{name} is read-only"):
            setattr(its, name, getattr(its, name))
    assert api.asked() == before


def test_save_is_a_put_of_the_changes_alone(api):
    """`save` calls PUT on the object, once, and not at all when nothing changed."""
    its = api.make("web")
    its.label = "db-1"
    before = api.asked()
    its.save()
    its.save()
    assert [each.method for each in api.sandbox.requests[before:]] == ["PUT"]


def test_invalidate_expires_all_but_the_identifiers(api):
    """After `invalidate` the id is there without a request, everything else is fetched anew."""
    its = api.make("web")
    assert its.label == "web"
    other = Linode(api.client, its.id)
    other.label = "db-1"
    other.save()
    assert its.label == "web"
    its.invalidate()
    before = api.asked()
    assert its.id == api.id("linode", 123)
    assert api.asked() == before
    assert its.label == "db-1"
    assert api.asked() == before + 1


def test_delete_is_a_delete(api):
    """`delete` calls DELETE on the object, which is then gone."""
    its = api.make("web")
    before = api.asked()
    its.delete()
    assert [each.method for each in api.sandbox.requests[before:]] == ["DELETE"]
    assert len(api.client.get_linodes()) == 0
    with pytest.raises(NotFoundError):
        Linode(api.client, its.id).load()


def test_a_derived_object_takes_its_parents_id(api):
    """A disk is made of the client, its id and its Linode's, or the Linode itself; without it the error shows how."""
    its = api.make("web")
    disk = Disk(api.client, api.id("disk", 123), its.id)
    assert disk == Disk(api.client, api.id("disk", 123), its) == its.disks[0]
    assert disk.label == its.disks[0].label
    assert disk.linode == its
    with pytest.raises(TypeError, match=r"Disk\(client, id, linode\)"):
        Disk(api.client, api.id("disk", 123))


def test_derived_lists_are_named_by_their_address(api):
    """The collections below an object's path are lists of the object with those names: disks, configs, records."""
    its = api.make("web")
    zone = api.client.create_zone("example.com", soa_email="admin@example.com")
    zone.create_record("A", name="www", target="203.0.113.7")
    for owner, name, kind in ((its, "disks", Disk), (its, "configs", Config), (zone, "records", ZoneRecord)):
        found = getattr(owner, name)
        assert len(found) > 0
        assert all(isinstance(each, kind) and each.url.startswith(f"{owner.url}/{name}/") for each in found)


def test_root_lists_come_from_the_client(api):
    """Every list at the root of the API is a list of the client's, not fetched before it is used."""
    api.make("web")
    api.client.create_zone("example.com", soa_email="admin@example.com")
    api.client.create_stackscript("hello", "#!/bin/bash\necho hello", [api.distribution])
    kinds = {
        "linodes": Linode,
        "zones": Zone,
        "datacenters": Datacenter,
        "services": Service,
        "distributions": Distribution,
        "kernels": Kernel,
        "stackscripts": StackScript,
    }
    for name, kind in kinds.items():
        before = api.asked()
        found = getattr(api.client, f"get_{name}")()
        assert api.asked() == before
        assert isinstance(found[0], kind)
        assert api.asked() == before + 1


GUIDES_CLASSES = (Linode, Disk, Config, Datacenter, Distribution, Kernel, Service, StackScript, Zone, ZoneRecord)


@pytest.mark.parametrize("cls", GUIDES_CLASSES, ids=lambda cls: cls.__name__)
def test_what_is_filterable_is_an_attribute_of_the_class(cls):
    """Every property that the API can filter is an attribute of the class, and compares into a filter."""
    assert cls.filterable or cls.client_side
    for key in (*cls.filterable, *cls.client_side):
        if cls is Config and key == "interfaces.label":
            continue  # interfaces are a list of their own; the docstring of the class shows the filter for it
        found: Any = {field.key: field for field in cls._fields.values()}[key.partition(".")[0]]
        found = getattr(cls, found.name)
        for name in key.split(".")[1:]:
            found = getattr(found, name)
        assert (found == 5).query == {key: 5}


@pytest.fixture
def three(api) -> list[Linode]:
    return [api.make(label) for label in ("foo-1", "bar-1", "baz-2")]


def labels(found: ResourceList[Linode]) -> list[str]:
    return [each.label for each in found]


def test_several_filters_are_anded(api, three):
    """Filters after each other must all be met, as with & and and_."""
    get, label = api.client.get_linodes, Linode.label
    assert labels(get(label.contains("ba"), label.contains("1"))) == ["bar-1"]
    assert labels(get(label.contains("ba") & label.contains("1"))) == ["bar-1"]
    assert labels(get(and_(label.contains("ba"), label.contains("1"), label.contains("r")))) == ["bar-1"]


def test_filters_are_ored_explicitly_or_implicitly(api, three):
    """`or_`, with any number of filters, and | give what meets any."""
    get, label = api.client.get_linodes, Linode.label
    assert labels(get((label.contains("foo")) | (label.contains("baz")))) == ["foo-1", "baz-2"]
    assert labels(get(or_(label.contains("foo"), label.contains("baz")))) == ["foo-1", "baz-2"]
    assert labels(get(or_(label == "foo-1", label == "bar-1", label == "baz-2"))) == ["foo-1", "bar-1", "baz-2"]


def test_a_related_object_filters_as_well_as_its_id(api, three):
    """A filter by an object is the filter by its id."""
    get = api.client.get_linodes
    assert labels(get(Linode.datacenter == api.datacenter)) == ["foo-1", "bar-1", "baz-2"]
    assert get(Linode.datacenter == api.datacenter) == get(Linode.datacenter == api.datacenter.id)
    elsewhere = api.client.get_datacenters(Datacenter.label.contains("Dallas"))[0]
    assert labels(get(Linode.datacenter == elsewhere)) == []


def test_comparisons_filter(api):
    """``==``, ``!=``, ``>``, ``<``, ``>=`` and ``<=`` divide the services as Python would."""
    everything = [each.vcpus for each in api.client.get_services()]
    for operator in ("__eq__", "__ne__", "__gt__", "__lt__", "__ge__", "__le__"):
        found = [each.vcpus for each in api.client.get_services(getattr(Service.vcpus, operator)(4))]
        assert found == [vcpus for vcpus in everything if getattr(vcpus, operator)(4)]
        assert 0 < len(found) < len(everything)


def test_a_made_up_root_password_is_returned_beside_the_linode(api):
    """A creation from a source without a password returns the Linode and the generated password."""
    made, root_password = api.client.create_linode(api.service, api.datacenter, source=api.distribution)
    assert isinstance(made, Linode)
    assert made.id == api.id("linode", 123)
    assert made.distribution == api.distribution
    assert len(root_password) == 32


def test_with_a_root_password_the_linode_alone_is_returned(api):
    """Given ``root_pass``, or no source that would need one: the Linode alone."""
    given = {"source": api.distribution, "root_pass": "correct-horse-42-Battery"}
    assert isinstance(api.client.create_linode(api.service, api.datacenter, **given), Linode)
    assert isinstance(api.client.create_linode(api.service, api.datacenter), Linode)


def test_required_arguments_are_positional_and_required(api):
    """Without what is required nothing is sent; what is optional is taken by its name alone."""
    its = api.make("web")
    zone = api.client.create_zone("example.com", soa_email="admin@example.com")
    before = api.asked()
    wrong = [
        lambda: api.client.create_linode(api.service),
        lambda: api.client.create_linode(api.service, api.datacenter, api.distribution),
        lambda: api.client.create_stackscript("hello", "#!/bin/bash"),
        api.client.create_zone,
        its.create_disk,
        lambda: its.create_disk(512, "disk"),
        zone.create_record,
    ]
    for call in wrong:
        with pytest.raises(TypeError, match="argument"):
            call()
    assert api.asked() == before


def test_a_stackscript_takes_label_script_and_distributions(api):
    """StackScripts: label, script, distros."""
    made = api.client.create_stackscript("hello", "#!/bin/bash\necho hello", [api.distribution])
    again = StackScript(api.client, made.id)
    assert (again.label, again.script) == ("hello", "#!/bin/bash\necho hello")
    assert again.distributions == [api.distribution.id]


def test_a_zone_takes_its_name_and_is_master_by_default(api):
    """Zones: zone, and master, which is True unless said otherwise."""
    made = api.client.create_zone("example.com", soa_email="admin@example.com")
    slave = api.client.create_zone("example.org", False, master_ips=["203.0.113.1"])
    assert (made.zone, made.type) == ("example.com", "master")
    assert (slave.zone, slave.type) == ("example.org", "slave")
    assert api.client.get_zones(Zone.zone == "example.org").one() == slave


def test_a_config_takes_a_kernel(api):
    """Configs of a Linode: kernel."""
    its = api.make("web")
    kernel = api.client.get_kernels(Kernel.label.contains("GRUB 2"))[0]
    made = its.create_config(kernel)
    assert made.kernel == kernel
    assert made in its.configs
    assert Config(api.client, made.id, its).label == made.label


def test_a_disk_takes_a_size(api):
    """Disks of a Linode: size, in MB; from an image with a password, made up as for a Linode."""
    its = api.client.create_linode(api.service, api.datacenter, label="bare")
    api.sandbox.advance(600)
    made = its.create_disk(512)
    api.sandbox.advance(600)
    other, root_password = its.create_disk(4096, image=api.distribution)
    assert (made.size, other.size) == (512, 4096)
    assert len(root_password) == 32
    assert list(its.disks) == [made, other]


def test_a_record_takes_its_type(api):
    """Records of a zone: the type."""
    zone = api.client.create_zone("example.com", soa_email="admin@example.com")
    made = zone.create_record("MX", target="mail.example.com", priority=10)
    assert (made.type, made.target, made.priority) == ("MX", "mail.example.com", 10)
    assert list(zone.records) == [made]
