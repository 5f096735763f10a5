"""Clients of other people with HTTPS: each is given the certificate's authority by a setting of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import requests
from linode_api4 import LinodeClient

CLI = Path(sys.executable).parent / "linode-cli"
LIBCLOUD = """
import os
from libcloud.compute.providers import get_driver
from libcloud.compute.types import Provider
driver = get_driver(Provider.LINODE)(os.environ["LINODE_TOKEN"], host={host!r}, port={port}, secure=True)
print(len(driver.list_sizes()) > 20)
"""


def main(address, token, ca_file):
    url = urlsplit(address)

    client = LinodeClient(token, base_url=f"{address}/v4", ca_path=ca_file)
    assert client.domain_create("official.example.com", soa_email="a@example.com").domain == "official.example.com"
    try:
        LinodeClient(token, base_url=f"{address}/v4").regions()
    except requests.exceptions.SSLError:
        pass
    else:
        raise AssertionError("a client without the authority must not be served")

    settings = {
        "LINODE_CLI_TOKEN": token,
        "LINODE_CLI_API_HOST": url.netloc,
        "LINODE_CLI_API_SCHEME": "https",
        "LINODE_CLI_CA": ca_file,
        "LINODE_CLI_SUPPRESS_VERSION_WARNING": "1",
    }
    listed = run([str(CLI), "domains", "list", "--json"], settings)
    assert [each["domain"] for each in json.loads(listed)] == ["official.example.com"]

    code = LIBCLOUD.format(host=url.hostname, port=url.port)
    assert run([sys.executable, "-c", code], {"SSL_CERT_FILE": ca_file, "LINODE_TOKEN": token}) == "True\n"

    asked = ["curl", "--silent", "--show-error", "--cacert", ca_file, "-H", f"Authorization: Bearer {token}"]
    assert json.loads(run([*asked, f"{address}/v4/domains"], {}))["results"] == 1

    print("the story is told")


def run(command, settings):
    """The output of *command*."""
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command[0], done.stdout, done.stderr)
    return done.stdout


main(*sys.argv[1:])
