"""StackScripts in the sandbox: their rules, and the questions in them."""

from __future__ import annotations

import hashlib

import pytest
from asking import actions, raw, said, unanswered

from linode import LinodeClient, StackScript
from linode.errors import AuthenticationError, AuthorizationError, NotFoundError
from linode.sandbox import Sandbox
from linode.sandbox.families.stackscripts import questions

SCRIPT = """#!/bin/bash
# <UDF name="hostname" Label="The host's name" example="web" />
# <udf name='size' label='How big?' default="small" oneOf="small,large">
# <UDF name="parts" label="What else?" manyof="php,mysql" default=""/>
# <UDF name="rest" label="The rest" header="Yes" required="Yes">
echo "$HOSTNAME"
"""


@pytest.fixture
def script(client):
    return client.create_stackscript("hello", SCRIPT, ["linode/debian12"])


def nobody(sandbox: Sandbox) -> LinodeClient:
    """A client without a token."""
    return LinodeClient(base_url="http://sandbox/v4", transport=sandbox.transport())


def test_a_new_script_belongs_to_the_user_and_has_the_defaults_of_the_api(sandbox, script):
    """Options that are left out are empty, and no Linode was deployed with it."""
    _, shown = raw(sandbox, "GET", "/linode/stackscripts/123")
    shown.pop("user_defined_fields")
    assert {**shown, "created": "", "updated": ""} == {
        "id": 123,
        "label": "hello",
        "script": SCRIPT,
        "images": ["linode/debian12"],
        "description": "",
        "rev_note": "",
        "is_public": False,
        "mine": True,
        "username": "sandbox",
        "user_gravatar_id": hashlib.md5(b"sandbox@example.com", usedforsecurity=False).hexdigest(),
        "deployments_active": 0,
        "deployments_total": 0,
        "ordinal": 0,
        "logo_url": "",
        "created": "",
        "updated": "",
    }


def test_the_questions_are_read_off_the_tags_of_the_script(sandbox, script):
    """Attributes in either quotes, whatever their case, and only those that are there."""
    _, shown = raw(sandbox, "GET", "/linode/stackscripts/123")
    assert shown["user_defined_fields"] == [
        {"name": "hostname", "label": "The host's name", "example": "web"},
        {"name": "size", "label": "How big?", "default": "small", "oneof": "small,large"},
        {"name": "parts", "label": "What else?", "default": "", "manyof": "php,mysql"},
        {"name": "rest", "label": "The rest", "header": "Yes", "required": "Yes"},
    ]
    assert [field.name for field in script.user_defined_fields] == ["hostname", "size", "parts", "rest"]


def test_another_script_asks_other_questions(script):
    """They follow the script when it is changed, and stay when something else is."""
    script.description = "says hello"
    script.save()
    assert len(script.user_defined_fields) == 4
    script.script = '#!/bin/sh\n# <UDF name="who" label="Who?">'
    script.save()
    assert [(field.name, field.label) for field in script.user_defined_fields] == [("who", "Who?")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo hello", "Script must begin with a shebang (example: #!/bin/bash)"),
        ("#!/bin/sh\n" + "#" * 65535, "Length must be at most 65535 characters"),
        ('#!/bin/sh\n# <UDF label="Who?" />', "Every UDF tag needs a name and a label"),
        ('#!/bin/sh\n# <UDF name="who" />', "Every UDF tag needs a name and a label"),
        (
            '#!/bin/sh\n# <UDF name="who" label="Who?" /><UDF name="who" label="Who else?">',
            "There are several UDF tags named who",
        ),
    ],
)
def test_a_script_that_cannot_run_is_refused(client, script, text, reason):
    """When it is made, and when it is changed."""
    assert said(client.create_stackscript, "broken", text, ["any/all"]) == [(reason, "script")]
    script.script = text
    assert said(script.save) == [(reason, "script")]


def test_a_script_names_images_that_exist_or_any(sandbox, client, script):
    """At least one; ``any/all`` stands for every image."""
    status, answer = raw(sandbox, "POST", "/linode/stackscripts", {"label": "hello", "script": SCRIPT})
    assert (status, answer) == (400, {"errors": [{"reason": "images is required", "field": "images"}]})
    assert said(client.create_stackscript, "hello", SCRIPT, []) == [("images is required", "images")]
    unknown = [("images[1] is not valid", "images[1]")]
    assert said(client.create_stackscript, "hello", SCRIPT, ["any/all", "linode/none"]) == unknown
    script.images = ["any/all", "linode/none"]
    assert said(script.save) == unknown
    script.images = ["any/all"]
    script.save()
    assert script.images == ["any/all"]


def test_what_is_public_stays_public(script):
    """A public StackScript can be changed, but neither made private nor deleted."""
    script.is_public = True
    script.save()
    script.rev_note = "for all"
    script.save()
    assert said(script.delete) == [("A public StackScript cannot be deleted", None)]
    script.is_public = False
    assert said(script.save) == [("A public StackScript cannot be made private", "is_public")]


def test_without_a_token_only_public_scripts_can_be_read(sandbox, client, script):
    """They are nobody's then; nothing can be made or changed."""
    public = client.create_stackscript("for all", SCRIPT, ["any/all"], is_public=True)
    visitor = nobody(sandbox)
    assert [(each.id, each.mine) for each in visitor.get_stackscripts()][-1] == (public.id, False)
    assert all(each.is_public and not each.mine for each in visitor.get_stackscripts())
    with pytest.raises(NotFoundError):
        StackScript(visitor, script.id).load()
    with pytest.raises(AuthenticationError):
        visitor.create_stackscript("mine", SCRIPT, ["any/all"])
    assert len(client.get_stackscripts(StackScript.mine == True)) == 2  # noqa: E712  a filter


def test_scripts_of_others_can_be_read_when_they_are_public_and_never_changed(sandbox, client, script):
    """Private ones are not there at all."""
    with sandbox.world.transaction():
        members = {"label": "theirs", "script": SCRIPT, "images": ["any/all"], "mine": False}
        public = sandbox.world.add(StackScript, **members, is_public=True)["id"]
        private = sandbox.world.add(StackScript, **members)["id"]
    assert [(each.id, each.mine) for each in client.get_stackscripts()][-2:] == [(script.id, True), (public, False)]
    assert private not in [each.id for each in client.get_stackscripts()]
    theirs = StackScript(client, public)
    theirs.label = "ours"
    for operation in (theirs.save, theirs.delete):
        assert said(operation) == [("Unauthorized", None)]
    for operation in (StackScript(client, private).load, StackScript(client, private).delete):
        assert said(operation) == [("Not found", None)]


def test_there_are_public_scripts_which_are_marked_as_the_sandboxs_own(sandbox, client):
    """They are deployed as any other, and counted."""
    public = client.get_stackscripts(StackScript.is_public == True)  # noqa: E712  a filter
    assert len(public) == 3
    for each in public:
        assert each.label.startswith("Sandbox example")
        assert (each.mine, [field.name for field in each.user_defined_fields]) == (
            False,
            [field["name"] for field in questions(each.script)],
        )
    greeting = public[0]
    client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", stackscript_id=greeting)
    assert greeting.load().deployments_total == 1
    assert said(greeting.delete) == [("Unauthorized", None)]


def test_a_token_without_the_scope_does_not_read_scripts(sandbox, script):
    """An operation with a scope is refused to a token without the scope."""
    with sandbox.world.transaction():
        secret = sandbox.world.identity.issue_token("sandbox", "domains:read_only")["_secret"]
    with pytest.raises((AuthenticationError, AuthorizationError)):
        len(sandbox.client(secret).get_stackscripts())


def test_events_tell_what_became_of_a_script(client, script):
    """A new text and being made public have words of their own."""
    script.description = "says hello"
    script.save()
    script.script = "#!/bin/sh"
    script.save()
    other = client.create_stackscript("for all", SCRIPT, ["any/all"])
    other.is_public = True
    other.save()
    script.delete()
    words = ("create", "update", "revise", "create", "publicize", "delete")
    assert actions(client) == [f"stackscript_{word}" for word in words]
    event = client.get_events().first()
    assert (event.status, event.entity.label, event.entity.type) == ("notification", "hello", "stackscript")


def test_every_operation_of_stackscripts_is_answered(sandbox, script):
    """None of those in the API's list is unknown to the sandbox."""
    assert unanswered(sandbox, {"stackscriptId": 123}, "/linode/stackscripts") == []
