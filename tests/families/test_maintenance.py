"""Maintenance policies, seen from a client."""

from __future__ import annotations

from asking import raw

from linode import MaintenancePolicy


def test_policies_are_those_of_the_api(client):
    policies = {each.slug: each for each in client.get_maintenance_policies()}
    assert policies.keys() == {"linode/migrate", "linode/power_off_on"}
    assert [slug for slug, each in policies.items() if each.is_default] == ["linode/migrate"]
    (found,) = client.get_maintenance_policies(MaintenancePolicy.notification_period_sec == 604_800)
    assert (found.slug, found.type) == ("linode/power_off_on", "power_off_on")


def test_policies_are_of_v4beta_alone(sandbox):
    assert raw(sandbox, "GET", "/maintenance/policies")[0] == 404
