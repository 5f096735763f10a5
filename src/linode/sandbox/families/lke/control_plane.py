"""The control plane of a cluster: its access control list, kubeconfig, addresses and dashboard."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Mapping
from typing import Any

from linode.api.lke.clusters import LKECluster
from linode.sandbox.engine.registry import Refused, Row, World, on

from .versions import STANDARD

__all__ = ["begin", "change_acl"]

UP = {"standard": 70.0, "enterprise": 180.0}
"""Seconds until the Kubernetes API of a new cluster runs, by its tier: two to five minutes at Linode."""
AGAIN = 20.0
"""Seconds until a new kubeconfig is there after one was deleted: a guess."""


def begin(world: World, cluster: Row) -> None:
    """Start the control plane of a new *cluster*: it runs from ``_up`` on, with a kubeconfig ``_kubeconfig_from``."""
    up = world.now + world.duration(UP[cluster["tier"]], "lke_cluster_create")
    cluster |= {"_up": up, "_kubeconfig_from": up, "_uuid": world.uuid()}
    cluster |= {"_token": world.hex(64), "_service_token": world.hex(64), "_ca": world.hex(600)}


# -- access ----------------------------------------------------------------------------------------------------------


def _host(cluster: Row) -> str:
    return f"{cluster['_uuid']}.{cluster['region']}-1-gw.linodelke.net"


@on(LKECluster.api_endpoints)
def api_endpoints(world: World, cluster: Row) -> list[Row]:
    """The addresses of the Kubernetes API, once it runs."""
    if world.now < cluster["_up"]:
        raise Refused("Cluster API Endpoints are not yet available. Please try again later.", status=503)
    return [{"endpoint": f"https://{_host(cluster)}:{port}"} for port in (443, 6443)]


@on(LKECluster.get_kubeconfig)
def kubeconfig(world: World, cluster: Row) -> Row:
    """The kubeconfig, once there is one."""
    if world.now < cluster["_kubeconfig_from"]:
        raise Refused("Cluster kubeconfig is not yet available. Please try again later.", status=503)
    return {"kubeconfig": base64.b64encode(_yaml(cluster).encode()).decode()}


def _yaml(cluster: Row) -> str:
    """A kubeconfig with the names of the API's; its certificate and its token are the sandbox's own."""
    name = f"lke{cluster['id']}"
    pem = f"-----BEGIN CERTIFICATE-----\n{cluster['_ca']}\n-----END CERTIFICATE-----\n"
    return f"""apiVersion: v1
kind: Config
preferences: {{}}

clusters:
- cluster:
    certificate-authority-data: {base64.b64encode(pem.encode()).decode()}
    server: https://{_host(cluster)}:443
  name: {name}

users:
- name: {name}-admin
  user:
    as-user-extra: {{}}
    token: {cluster["_token"]}

contexts:
- context:
    cluster: {name}
    namespace: default
    user: {name}-admin
  name: {name}-ctx

current-context: {name}-ctx
"""


def _new_kubeconfig(world: World, cluster: Row) -> None:
    again = world.now + world.duration(AGAIN, "lke_kubeconfig_regenerate")
    cluster |= {"_token": world.hex(64), "_kubeconfig_from": max(cluster["_up"], again)}


@on(LKECluster.delete_kubeconfig)
def delete_kubeconfig(world: World, cluster: Row) -> None:
    """Revoke the kubeconfig; a new one comes soon."""
    _new_kubeconfig(world, cluster)
    world.events.notify("lke_kubeconfig_regenerate", cluster)


@on(LKECluster.delete_service_token)
def delete_service_token(world: World, cluster: Row) -> None:
    """Replace the service account token, which no response of the API contains."""
    cluster["_service_token"] = world.hex(64)
    world.events.notify("lke_token_rotate", cluster)


@on(LKECluster.regenerate)
def regenerate(world: World, cluster: Row, *, kubeconfig: bool = False, servicetoken: bool = False) -> None:
    """Replace the kubeconfig, the service account token, or both."""
    if not kubeconfig and not servicetoken:
        raise Refused("One of kubeconfig and servicetoken must be true")  # refused for certain, in own words
    if kubeconfig:
        _new_kubeconfig(world, cluster)
    if servicetoken:
        cluster["_service_token"] = world.hex(64)
    world.events.notify("lke_cluster_regenerate", cluster)


@on(LKECluster.get_dashboard_url)
def dashboard(_world: World, cluster: Row) -> Row:
    """The address of the dashboard of a standard cluster: its form is a guess."""
    if cluster["tier"] != STANDARD:
        raise Refused("Enterprise clusters have no dashboard")  # own words
    return {"url": f"https://{cluster['_uuid']}.dashboard.linodelke.net"}


# -- access control --------------------------------------------------------------------------------------------------


@on(LKECluster.get_acl)
def acl(_world: World, cluster: Row) -> Row:
    """The access control list; one that is off while there is none, with empty lists of addresses: a guess."""
    return {"acl": cluster.get("_acl") or {"enabled": False, "addresses": {"ipv4": [], "ipv6": []}}}


@on(LKECluster.update_acl)
def update_acl(world: World, cluster: Row, acl: Mapping[str, Any]) -> Row:
    """Change the access control list; shows it."""
    change_acl(world, cluster, acl)
    return {"acl": cluster["_acl"]}


def change_acl(world: World, cluster: Row, acl: Mapping[str, Any], prefix: str = "", *, tell: bool = True) -> None:
    """Update the access control list of *cluster* with the members of *acl*; each change has its own ID.

    A list that is switched off without addresses loses those that it has, as the vendor's tests see.
    *tell* is whether an event is added. Raises `Refused` for invalid addresses, with *prefix* before their fields.
    """
    before = cluster.get("_acl") or {}
    enabled = acl.get("enabled", before.get("enabled", False))
    addresses = {"ipv4": [], "ipv6": [], **(before.get("addresses", {}) if enabled else {})}
    reasons: list[tuple[str, str | None]] = []
    for family, given in (acl.get("addresses") or {}).items():
        if family in addresses:
            addresses[family] = [_network(text, family) for text in given]
            for at in (at for at, each in enumerate(addresses[family]) if each is None):
                field = f"{prefix}acl.addresses.{family}[{at}]"
                reasons.append((f"addresses.{family}[{at}] is not valid", field))  # a guess at the words
    if reasons:
        raise Refused.all(reasons)
    revision = acl.get("revision-id") or world.hex(32)
    cluster["_acl"] = {"enabled": enabled, "revision-id": revision, "addresses": addresses}
    if tell:
        world.events.notify(f"lke_control_plane_acl_{'update' if before else 'create'}", cluster)


def _network(text: str, family: str) -> str | None:
    """*text* as a network of the *family*, a single address too; None when it is none."""
    kind = ipaddress.IPv4Network if family == "ipv4" else ipaddress.IPv6Network
    try:
        return str(kind(text, strict=False))
    except ValueError:
        return None


@on(LKECluster.delete_acl)
def delete_acl(world: World, cluster: Row) -> None:
    """Forget the access control list."""
    if cluster.pop("_acl", None) is not None:
        world.events.notify("lke_control_plane_acl_delete", cluster)
