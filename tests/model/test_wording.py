"""Errors name what a person probably meant: a misspelt name, a word of another library, a part of a longer name."""

from __future__ import annotations

import inspect

import pytest

from linode import Domain, Firewall, Linode, PersonalAccessToken, Retry
from linode._model.wording import alternatives, article, nearest_names
from linode.sandbox import Sandbox


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("get_linode", "'get_linodes'? One by its ID is Linode(client, id)."),
        ("get_type", "'get_types'? One by its ID is Type(client, id)."),
        ("create_cluster", "'create_lke_cluster'?"),
        ("get_instances", "'get_linodes'?"),
        ("get_plans", "'get_types'?"),
        ("list_linodes", "'get_linodes'?"),
        ("create_key", "'create_object_storage_key'?"),
        ("create_database", "'create_mysql_database', 'create_postgresql_database' or 'create_valkey_database'?"),
        ("wait_fro", "'wait_for'?"),
    ],
)
def test_a_client_names_the_operations_that_were_meant(name, meant):
    """Words of other libraries count as the API's, and a part of a name leads to the whole."""
    with Sandbox(seed=1) as sandbox, pytest.raises(AttributeError) as refused:
        getattr(sandbox.client(), name)
    assert str(refused.value) == f"a LinodeClient has no attribute {name!r}; did you mean {meant}"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("get_records", "did you mean Domain.records?"),
        ("get_ssh_keys", "did you mean Profile.sshkeys?"),
        ("create_disk", "did you mean Linode.create_disk?"),
        ("add_record", "did you mean Domain.create_record?"),
        ("get_configs", "did you mean Linode.configs or NodeBalancer.configs?"),
        ("post", "send any request by request('POST', path)"),
        ("delete_linode", "an object has it: Linode(client, id).delete()"),
        ("update_domain", "an object has it: Domain(client, id).save()"),
    ],
)
def test_a_client_leads_to_the_object_that_has_the_operation(name, meant):
    """Lists and creations below an object are those of its class, and an object is changed and deleted by itself."""
    with Sandbox(seed=1) as sandbox, pytest.raises(AttributeError) as refused:
        getattr(sandbox.client(), name)
    assert str(refused.value) == f"a LinodeClient has no attribute {name!r}; {meant}"


@pytest.mark.parametrize(
    ("cls", "name", "meant"),
    [
        (Linode, "start", "boot"),
        (Linode, "power_off", "shutdown"),
        (Linode, "refresh", "load"),
        (Linode, "memory", "specs.memory"),
        (Linode, "ip_address", "ips"),
        (Linode, "name", "label"),
        (Domain, "name", "domain"),
        (Firewall, "add_device", "create_device"),
        (Firewall, "set_rules", "update_rules"),
        (PersonalAccessToken, "revoke", "delete"),
    ],
)
def test_an_object_names_the_member_that_was_meant(cls, name, meant):
    """Also where the member is one of a nested object."""
    with pytest.raises(AttributeError, match=f"did you mean '{meant}'"):
        getattr(cls(None, 1), name)


def test_nothing_is_suggested_when_nothing_is_near():
    """A far-fetched suggestion leads astray: there is none then."""
    assert nearest_names("rotate", ["created", "delete", "expiry"]) == []
    assert nearest_names("get", [f"get_{each}" for each in ("regions", "linodes", "domains", "volumes")]) == []


def test_an_unknown_option_says_how_the_library_passes_it():
    """The cure is a sentence of its own behind the suggestion."""
    with Sandbox(seed=1) as sandbox, pytest.raises(TypeError) as refused:
        sandbox.client().create_linode("g6-nanode-1", "us-east", lable="web-1")
    assert str(refused.value) == (
        "create_linode() has no option 'lable'; did you mean 'label'? "
        "What the library does not know yet can be passed as extra={...}."
    )


def test_a_plural_stands_for_its_singular():
    """Also where the word changes with it."""
    assert nearest_names("retries", ["retry", "timeout"]) == ["retry"]
    assert nearest_names("ip_addresses", ["ips", "status"]) == ["ips"]


def test_options_of_a_retry_are_those_for_users():
    """Members of the generated class are not among them."""
    with pytest.raises(TypeError, match=r"it has attempts, max_rate_limit_wait, retry_busy, seconds$"):
        Retry(tries=5)


def test_too_many_arguments_by_position_are_told_the_names_of_the_others():
    """The numbers are those of the arguments that the caller wrote, without the object."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        domain = client.create_domain("example.com", soa_email="admin@example.com")
        with pytest.raises(TypeError) as refused:
            domain.create_record("A", "www", "203.0.113.7")
        assert str(refused.value) == (
            "create_record() takes 1 argument by position (record_type), not 3; pass others by name: "
            "name=, port=, priority=, protocol=, service=, tag=, target=, ttl_sec=, weight="
        )
        with pytest.raises(TypeError, match=r"^delete\(\) takes no argument by position, not 1$"):
            domain.delete("example.com")


def test_a_verb_that_was_read_from_an_object_shows_what_it_returns():
    """Editors and help() read the verb of an object or client, often before that of the class."""
    with Sandbox(seed=1) as sandbox:
        shown = inspect.signature(sandbox.client().create_domain)
    assert shown.return_annotation == "Domain"
    assert "extra" in shown.parameters


def test_names_stand_behind_their_article_and_beside_each_other():
    """An abbreviation is read letter by letter."""
    names = ("Linode", "Image", "LKECluster", "MySQLDatabase", "ObjectStorageKey", "User", "IPAddress", "VPC")
    assert [article(each).split()[0] for each in names] == ["a", "an", "an", "a", "an", "a", "an", "a"]
    assert [alternatives(each) for each in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "'a'",
        "'a' or 'b'",
        "'a', 'b' or 'c'",
    ]
