"""Identity providers, seen from a client."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from asking import raw, said

from linode.errors import NotFoundError

PEM = (Path(__file__).parents[2] / "support" / "untrusted.pem").read_text()
CERTIFICATE = PEM[PEM.index("-----BEGIN CERT") :]
SAML = {
    "idp_url": "https://login.example/saml",
    "entity_id": "https://login.example",
    "identity_element": "NAME_ID",
    "public_certificates": [{"certificate": CERTIFICATE}],
}


@pytest.fixture
def config(client):
    """A provider that nobody uses yet."""
    return client.create_idp_config("office", SAML)


def test_a_provider_is_added_changed_and_deleted(client, config):
    (user,) = client.get_users()
    assert (config.label, config.enabled, config.enforce, config.created_by) == ("office", False, False, user.username)
    assert (config.updated, config.updated_by, config.included_users_count) == (None, None, 0)
    assert (config.saml.idp_url, config.saml.identity_element) == ("https://login.example/saml", "NAME_ID")
    config.enabled = True
    config.saml.idp_url = "https://login.example/saml2"
    config.save()
    (found,) = client.get_idp_configs()
    assert (found.id, found.enabled, found.saml.idp_url) == (config.id, True, "https://login.example/saml2")
    assert (found.saml.entity_id, found.updated_by) == ("https://login.example", user.username)
    assert len(found.certificates) == 1
    config.delete()
    with pytest.raises(NotFoundError):
        config.load()


def test_certificates_are_read_added_and_deleted(config):
    (first,) = config.saml.public_certificates
    assert first.certificate == CERTIFICATE
    assert first.not_before < datetime.now(UTC) < first.not_after
    second = config.create_certificate(CERTIFICATE)
    assert {each.id for each in config.certificates} == {first.id, second.id}
    first.delete()
    assert [each.id for each in config.certificates] == [second.id]
    assert said(second.delete) == [("The last certificate cannot be deleted", None)]
    assert said(config.create_certificate, "no certificate") == [
        ("Must be a certificate in PEM format", "certificate"),
    ]


def test_bad_settings_are_refused(client, config):
    by_attribute = {**SAML, "identity_element": "USER_ID_ATTRIBUTE"}
    assert said(client.create_idp_config, "x", by_attribute)[0][1] == "saml.user_id_attribute"
    assert client.create_idp_config("x", {**by_attribute, "user_id_attribute": "mail"}).saml.user_id_attribute == "mail"
    assert said(client.create_idp_config, "x", {**SAML, "public_certificates": []})[0][1] == "saml.public_certificates"
    broken = {**SAML, "public_certificates": [{"certificate": CERTIFICATE}, {"certificate": "x"}]}
    assert said(client.create_idp_config, "y", broken)[0][1] == "saml.public_certificates[1].certificate"
    assert {each.label for each in client.get_idp_configs()} == {"office", "x"}
    config.saml.identity_element = "USER_ID_ATTRIBUTE"
    assert said(config.save)[0][1] == "saml.user_id_attribute"


def test_users_log_in_with_a_provider_or_do_not(client, config):
    client.create_user("ada", "ada@example.com")
    client.create_user("bob", "bob@example.com")
    assert config.update_included_users(["ada", "bob"]) == config.get_included_users() == ["ada", "bob"]
    assert (config.included_users_count, config.excluded_users_count) == (2, 0)
    assert config.update_excluded_users(["bob"]) == config.get_excluded_users() == ["bob"]
    assert config.update_included_users([]) == []
    assert (config.included_users_count, config.excluded_users_count) == (0, 1)
    assert said(config.update_excluded_users, ["nobody"]) == [("users is not valid", "users[0]")]


def test_providers_are_for_unrestricted_users_and_below_v4beta(sandbox, client, config):
    client.create_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        hers = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert said(hers.get_idp_configs().first) == [("Unauthorized", None)]
    assert said(hers.create_idp_config, "hers", SAML) == [("Unauthorized", None)]
    assert raw(sandbox, "GET", config.url)[0] == 404
