"""Challenges of certbot-dns-linode: for a name in a subdomain, a wildcard and the domain itself."""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib.metadata import entry_points
from pathlib import Path

import josepy
import requests
from acme import challenges, messages
from certbot import errors
from certbot._internal.display import obj as display
from certbot.achallenges import KeyAuthorizationAnnotatedChallenge
from certbot.configuration import NamespaceConfig
from cryptography.hazmat.primitives.asymmetric import rsa
from lexicon_address import lead_to
from patience import refused

PORTS = {"http01_port": 80, "https_port": 443}
"""Attributes that certbot reads of all of its configurations."""
ACCOUNT = josepy.JWKRSA(key=rsa.generate_private_key(65537, 2048))


def challenge(domain, number):
    """The challenge of an authority for a certificate of *domain*; a wildcard is named without its star."""
    body = messages.ChallengeBody(
        chall=challenges.DNS01(token=bytes([number]) * 32), uri="https://acme.example", status=messages.STATUS_PENDING
    )
    identifier = messages.Identifier(typ=messages.IDENTIFIER_FQDN, value=domain.removeprefix("*."))
    return KeyAuthorizationAnnotatedChallenge(challb=body, identifier=identifier, account_key=ACCOUNT)


def authenticator(folder, token):
    """The plugin as certbot makes it, with its own file of credentials."""
    credentials = Path(folder) / "linode.ini"
    credentials.write_text(f"dns_linode_key = {token}\n")
    credentials.chmod(0o600)
    options = {"dns_linode_credentials": str(credentials), "dns_linode_propagation_seconds": 0}
    folders = dict.fromkeys(("config_dir", "work_dir", "logs_dir"), folder)
    (plugin,) = entry_points(group="certbot.plugins", name="dns-linode")
    config = NamespaceConfig(argparse.Namespace(noninteractive_mode=True, domains=[], **PORTS, **options, **folders))
    return plugin.load()(config, "dns-linode")


def main(address, token):
    lead_to(address)
    display.set_display(display.NoninteractiveDisplay(sys.stdout))
    api = requests.Session()
    api.headers["Authorization"] = f"Bearer {token}"

    def zone(domain):
        body = {"domain": domain, "type": "master", "soa_email": "admin@example.com"}
        return f"{address}/v4/domains/{api.post(f'{address}/v4/domains', json=body).json()['id']}"

    def texts(zone):
        found = api.get(f"{zone}/records").json()["data"]
        return sorted((each["type"], each["name"], each["target"]) for each in found)

    def expected(asked, *names):
        return sorted(("TXT", name, each.validation(ACCOUNT)) for name, each in zip(names, asked, strict=True))

    outer, inner = zone("example.com"), zone("dev.example.com")
    with tempfile.TemporaryDirectory() as folder:
        refused(
            lambda: authenticator(folder, "wrong").perform([challenge("example.com", 1)]), errors.PluginError, "401"
        )
        certbot = authenticator(folder, token)
        domains = ("www.sub.example.com", "example.com", "*.example.com", "*.sub.example.com")
        asked = [challenge(domain, number) for number, domain in enumerate(domains)]
        answers = certbot.perform(asked)
        assert [each.typ for each in answers] == ["dns-01"] * 4
        apex = "_acme-challenge"
        assert texts(outer) == expected(asked, f"{apex}.www.sub", apex, apex, f"{apex}.sub")

        deeper = [challenge("api.dev.example.com", 5)]
        certbot.perform(deeper)
        assert texts(inner) == expected(deeper, f"{apex}.api"), "the nearest domain has the record"

        certbot.cleanup(asked[1:2])
        assert texts(outer) == expected([asked[0], *asked[2:]], f"{apex}.www.sub", apex, f"{apex}.sub")
        certbot.cleanup([*asked, *deeper])
        assert texts(outer) == texts(inner) == []
        refused(lambda: certbot.perform([challenge("example.net", 6)]), errors.PluginError, "Unable to determine zone")
    print("the story is told")


main(*sys.argv[1:])
