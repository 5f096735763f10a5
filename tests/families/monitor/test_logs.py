"""Log streams and destinations, seen from a client."""

from __future__ import annotations

import pytest
from asking import actions, raw, refusal, said

from linode import LogDestination, LogStream
from linode.errors import InvalidRequestError, NotFoundError

WEB = {"endpoint_url": "https://example.com/logs", "data_compression": "gzip"}


@pytest.fixture
def bucket(client):
    return client.create_bucket("logs", region="us-sea")


@pytest.fixture
def details(client, bucket):
    key = client.create_object_storage_key()
    return {
        "access_key_id": key.access_key,
        "access_key_secret": key.secret_key,
        "bucket_name": bucket.label,
        "host": bucket.hostname,
        "path": "audit",
    }


@pytest.fixture
def web(client):
    return client.create_log_destination("web", "custom_https", WEB)


@pytest.fixture
def stream(client, web):
    return client.create_log_stream("audit", "audit_logs", [web])


# -- destinations ----------------------------------------------------------------------------------------------------


def test_a_bucket_is_tried_with_an_object_and_its_secret_is_never_shown(client, bucket, details):
    made = client.create_log_destination("s3", "akamai_object_storage", details)
    assert (made.label, made.type, made.status, made.version, made.created_by) == (
        *("s3", "akamai_object_storage", "active", 1),
        "sandbox",
    )
    assert (made.details.host, made.details.path) == (bucket.hostname, "audit")
    assert details["access_key_secret"] not in str(made.load().raw)
    (trial,) = bucket.object_list().data
    assert (trial.name.rpartition("-")[0], trial.size) == ("cloud-logs-test-connection", 9)
    assert list(client.get_log_destinations()) == [made]


def test_a_bucket_s_objects_need_no_common_beginning(client, details):
    """The vendor's tests read null as the path of a destination that was created without one."""
    details.pop("path")
    assert client.create_log_destination("s3", "akamai_object_storage", details).details.path is None


def test_empty_details_are_refused_by_their_length(client, details):
    """The vendor's tests send empty texts, and get four refusals."""
    names = ("access_key_id", "access_key_secret", "bucket_name", "host")
    found = said(client.create_log_destination, "s3", "akamai_object_storage", dict.fromkeys(names, ""))
    assert found == [("Length must be 1-255 characters", f"details.{name}") for name in names]


@pytest.mark.parametrize("change", [{"access_key_secret": "wrong"}, {"access_key_id": "A"}, {"bucket_name": "none"}])
def test_a_key_that_does_not_fit_is_refused(client, details, change):
    refused = said(client.create_log_destination, "s3", "akamai_object_storage", {**details, **change})
    assert refused == [("Invalid access key id or secret key", None)]


def test_a_limited_key_must_be_able_to_write(client, bucket, details):
    for permissions, allowed in (("read_only", False), ("read_write", True)):
        access = [{"region": "us-sea", "bucket_name": bucket.label, "permissions": permissions}]
        key = client.create_object_storage_key(bucket_access=access)
        given = {**details, "access_key_id": key.access_key, "access_key_secret": key.secret_key}
        if allowed:
            client.create_log_destination("s3", "akamai_object_storage", given)
        else:
            with pytest.raises(InvalidRequestError, match="Invalid access key id"):
                client.create_log_destination("s3", "akamai_object_storage", given)


def test_what_is_wrong_with_a_destination_is_told(client):
    create = client.create_log_destination
    assert said(create, "x", "ftp", WEB) == [("Must be one of akamai_object_storage, custom_https", "type")]
    assert said(create, "x", "custom_https", {}) == [("endpoint_url is required", "details.endpoint_url")]
    assert said(create, "", "custom_https", WEB) == [("Length must be 1-255 characters", "label")]


def test_a_change_of_a_destination_is_a_version(client, web, details):
    web.label = "the web"
    web.save()
    changed = web.set_details(details, type="akamai_object_storage")
    assert (changed.version, changed.type, changed.label) == (3, "akamai_object_storage", "the web")
    found = [(each.version, each.label, each.type, each.status) for each in web.history]
    assert found == [
        (3, "the web", "akamai_object_storage", "active"),
        (2, "the web", "custom_https", "inactive"),
        (1, "web", "custom_https", "inactive"),
    ]
    assert web.history[2].details.endpoint_url == WEB["endpoint_url"]


def test_passwords_and_private_keys_of_a_destination_are_not_shown(client):
    secret = "correct-horse"
    login = {"basic_authentication_user": "me", "basic_authentication_password": secret}
    given = {
        **WEB,
        "authentication": {"type": "basic", "details": login},
        "client_certificate_details": {"client_private_key": secret, "tls_hostname": "example.com"},
    }
    made = client.create_log_destination("web", "custom_https", given)
    assert made.details.authentication.details.basic_authentication_user == "me"
    assert secret not in str(made.load().raw)


def test_a_destination_in_use_is_not_deleted(client, web, stream):
    refused = said(web.delete)
    assert refused == [("Unable to delete Destination attached to active or inactive Stream", None)]
    stream.delete()
    web.delete()
    with pytest.raises(NotFoundError, match="Destination not found"):
        web.load()


# -- streams ---------------------------------------------------------------------------------------------------------


def test_a_stream_is_provisioned_and_then_active(client, web, stream):
    assert (stream.label, stream.type, stream.status, stream.version) == ("audit", "audit_logs", "provisioning", 1)
    assert (stream.details, stream.created_by) == (None, "sandbox")
    (destination,) = stream.destinations
    assert (destination.id, destination.label, destination.type) == (web.id, "web", "custom_https")
    client.wait_for([stream], "active")
    assert list(client.get_log_streams()) == [LogStream(client, stream.id)]
    assert actions(client) == ["destination_create", "stream_create"]


def test_a_change_of_the_destination_provisions_the_stream_again(client, stream):
    other = client.create_log_destination("other", "custom_https", WEB)
    assert said(stream.set_destinations, [other]) == [("Unable to edit Stream at this time", None)]
    client.wait_for([stream], "active")
    changed = stream.set_destinations([other])
    assert (changed.version, changed.status, changed.destinations[0].id) == (2, "provisioning", other.id)
    stream.label = "new"
    assert said(stream.save) == [("Unable to edit Stream at this time", None)]
    client.wait_for([stream], "active")
    found = [(each.version, each.status, each.destinations[0].label) for each in stream.history]
    assert found == [(2, "active", "other"), (1, "inactive", "web")]


def test_a_stream_is_switched_off_and_on(client, stream):
    client.wait_for([stream], "active")
    for status, way in (("inactive", "deactivating"), ("active", "provisioning")):
        stream.status = status
        stream.save()
        assert stream.status == way
        client.wait_for([stream], status)
    stream.status = "deactivating"
    assert said(stream.save) == [("Must be one of active, inactive", "status")]
    stream.invalidate()
    stream.label = "only a label"
    stream.save()
    assert (stream.status, stream.version, stream.label) == ("active", 4, "only a label")


def test_a_stream_has_one_destination_and_its_type_alone(client, web, stream):
    create = client.create_log_stream
    for wrong in ([], [web, web]):
        assert said(create, "x", "lke_audit_logs", wrong) == [("Must contain one item", "destinations")]
    assert said(create, "x", "lke_audit_logs", [999]) == [("Destination not found", "destination")]
    assert said(create, "x" * 256, "lke_audit_logs", [web]) == [("Length must be 1-255 characters", "label")]
    with pytest.raises(InvalidRequestError, match="of this type exists"):
        create("x", "audit_logs", [web])
    assert said(create, "x", "lke_audit_logs", [web], details={"cluster_ids": [7]}) == [
        ("details.cluster_ids is not valid", "details.cluster_ids[0]")
    ]


def test_a_stream_of_clusters_names_enterprise_clusters_with_audit_logs(client, web):
    region = next(each.id for each in client.get_regions() if "Kubernetes Enterprise" in each.capabilities)
    for enabled in (False, True):
        plane = {"audit_logs_enabled": enabled}
        options = {"tier": "enterprise", "control_plane": plane}
        cluster = client.create_lke_cluster(f"large-{enabled}", region, "v1.31.9+lke7", [], **options)
        details = {"cluster_ids": [cluster.id]}
        if not enabled:
            refused = said(client.create_log_stream, "lke", "lke_audit_logs", [web], details=details)
            assert refused == [("details.cluster_ids is not valid", "details.cluster_ids[0]")]
    stream = client.create_log_stream("lke", "lke_audit_logs", [web], details=details, status="inactive")
    assert (stream.status, stream.details.cluster_ids) == ("deactivating", [cluster.id])
    assert stream.details.is_auto_add_all_clusters_enabled is False
    client.wait_for([stream], "inactive")
    stream.details.is_auto_add_all_clusters_enabled = True
    stream.save()
    assert (stream.load().details.cluster_ids, stream.details.is_auto_add_all_clusters_enabled) == (
        [cluster.id],
        True,
    )


def test_what_is_not_there_is_told_in_words_of_its_own(sandbox, client):
    assert raw(sandbox, "GET", "/monitor/streams") == (200, {"data": [], "page": 1, "pages": 0, "results": 0})
    for path in ("/monitor/streams/9", "/monitor/streams/9/history"):
        assert raw(sandbox, "GET", path) == refusal(404, ("Stream not found", None))
    with pytest.raises(NotFoundError, match="Destination not found"):
        LogDestination(client, 9).load()
    with pytest.raises(NotFoundError, match="Destination not found"):
        list(LogDestination(client, 9).history)
