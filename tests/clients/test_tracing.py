"""Spans of OpenTelemetry, over both clients: one for each call, and nothing of what is secret in them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION
from emitted_text import Kept
from facts import operations
from fakes import client_of
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from linode import Linode, NotFoundError, Retry
from linode._http.path_templates import WORDS, template
from linode._http.transport import Response
from linode.errors import InvalidRequestError, OutcomeUnknownError, TransportError

KEPT = Kept(any="Any-nobody-may-see")


class Traced:
    """A provider of tracers that keeps the spans."""

    def __init__(self) -> None:
        self.kept = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.kept))

    @property
    def spans(self):
        return self.kept.get_finished_spans()

    @property
    def names(self):
        return [each.name for each in self.spans]

    def outer(self):
        """A span of the program, which is current in the block."""
        return self.provider.get_tracer("program").start_as_current_span("program")


@pytest.fixture
def traced():
    return Traced()


def test_a_call_is_a_span(api, traced):
    """With the names of the conventions for HTTP clients; the name of the span has no ID."""
    made = api.linode("web")
    client = api.another(tracing=traced.provider)
    api.run(Linode(client, made.id).load())
    (span,) = traced.spans
    host, _, port = client.base_url.split("/")[2].partition(":")
    assert span.name == "GET /linode/instances/{id}"
    assert span.kind is SpanKind.CLIENT
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": host,
        "server.port": int(port or 80),
        "url.full": f"{client.base_url}/linode/instances/{made.id}",
        "url.template": "/linode/instances/{id}",
    }
    assert span.status.status_code is StatusCode.UNSET
    assert (span.instrumentation_scope.name, span.events) == ("linode", ())


def test_repetitions_are_events(api, traced):
    """One span for all attempts, which has the status of the last."""
    api.home.fails("GET", "/regions", status=503)
    api.home.fails("GET", "/regions", connection="dropped")
    api.run(api.another(tracing=traced.provider).request("GET", "/regions"))
    (span,) = traced.spans
    assert [(each.name, each.attributes["linode.retry.attempt"]) for each in span.events] == [
        ("linode.retry", 2),
        ("linode.retry", 3),
    ]
    assert all(each.attributes["linode.wait.seconds"] > 0 for each in span.events)
    assert span.attributes["http.request.resend_count"] == 2
    assert span.attributes["http.response.status_code"] == 200
    assert span.status.status_code is StatusCode.UNSET


def test_an_error_of_the_api_is_the_status_of_the_span(api, traced):
    """The status says all, so there is no description."""
    with pytest.raises(NotFoundError):
        api.run(Linode(api.another(tracing=traced.provider), 404).load())
    (span,) = traced.spans
    assert (span.attributes["error.type"], span.attributes["http.response.status_code"]) == ("404", 404)
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)


def test_a_request_without_a_response_is_described(api, traced):
    """By the class and the text of the library's error."""
    api.home.fails("GET", "/regions", connection="dropped")
    client = api.another(tracing=traced.provider, retry=Retry(attempts=1))
    with pytest.raises(TransportError) as caught:
        api.run(client.request("GET", "/regions"))
    (span,) = traced.spans
    assert span.attributes["error.type"] == "TransportError"
    assert "http.response.status_code" not in span.attributes
    assert span.status.description == str(caught.value)


def test_the_error_of_a_users_function_is_named_only(api, traced):
    """The error's text is left out, because it may contain anything."""

    def token():
        raise KeyError(KEPT.any)

    client = api.another(tracing=traced.provider, on_request=lambda _: token())
    with pytest.raises(KeyError):
        api.run(client.request("GET", "/regions"))
    (span,) = traced.spans
    assert span.attributes["error.type"] == "KeyError"
    assert KEPT.any not in span.to_json()


def test_waiting_for_the_rate_limit_is_an_event():
    """With the seconds that the call waits."""
    traced, left = Traced(), iter(range(50, -1, -1))

    def answer(_):
        limit = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": str(next(left)), "X-RateLimit-Reset": "1700000060"}
        return Response(200, {**limit, "Date": "Tue, 14 Nov 2023 22:13:20 GMT"}, b"{}")

    client, fake = client_of(answer, tracing=traced.provider)
    for _ in range(47):
        client.request("GET", "/x")
    waits = [each for span in traced.spans for each in span.events]
    assert {each.name for each in waits} == {"linode.rate_limit.wait"}
    assert sum(each.attributes["linode.wait.seconds"] for each in waits) == pytest.approx(sum(fake.paused))


def test_a_wait_of_many_pauses_is_one_event(awaited, traced):
    """Also of calls that wait for the first response of their kind: a span would drop other events for hundreds."""
    client = awaited.another(tracing=traced.provider)

    async def many():
        awaited.home.fails("GET", "/regions", delay=0.3)
        await asyncio.gather(*(client.request("GET", "/regions") for _ in range(4)))

    awaited.run(many())
    waits = [[each for each in span.events if each.name == "linode.rate_limit.wait"] for span in traced.spans]
    assert sorted(len(each) for each in waits) == [0, 1, 1, 1]
    for span, found in zip(traced.spans, waits, strict=True):
        for each in found:
            assert each.attributes["linode.wait.seconds"] > 0.1
            assert span.start_time <= each.timestamp <= span.end_time


def test_a_creation_that_is_settled_has_spans_inside(api, traced):
    """The search for the object is made of calls of its own, below the span of the creation."""
    client = api.another(tracing=traced.provider)
    api.home.fails("POST", "/linode/instances", connection="dropped", processed=True)
    api.run(client.create_linode(NANODE, REGION, label="web"))
    spans = {each.name: each for each in traced.spans}
    creation, search = spans["POST /linode/instances"], spans["GET /linode/instances"]
    assert search.parent.span_id == creation.context.span_id
    assert "http.response.status_code" not in creation.attributes
    assert "http.request.resend_count" not in creation.attributes
    assert creation.status.status_code is StatusCode.UNSET


def test_a_creation_of_unknown_outcome_is_an_error(api, traced):
    """With the library's own class of it."""
    client = api.another(tracing=traced.provider)
    api.home.fails("POST", "/linode/stackscripts", connection="dropped", processed=True)
    with pytest.raises(OutcomeUnknownError):
        api.run(client.create_stackscript("hello", "#!/bin/bash", [DEBIAN]))
    assert traced.spans[-1].attributes["error.type"] == "OutcomeUnknownError"


def test_the_context_goes_to_the_api(api, traced):
    """As ``traceparent``, with the span of the call; not to other hosts."""
    seen = []
    client = api.another(tracing=traced.provider, retry=Retry(attempts=1))
    way, send = client._transport, client._transport.send

    class Watched:
        parallel = way.parallel

        def __getattr__(self, name):
            return getattr(way, name)

        def send(self, request, timeout):
            seen.append(request)
            return send(request, timeout)

    client._transport = Watched()
    upload = api.run(client.upload_image("image", REGION))
    api.run(upload.send(b"no disk"))
    assert [each.headers.get("traceparent") is not None for each in seen] == [True, False]
    assert f"{traced.spans[0].context.span_id:016x}" in seen[0].headers["traceparent"]
    assert traced.names[1] == "PUT"
    assert traced.spans[1].attributes["url.full"].endswith("/...")


def test_spans_are_below_that_of_the_program(api, traced):
    """All pages of a list, those in threads and tasks too; afterwards the program's span is the current one again."""
    client = api.another(tracing=traced.provider, page_size=25)
    with traced.outer() as outer:
        assert len(api.each(client.get_regions())) > 50
        assert trace.get_current_span() is outer
    pages = [each for each in traced.spans if each.name == "GET /regions"]
    assert len(pages) > 2
    assert {each.parent.span_id for each in pages} == {outer.get_span_context().span_id}


def test_spans_in_threads_are_below_that_of_the_program(server, traced):
    """Slow responses, for which the sync client reads pages in threads, change nothing."""
    from client_kinds import Api, OverSocket

    with Api(OverSocket(server), awaited=False).closed() as api:
        for _ in range(2):
            api.home.fails("GET", "/regions", delay=0.1)
        names: set[str] = set()
        client = api.another(
            tracing=traced.provider, page_size=25, on_response=lambda _: names.add(threading.current_thread().name)
        )
        with traced.outer() as outer:
            assert len(list(client.get_regions())) > 50
        assert any(name.startswith("linode") for name in names)
    pages = [each for each in traced.spans if each.name == "GET /regions"]
    assert {each.parent.span_id for each in pages} == {outer.get_span_context().span_id}


def test_tasks_have_spans_of_their_own(awaited, traced):
    """Calls that run at the same time do not become parents of each other; a cancelled one ends as such."""
    client = awaited.another(tracing=traced.provider)

    async def both():
        await asyncio.gather(*(client.request("GET", "/regions") for _ in range(5)))
        awaited.home.fails("GET", "/profile", status=503)
        task = asyncio.create_task(client.request("GET", "/profile"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    awaited.run(both())
    assert {each.parent for each in traced.spans} == {None}
    assert traced.spans[-1].attributes.get("error.type") == "cancelled"


def test_a_span_has_no_secret(api, traced):
    """Neither the token nor a password, nor a query or a filter."""
    client = api.another(tracing=traced.provider)
    api.run(client.create_linode(NANODE, REGION, image=DEBIAN, label="web", root_pass=PASSWORD))
    api.each(client.get_linodes(Linode.label == KEPT.any))
    api.run(client.request("GET", f"/regions?page=1&x={KEPT.any}"))
    api.home.fails("POST", "/linode/instances", status=400)
    with pytest.raises(InvalidRequestError):
        api.run(client.create_linode(NANODE, REGION, image=DEBIAN, label="web", root_pass=PASSWORD))
    told = "".join(each.to_json() for each in traced.spans)
    assert len(traced.spans) >= 4
    assert not [each for each in (PASSWORD, api.home.token, KEPT.any) if each in told]


def test_clients_that_with_options_makes_are_traced_too(api, traced):
    """And the others are not, unless they were asked to be."""
    client = api.another(tracing=traced.provider)
    api.run(client.with_options(timeout=20).request("GET", "/regions"))
    api.run(api.client.request("GET", "/regions"))
    assert traced.names == ["GET /regions"]


def test_a_client_without_tracing_imports_nothing_for_it():
    """OpenTelemetry is loaded by a client that is traced, and not before."""
    code = "import sys, linode; linode.LinodeClient('t'); print('opentelemetry' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_without_opentelemetry_the_error_names_the_package():
    """And how to install it."""
    code = "import sys; sys.modules['opentelemetry'] = None; import linode; linode.LinodeClient('t', tracing=True)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.endswith("ImportError: tracing=True needs opentelemetry-api: pip install opentelemetry-api\n")


def test_a_tracing_option_that_is_no_provider_is_refused(api):
    """By name."""
    with pytest.raises(TypeError, match="tracing must be True, False or a TracerProvider, not str"):
        api.another(tracing="yes")


def test_the_words_of_templates_are_those_of_the_api():
    """Every segment of a path of the API that is no ID is known, and no other."""
    found = {part for key in operations() for part in key.path.split("/") if part and part[0] != "{"}
    assert found == WORDS
    assert template("/tags/my-tag?page=2") == "/tags/{id}"
    assert template("/linode/instances/5/disks/6") == "/linode/instances/{id}/disks/{id}"
