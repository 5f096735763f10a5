"""``LINODE_DEBUG`` and ``user_agent=``, over both clients."""

from __future__ import annotations

import logging

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION
from emitted_text import Kept

from linode import InvalidRequestError, Linode
from linode._http.debugging import MAX_BODY_CHARACTERS, Debugger
from linode._http.hooks import RequestInfo, ResponseInfo
from linode._http.transport import Request, Response
from linode._model import Call

KEPT = Kept(any="Any-nobody-may-see")


@pytest.fixture(autouse=True)
def logger():
    """The library's logger, which is as before afterwards."""
    logger = logging.getLogger("linode")
    level, handlers = logger.level, [*logger.handlers]
    yield logger
    logger.setLevel(level)
    logger.handlers[:] = handlers


@pytest.fixture
def debugged(api, monkeypatch):
    """A client that was made with the variable."""
    monkeypatch.setenv("LINODE_DEBUG", "1")
    return api.another()


def test_requests_and_responses_are_on_the_standard_error(api, debugged, capsys):
    """A line for the request, one for the outcome and one for the response."""
    made = api.linode("web")
    capsys.readouterr()
    api.run(debugged.get_linodes(Linode.label == "web").first())
    output = capsys.readouterr()
    request, outcome, response = (line.split(" ", 2)[2] for line in output.err.splitlines())
    assert request.startswith(f"> GET {debugged.base_url}/linode/instances headers={{")
    assert '"Authorization": "***"' in request
    assert 'filter={"label": "web"}' in request
    assert outcome.startswith("GET /linode/instances 200 ")
    assert response.startswith("< headers={")
    assert f'"id": {made.id}' in response
    assert output.out == ""


def test_secrets_are_masked(api, debugged, capsys):
    """The secrets of a request and those that the API creates are masked: tokens, passwords, signed addresses."""
    made = api.run(debugged.create_linode(NANODE, REGION, image=DEBIAN, label="web", root_pass=PASSWORD))
    upload = api.run(debugged.upload_image("image", REGION))
    api.home.advance(120)
    _, password = api.run(Linode(debugged, made.id).rebuild(DEBIAN))
    api.home.fails("POST", "/linode/instances", status=400, headers={"X-Echo": PASSWORD})
    with pytest.raises(InvalidRequestError):
        api.run(debugged.create_linode(NANODE, REGION, image=DEBIAN, label="web-2", root_pass=PASSWORD))
    told = capsys.readouterr().err
    secrets = (PASSWORD, password, api.home.token, upload.upload_to.rpartition("/")[2])
    assert not [each for each in secrets if each in told]
    assert '"root_pass": "***"' in told
    assert '"label": "web"' in told


def test_clients_created_without_the_variable_log_nothing(api, monkeypatch, capsys):
    """Also with 0; anything but a switch is refused by name."""
    for value in ("", "0", "False"):
        monkeypatch.setenv("LINODE_DEBUG", value)
        api.run(api.another().request("GET", "/regions"))
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("LINODE_DEBUG", "yes")
    with pytest.raises(ValueError, match=r"^LINODE_DEBUG is 'yes'; it must be 1 or 0"):
        api.another()


def test_several_clients_write_each_line_once(api, monkeypatch, capsys, logger):
    """The handler is the logger's, not a client's."""
    monkeypatch.setenv("LINODE_DEBUG", "true")
    handlers = len(logger.handlers)
    first, _second = api.another(), api.another()
    assert len(logger.handlers) == handlers + 1
    api.run(first.request("GET", "/profile"))
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_long_bodies_are_cut_and_others_are_counted(api, debugged, capsys):
    """A page of objects shows its beginning; content that is not JSON its size and type."""
    api.run(debugged.request("GET", "/linode/types"))
    assert max(map(len, capsys.readouterr().err.splitlines())) < MAX_BODY_CHARACTERS + 1500
    api.home.fails("GET", "/profile", body="html")
    api.run(debugged.request("GET", "/profile"))
    assert " bytes of text/html" in capsys.readouterr().err


def test_an_address_with_a_query_is_shown_without_it(caplog):
    """The query is left out, because a signature in it is as good as a token."""
    call = Call("POST", "/object-url")
    request = RequestInfo(call, Request("POST", "http://api.test/v4/object-url", {}), 1)
    content = b'{"url": "https://a.test/b?Signature=%s", "label": "a?b"}' % KEPT.any.encode()
    with caplog.at_level(logging.DEBUG, "linode"):
        Debugger().response(ResponseInfo(request, Response(200, {}, content), 0.1, []), [])
    assert 'body={"url": "https://a.test/b?***", "label": "a?b"}' in caplog.text


def test_the_user_agent_ends_in_the_programs_own(api):
    """The library's comes first; both requests to the API and to other hosts have it."""
    seen = []
    client = api.another(user_agent="my-program/1.2 (nightly)", on_request=seen.append)
    upload = api.run(client.with_options(timeout=20).upload_image("image", REGION))
    api.run(upload.send(b"no disk"))
    for each in seen:
        assert each.headers["User-Agent"].startswith("linode-api/")
        assert each.headers["User-Agent"].endswith(" (Python) my-program/1.2 (nightly)")
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("wrong", "error"), [("a\r\nX-B: 1", ValueError), ("", ValueError), ("caf\xe9", ValueError), (1, TypeError)]
)
def test_a_user_agent_that_cannot_be_sent_is_refused(api, wrong, error):
    """Before any request, with the name of the argument."""
    with pytest.raises(error, match=r"^user_agent"):
        api.another(user_agent=wrong)
