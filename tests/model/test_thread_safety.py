"""One client for many threads: its shared state, and its log."""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from fakes import LINODE, Fake, client_of, paged

from linode import Linode, LinodeClient
from linode._http.transport import Response
from linode.errors import InvalidRequestError, NotFoundError, TransportError


def slowly(answer):
    """An answer that lets other threads run first."""

    def give(request):
        threading.Event().wait(0.02)
        return answer(request) if callable(answer) else answer

    return give


def test_an_object_read_by_many_threads_at_once_is_loaded_once():
    """Sixteen threads read one unloaded object: one request."""
    client, fake = client_of({"GET /linode/instances/123": slowly(LINODE)})
    linode = Linode(client, 123)
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(lambda _: linode.label, range(16))) == {"web"}
    assert len(fake.asked) == 1


def test_an_object_may_be_read_while_it_is_renewed():
    """Whatever other threads load, save or forget meanwhile: no value is missing, and none of before is a change."""
    counter = itertools.count()
    client, _ = client_of(lambda _request: {**LINODE, "label": f"web-{next(counter)}", "alerts": {"cpu": 90}})
    linode, over, patience = Linode(client, 123), threading.Event(), sys.getswitchinterval()

    def repeat(operation):
        while not over.is_set():
            assert operation() is not False

    def reads():
        return linode.label.startswith("web") and linode.alerts.cpu == 90 and linode._changes() == {}

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            under_way = [
                pool.submit(repeat, operation) for operation in (reads, reads, reads, linode.load, linode.invalidate)
            ]
            over.wait(1)
            over.set()
    finally:
        sys.setswitchinterval(patience)
    assert [each.exception() for each in under_way] == [None] * 5


def test_a_list_read_by_many_threads_fetches_each_page_once():
    """Eight threads walk one list of four pages: four requests, and one for what the borders may hide."""
    rows = [{"id": number, "label": "x"} for number in range(1, 1601)]
    client, fake = client_of({"GET /linode/instances": slowly(paged(rows))})
    linodes = client.get_linodes()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: len(list(linodes)), range(8))) == {1600}
    assert len(fake.asked) == 5


def test_a_client_is_shared_by_32_threads():
    """Every thread gets its own answers."""
    client, _ = client_of(lambda request: {**LINODE, "id": int(request.url.rpartition("/")[2])})
    with ThreadPoolExecutor(32) as pool:
        ids = list(pool.map(lambda number: Linode(client, number).load().raw["id"], range(500)))
    assert ids == list(range(500))


def test_pages_are_fetched_at_once_where_the_transport_allows():
    """Behind a network, the pages past the first are under way together."""
    rows = [{"id": number, "label": "x"} for number in range(1, 5001)]
    together = threading.Barrier(9)

    class Parallel(Fake):
        parallel = True

        def send(self, request, timeout):
            if "page=1&" in request.url:
                time.sleep(0.03)  # as a network: what is answered at once is asked in turn
            else:
                together.wait(5)
            return super().send(request, timeout)

    fake = Parallel({"GET /linode/instances": paged(rows)})
    with LinodeClient("t", "http://api.test/v4", transport=fake) as client:
        assert len(list(client.get_linodes())) == 5000


def test_an_error_of_one_page_ends_the_list_and_the_client_goes_on():
    """Whichever thread meets it, it is raised to who asked; nothing is left that keeps the client from closing."""
    rows = [{"id": number, "label": "x"} for number in range(1, 5001)]
    waiting = threading.Barrier(2)
    broken = True

    class Parallel(Fake):
        parallel = True

        def send(self, request, timeout):
            if "page=1&" in request.url:
                time.sleep(0.03)  # as a network: what is answered at once is asked in turn
            if "page=2&" in request.url and broken:
                waiting.wait(5)
                return Response(400, {}, b'{"errors":[{"reason":"no"}]}')
            if "page=3&" in request.url and broken:
                waiting.wait(5)
            return super().send(request, timeout)

    fake = Parallel({"GET /linode/instances": paged(rows)})
    with LinodeClient("t", "http://api.test/v4", transport=fake) as client:
        with pytest.raises(InvalidRequestError, match="no"):
            client.get_linodes.all()
        broken = False
        assert len(client.get_linodes.all()) == 5000


def test_a_request_is_a_line_in_the_log(caplog):
    """Method, path, status and time, under the name ``linode``."""
    client, _ = client_of({"GET /linode/instances/123": LINODE})
    caplog.set_level(logging.DEBUG, "linode")
    Linode(client, 123).load()
    assert re.search(r"GET /linode/instances/123 200 \d+ ms, attempt 1$", caplog.text, re.MULTILINE)


def test_each_attempt_is_a_line_of_its_own(caplog):
    """A repeated request can be distinguished from two requests."""
    answers = iter([TransportError("reset"), Response(503), LINODE])
    client, _ = client_of(lambda _request: next(answers))
    caplog.set_level(logging.DEBUG, "linode")
    Linode(client, 123).load()
    assert [each.getMessage().rpartition(" ")[2] for each in caplog.records] == ["1", "2", "3"]


def test_read_only_objects_are_shared_by_their_references():
    """The labels of the regions of many Linodes cost a request a region, not one a Linode."""
    rows = [{**LINODE, "id": number, "region": f"r{number % 2}"} for number in range(1, 41)]
    client, fake = client_of(
        {
            "GET /linode/instances": paged(rows),
            **{f"GET /regions/r{n}": {"id": f"r{n}", "label": f"R{n}"} for n in (0, 1)},
        }
    )
    assert {each.region.label for each in client.get_linodes()} == {"R0", "R1"}
    assert len(fake.asked) == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_a_forked_process_goes_on_with_connections_of_its_own(tmp_path):
    """A client made before a fork works after it, in the parent and in the child."""
    from test_transport import OK, serving

    with serving(OK, OK, OK) as (url, heard), LinodeClient("t", url) as client:
        Linode(client, 1).load()
        child = os.fork()
        if child == 0:
            try:
                Linode(client, 2).load()
            except BaseException:  # noqa: BLE001 - a child must not go on with the tests
                os._exit(1)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        Linode(client, 3).load()
    assert len(heard) == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_a_fork_during_calls_blocks_no_thread():
    """Other threads are in the middle of calls; the child makes its own at once, also several together."""
    rows = [{"id": number, "label": "x"} for number in range(1, 101)]
    answers = {"GET /linode/instances": paged(rows), **{f"GET /linode/instances/{n}": LINODE for n in range(20)}}
    fake = Fake(answers)
    fake.parallel = True
    client = LinodeClient("t", "http://api.test/v4", transport=fake, page_size=25)
    over = threading.Event()

    def busy(number):
        while not over.is_set():
            Linode(client, number).load()
            client.get_linodes().all()

    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(busy, number) for number in range(8)]
        try:
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    signal.alarm(10)
                    client.get_linodes().all()
                    os._exit(0 if Linode(client, 9).load().label == "web" else 1)
                assert os.waitpid(child, 0)[1] == 0
        finally:
            over.set()
        assert [each.result() for each in work] == [None] * 8


def label_elsewhere(linode, url):
    """The work of another process with an object that was sent to it."""
    with LinodeClient("t", url) as client:
        return client.bind(linode).load().label


@pytest.mark.parametrize("how", multiprocessing.get_all_start_methods())
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_objects_and_errors_can_be_pickled(how):
    """However processes are started: an object arrives, is bound, and its error comes back as it was raised."""
    from test_transport import OK, serving

    refused = b'HTTP/1.1 404 Not Found\r\nContent-Length: 36\r\n\r\n{"errors": [{"reason":"Not found"}]}'
    with serving(OK, refused) as (url, _), ProcessPoolExecutor(1, multiprocessing.get_context(how)) as pool:
        assert pool.submit(label_elsewhere, Linode(None, 123), url).result(60) == "web"
        with pytest.raises(NotFoundError, match="Not found"):
            pool.submit(label_elsewhere, Linode(None, 123), url).result(60)


def test_a_list_is_walked_by_several_at_their_own_pace():
    """One thread is still at the first page when others have had all: each gets each object once."""
    rows = [{"id": number, "label": "x"} for number in range(1, 1601)]
    client, fake = client_of({"GET /linode/instances": paged(rows)})
    linodes = client.get_linodes()
    walks = [iter(linodes) for _ in range(8)]
    begun = [next(walk).id for walk in walks]
    with ThreadPoolExecutor(8) as pool:
        rest = list(pool.map(lambda walk: [each.id for each in walk], walks))
    assert begun == [1] * 8
    assert rest == [list(range(2, 1601))] * 8
    assert len(fake.asked) == 5


def test_a_list_is_used_while_it_is_walked():
    """A walk inside a walk, the length, a slice and all of it: the outer walk goes on to the end."""
    rows = [{"id": number, "label": "x"} for number in range(1, 1201)]
    client, _ = client_of({"GET /linode/instances": paged(rows)})
    linodes, seen = client.get_linodes(), []
    for each in linodes:
        seen.append(each.id)
        if each.id == 3:
            assert len(list(linodes)) == len(linodes) == len(linodes.all()) == len(linodes[:]) == 1200
    assert seen == list(range(1, 1201))
