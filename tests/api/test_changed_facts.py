"""The comparison of the declarations notices each kind of change in the facts."""

from __future__ import annotations

import copy
import functools

import answers
import conformance
import facts
import pytest

ONE = "/volumes/{volumeId}"
TEXT = {"type": "string"}


class Changeable:
    """The facts, to be changed for one test."""

    def __init__(self):
        self.known = facts._facts()
        self._kept = copy.deepcopy(self.known)

    def operation(self, method, path):
        return next(each for each in self.known["operations"] if (each["method"], each["path"]) == (method, path))

    def shape(self, name):
        return self.known["schemas"][name]["properties"]

    def differences(self, family):
        self.forget()
        return {line for check in conformance.CHECKS.values() for line in check(family)}

    def forget(self):
        for cached in (facts.operations, answers._uses, conformance._addresses):
            cached.cache_clear()

    def restore(self):
        self.known.update(self._kept)
        self.forget()


@pytest.fixture
def changeable():
    made = Changeable()
    yield made
    made.restore()


@functools.cache
def unchanged(family):
    """What differs from the facts as they are."""
    return {line for check in conformance.CHECKS.values() for line in check(family)}


def body(the):
    return the.operation("POST", "/volumes")["request"]


@pytest.mark.parametrize(
    ("change", "family", "line"),
    [
        (lambda the: the.known["operations"].append({**the.operation("GET", ONE), "path": f"{ONE}/new"}),
         "volumes", "GET /volumes/{}/new: not declared"),
        (lambda the: the.known["operations"].remove(the.operation("POST", f"{ONE}/clone")),
         "volumes", "POST /volumes/{}/clone: the API does not have it"),
        (lambda the: the.operation("GET", "/volumes").update(scopes=["x:read_only"]),
         "volumes", "GET /volumes: scopes x:read_only"),
        (lambda the: the.operation("GET", "/volumes").update(auth="none"), "volumes", "GET /volumes: public True"),
        (lambda the: the.operation("GET", "/volumes").update(api_version="v4beta"),
         "volumes", "GET /volumes: beta True"),
        (lambda the: the.operation("GET", ONE).update(path_params={"volumeId": TEXT}), "volumes", "Volume: id: is str"),
        (lambda the: the.operation("GET", "/volumes").update(query_params={"x": TEXT}),
         "volumes", "VolumesMixin.get_volumes.x: missing"),
        (lambda the: body(the).update(x=TEXT), "volumes", "create_volume.x: missing"),
        (lambda the: body(the).pop("tags"), "volumes", "create_volume.tags: not in the body"),
        (lambda the: body(the)["label"].pop("required"),
         "volumes", "create_volume.label: not required by the API"),
        (lambda the: body(the)["label"].update(nullable=True),
         "volumes", "create_volume.label: can be null"),
        (lambda the: body(the)["label"].update(maxLength=33),
         "volumes", "create_volume.label: maxLength is 33"),
        (lambda the: the.operation("PUT", ONE)["request"].pop("tags"), "volumes", "Volume.save.tags: not in the body"),
        (lambda the: the.operation("POST", f"{ONE}/detach").update(response_kind="object", response={"$ref": "Volume"}),
         "volumes", "Volume.detach: answers Volume"),
        (lambda the: the.operation("GET", "/volumes").update(response_kind="object"),
         "volumes", "VolumesMixin.get_volumes: answers object of Volume"),
        (lambda the: the.operation("GET", "/volumes").update(filterable=["label"]),
         "volumes", "Volume: filterable tags"),
        (lambda the: the.shape("Volume")["size"].update(type="string"), "volumes", "Volume.size: is str"),
        (lambda the: the.shape("Volume")["size"].update(nullable=True), "volumes", "Volume.size: can be null"),
        (lambda the: the.shape("Volume")["status"]["enum"].append("x"), "volumes", "Volume.status: choices lack x"),
        (lambda the: the.shape("Volume").pop("size"), "volumes", "Volume.size: the API does not have it"),
        (lambda the: the.shape("Volume").update(x=TEXT), "volumes", "Volume.x: missing from POST /volumes/{}/attach"),
        (lambda the: the.shape("IPv6RangeBGP").update(x=TEXT),
         "networking", "IPv6Range.x: missing from GET /networking/ipv6/ranges/{}"),
        (lambda the: the.shape("IPv6RangeBGP").pop("region"), "networking", "IPv6Range.region: can be null"),
        (lambda the: the.shape("LinodeIPs")["ipv4"]["properties"].update(x=TEXT),
         "linodes", "LinodeIPs.ipv4.x: missing from GET /linode/instances/{}/ips"),
    ],
    ids=lambda each: each.replace(" ", "-") if isinstance(each, str) else "",
)  # fmt: skip
def test_a_change_is_noticed(changeable, change, family, line):
    """In an operation, in who may ask, in what is sent, and in the shape of one answer alone."""
    assert line not in unchanged(family)
    change(changeable)
    assert line in changeable.differences(family)
