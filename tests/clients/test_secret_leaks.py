"""A full run, in which everything that is handed a secret goes well and wrong: nothing that is emitted holds one."""

from __future__ import annotations

import functools
import pickle
import sqlite3

import pytest
from asking import DEBIAN, NANODE, REGION
from client_kinds import Api, InProcess
from emitted_text import Emissions, Kept, emissions
from sandbox_process import served

from linode import Disk, ImageShareGroup, Profile, Retry
from linode._model import Fields
from linode.oauth import Pkce
from linode.sandbox import Sandbox

KEPT = Kept(
    root="R00t-nobody-may-see",
    udf="Udf-nobody-may-see",
    any="Any-nobody-may-see",
    answer="nobody-may-see",
    code="918273",
    phone="550123",
    client="my-client-secret",
)
SCRIPT = """#!/bin/bash
# <UDF name="db_password" label="The password of the database" />
# <UDF name="extra_option" label="Anything" />
"""


@pytest.fixture(scope="module")
def errors(tmp_path_factory):
    """The standard error of the sandbox on a port."""
    return tmp_path_factory.mktemp("server") / "stderr"


@pytest.fixture(scope="module")
def server(errors):
    """A sandbox on a port, one for the tests of this module."""
    with errors.open("w") as file, served("--seed", "1", "--speed", "25", "--no-limits", stderr=file) as http:
        yield http


class Story:
    """Somebody who uses secrets, and those that came to light."""

    def __init__(self, api, seen: Emissions, **options) -> None:
        self.api = api
        self.seen = seen
        self.client = api.another(retry=Retry(attempts=1), **options)
        self.found: list[str] = [each for each in vars(KEPT).values() if len(each) > 4] + [api.home.token]
        self.profile = Profile(api.client)
        script = api.run(api.client.create_stackscript("script", SCRIPT, [DEBIAN]))
        made = api.linode("web", image=DEBIAN, root_pass=KEPT.root, booted=False)
        bare = api.linode("bare")
        api.home.advance(120)
        disk = api.run(made.disks.first())
        self.script, self.linode, self.bare = script.id, self.mine(made), self.mine(bare)
        self.disk = Disk(self.client, disk.id, made.id)
        self.profile = Profile(self.client)

    def mine(self, obj):
        return type(obj)(self.client, obj.id)

    def keeps(self, *secrets: str) -> None:
        """*secrets* were given to the user as plain text."""
        assert {type(each) for each in secrets} == {str}
        self.found += secrets

    def do(self, name: str) -> None:
        """A step, whose result is shown."""
        result = self.api.run(STEPS[name](self))
        self.seen.shows(
            *(each for each in (result if isinstance(result, (tuple, list)) else [result]) if isinstance(each, Fields))
        )

    def read(self, url: str) -> str:
        """A request of the user's own."""
        return self.api.run(self.client.request("POST", url, {"root_pass": KEPT.root, "password": KEPT.any}))


def make_up(story):
    linode, password = story.api.run(story.client.create_linode(NANODE, REGION, image=DEBIAN, label="made-up"))
    story.keeps(password)
    return linode


def rebuild(story):
    job, password = story.api.run(story.linode.rebuild(DEBIAN))
    story.keeps(password)
    return job.obj


def create_token(story):
    token = story.api.run(story.profile.create_token(label="mine"))
    story.keeps(token.token)
    return token


def tfa_enable(story):
    begun = story.api.run(story.profile.tfa_enable())
    story.keeps(begun.secret)
    return begun


def upload_image(story):
    upload = story.api.run(story.client.upload_image("image", REGION))
    story.keeps(upload.upload_to.rpartition("/")[2])
    story.seen.shows(upload)
    return story.api.run(upload.send(b"no disk"))


def set_wrongly(story):
    story.linode.root_pass = KEPT.root


QUESTIONS = [{"question_id": number, "response": KEPT.answer} for number in (1, 2, 3)]
STEPS = {
    "a Linode": lambda story: story.client.create_linode(
        NANODE, REGION, image=DEBIAN, label="given", root_pass=KEPT.root
    ),
    "a Linode, password made up": make_up,
    "a script": lambda story: story.client.create_linode(
        NANODE,
        REGION,
        image=DEBIAN,
        label="scripted",
        root_pass=KEPT.root,
        stackscript_id=story.script,
        stackscript_data={"db_password": KEPT.udf, "extra_option": KEPT.any},
    ),
    "a disk": lambda story: story.bare.create_disk(5000, image=DEBIAN, root_pass=KEPT.root),
    "a password": lambda story: story.linode.reset_password(KEPT.root),
    "a password of a disk": lambda story: story.disk.reset_password(KEPT.root),
    "a rebuilding": lambda story: story.mine(story.bare).rebuild(DEBIAN, root_pass=KEPT.root),
    "a rebuilding, password made up": rebuild,
    "a token": create_token,
    "answers": lambda story: story.profile.answer_security_questions([*QUESTIONS]),
    "answers read": lambda story: story.profile.security_questions(),
    "a second factor": tfa_enable,
    "a phone": lambda story: story.profile.add_phone_number("US", "555-555-0123"),
    "a code of a phone": lambda story: story.profile.verify_phone_number(KEPT.phone),
    "an upload": upload_image,
}
REFUSED = {
    "a second factor's code": lambda story: story.profile.tfa_enable_confirm(KEPT.code),
    "a member": lambda story: ImageShareGroup(story.client, 7).create_member("member", KEPT.any),
    "an unknown request": lambda story: story.read("/account/nothing"),
    "a request without a slash": lambda story: story.read("account"),
    "a misspelt option": lambda story: story.linode.reset_password(KEPT.root, root_pas=KEPT.root),
    "a misspelt option of many": lambda story: story.client.create_linode(
        NANODE, REGION, image=DEBIAN, root_pass=KEPT.root, authorised_keys=KEPT.any
    ),
    "image and source": lambda story: story.client.create_linode(
        NANODE, REGION, image=DEBIAN, root_pass=KEPT.root, source=DEBIAN
    ),
    "an argument too many": lambda story: story.disk.reset_password(KEPT.root, KEPT.root),
    "a field that there is not": set_wrongly,
    "a token that cannot be": lambda story: type(story.client)(f"{KEPT.any} "),
    "a pickled client": lambda story: pickle.dumps(story.client),
}
STEPS |= REFUSED


def test_a_successful_run_shows_no_secret(api):
    """Neither those that were given nor those that the API and the library made."""
    with emissions() as seen:
        story = Story(api, seen)
        for name in STEPS:
            if name in REFUSED:
                with seen.error():
                    story.do(name)
            else:
                story.do(name)
            api.home.advance(300)
        seen.shows(story.client, vars(story.client), story.linode, api.home.asked())
    assert seen.errors == len(REFUSED)
    assert len(story.found) == len(set(story.found))
    assert seen.leaks(*story.found) == []


FAULTS = {
    **{str(status): {"status": status} for status in (400, 401, 403, 404, 409, 429, 500, 502, 503)},
    "html": {"body": "html"},
    "html-400": {"status": 400, "body": "html"},
    "broken": {"body": "broken"},
    "truncated": {"body": "truncated"},
    "empty": {"body": "empty"},
    "dropped": {"connection": "dropped"},
    "dropped-after": {"connection": "dropped", "processed": True},
    "refused": {"connection": "refused"},
    "late": {"delay": 2.0},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_run_shows_no_secret(api, fault):
    """Every step meets the fault once."""
    with emissions() as seen:
        story = Story(api, seen, timeout=0.2 if fault == "late" else 10)
        for name in STEPS:
            if name not in REFUSED:
                api.home.fails("*", "**", **FAULTS[fault])
            with seen.error():
                story.do(name)
    assert seen.errors >= len(STEPS) / 2
    assert seen.leaks(*story.found) == []


@pytest.mark.parametrize("fault", [None, *FAULTS])
def test_a_login_shows_no_secret(api, fault):
    """Code, client secret, verifier, token, refresh token; and a state that is not the one."""
    login = api.home.login(awaited=api.awaited)
    kept = Kept(state=login.new_state(), pair=login.new_pkce(), found=[KEPT.client, KEPT.any])
    kept.back = api.home.logs_in(login.generate_login_url(state=kept.state, code_challenge=kept.pair.challenge))
    with emissions() as seen:
        kept.redirect = login.read_redirect(kept.back, state=kept.state)
        kept.found += [kept.pair.verifier, kept.redirect.code]
        seen.shows(login, vars(login).keys(), kept.pair, kept.redirect)

        def wrong():
            if fault is not None:
                api.home.fails("*", "**", **FAULTS[fault])

        def finish():
            wrong()
            kept.grant = api.run(login.finish_oauth(kept.redirect, code_verifier=kept.pair.verifier))
            kept.found += [kept.grant.token, kept.grant.refresh_token]
            assert {type(each) for each in kept.found} == {str}
            seen.shows(kept.grant)

        def again():
            wrong()
            kept.found.append(api.run(login.refresh(kept.grant.refresh_token if fault is None else KEPT.any)).token)

        def revoke():
            wrong()
            api.run(login.revoke(KEPT.any))

        for step in (finish, again, revoke):
            if fault is None:
                step()
            else:
                with seen.error():
                    step()
        for step in (
            lambda: login.read_redirect(kept.back, state="another"),
            lambda: login.check_state(KEPT.any, "another"),
            lambda: api.run(login.finish_oauth(kept.redirect)),
            lambda: login.finish_oauth(kept.redirect, code_verifer=kept.pair.verifier),
            lambda: type(login)("", KEPT.any),
            lambda: Pkce.of(f"{KEPT.any}\N{SNOWMAN}"),
            lambda: type(login)("id", base_url="http://x/alpha").generate_login_url(state=KEPT.any, code_challenge="x"),
            lambda: pickle.dumps(login),
        ):
            with seen.error():
                step()
        api.run(login.close())
    assert seen.errors >= (8 if fault is None else 9)
    assert seen.leaks(*kept.found) == []


def test_the_sandbox_on_a_port_prints_only_that_it_is_ready(server, errors):
    """After all that was asked of it above."""
    assert errors.read_text() == ""


def test_a_fault_of_the_sandbox_shows_no_secret(tmp_path):
    """Errors of the sandbox pass through the client without secrets, and so do its errors about invalid tokens."""
    here = InProcess()
    here.sandbox = Sandbox(str(tmp_path / "world"), seed=1)
    here.token = here.sandbox.token
    with emissions() as seen:
        story = Story(Api(here, awaited=False), seen)
        here.sandbox.close()
        for name in STEPS:
            with seen.error():
                story.do(name)
        for make in (here.sandbox.client, here.sandbox.async_client, functools.partial(Sandbox, "/nowhere/x", 1, None)):
            with seen.error():
                make(f"{KEPT.any} ")
    assert sqlite3.ProgrammingError in seen.kinds
    assert seen.leaks(*story.found) == []
