"""Records set by type and name, and names set when they resolve: repeatable, without doubles, whatever gets lost."""

from __future__ import annotations

import ipaddress
import re

import pytest

from linode.errors import InvalidRequestError, OutcomeUnknownError, WaitTimeoutError

LOST = {"connection": "dropped", "processed": True}
NOT_DONE = {"connection": "dropped"}
ONE, TWO = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def domain(api):
    return api.run(api.client.create_domain("example.com", soa_email="a@example.com"))


def shown(api, domain):
    """The records of *domain*: types, names and targets."""
    return sorted((each.type, each.name, each.target) for each in api.each(domain.records()))


def written(api):
    """The requests since the last look that change something."""
    return [each for each in api.paths() if not each.startswith("GET")]


def test_a_record_is_created_changed_and_then_left_alone(api, domain):
    """Three calls: one creates, one changes, and the last, which changes nothing, sends one GET."""
    first = api.run(domain.set_record("A", "www", ONE))
    second = api.run(domain.set_record("A", "www.example.com.", TWO))
    assert (second, second.target) == (first, TWO)
    api.home.forget()
    again = api.run(domain.set_record("A", "WWW", TWO))
    assert api.paths() == [f"GET /domains/{domain.id}/records"]
    assert again == first
    assert shown(api, domain) == [("A", "www", TWO)]


def test_options_that_are_not_given_stay(api, domain):
    """A time that the API has rounded up is no change, and one that was not given is kept."""
    api.run(domain.set_record("A", "www", ONE, ttl_sec=100))
    api.home.forget()
    record = api.run(domain.set_record("A", "www", ONE, ttl_sec=120))
    assert (written(api), record.ttl_sec) == ([], 120)
    record = api.run(domain.set_record("A", "www", TWO))
    assert (record.target, record.ttl_sec) == (TWO, 120)


def test_set_leaves_one_and_add_leaves_all(api, domain):
    """`add_record` is for values beside each other; `set_record` makes one of several, that with the lowest ID."""
    first = api.run(domain.add_record("TXT", "_acme-challenge", "one"))
    api.run(domain.add_record("TXT", "_acme-challenge", "two"))
    assert api.run(domain.add_record("TXT", "_acme-challenge", "one")) == first
    assert shown(api, domain) == [("TXT", "_acme-challenge", "one"), ("TXT", "_acme-challenge", "two")]
    assert api.run(domain.set_record("TXT", "_acme-challenge", "three")) == first
    assert shown(api, domain) == [("TXT", "_acme-challenge", "three")]
    assert api.run(domain.delete_records("TXT", "_acme-challenge", "one")) == 0
    assert api.run(domain.delete_records("TXT", "_acme-challenge")) == 1


def test_records_of_other_types_and_names_stay(api, domain):
    """The type, the name, the tag of CAA and the service of SRV tell records apart."""
    for kind, name, target, options in (
        ("A", "www", ONE, {}),
        ("AAAA", "www", "2001:db8::1", {}),
        ("A", "", ONE, {}),
        ("MX", "", "mail.example.com", {"priority": 10}),
        ("CAA", "", "letsencrypt.org", {"tag": "issue"}),
        ("CAA", "", "mailto:a@example.com", {"tag": "iodef"}),
        ("SRV", "", "sip.example.com", {"service": "sip", "protocol": "tcp", "port": 5060}),
        ("SRV", "", "sip.example.com", {"service": "sip", "protocol": "udp", "port": 5060}),
    ):
        api.run(domain.set_record(kind, name, target, **options))
        api.run(domain.set_record(kind, name, target, **options))
    assert len(api.each(domain.records())) == 8


def test_targets_that_are_equal_for_the_api_are_no_change(api, domain):
    """A final dot, capitals in a host, and another spelling of an address."""
    api.run(domain.set_record("CNAME", "www", "Example.org."))
    api.run(domain.set_record("AAAA", "", "2001:db8::1"))
    api.home.forget()
    api.run(domain.set_record("CNAME", "www", "example.org"))
    api.run(domain.set_record("AAAA", "", "2001:0db8:0::1"))
    assert written(api) == []


@pytest.mark.parametrize("verb", ["set_record", "add_record"])
def test_a_lost_answer_leaves_one_record(api, domain, verb):
    """Whether the API has carried the creation out or not, the call ends with one record."""
    for name, effect in (("done", LOST), ("not-done", NOT_DONE)):
        api.home.fails("POST", "/domains/*/records", **effect)
        record = api.run(getattr(domain, verb)("A", name, ONE))
        assert record.name == name
    assert shown(api, domain) == [("A", "done", ONE), ("A", "not-done", ONE)]


def test_an_api_that_loses_every_creation_is_an_error(api, domain):
    """The last error is raised, after a bounded number of attempts."""
    api.home.fails("POST", "/domains/*/records", **NOT_DONE, times=20)
    with pytest.raises(OutcomeUnknownError):
        api.run(domain.set_record("A", "www", ONE))
    assert len(written(api)) <= 7


def test_a_refusal_is_raised(api, domain):
    """A target that is none is the API's error, and so is a conflict with another record."""
    with pytest.raises(InvalidRequestError, match="target"):
        api.run(domain.set_record("A", "www", "nowhere"))
    api.run(domain.set_record("A", "www", ONE))
    with pytest.raises(InvalidRequestError, match="CNAMES must be unique"):
        api.run(domain.set_record("CNAME", "www", "example.org"))


def test_programs_that_set_a_record_at_once_leave_one(awaited):
    """Eight clients, some of whose answers are lost: one record is left, with one of the targets."""
    import asyncio

    client = awaited.client
    domain = awaited.run(client.create_domain("example.com", soa_email="a@example.com"))
    awaited.home.fails("POST", "/domains/*/records", **LOST, times=3)
    targets = [f"192.0.2.{number}" for number in range(1, 9)]

    async def all_at_once():
        return await asyncio.gather(*(domain.set_record("A", "www", target) for target in targets))

    records = awaited.run(all_at_once())
    ((_, _, target),) = shown(awaited, domain)
    assert target in targets
    assert {each.name for each in records} == {"www"}


# -- without a type, and outside the domain ----------------------------------------------------------------------------


def test_the_type_is_that_of_the_address(api, domain):
    """A text, an address of Python's, and one of a Linode: A or AAAA, as they are."""
    linode = api.linode("web")
    public = api.run(linode.ips()).ipv4.public[0]
    api.run(domain.set_record("www", TWO))
    api.run(domain.set_record("www", ipaddress.ip_address("2001:db8::1"), ttl_sec=300))
    api.run(domain.set_record("www.example.com", public))
    api.run(domain.add_record(name="", target=ONE))
    api.run(domain.add_record("", TWO))
    assert shown(api, domain) == [
        ("A", "", ONE),
        ("A", "", TWO),
        ("A", "www", public.address),
        ("AAAA", "www", "2001:db8::1"),
    ]


def test_a_target_that_is_no_address_needs_a_type(api, domain):
    """The error shows the call to write; a type in the place of the name is no name."""
    api.home.forget()
    with pytest.raises(ValueError, match=r"give the type of the record, as in set_record\('CNAME', 'www', 'ex"):
        domain.set_record("www", "example.org")
    with pytest.raises(TypeError, match=r"add_record\(\) needs a name and a target"):
        domain.add_record("A", ONE)
    for arguments in ((), ("www",), (None, "www"), ("A", "www")):
        with pytest.raises(TypeError, match=r"set_record\(\) needs a name and a target"):
            domain.set_record(*arguments)
    with pytest.raises(TypeError, match=r"^set_record\(\) has no option 'ttl'; did you mean 'ttl_sec'\?"):
        domain.set_record("www", ONE, ttl=300)
    assert api.paths() == []


FOREIGN = ["www.example.org", "www.example.org.", "www.", "www.other.com", "example.net"]


@pytest.mark.parametrize("name", FOREIGN)
def test_the_full_name_of_another_domain_is_refused(api, domain, name):
    """A full name of another domain would become a name in this one; the error says how that is written."""
    api.home.forget()
    message = rf"^'{re.escape(name)}' is not in example\.com: client\.find_domain\('{name.removesuffix('.')}'\) finds"
    with pytest.raises(ValueError, match=message):
        api.run(domain.set_record("A", name, ONE))
    with pytest.raises(ValueError, match=message):
        api.run(domain.delete_records("A", name))
    assert api.paths() == []


def test_a_name_in_another_domain_of_the_account_is_refused(api, domain):
    """The account tells what the name cannot; it is asked only before a record is created."""
    api.run(api.client.create_domain("firma.de", soa_email="a@example.com"))
    with pytest.raises(ValueError, match=r"^'www\.firma\.de' is not in example\.com: use the domain firma\.de; if"):
        api.run(domain.set_record("www.firma.de", ONE))
    assert shown(api, domain) == []
    api.run(domain.set_record("www.firma.de.example.com", ONE))
    api.run(domain.set_record("www.firma.de", TWO))
    assert shown(api, domain) == [("A", "www.firma.de", TWO)]


def test_names_with_dots_inside_the_domain_are_taken(api, domain):
    """Relative names may have several labels, of any kind but a general top-level domain."""
    for name in ("api.eu", "_sip._tcp", "*.dev", "a.b.example.com."):
        api.run(domain.set_record("A", name, ONE))
    assert [name for _, name, _ in shown(api, domain)] == ["*.dev", "_sip._tcp", "a.b", "api.eu"]


# -- finding the domain ------------------------------------------------------------------------------------------------


def test_the_longest_domain_is_found(api, domain):
    """One request finds the zone of a host, the most special of several."""
    inner = api.run(api.client.create_domain("eu.example.com", soa_email="a@example.com"))
    api.home.forget()
    assert api.run(api.client.find_domain("www.EU.example.com.")) == inner
    assert len(api.paths()) == 1
    assert api.run(api.client.find_domain("_acme-challenge.example.com")) == domain
    assert api.run(api.client.find_domain("example.com")) == domain


def test_a_name_without_a_domain_is_an_error(api, domain):
    """The message has the name that was looked for; a text that is no name is refused before anything is sent."""
    with pytest.raises(LookupError, match=r"no domain for 'notexample.com': none of notexample.com, com"):
        api.run(api.client.find_domain("notexample.com"))
    api.home.forget()
    for wrong in ("", "a..b", ".example.com", "bücher.example"):
        with pytest.raises(ValueError, match="is not"):
            api.run(api.client.find_domain(wrong))
    assert api.paths() == []


# -- reverse DNS -------------------------------------------------------------------------------------------------------


def test_a_reverse_name_is_set_when_it_resolves(api, domain):
    """The API refuses the name until the new record is served; the call waits for that."""
    linode = api.linode("web")
    address = api.run(linode.ips()).ipv4.public[0]
    api.run(domain.set_record("A", "www", address.address))
    with pytest.raises(WaitTimeoutError, match=r"cannot have the name 'www\.example\.com' yet: .*perform a lookup"):
        api.run(address.set_rdns("www.example.com", timeout=0))
    api.run(address.set_rdns("www.example.com", poll_interval=1))
    assert address.rdns == "www.example.com"
    assert api.run(address.save()) is None
    api.run(address.set_rdns(None))
    assert address.rdns.endswith(".ip.linodeusercontent.com")


def test_other_refusals_of_a_reverse_name_are_raised_at_once(api):
    """A name that is none will never resolve."""
    linode = api.linode("web")
    address = api.run(linode.ips()).ipv4.public[0]
    api.home.forget()
    with pytest.raises(InvalidRequestError, match="Domain is not valid"):
        api.run(address.set_rdns("not a name"))
    assert len(api.paths()) == 1
