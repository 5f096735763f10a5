"""The operations that the API deprecates are marked (PEP 702), and using one warns at the user's line."""

from __future__ import annotations

import asyncio

import pytest
from declarations import declared
from facts import operations

from linode._model import DeprecatedMany
from linode.api.account.child_accounts import ChildAccount
from linode.sandbox import Sandbox

UNMARKED = {"GET /account/child-accounts/{}": "the class is also that of the delegated ones, which are not deprecated"}


def _is_marked(route) -> bool:
    """Whether the list, the verb or the class that declares *route* is marked."""
    if route.operation == "list":
        return isinstance(route.keys[0], DeprecatedMany)
    return hasattr(route.describe or route.cls, "__deprecated__")


def test_the_deprecated_operations_are_marked():
    """The facts and the declarations name the same ones."""
    marked = {str(each.key) for each in declared() if _is_marked(each.route)}
    assert marked | set(UNMARKED) == {str(key) for key, fact in operations().items() if fact.get("deprecated")}
    assert not marked & set(UNMARKED)


def _entity_transfer(sandbox, client):
    linode = client.create_linode("g6-nanode-1", "us-east")
    sandbox.advance(120)
    return client.create_entity_transfer({"linodes": [linode]})


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (_entity_transfer, r"create_entity_transfer\(\) is deprecated: use create_service_transfer\(\)"),
        (
            lambda _, client: client.get_entity_transfers(),
            "get_entity_transfers is deprecated: use get_service",
        ),
        (lambda _, client: ChildAccount(client, "A1").create_token, None),
    ],
    ids=["verb", "list", "reading"],
)
def test_a_use_warns_at_its_line(use, message):
    """A call of a verb warns, and so does reading a list; reading a verb does not."""
    sandbox = Sandbox(seed=1)
    client = sandbox.client()
    if message is None:
        use(sandbox, client)
        return
    with pytest.warns(DeprecationWarning, match=message) as warned:
        use(sandbox, client)
    assert [each.filename for each in warned] == [__file__]


def test_awaited_verbs_warn_too():
    """At the line of the call."""
    sandbox = Sandbox(seed=1)

    async def offered():
        async with sandbox.async_client() as client:
            linode = await client.create_linode("g6-nanode-1", "us-east")
            sandbox.advance(120)
            with pytest.warns(DeprecationWarning, match="use create_service_transfer") as warned:
                await client.create_entity_transfer({"linodes": [linode]})
            return warned

    assert [each.filename for each in asyncio.run(offered())] == [__file__]
