"""Whatever an API answers, what comes out is a value or an error of this library's."""

from __future__ import annotations

import json

from fakes import LINODE, client_of
from hypothesis import given, settings
from hypothesis import strategies as st

from linode import Linode, Retry
from linode._http.transport import Response
from linode.errors import LinodeError

texts = st.text(max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
like_a_linode = st.fixed_dictionaries({}, optional={key: st.just(value) | values for key, value in LINODE.items()})
like_a_page = st.fixed_dictionaries(
    {},
    optional={
        "data": values | st.lists(like_a_linode, max_size=3),
        **dict.fromkeys(("page", "pages", "results"), values),
    },
)
like_an_error = st.fixed_dictionaries({}, optional={"errors": values})
bodies = st.binary(max_size=40) | st.one_of(values, like_a_linode, like_a_page, like_an_error).map(
    lambda value: json.dumps(value).encode()
)
headers = st.dictionaries(
    st.sampled_from(
        [
            "Retry-After",
            "Date",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
            "Content-Type",
            "X-Maintenance-Mode",
        ]
    ),
    st.sampled_from(["", "-1509450059", "1e999", "nan", "soon", "Fri, 99 Nov 2018 10:00:09 GMT", "0", "7"]) | texts,
)
responses = st.builds(
    Response,
    st.sampled_from([200, 204, 299, 301, 400, 401, 403, 404, 409, 418, 420, 429, 500, 502, 503, 504, 599]),
    headers,
    bodies,
)


def used(linode):
    """Read all there is to read of *linode*."""
    for name in type(linode)._fields:
        getattr(linode, name)
    repr(linode)


DEEDS = [
    lambda client: used(Linode(client, 123)),
    lambda client: [used(each) for each in client.get_linodes()],
    lambda client: Linode(client, 123).disks[0],
    lambda client: client.create_linode("t", "r", label="web"),
    lambda client: client.create_linode("t", "r"),
    lambda client: Linode(client, 123).reboot(),
    lambda client: Linode(client, 123).delete(),
    lambda client: client.wait_for([Linode(client, 123)], "running", seconds=3),
    lambda client: Linode(client, 123).ips(),
    lambda client: Linode(client, 123).stats(),
    lambda client: client.get_regions().all(),
    lambda client: client.request("GET", "/x"),
]


@given(st.sampled_from(DEEDS), st.lists(responses, min_size=1, max_size=4))
@settings(deadline=None, max_examples=500)
def test_only_errors_of_this_library_come_out(deed, answers):
    """Any JSON, any bytes, any status, any headers."""
    given_ = iter(answers * 50)
    client, _ = client_of(lambda _request: next(given_), retry=Retry(attempts=3))
    try:
        deed(client)
    except LinodeError:
        pass
    except IndexError as error:
        assert "has no index" in str(error)
