"""Regions, images, domains, events and the profile against the API's own list of operations and shapes."""

from __future__ import annotations

import inspect
import re
import types
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any, get_args, get_origin

import pytest
from fakes import client_of, paged
from routes import MARK, answers, calls, declared, families, members, operations, yardstick
from shapes import answer_differences, differences, hint_differences, parts, settable

import linode as package
from linode import (
    Datacenter,
    Distribution,
    Domain,
    Event,
    Image,
    ImageShareGroup,
    ImageShareGroupMember,
    ImageShareGroupToken,
    Profile,
    Region,
    RegionAvailability,
    Zone,
    ZoneRecord,
)
from linode._http.transport import Response
from linode._model import Resource, action
from linode._model.convert import annotation
from linode.errors import OutcomeUnknownError, UnexpectedResponseError

PATHS = ("/regions", "/images", "/domains", "/account/events", "/profile")
MODULES = (
    "profile.credentials",
    "domains",
    "account.events",
    "profile.grants",
    "images.sharing",
    "images.images",
    "profile.profile",
    "regions",
)
SHAPES = (
    *(
        "AuthorizedApp",
        "Domain",
        "DomainRecord",
        "Event",
        "Grants",
        "Image",
        "ImageShareGroup",
        "ImageShareGroupMember",
    ),
    *("ImageShareGroupToken", "ImageUpload", "Login", "PersonalAccessToken", "Profile", "Region", "RegionAvailability"),
    *("RegionVPCAvailability", "SSHKey", "TFASecret", "TrustedDevice"),
)
"""The shapes, which the classes are named after."""
UNWRAPPED = {
    "DomainZoneFile": "zone_file() returns the lines",
    "SecurityQuestionsGet": "security_questions() returns the questions",
    "SecurityQuestionsPost": "answer_security_questions() would repeat what it was told",
    "TFAScratchCode": "tfa_enable_confirm() returns the code",
}
_EMPTY = "the API takes back the empty text that it sends for what was never set"
DEVIATIONS = {
    "Profile.create_token.scopes: is str": "scopes are also taken as `OAuthScopes`, and sent as text",
    "POST /account/events/{}/read": "the API answers it, though the list of operations has lost it",
    "Domain.created: is str": "a date without a format in the list of shapes",
    "Domain.updated: is str": "a date without a format in the list of shapes",
    "*.description: minLength is 1": _EMPTY,
    "*.group: minLength is 1": _EMPTY,
    "Domain*.name: minLength is 1": _EMPTY,
    "Event: filterable details.*": "the list says so, the shape does not",
    "Event: filterable entity.*": "the list says so, the shape does not",
    "Event: filterable seen": "clients have long used it, though the list does not say so",
    "Event.action: choices *": "also words that are known from clients only",
    "Event.entity.type: choices *": "also words that are known from clients only",
    "Event.details*: *null": "newer than the recorded answers, where it is absent",
    "Event.*entity.cpc: *null": "sent for Kubernetes alone",
    "Event.*entity.node: *null": "sent for Kubernetes alone",
    "Event.*entity.pool: *null": "sent for Kubernetes alone",
    "Event.secondary_entity.*: the API does not have it": "one class reads both entities",
    "Grants: settable *": "a user's grants are set through the account's users; here they are read",
    "ImageShareGroupToken.token: *null": "told once, when the token is made",
    "Profile.tfa_enforced: *null": "newer than the recorded answers, where it is absent",
    "Profile.referrals.credit: is int": "an amount of money",
    "Region.monitors.*: choices *": "one list of words for what a region offers and for what it monitors",
    "SecurityQuestion.security_questions: missing": "the list stands under that name",
    "Image: public": "Linode's own images can be read without a token",
    "RegionAvailability: no address": "entries of a list",
    "RegionVPCAvailability: no address": "entries of a list",
    "DomainsMixin.create_*.master: not in the body": "the guide's word, sent as the type",
    "DomainsMixin.create_*: required type": "the guide's master stands for it",
    "Domain.create_record: required type": "sent from record_type",
    "Domain.create_record: required record_type": "the guide's word, sent as the type",
    "Domain.create_record.type: missing": "sent from record_type",
    "Domain.create_record.record_type: not in the body": "the guide's word, sent as the type",
    "ImageShareGroup.*_image.image: not in the body": "part of the path",
    "ImageShareGroup.*_image: required image": "part of the path",
    "ImageShareGroup.add_images: required images": "there is nothing to add without images",
    "Image.replicate: required regions": "there is nowhere to copy to without regions",
    "Profile.create_sshkey: required *": "a key without a name or a text is none",
    "Profile.tfa_enable_confirm: required tfa_code": "there is nothing to confirm without the code",
    "Profile.answer_security_questions: required security_questions": "there is nothing to store without answers",
    "Profile.set_preferences.[*]: missing": "the preferences are the body",
    "Profile.set_preferences.preferences: not in the body": "the preferences are the body",
    "Profile.set_preferences: required preferences": "the preferences are the body",
}


def unexplained(found: list[str]) -> list[str]:
    """Those of *found* for which `DEVIATIONS` has no reason."""
    return [each for each in found if not any(fnmatchcase(each, known) for known in DEVIATIONS)]


# -- what differs --------------------------------------------------------------------------------------------------


def route_differences() -> list[str]:
    """Operations without a declaration, and declarations without an operation."""
    return [f"{method} {path}" for method, path in sorted(declared(*MODULES).keys() ^ operations(PATHS).keys())]


def shape_differences() -> list[str]:
    """Where the fields say otherwise than the shapes."""
    schemas = yardstick()["schemas"]
    found: list[str] = []
    for name in SHAPES:
        cls, schema = getattr(package, name), schemas[name]
        found += differences(cls, schema, schemas)
        found += word_differences(cls, schema, name)
        found += [f"{name}: settable {key}" for key in sorted(settable(cls) ^ {*schema.get("editable", ())})]
        if issubclass(cls, Resource):
            found += [
                f"{name}: filterable {key}" for key in sorted({*cls.filterable} ^ {*schema.get("filterable", ())})
            ]
    return found


def word_differences(cls: Any, schema: Any, where: str) -> list[str]:
    """Where the words or bounds of what is in a list are not those of the shape."""
    found: list[str] = []
    for field in cls._fields.values():
        fact = schema["properties"].get(field.key, {})
        if fact.get("type") == "object":
            found += word_differences(field.struct(), fact, f"{where}.{field.name}")
        elif "items" in fact and not {"properties", "$ref"} & fact["items"].keys():
            (inner,) = (get_args(part)[0] for part in parts(field.argument()) if get_origin(part) is list)
            found += hint_differences(inner, fact["items"], f"{where}.{field.name}")
    return found


def body_differences() -> list[str]:
    """Where the verbs take otherwise than the operations."""
    found: list[str] = []
    for cls in families(*MODULES):
        for name, call in calls(cls, {}):
            verb = members(cls).get(name)
            operation = operations(PATHS).get((call.method, call.path.replace(MARK, "{}")))
            if operation and isinstance(verb, action) and name not in ("load", "save", "delete"):
                found += verb_differences(f"{cls.__name__}.{name}", verb.__wrapped__, operation["request"] or {})
    return found


def verb_differences(name: str, function: Any, request: dict[str, Any]) -> list[str]:
    hints = option_hints(function)
    found = [f"{name}.{key}: not in the body" for key in hints.keys() - request.keys()]
    found += [f"{name}.{key}: missing" for key in request.keys() - hints.keys()]
    for key in hints.keys() & request.keys():
        found += hint_differences(hints[key], request[key], f"{name}.{key}")
    wanted = {key for key, fact in request.items() if fact.get("required")}
    return found + [f"{name}: required {key}" for key in needed(function) ^ wanted]


def needed(function: Any) -> set[str]:
    """The names without which *function* cannot be called."""
    parameters = [*inspect.signature(function).parameters.values()][1:]
    return {each.name for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD}


def option_hints(function: Any) -> dict[str, Any]:
    """The types of all that *function* takes by name, but for ``extra``."""
    hints: dict[str, Any] = {}
    for parameter in [*inspect.signature(function).parameters.values()][1:]:
        hint = annotation(function, parameter.annotation)
        if parameter.kind is parameter.VAR_KEYWORD:
            for key, option in get_args(hint)[0].__annotations__.items():
                home = types.SimpleNamespace(__module__=option.__forward_module__)
                hints[key] = annotation(home, option.__forward_arg__)
        else:
            hints[parameter.name] = hint
    hints.pop("extra", None)
    return hints


def access_differences() -> list[str]:
    """Where a class says otherwise than the operation that loads it who may ask."""
    found: list[str] = []
    for cls in families(*MODULES):
        if not issubclass(cls, Resource):
            continue
        operation = operations(PATHS).get(("GET", re.sub(r"\{\w+\}", "{}", cls.path)))
        if operation is None:
            found += [f"{cls.__name__}: no address"] * (not cls.__name__.startswith("_"))
            continue
        families_asked = {scope.partition(":")[0] for scope in operation["scopes"]}
        found += [f"{cls.__name__}: scope"] * (not families_asked <= {cls._scope})
        found += [f"{cls.__name__}: public"] * (cls._public != (operation["auth"] == "none"))
    return found


# -- tests ---------------------------------------------------------------------------------------------------------


def test_every_operation_is_declared_and_none_is_made_up() -> None:
    """What the API can do, the library can, and it asks for nothing that the API does not have."""
    assert unexplained(route_differences()) == []


def test_fields_are_those_of_the_api() -> None:
    """Every member of every shape is declared with its type, its words and bounds, and whether it can be set."""
    assert unexplained(shape_differences()) == []


def test_every_answer_is_read_whole() -> None:
    """The class that reads an answer has every member of it, though another operation on the same may answer less."""
    assert unexplained(answer_differences(answers(*MODULES), yardstick()["schemas"])) == []


def test_verbs_take_what_the_api_takes() -> None:
    """Every member of every body can be given, as the API bounds it, and what the API requires stands in front."""
    assert unexplained(body_differences()) == []


def test_who_may_ask_is_what_the_api_says() -> None:
    """A class names the family of scopes of its operations, and whether reading it needs a token."""
    assert unexplained(access_differences()) == []


def test_every_answer_is_known() -> None:
    """Each shape that an operation answers with has a class, or is unwrapped for a reason."""
    answers = {each["response"]["$ref"] for each in operations(PATHS).values() if each.get("response")}
    assert answers - {*SHAPES} == UNWRAPPED.keys()


def test_deviations_are_not_stale() -> None:
    """Each deviation still explains something."""
    found = route_differences() + shape_differences() + body_differences() + access_differences()
    found += answer_differences(answers(*MODULES), yardstick()["schemas"])
    assert [known for known in DEVIATIONS if not any(fnmatchcase(each, known) for each in found)] == []


# -- what they do --------------------------------------------------------------------------------------------------


def test_the_guides_words_are_the_same_things() -> None:
    """Datacenter, Distribution and Zone are other names of today's classes and lists."""
    client, fake = client_of(
        {"GET /regions": paged([{"id": "us-east"}]), "GET /domains": paged([{"id": 1, "domain": "example.com"}])}
    )
    assert (Datacenter, Distribution, Zone, ZoneRecord.__name__) == (Region, Image, Domain, "DomainRecord")
    assert client.get_datacenters()[0] == Region(client, "us-east")
    assert client.get_zones(Zone.zone == "example.com")[0].zone == "example.com"
    assert fake.filters[-1] == {"domain": "example.com"}


def test_regions_are_narrowed_here_by_what_the_api_cannot_filter() -> None:
    """The guide looks for a datacenter by its label, which the API cannot."""
    rows = [{"id": "us-east", "label": "Newark, NJ"}, {"id": "us-west", "label": "Fremont, CA"}]
    client, fake = client_of({"GET /regions": paged(rows)})
    assert client.get_regions(Region.label.contains("Newark")) == [Region(client, "us-east")]
    assert fake.filters == [None]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({}, "master"),
        ({"master": False}, "slave"),
        ({"type": "slave"}, "slave"),
        ({"master": False, "type": "slave"}, "slave"),
    ],
)
def test_the_type_of_a_domain_follows_from_master(arguments: dict[str, Any], kind: str) -> None:
    """A domain is a master one unless said otherwise, in the guide's words or in today's."""
    client, fake = client_of({"POST /domains": {"id": 123, "domain": "example.com"}})
    assert client.create_zone("example.com", **arguments).id == 123
    assert fake.bodies == [{"domain": "example.com", "type": kind}]


def test_a_domain_cannot_be_both() -> None:
    """Two words for the type that disagree are refused before any request."""
    client, fake = client_of({})
    with pytest.raises(ValueError, match="disagree"):
        client.create_domain("example.com", master=False, type="master")
    assert fake.requests == []


def test_a_record_belongs_to_its_domain() -> None:
    """A made record knows its domain, and its type is sent under the API's name."""
    client, fake = client_of({"POST /domains/1/records": {"id": 7, "type": "A"}})
    domain = Domain(client, 1)
    record = domain.create_record("A", name="www", target="192.0.2.1")
    assert (record.url, record.domain) == ("/domains/1/records/7", domain)
    assert fake.bodies == [{"type": "A", "name": "www", "target": "192.0.2.1"}]


def test_answers_that_are_unwrapped_are_checked() -> None:
    """What lacks the member that a verb returns is an error of the library's own."""
    client, _ = client_of(
        {
            "GET /domains/1/zone-file": {"zone_file": ["; example.com [1]"]},
            "GET /domains/2/zone-file": {},
            "POST /profile/tfa-enable-confirm": {"scratch": 5},
            "GET /profile/security-questions": {"security_questions": "none"},
        }
    )
    assert Domain(client, 1).zone_file() == ["; example.com [1]"]
    for ask in (
        Domain(client, 2).zone_file,
        lambda: Profile(client).tfa_enable_confirm("123456"),
        Profile(client).security_questions,
    ):
        with pytest.raises((OutcomeUnknownError, UnexpectedResponseError)):
            ask()


def test_entries_of_a_list_are_complete_and_equal_to_what_says_the_same() -> None:
    """What has no address of its own is never asked for again."""
    rows = [{"region": "us-east", "plan": "g7-premium-2", "available": False}]
    client, fake = client_of({"GET /regions/availability": paged(rows), "GET /regions/us-east/availability": rows})
    (entry,) = client.get_regions_availability(RegionAvailability.region == Region(client, "us-east"))
    assert fake.filters == [{"region": "us-east"}]
    assert entry.region == Region(client, "us-east")
    assert {entry} == {*Region(client, "us-east").availability()}
    assert entry != type(entry)._of(client, {**rows[0], "available": True})
    assert "g7-premium-2" in repr(entry)
    assert (entry.available, len(fake.requests)) == (False, 2)
    with pytest.raises(TypeError, match="list them again"):
        entry.load()


def test_events_filter_by_what_they_are_about() -> None:
    """The API's dotted names are paths of fields; marking an event leaves its flag to be read anew."""
    client, fake = client_of(
        {
            "GET /account/events": paged([{"id": 9, "seen": False, "entity": {"id": 123, "type": "linode"}}]),
            "POST /account/events/9/seen": {},
        }
        | {"GET /account/events/9": {"id": 9, "seen": True, "entity": {"id": 123, "type": "linode"}}}
    )
    (event,) = client.get_events(Event.entity.id == 123, Event.entity.type == "linode")
    assert fake.filters == [{"+and": [{"entity.id": 123}, {"entity.type": "linode"}]}]
    event.mark_seen()
    assert event.seen is True
    assert event.entity is not None
    assert (event.entity.id, event.details) == (123, None)


def test_the_profile_comes_whole_with_one_request() -> None:
    """What the API left out of the profile reads as None and is not asked for again."""
    client, fake = client_of({"GET /profile": {"username": "me", "two_factor_auth": False}})
    profile = client.get_profile()
    assert (profile.username, profile.tfa_enforced, len(fake.requests)) == ("me", None, 1)


def test_who_is_not_restricted_has_no_grants() -> None:
    """The API answers nothing at all for a user who may do everything."""
    client, fake = client_of({"GET /profile/grants": Response(204)})
    assert Profile(client).grants() is None
    assert fake.asked == ["GET /profile/grants"]


def test_grants_are_read_as_objects() -> None:
    """The member named by a word of Python's is read under another name."""
    answer = {"global": {"add_linodes": True}, "linode": [{"id": 1, "label": "web", "permissions": None}]}
    client, _ = client_of({"GET /profile/grants": answer})
    grants = Profile(client).grants()
    assert grants is not None
    assert grants.global_.add_linodes is True
    assert (grants.linode[0].label, grants.linode[0].permissions) == ("web", None)


def test_shared_images_are_named_in_the_path() -> None:
    """An image's id is one segment of the path, and images come back as images of the client."""
    client, fake = client_of(
        {
            "POST /images/sharegroups/1/images": {"data": [{"id": "shared/7"}], "page": 1, "pages": 1, "results": 1},
            "PUT /images/sharegroups/1/images/shared%2F7": {"id": "shared/7", "label": "new"},
            "DELETE /images/sharegroups/1/images/shared%2F7": {},
        }
    )
    group = ImageShareGroup(client, 1)
    (image,) = group.add_images([{"id": Image(client, "private/5"), "label": "old"}])
    assert image == Image(client, "shared/7")
    assert group.update_image(image, label="new").label == "new"
    group.remove_image("shared/7")
    assert fake.bodies == [{"images": [{"id": "private/5", "label": "old"}]}, {"label": "new"}]


def test_members_and_tokens_are_named_by_their_uuid() -> None:
    """The id of what the API names by a UUID is that UUID."""
    client, fake = client_of({})
    assert ImageShareGroupToken(client, "a-b").id == "a-b"
    member = ImageShareGroupMember(client, "a-b", 1)
    assert (member.id, member.sharegroup) == ("a-b", ImageShareGroup(client, 1))
    assert fake.requests == []


def test_an_upload_shows_its_address_to_nobody_and_the_token_to_no_address() -> None:
    """The address of an upload is a secret of its own, and is not told the client's."""
    client, fake = client_of({})
    address = "https://uploads.test/v4/put?signature=secret"
    fake.answers = {
        "POST /images/upload": {"image": {"id": "private/5", "label": "x"}, "upload_to": address},
        "PUT /put": Response(200),
    }
    upload = client.upload_image("x", Region(client, "us-east"), cloud_init=True)
    assert "secret" not in repr(upload)
    upload.send(b"content")
    assert fake.requests[-1].url == address
    assert "Authorization" not in fake.requests[-1].headers
    assert (fake.requests[-1].content, upload.image.id) == (b"content", "private/5")


def test_answers_to_security_questions_are_not_shown() -> None:
    """The answer can be read, and is in no repr."""
    rows = [{"id": 1, "question": "Where?", "response": "nowhere"}]
    client, _ = client_of({"GET /profile/security-questions": {"security_questions": rows}})
    (question,) = Profile(client).security_questions()
    assert question.response == "nowhere"
    assert "nowhere" not in repr(question)


def test_the_users_keys_and_tokens_are_lists_of_the_profile() -> None:
    """They need no profile to be fetched first."""
    client, fake = client_of(
        {
            "GET /profile/sshkeys": paged([{"id": 1, "label": "laptop"}]),
            "POST /profile/tokens": {"id": 2, "token": "abc"},
        }
    )
    profile = Profile(client)
    assert [key.label for key in profile.sshkeys] == ["laptop"]
    token = profile.create_token(label="ci", scopes="*", expiry=datetime(2027, 1, 1, tzinfo=UTC))
    assert token.token == "abc"
    assert "abc" not in repr(token)
    assert fake.bodies == [{"label": "ci", "scopes": "*", "expiry": "2027-01-01T00:00:00"}]
