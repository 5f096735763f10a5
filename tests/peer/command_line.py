"""The vendor's command line, pointed at the sandbox by its own variables of the environment.

The OpenAPI document that it reads comes with its package; nothing is fetched.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from patience import until

PROGRAM = Path(sys.executable).parent / "linode-cli"
REFUSED = 2
"""Exit status of the program when the API refuses."""


def run(settings, *words):
    return subprocess.run(
        [str(PROGRAM), *words], env=os.environ | settings, capture_output=True, text=True, check=False
    )


def shown(settings, *words):
    """The output of the command, as JSON."""
    done = run(settings, *words, "--json")
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None


def refused(settings, *words):
    """The message of the command about a refusal."""
    done = run(settings, *words, "--json")
    assert done.returncode == REFUSED, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def settings_for(address, token):
    """The variables that point the command line at *address*."""
    return {
        "LINODE_CLI_TOKEN": token,
        "LINODE_CLI_API_HOST": urlsplit(address).netloc,
        "LINODE_CLI_API_SCHEME": "http",
        "LINODE_CLI_SUPPRESS_VERSION_WARNING": "1",
    }


def main(address, token):
    settings = settings_for(address, token)
    cli, no = functools.partial(shown, settings), functools.partial(refused, settings)

    assert "Invalid Token" in refused({**settings, "LINODE_CLI_TOKEN": "wrong"}, "linodes", "list")
    assert "us-east" in {each["id"] for each in cli("regions", "list")}
    assert "g6-nanode-1" in {each["id"] for each in cli("linodes", "types", "--all-rows")}

    new = ("linodes", "create", "--type", "g6-nanode-1", "--region", "us-east", "--image", "linode/debian12")
    (linode,) = cli(
        *new, "--label", "web-1", "--root_pass", "correct-Horse-9-battery", "--tags", "web", "--tags", "shop"
    )
    number = str(linode["id"])

    def status():
        return cli("linodes", "view", number)[0]["status"]

    until("running", status)
    assert [each["id"] for each in cli("linodes", "list", "--label", "web-1", "--tags", "shop")] == [linode["id"]]
    assert cli("linodes", "list", "--label", "web-2") == []
    assert "Label must be unique among your linodes" in no(
        *new, "--label", "web-1", "--root_pass", "correct-Horse-9-bat"
    )
    cli("linodes", "reboot", number)
    until("running", status)
    (event, *_) = cli("events", "list", "--action", "linode_reboot")
    assert (event["entity"]["id"], event["status"]) == (linode["id"], "finished")
    assert [each["filesystem"] for each in cli("linodes", "disks-list", number)] == ["ext4", "swap"]
    assert len(cli("linodes", "configs-list", number)) == 1
    assert cli("linodes", "ips-list", number)[0]["ipv4"]["public"][0]["address"] == linode["ipv4"][0]
    assert cli("linodes", "update", number, "--label", "web-2")[0]["label"] == "web-2"

    (domain,) = cli("domains", "create", "--domain", "example.com", "--type", "master", "--soa_email", "a@example.com")
    zone = str(domain["id"])
    words = no("domains", "create", "--domain", "example.net", "--type", "slave")
    assert "You need at least one master DNS server IP address for this zone." in words
    web = ("--type", "A", "--name", "www.example.com", "--target", linode["ipv4"][0], "--ttl_sec", "200")
    (record,) = cli("domains", "records-create", zone, *web)
    assert (record["name"], record["ttl_sec"]) == ("www", 300)
    srv = (
        "--type",
        "SRV",
        "--service",
        "sip",
        "--protocol",
        "tcp",
        "--target",
        "sip",
        "--port",
        "5060",
        "--weight",
        "5",
    )
    assert cli("domains", "records-create", zone, *srv, "--priority", "1")[0]["target"] == "sip.example.com"
    assert "CNAMES must be unique" in no(
        "domains", "records-create", zone, "--type", "CNAME", "--name", "www", "--target", "example.net"
    )
    cli("domains", "records-update", zone, str(record["id"]), "--target", "192.0.2.7")
    assert [each["target"] for each in cli("domains", "records-list", zone, "--type", "A")] == ["192.0.2.7"]
    cli("domains", "records-delete", zone, str(record["id"]))
    assert [each["type"] for each in cli("domains", "records-list", zone)] == ["SRV"]
    cli("domains", "delete", zone)
    assert cli("domains", "list") == []

    cli("linodes", "delete", number)
    assert "Not found" in no("linodes", "view", number)
    print("the story is told")


if __name__ == "__main__":
    main(*sys.argv[1:])
