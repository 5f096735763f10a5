"""The account itself: its data, settings, availability, agreements, traffic, betas, notices and its end."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, actions, add, raw, refusal, said

from linode import (
    AccountAvailability,
    AccountMaintenance,
    AccountSettings,
    BetaProgram,
    EnrolledBeta,
    Notification,
)
from linode.errors import ApiError, AuthenticationError, NotFoundError
from linode.sandbox.families.account.account import add_promo_code

UNAUTHORIZED = [("Unauthorized", None)]


@pytest.fixture
def ada(sandbox, client):
    """A client of a restricted user."""
    client.create_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        return sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])


# -- the account -----------------------------------------------------------------------------------------------------


def test_the_account_is_read_and_changed(sandbox, client):
    """Changes stay, and an event tells of them."""
    account = client.get_account()
    assert account.active_since <= sandbox.now
    assert (account.balance, account.balance_uninvoiced, account.active_promotions) == (0, 0, [])
    assert account.credit_card.last_four is None
    assert "Linodes" in account.capabilities
    account.company, account.city = "Example Inc.", "Camden"
    account.save()
    assert client.get_account().company == "Example Inc."
    assert client.get_account().euuid == account.euuid
    assert actions(client) == ["account_update"]


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("company", "x" * 129, "Length must be at most 128 characters"),
        ("first_name", "<b>", "first_name is not valid"),
        ("email", "nobody", "email is not valid"),
        ("country", "USA", "country is not valid"),
        ("zip", "", "zip is not valid"),
    ],
)
def test_refused_changes(sandbox, member, value, reason):
    """By their field, and nothing is kept."""
    assert raw(sandbox, "PUT", "/account", {member: value}) == refusal(400, (reason, member))


def test_a_zip_is_for_its_country(client):
    """Only the United States want one of five digits."""
    account = client.get_account()
    account.country, account.zip = "DE", "1"
    account.save()
    account.country = "US"
    assert said(account.save) == [("zip is not valid", "zip")]


def test_account_access_is_a_grant(sandbox, client, ada):
    """Reading takes read_only, changing read_write."""
    assert said(ada.get_account) == UNAUTHORIZED
    client.get_users()[1].update_grants(global_={"account_access": "read_only"})
    account = ada.get_account()
    account.company = "Mine"
    assert said(account.save) == UNAUTHORIZED
    assert len(ada.get_account_availability()) > 50
    assert said(ada.get_account_agreements) == UNAUTHORIZED
    assert said(ada.apply_promo_code, "x") == UNAUTHORIZED
    assert said(ada.enroll_in_beta, "x") == UNAUTHORIZED
    assert said(ada.get_account_settings().enable_managed) == UNAUTHORIZED
    client.get_users()[1].update_grants(global_={"account_access": "read_write"})
    account.save()
    assert client.get_account().company == "Mine"


# -- settings --------------------------------------------------------------------------------------------------------


def test_settings_are_for_what_is_made_later(client, empty):
    """Settings do not change existing objects."""
    settings = client.get_account_settings()
    assert (settings.managed, settings.backups_enabled, settings.network_helper) == (False, False, True)
    assert (settings.longview_subscription, settings.object_storage, settings.tfa_enforced) == (None, "disabled", False)
    settings.backups_enabled = True
    settings.network_helper = False
    settings.maintenance_policy = "linode/power_off_on"
    settings.interfaces_for_new_linodes = "linode_only"
    settings.save()
    assert AccountSettings(client).backups_enabled is True
    linode = client.create_linode(NANODE, REGION)
    assert (linode.backups.enabled, empty.load().backups.enabled) == (True, False)
    assert (linode.interface_generation, linode.maintenance_policy) == ("linode", "linode/power_off_on")
    assert "account_settings_update" in actions(client)
    settings.interfaces_for_new_linodes = "none"
    ((reason, field),) = said(settings.save)
    assert (reason.startswith("Must be one of legacy_config_only"), field) == (True, "interfaces_for_new_linodes")


def test_managed_is_enabled_for_good(client):
    """Once; and what needs it works then."""
    with pytest.raises(ApiError, match="Managed"):
        client.get_managed_contacts().first()
    settings = client.get_account_settings()
    settings.enable_managed()
    settings.enable_managed()
    assert settings.managed is True
    assert actions(client).count("managed_enabled") == 1
    assert list(client.get_managed_contacts()) == []


def test_the_longview_plan_is_in_the_settings(client):
    """As soon as it is changed."""
    client.set_longview_plan(longview_subscription="longview-3")
    assert client.get_account_settings().longview_subscription == "longview-3"


# -- availability, agreements, traffic -------------------------------------------------------------------------------


def test_availability(client):
    """Recorded for each region."""
    found = {each.region: each for each in client.get_account_availability()}
    assert "Linodes" in found[REGION].available
    assert AccountAvailability(client, REGION).unavailable == found[REGION].unavailable
    with pytest.raises(NotFoundError):
        AccountAvailability(client, "mars").load()


def test_agreements_are_accepted_and_not_withdrawn_from(client):
    """Only true can be sent."""
    assert not any(client.get_account_agreements().raw.values())
    client.accept_agreements(eu_model=True, privacy_policy=True)
    client.accept_agreements(eu_model=True)
    found = client.get_account_agreements()
    assert (found.eu_model, found.privacy_policy, found.billing_agreement) == (True, True, False)
    assert actions(client) == ["account_agreement_eu_model"]
    assert said(client.accept_agreements, eu_model=False) == [("eu_model is not valid", "eu_model")]


def test_traffic_is_the_sum_over_linodes(sandbox, client):
    """Regions with prices of their own have pools of their own."""
    assert client.get_account_transfer().raw == {
        "quota": 0,
        "used": 0,
        "billable": 0,
        "region_transfers": [{"id": each, "quota": 0, "used": 0, "billable": 0} for each in ("br-gru", "id-cgk")],
    }
    client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    client.create_linode(NANODE, REGION, label="second")
    client.create_linode(NANODE, "br-gru", label="third")
    found = client.get_account_transfer()
    assert (found.quota, found.region_transfers[0].quota) == (2000, 1000)


# -- promotions, betas, notices --------------------------------------------------------------------------------------


def test_promo_codes(sandbox, client):
    """Only one promotion, and only while the account is young."""
    assert said(client.apply_promo_code, "HELLO") == [("promo_code is not valid", "promo_code")]
    with sandbox.world.transaction():
        add_promo_code(sandbox.world, "HELLO", 20)
    assert client.apply_promo_code("HELLO").credit_remaining == "20.00"
    assert [each.summary for each in client.get_account().active_promotions] == ["$20.00 promotion"]
    assert actions(client) == ["account_promo_apply"]
    assert said(client.apply_promo_code, "HELLO") == [("The account has a promotion already", None)]
    sandbox.advance(91 * 24 * 3600)
    assert said(client.apply_promo_code, "HELLO") == [("The account is too old for a promo code", None)]


def test_betas(sandbox, client):
    """An account enrolls in programs that run and need no invitation."""
    times = {"started": sandbox.world.stamp(-100), "ended": None, "description": "Faster."}
    add(sandbox, BetaProgram, id="fast", label="Fast", greenlight_only=False, **times)
    add(sandbox, BetaProgram, id="secret", label="Secret", greenlight_only=True, **times)
    over = {**times, "ended": sandbox.world.stamp(-1)}
    add(sandbox, BetaProgram, id="over", label="Over", greenlight_only=False, **over)
    client.enroll_in_beta("fast")
    (beta,) = client.get_enrolled_betas(EnrolledBeta.label == "Fast")
    assert (beta.id, beta.description, beta.ended) == ("fast", "Faster.", None)
    assert EnrolledBeta(client, "fast").enrolled == beta.enrolled
    assert said(client.enroll_in_beta, "secret") == UNAUTHORIZED
    assert said(client.enroll_in_beta, "over") == said(client.enroll_in_beta, "none") == [("id is not valid", "id")]
    assert said(client.enroll_in_beta, BetaProgram(client, "fast")) == [("The account is enrolled already", "id")]
    assert raw(sandbox, "POST", "/account/betas", {}) == refusal(400, ("id is required", "id"))


def test_notices_come_from_the_system(sandbox, client, empty):
    """Notifications until they end, and maintenance."""
    entity = {"id": empty.id, "label": empty.label, "type": "linode", "url": f"/v4/linode/instances/{empty.id}"}
    for type, until in (("outage", None), ("notice", sandbox.world.stamp(60))):
        add(sandbox, Notification, type=type, label=type, severity="major", until=until, entity=entity)
    times = {"when": sandbox.world.stamp(3600), "start_time": sandbox.world.stamp(3600)}
    add(sandbox, AccountMaintenance, type="reboot", status="scheduled", entity=entity, **times)
    assert [each.type for each in client.get_notifications()] == ["outage", "notice"]
    (outage,) = client.get_notifications(Notification.type == "outage")
    assert (outage.entity.id, outage.severity, "id" in outage.raw) == (empty.id, "major", False)
    (planned,) = client.get_account_maintenance(AccountMaintenance.status == "scheduled")
    assert (planned.entity.label, planned.type) == (empty.label, "reboot")
    sandbox.advance(61)
    assert [each.type for each in client.get_notifications()] == ["outage"]


def test_two_factor_authentication_can_be_optional(client, ada):
    """For some users."""
    assert list(client.get_tfa_optional_users()) == []
    summary = client.set_tfa_optional_users(["ada"])
    assert summary.tfa_optional_users_count == 1
    assert [each.username for each in client.get_tfa_optional_users()] == ["ada"]
    assert said(client.set_tfa_optional_users, ["ada", "eve"]) == [("usernames is not valid", "usernames[1]")]
    client.set_tfa_optional_users([])
    assert list(client.get_tfa_optional_users()) == []
    assert said(ada.set_tfa_optional_users, ["ada"]) == UNAUTHORIZED


# -- the end ---------------------------------------------------------------------------------------------------------


def test_a_canceled_account_is_closed(sandbox, client, ada, empty, browser):
    """Nothing is left, and nobody gets in until the sandbox is reset."""
    client.create_domain("example.com", "master", soa_email="admin@example.com")
    assert client.get_account().cancel(comments="Goodbye").endswith("/survey")
    for each in (client, ada):
        with pytest.raises(AuthenticationError):
            each.get_account()
    browser.go("/oauth/authorize?client_id=my-client-id&response_type=code&scope=linodes:read_only")
    assert browser.page.forms[0]["buttons"] == []
    for table in ("Linode", "Domain"):
        assert len(sandbox.world.read(table)) == 0
    sandbox.reset()
    assert sandbox.client().get_account().balance == 0
