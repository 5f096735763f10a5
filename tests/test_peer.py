"""Other people's clients cannot tell: they do their work against the sandbox as they do it against Linode.

Each story in ``tests/peer`` is a program that imports a client, or runs it, in their environment (``make peer``), and
says how the client is pointed at another address: by its own settings, except for dns-lexicon, which has none.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from sandbox_process import started

ROOT = Path(__file__).parent.parent
STORIES = {
    "official_families": "linode_api4: volumes, firewalls, VPCs, NodeBalancers, clusters, databases, storage, users",
    "command_line_families": "linode-cli: the same families, a few commands each",
    "official_more": "linode_api4: interfaces, reserved addresses, share groups, locks, alerts, catalogues",
    "command_line_more": "linode-cli: interfaces, share groups, alerts, streams, StackScripts, events, and refusals",
    "official_older": "linode_api4 2.3, 3.0 and 5.0: all families that they knew",
    "official": "linode_api4: types, a Linode with its disks and jobs, a domain with records",
    "metadata_service": "linode_metadata: the Metadata service of a Linode, sync and awaited",
    "libcloud_servers": "apache-libcloud: sizes, images, locations, a node until it runs, disks, volumes, an image",
    "libcloud_names": "apache-libcloud: zones and records of every type, the export, refusals",
    "lexicon_records": "dns-lexicon: records by name, by identifier and by content, over several pages",
    "certbot_challenges": "certbot-dns-linode: challenges for a subdomain, a wildcard and the domain itself",
    "over_tls": "HTTPS: linode_api4, linode-cli, apache-libcloud and curl trust the authority of the certificate",
    "command_line": "linode-cli: a Linode, a domain with records, filters and refusals",
}
OLDER = ("peer-2", "peer-3", "peer-5")
TOLD = [(story, each) for story in STORIES for each in (OLDER if story == "official_older" else ("peer",))]
"""Each story with the environments that it runs in."""
MANY = ("official_families", "command_line_families", "official_older", "official_more", "command_line_more")
"""Stories that wait for many jobs."""


@pytest.mark.parametrize(("story", "environment"), TOLD)
def test_a_program_of_another_client_runs_against_the_sandbox(story, environment, tmp_path):
    """As its users write it, with a sandbox that runs as a server, much faster than Linode."""
    python = ROOT / f".venv-{environment}" / "bin" / "python"
    if not python.exists():
        pytest.fail("other people's clients are not there; `make peer` installs them")
    home = {"HOME": str(tmp_path), "TLDEXTRACT_CACHE_PATH": str(tmp_path / "suffixes")}
    tls = ["--tls"] if story == "over_tls" else []
    with started("--speed", "200" if story in MANY else "20", *tls) as sandbox:
        command = [str(python), str(ROOT / "tests" / "peer" / f"{story}.py"), sandbox.address, sandbox.token]
        command += [sandbox.ca_file] if sandbox.ca_file else []
        told = subprocess.run(
            command, capture_output=True, text=True, timeout=600, check=False, env={**os.environ, **home}
        )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "the story is told" in told.stdout


def test_every_program_is_run():
    """None lies in the folder unheard."""
    found = {each.stem for each in (ROOT / "tests" / "peer").glob("*.py") if "main(*sys.argv" in each.read_text()}
    assert found == set(STORIES)


def test_the_guide_names_every_client_that_was_tried():
    """docs/clients.md says how each is pointed at the sandbox, in the version that the stories use."""
    pins = "".join((ROOT / "requirements" / f"{each}.in").read_text() for each in ("peer", *OLDER, "peer-tools"))
    pinned = re.findall(r"^([\w-]+)==(\S+)$", pins, re.MULTILINE)
    package = json.loads((ROOT / "tests" / "peer" / "javascript" / "package.json").read_text())
    pinned += [each for each in package["dependencies"].items() if each[0].startswith("@linode/")]
    page = (ROOT / "docs" / "clients.md").read_text()
    assert [each for each in pinned if "`{}` {}".format(*each) not in page] == []
