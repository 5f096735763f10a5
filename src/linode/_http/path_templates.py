"""Templates of paths, such as ``/linode/instances/{id}/boot``: names under which requests can be counted.

Their number is bounded, because only the words of the API's own paths are kept; anything else is an ID.
"""

from __future__ import annotations

__all__ = ["WORDS", "template"]

_WORDS = """
accept access access-policy account agreements alert-channels alert-definitions alerts api-endpoints apply
apps assign attach attachments availability backend-acl backups betas boot buckets cancel certificates
child-accounts clients clone close clusters config configs connection-pools contacts control_plane_acl
credentials credit-card dashboard dashboards databases default-ranges default-role-permissions delegation
destinations detach devices disable disks domains enable endpoints engines entities entity-transfers events
execute expansion filesystems firewalls global-quotas grants groups history home-directory iam idp-configs
images import instances interfaces invoices ips ipv4 ipv6 ipv6s issues items kernels keys kubeconfig
ldap-config linode linode-settings lke locks logins longview maintenance make-default managed
managed-enable marketplace members metric-definitions metrics migrate monitor mutate mysql network-transfer
networking nfs nodebalancers nodes notifications oauth-clients object-acl object-list object-storage
object-url order password patch payment-methods payments paypal permissions phone-number placement plan
policies pools postgresql preferences prefixlists prices profile promo-codes quotas ranges reboot rebuild
records recycle regenerate regions replies rescue reserved reset reset-secret resize restore resume revoke
role-permissions rules rulesets security-questions seen service-transfers services servicetoken settings
share sharegroup sharegroups shutdown snapshot-policy snapshots spaces sshkey sshkeys ssl stackscripts
stats streams subnets subscriptions support suspend tags templates test tfa-disable tfa-enable
tfa-enable-confirm tfa-optional-users thumbnail tickets tiers token tokens transfer types unassign update
upgrade-interfaces upload usage users users-excluded users-included valkey verify versions vlans volumes
vpc-availability vpcs zone-file
"""
WORDS = frozenset(_WORDS.split())
"""Segments of the API's paths that are no IDs; a test compares them with the API's operations."""


def template(path: str) -> str:
    """The template of *path*, the part behind the version of the API."""
    segments = path.partition("?")[0].split("/")
    return "/".join(each if each in WORDS or not each else "{id}" for each in segments)
