"""Mistakes of a first program: values that no JSON has, a pair taken for its object, a forgotten await."""

from __future__ import annotations

import asyncio
import gc
import pickle
import warnings
from datetime import timedelta
from pathlib import Path

import pytest

from linode.sandbox import Sandbox


@pytest.fixture
def sandbox():
    with Sandbox(seed=1) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            timedelta(days=90),
            r"expiry: the API takes no timedelta; write a number .*: datetime.now\(UTC\) \+ timedelta",
        ),
        (b"2027-01-01", r"expiry: the API takes no bytes; write a text: value.decode\(\)"),
        (Path("expiry.txt"), r"expiry: the API takes no PosixPath; write the text in the file: path.read_text\(\)"),
        (iter([1]), r"expiry: the API takes no list_iterator; write a list: list\(value\)"),
    ],
)
def test_a_value_that_no_json_has_is_refused_with_its_argument(sandbox, value, words):
    """The error comes before the request, and has the value to write instead."""
    profile = sandbox.client().get_profile().load()
    sandbox.requests.clear()
    with pytest.raises(TypeError, match=words):
        profile.create_token(label="ci", scopes="linodes:read_only", expiry=value)
    assert sandbox.requests == []


def test_an_option_of_an_inner_dict_leads_there(sandbox):
    """User data is a member of the metadata."""
    with pytest.raises(TypeError, match=r"'user_data'; give it inside of another: metadata={'user_data': ...}$"):
        sandbox.client().create_linode("g6-nanode-1", "us-east", user_data="#cloud-config")


def test_a_linode_with_its_password_says_that_it_is_a_pair(sandbox):
    """A pair without a name for its attributes would only say that a tuple has none."""
    made = sandbox.client().create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="web-1")
    with pytest.raises(
        AttributeError, match=r"a pair of a Linode and .* password has no attribute 'wait'; unpack it: "
    ):
        made.wait()
    assert not hasattr(made, "__html__")
    linode, password = pickle.loads(pickle.dumps(made))
    assert (linode, password) == made == tuple(made)


def test_a_path_with_the_version_is_refused(sandbox):
    """The base URL has the version."""
    client = sandbox.client()
    for path, cure in (("/v4/profile", "write '/profile'$"), ("/v4beta/profile", "write '/profile' and beta=True$")):
        with pytest.raises(ValueError, match=cure):
            client.request("GET", path)


def test_the_warning_of_a_forgotten_await_names_the_verb(sandbox):
    """Python shows the name of the coroutine."""

    async def forget():
        async with sandbox.async_client() as client:
            linode = await client.create_linode("g6-nanode-1", "us-east", label="web-1")
            linode.save()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(forget())
        gc.collect()
    assert [str(each.message) for each in caught] == ["coroutine 'Linode.save' was never awaited"]


def test_options_that_the_library_does_not_know_yet_are_passed_everywhere(sandbox):
    """The guide offers it for creations; a dry run shows what is sent."""
    client = sandbox.client()
    details = {"bucket_name": "logs", "host": "logs.us-east-1.linodeobjects.com", "access_key_id": "1"}
    with client.dry_run() as calls:
        client.create_placement_group("db", "us-east", "anti_affinity:local", "strict", extra={"tags": ["new"]})
        client.create_log_destination("logs", "akamai_object_storage", details, extra={"tags": ["new"]})
    assert [each.json["tags"] for each in calls] == [["new"], ["new"]]
