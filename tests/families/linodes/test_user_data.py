"""User data for cloud-init is sent in base64, whatever form it was given in."""

from __future__ import annotations

import base64
import json

import pytest

from linode import LinodeClient
from linode.sandbox.gateways.in_process import InProcess


class Recording(InProcess):
    """A transport that keeps the bodies of the requests."""

    def __init__(self, gateway):
        super().__init__(gateway)
        self.bodies = []

    def send(self, request, *args, **kwargs):
        if request.content:
            self.bodies.append(json.loads(request.content))
        return super().send(request, *args, **kwargs)

    @property
    def sent(self):
        return self.bodies[-1]["metadata"]["user_data"]


@pytest.mark.parametrize("data", ["#cloud-config\nusers: []\n", b"#!/bin/sh\n", "#cloud-config: ä", b"\xff\x00"])
def test_user_data_is_encoded(sandbox, data):
    wire = Recording(sandbox.gateway)
    client = LinodeClient(sandbox.token, base_url="http://sandbox/v4", transport=wire)
    linode, _ = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", metadata={"user_data": data})
    encoded = wire.sent
    assert base64.b64decode(encoded, validate=True) == (data if isinstance(data, bytes) else data.encode())
    assert linode.has_user_data
    linode.wait()
    linode.rebuild("linode/debian12", metadata={"user_data": encoded})
    assert wire.sent == encoded
    sandbox.advance(600)
    linode.clone(region="us-east", type="g6-nanode-1", metadata={"user_data": data})
    assert wire.sent == encoded


def test_the_options_given_are_left_as_they_are(sandbox):
    metadata = {"user_data": "#!/bin/sh"}
    sandbox.client().create_linode("g6-nanode-1", "us-east", image="linode/debian12", metadata=metadata)
    assert metadata == {"user_data": "#!/bin/sh"}
