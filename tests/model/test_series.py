"""Statistics as series: times, values, units, rows and charts, whatever form the API sends."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from asking import REGION, machine
from fakes import Fake
from matplotlib.figure import Figure

from linode import LinodeClient, LinodeStats, ManagedStats, MonitorService, NodeBalancerStats, Series
from linode._http.transport import Response
from linode._model import Statistics
from linode.errors import UnexpectedResponseError

STARTED = datetime(2026, 3, 1, tzinfo=UTC)
AT = int(STARTED.timestamp())
NET = {"in": [[AT * 1000, 5]], "out": [[AT * 1000, 6]], "private_in": [], "private_out": []}


def stats(**changed):
    """Statistics of a Linode with one point of most series."""
    data = {"cpu": [[AT * 1000, 1.5], [AT * 1000 + 300_000, 2]], "io": {"io": [[AT * 1000, 3]], "swap": []}}
    return LinodeStats._of(None, {"title": "web", "data": data | {"netv4": NET, "netv6": NET} | changed})


def test_series_have_times_values_and_units():
    """The names are the API's keys, times are aware datetimes, and an empty series is one."""
    series = stats().series
    assert list(series) == ["cpu", "io.io", "io.swap"] + [
        f"{net}.{way}" for net in ("netv4", "netv6") for way in ("in", "out", "private_in", "private_out")
    ]
    assert series["cpu"] == Series("cpu", "%", [STARTED, STARTED + timedelta(minutes=5)], [1.5, 2.0])
    assert list(series["netv4.in"]) == [(STARTED, 5.0)]
    assert len(series["io.swap"]) == 0
    assert repr(series["io.io"]) == "<Series io.io in blocks/s: 1 values>"


def test_rows_have_a_column_for_each_series():
    """A series without a value at a time has None there, and pandas takes the rows."""
    rows = stats().to_rows()
    assert [row["time"] for row in rows] == [STARTED, STARTED + timedelta(minutes=5)]
    assert (rows[0]["cpu"], rows[0]["netv6.out"], rows[1]["netv6.out"]) == (1.5, 6.0, None)
    frame = pd.DataFrame(rows).set_index("time")
    assert frame["cpu"].max() == 2.0


@pytest.mark.parametrize("cpu", [[["x", 1]], [[1, 2, 3]], [[], [1, 2]], [[AT, "much"]], [[10**30, 1]]])
def test_points_that_are_none_are_named(cpu):
    """A point that is no pair of numbers is an error that names the series."""
    with pytest.raises(UnexpectedResponseError, match="invalid point of cpu"):
        _ = stats(cpu=cpu).series


@pytest.mark.parametrize("cls", [LinodeStats, ManagedStats, NodeBalancerStats])
def test_every_series_has_a_unit(cls):
    """A series that a class declares, and no other, is in its table of units."""

    def names(struct, above=""):
        for field in struct._fields.values():
            if hasattr(field, "struct"):
                yield from names(field.struct(), f"{above}{field.key}.")
            else:
                yield above + field.key

    assert sorted(names(cls._fields["data"].struct())) == sorted(cls._units)


def test_the_sandbox_has_series_of_all(sandbox, client):
    """Linodes, NodeBalancers and metrics have series in one form."""
    linode = machine(sandbox, client)
    balancer = client.create_nodebalancer(REGION)
    sandbox.advance(3600)
    cpu = linode.stats().series["cpu"]
    assert len(cpu) in (11, 12)
    assert cpu.times[1] - cpu.times[0] == timedelta(minutes=5)
    assert len(balancer.stats().series["traffic.in"]) > 5
    service = MonitorService(client, "linode")
    token = service.create_token(entity_ids=[linode])
    query = [{"name": "vm_cpu_time_total", "aggregate_function": "avg"}]
    found = service.read_metrics(token, [linode], query, relative_time_duration={"unit": "hr", "value": 1})
    name = f"avg_vm_cpu_time_total (entity_id {linode.id})"
    assert list(found.series) == [name]
    assert list(found.series[name]) == found.data.result[0].points
    assert found.plot("avg_vm_cpu_time_total").axes[0].get_ylabel() == "avg_vm_cpu_time_total"


def test_managed_points_are_objects():
    """The statistics of Managed send points with x and y."""
    point = [{"x": AT * 1000, "y": 4}]
    data = dict.fromkeys(ManagedStats._units, point)
    found = ManagedStats._of(None, {"data": data}).series
    assert found["net_in"] == Series("net_in", "bits/s", [STARTED], [4.0])


# -- charts ------------------------------------------------------------------------------------------------------------


def test_a_chart_for_each_unit():
    """Series of one unit share a chart, which has their names and values."""
    figure = stats().plot()
    assert [axes.get_ylabel() for axes in figure.axes] == ["%", "blocks/s", "bits/s"]
    assert [line.get_label() for line in figure.axes[1].lines] == ["io.io", "io.swap"]
    assert list(figure.axes[0].lines[0].get_ydata()) == [1.5, 2.0]
    assert figure.get_suptitle() == "web"


def test_names_choose_the_series(tmp_path):
    """A name, or the beginning of several, chooses; the picture can be saved without a window."""
    figure = stats().plot("cpu", "netv4")
    shown = [line.get_label() for axes in figure.axes for line in axes.lines]
    assert shown == ["cpu", "netv4.in", "netv4.out", "netv4.private_in", "netv4.private_out"]
    figure.savefig(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_a_chart_is_drawn_in_a_figure_of_the_users():
    """The figure given is the one that is drawn in and returned."""
    mine = Figure()
    assert stats().plot("cpu", figure=mine) is mine
    assert len(mine.axes) == 1


def test_what_cannot_be_drawn_is_refused():
    """An unknown name is refused with the names that there are; so are statistics without a series."""
    with pytest.raises(ValueError, match=r"no series 'gpu'; there are cpu, io\.io"):
        stats().plot("gpu")

    class Nothing(Statistics):
        series = {}  # noqa: RUF012

    with pytest.raises(ValueError, match="no series to plot"):
        Nothing().plot()


def test_without_matplotlib_series_are_there_and_a_chart_names_it():
    """The series need no package; a chart without matplotlib raises an error that names the cure."""
    program = """
import sys
sys.modules["matplotlib"] = sys.modules["matplotlib.figure"] = None
from linode import LinodeStats
net = {"in": [], "out": [], "private_in": [], "private_out": []}
data = {"cpu": [[0, 1]], "io": {"io": [], "swap": []}, "netv4": net, "netv6": net}
stats = LinodeStats._of(None, {"title": "web", "data": data})
print(stats.series["cpu"].values)
try:
    stats.plot()
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "[1.0]\ncharts need matplotlib: pip install matplotlib\n"


def test_a_label_of_a_metric_may_be_missing():
    """Series whose labels the API leaves out have the name that is left."""
    answer = b'{"data": {"result": [{"metric": {"metric_name": "sum_x"}, "values": [[1, "2"]]}]}, "status": "success"}'
    client = LinodeClient("t", transport=Fake(lambda _request: Response(200, {}, answer)))
    found = MonitorService(client, "dbaas").read_metrics("token", [1], [], relative_time_duration={})
    assert [value for _, value in found.series["sum_x"]] == [2.0]
