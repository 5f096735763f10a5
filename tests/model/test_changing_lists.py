"""Lists that change while they are walked: nothing that is there throughout is lost, nothing comes twice."""

from __future__ import annotations

from fakes import client_of, paged
from hypothesis import given, settings
from hypothesis import strategies as st

from linode.errors import ListChangedError

changes = st.lists(
    st.lists(
        st.one_of(st.tuples(st.just("delete"), st.integers(0, 200)), st.tuples(st.just("create"), st.integers(1, 9))),
        max_size=6,
    ),
    max_size=8,
)


@given(st.integers(0, 130), changes)
@settings(deadline=None, max_examples=150)
def test_a_list_that_can_be_filtered_by_id(count, plan):
    """Linodes: the gaps between pages are asked for; whatever happens, iterating is whole."""
    rows = [{"id": number, "label": "x"} for number in range(1, count + 1)]
    got, always = walked("/linode/instances", rows, plan, lambda client: client.get_linodes())
    assert len(got) == len(set(got))
    assert always <= set(got)


@given(st.integers(0, 130), changes)
@settings(deadline=None, max_examples=150)
def test_a_list_that_cannot(count, plan):
    """Domains: read until two readings agree; when that never happens, an error says so."""
    rows = [{"id": number, "domain": "x"} for number in range(1, count + 1)]
    try:
        got, always = walked("/domains", rows, plan, lambda client: client.get_domains().all())
    except ListChangedError:
        return
    assert len(got) == len(set(got))
    assert always <= set(got)


def walked(path, rows, plan, walk):
    """What *walk* yields of a list on which *plan* acts between the requests; and what was there throughout."""
    always = {row["id"] for row in rows}
    newest = [max(always, default=0)]
    steps = iter(plan)

    def answer(request):
        result = paged(list(rows))(request)
        for kind, number in next(steps, []):
            if kind == "create":
                rows.extend({"id": newest[0] + each} for each in range(1, number + 1))
                newest[0] += number
            elif rows:
                always.discard(rows.pop(number % len(rows))["id"])
        return result

    client, _ = client_of({f"GET {path}": answer})
    client._wire.page_size = 25  # short lists have many pages then
    return [each.id for each in walk(client)], always
