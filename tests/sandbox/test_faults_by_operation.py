"""Faults that name an operation as the library does, instead of a method and a path."""

from __future__ import annotations

import json

import pytest
from asking import NANODE, REGION

import linode.aio
from linode import Domain, DomainRecord, Image, Linode, LinodeClient, MySQLDatabase, Retry, Volume
from linode._http.transport import Request
from linode.errors import ApiError, OutcomeUnknownError
from linode.sandbox import Fault, Sandbox
from linode.sandbox.engine import registry, routes
from linode.sandbox.failures import operations


@pytest.fixture
def sandbox():
    with Sandbox(seed=1) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("described", "method", "path", "name"),
    [
        (Linode.boot, "POST", "/linode/instances/*/boot", "Linode.boot"),
        (LinodeClient.create_linode, "POST", "/linode/instances", "LinodeClient.create_linode"),
        (linode.aio.LinodeClient.create_linode, "POST", "/linode/instances", "LinodeClient.create_linode"),
        (LinodeClient.get_linodes, "GET", "/linode/instances", "LinodeClient.get_linodes"),
        (Linode.disks, "GET", "/linode/instances/*/disks", "Linode.disks"),
        (Domain.create_record, "POST", "/domains/*/records", "Domain.create_record"),
        (MySQLDatabase.patch, "POST", "/databases/*/instances/*/patch", "DatabaseInstance.patch"),
        ("MySQLDatabase.patch", "POST", "/databases/mysql/instances/*/patch", "MySQLDatabase.patch"),
        ("Linode.boot", "POST", "/linode/instances/*/boot", "Linode.boot"),
        ("LinodeClient.create_linode", "POST", "/linode/instances", "LinodeClient.create_linode"),
        ("Domain.load", "GET", "/domains/*", "Domain.load"),
        ("Domain.save", "PUT", "/domains/*", "Domain.save"),
        ("DomainRecord.delete", "DELETE", "/domains/*/records/*", "DomainRecord.delete"),
    ],
)
def test_an_operation_is_its_method_and_path(described, method, path, name):
    fault = Fault(described, status=500)
    assert (fault.method, fault.path, fault.operation) == (method, path, name)


def test_every_operation_of_the_library_can_be_named():
    """Every declared operation has a name, by which it is found."""
    registry.load()
    named = {(each.method, each.path) for each in map(operations.operation, operations._known())}
    every = {(each.method, operations._made(each, "").path) for each in routes.declared()}
    assert named == every
    assert len(named) > 500


def test_a_fault_hits_its_operation_and_no_other(sandbox):
    client = sandbox.client(retry=Retry(attempts=1))
    volume = client.create_volume("data", region=REGION)
    sandbox.faults.append(Fault(Volume.resize, status=503))
    volume.label = "other"
    volume.save()
    sandbox.advance(60)
    with pytest.raises(OutcomeUnknownError):
        volume.resize(30)
    volume.resize(30)


def test_a_fault_of_an_operation_takes_the_other_arguments(sandbox):
    """Chance, times, delay and an answer that is lost are as they are with a method and a path."""
    fault = Fault(LinodeClient.create_linode, connection="dropped", processed=True)
    sandbox.faults.append(fault)
    sandbox.client().create_linode(NANODE, REGION, label="web-1")
    assert fault.hits == 1
    assert [each.label for each in sandbox.client().get_linodes()] == ["web-1"]
    slow = Fault(LinodeClient.get_domains, delay=20, times=2)
    sandbox.faults.append(slow)
    began = sandbox.now
    sandbox.client().get_domains().first()
    assert (sandbox.now - began).total_seconds() >= 20
    sometimes = Fault("Image.delete", status=500, chance=0.5)
    sandbox.faults.append(sometimes)
    for _ in range(20):
        with pytest.raises(ApiError):
            Image(sandbox.client(retry=Retry(attempts=1)), "private/1").delete()
    assert 2 < sometimes.hits < 18


@pytest.mark.parametrize(
    ("described", "error", "words"),
    [
        ("Linode.bot", ValueError, "no operation of the API is called 'Linode.bot': did you mean Linode.boot"),
        ("Nothing.like_it", ValueError, "name it as Linode.boot, or by its method and path"),
        (Linode.wait, ValueError, "Waitable.wait is no operation of the API"),
        (Domain.delete, ValueError, "all classes have the same delete: name it with its class, as in 'Domain.delete'"),
        (5, TypeError, "a fault is for an operation such as Linode.boot, or a method and a path, not 5"),
        (DomainRecord, TypeError, "a fault is for an operation such as Linode.boot"),
    ],
)
def test_a_fault_of_an_unknown_operation_is_refused(described, error, words):
    with pytest.raises(error) as caught:
        Fault(described, status=500)
    assert words in str(caught.value)


def test_an_operation_has_its_path():
    with pytest.raises(ValueError, match="leave the path out"):
        Fault(Linode.boot, "/linode/instances/*/boot", status=500)


def control(sandbox: Sandbox, body: object) -> tuple[int, dict]:
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    request = Request("POST", "http://sandbox/sandbox/faults", headers, json.dumps(body).encode())
    answer = sandbox.gateway.ask(request).response
    return answer.status, json.loads(answer.content)


def test_a_fault_of_an_operation_is_set_over_http(sandbox):
    status, answer = control(sandbox, {"operation": "Linode.boot", "status": 503, "times": 2})
    (shown,) = answer["faults"]
    assert status == 200
    assert (shown["operation"], shown["method"], shown["path"]) == ("Linode.boot", "POST", "/linode/instances/*/boot")
    assert [each.operation for each in sandbox.faults] == ["Linode.boot"]
    control(sandbox, {"operation": "LinodeClient.create_volume", "refusal": "limit"})
    with pytest.raises(ApiError, match="Account Limit reached"):
        sandbox.client().create_volume("data", region=REGION)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"operation": "Linode.bot", "status": 500}, "did you mean Linode.boot"),
        ({"operation": "Linode.boot", "path": "/regions", "status": 500}, "leave them out"),
        ({"operation": "Linode.boot"}, "a fault needs at least one of"),
        ({"method": 5, "status": 500}, "a fault is for an operation such as Linode.boot"),
    ],
)
def test_a_wrong_name_over_http_is_refused(sandbox, body, words):
    status, answer = control(sandbox, body)
    assert (status, words in answer["errors"][0]["reason"]) == (400, True), answer
    assert list(sandbox.faults) == []
