"""The parts of Linode that the sandbox does not imitate: requests for them are refused by name, with status 501.

docs/refused.md lists them for readers, and ``/sandbox/refused`` in the sandbox itself.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from linode._http.transport import Request, Response

from ..engine.response_headers import REFUSAL

__all__ = ["IN_API", "REFUSALS", "WITHOUT_ENDPOINT", "AbsentPart", "UnsupportedPart", "answer"]

IN_API = {
    "GET /v4beta/monitor/streams/quotas": "The sandbox does not implement GET /monitor/streams/quotas.",
    "GET /v4/monitor/services/linode/metric-definitions": "The sandbox does not know the metrics of linode.",
}
"""The operations of the API that are refused, and the reasons."""


class UnsupportedPart(NamedTuple):
    """A part of Linode that is not imitated, the reason of its refusal, and an example of a request for it."""

    subject: str
    reason: str
    instead: str
    wants: Callable[[Request], bool]
    """Whether a request, whose headers are in lower case, is for it."""
    method: str
    path: str
    headers: Mapping[str, str] = MappingProxyType({})
    xml: bool = False
    """Whether its clients read XML."""


class AbsentPart(NamedTuple):
    """A part of Linode without an address in the sandbox, and the place to look instead."""

    subject: str
    instead: str


def answer(request: Request) -> Response | None:
    """The refusal of *request*, whose headers are in lower case; None if it is for none of these parts."""
    found = next((each for each in REFUSALS if each.wants(request)), None)
    if found is None:
        return None
    if found.xml:
        text = f"<Error><Code>NotImplemented</Code><Message>{html.escape(found.reason)}</Message></Error>"
        return Response(501, {"Content-Type": "application/xml"}, text.encode())
    return Response(501, REFUSAL, msgspec.json.encode({"errors": [{"reason": found.reason}]}))


def _below(*starts: str) -> Callable[[Request], bool]:
    return lambda request: urlsplit(request.url).path.startswith(starts)


def _signed(request: Request) -> bool:
    """Whether *request* is signed for S3, in its headers or its URL."""
    authorization = request.headers.get("authorization", "")
    query = urlsplit(request.url).query
    return authorization.startswith(("AWS4-HMAC-SHA256 ", "AWS ")) or "X-Amz-Signature=" in query


def _socket(request: Request) -> bool:
    return request.headers.get("upgrade", "").lower() == "websocket"


REFUSALS = (
    UnsupportedPart(
        "The consoles of a Linode (Lish, Glish)",
        "The sandbox does not imitate consoles: nothing runs in its Linodes.",
        "`Sandbox.on_boot` and `on_shutdown` call your own functions instead of starting a machine",
        _socket,
        "GET",
        "/123/weblish",
        {"Connection": "Upgrade", "Upgrade": "websocket"},
    ),
    UnsupportedPart(
        "The Metadata service at an address without a Linode",
        "The sandbox has a Metadata service for each Linode, at /metadata/ID/v1: the address must name the Linode.",
        "`Sandbox.metadata_url`",
        _below("/v1/"),
        "GET",
        "/v1/instance",
    ),
    UnsupportedPart(
        "S3: requests that are signed with an access key",
        "The sandbox does not imitate S3: use pre-signed URLs, for objects of 5 MiB at most.",
        "`ObjectStorageBucket.object_url` makes URLs for `GET`, `PUT` and `DELETE`",
        _signed,
        "PUT",
        "/my-bucket/key",
        {"Authorization": "AWS4-HMAC-SHA256 Credential=KEY/20260131/us-east/s3/aws4_request"},
        xml=True,
    ),
    UnsupportedPart(
        "The Kubernetes API of a cluster",
        "The sandbox does not imitate the Kubernetes API: its clusters run nothing.",
        "clusters, pools, nodes and kubeconfigs are those of the API",
        _below("/api/", "/apis/"),
        "GET",
        "/api/v1/nodes",
    ),
    UnsupportedPart(
        "DNS, here over HTTPS",
        "The sandbox answers no DNS queries: GET /v4/domains/{domainId}/zone-file shows what name servers would serve.",
        "`Domain.zone_file()`",
        _below("/dns-query"),
        "GET",
        "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB",
    ),
)
"""Each is looked for at addresses that are not of the API, in this order."""

WITHOUT_ENDPOINT = (
    AbsentPart("SSH, web servers and pings at the address of a Linode", "`Sandbox.on_boot` and `on_shutdown`"),
    AbsentPart("Software that a StackScript or user data would install", "`on_boot` gets the user data"),
    AbsentPart(
        "Load balancing by a NodeBalancer, filtering by a firewall, traffic in a VPC or VLAN", "the API's objects"
    ),
    AbsentPart("DNS on port 53", "`Domain.zone_file()`, which follows changes as the name servers do"),
    AbsentPart("Connections to a database", "its credentials and states"),
    AbsentPart("Files of an NFS space", "its policies, quotas and snapshots"),
    AbsentPart("The content of disks, backups and images; of an uploaded image only the size is kept", "their sizes"),
    AbsentPart("E-mail: of tickets, new users, alerts and invoices", "events, tickets, users and invoices"),
    AbsentPart("SMS: the code that confirms a phone number is its last six digits", "`Profile.verify_phone_number`"),
    AbsentPart(
        "Webhooks of alert channels and destinations of logs: nothing is sent; `verify_alert_webhook` "
        "accepts all hosts but those that end in `.invalid`",
        "the channels",
    ),
    AbsentPart("Payments: no card is charged", "the account's balance, payments and invoices"),
    AbsentPart("Roles of users (IAM): they are checked and kept, and not enforced", "grants, which are enforced"),
    AbsentPart("Real load, traffic and metrics: the figures of graphs are invented", "the same figures for a seed"),
)
"""These parts have no address in the sandbox, so it cannot refuse them."""
