"""The sandbox as it is installed: a stranger's first five minutes, and the image of the Dockerfile, without Docker.

Both begin with an empty environment and the wheel of this tree, made and installed by the lines of the Dockerfile.
"""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from sandbox_process import started

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def instructions(name):
    """The arguments of each instruction *name* of the Dockerfile."""
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)


def command(text):
    """The words of a command in the JSON form."""
    return json.loads(text[text.index("[") :])


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The folder that stands for the root of the image: an environment, the wheel, ``/data``."""
    root = tmp_path_factory.mktemp("image")
    source = root / "source"
    for copied in instructions("COPY"):
        *names, target = copied.split()
        for name in [] if names[0].startswith("--from") else names:
            place = (source / target / name) if target == "./" else source / target
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            place.parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / name, place)
    subprocess.run([sys.executable, "-m", "venv", root / "env"], check=True)
    for line in instructions("RUN"):
        if line.startswith("pip "):
            run_in(root, ["sh", "-ec", line.replace("/wheels", f"{root}/wheels")], cwd=source)
    (root / "data").mkdir()
    return root


def environment(root):
    """The variables of a shell in which the environment is active, and no more."""
    ours = ("pip_", "ssl_", "requests_", "http_proxy", "https_proxy")  # what pip needs to reach its registry
    kept = {name: value for name, value in os.environ.items() if name.lower().startswith(ours)}
    return {**kept, "NO_PROXY": "127.0.0.1", "PATH": f"{root}/env/bin:/usr/bin:/bin", "HOME": str(root)}


def run_in(root, words, **options):
    done = subprocess.run(words, env=environment(root), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_commands_of_the_readme_work_after_installation(image):
    """``linode-sandbox``, its page, a Linode with curl as the page shows it; and the Linode boots."""
    began = time.monotonic()
    words = (str(image / "env" / "bin" / "linode-sandbox"), "--speed", "20")
    with started(command=words, env=environment(image), cwd=image) as sandbox:
        page = httpx2.get(sandbox.address, headers={"Accept": "text/html"}, trust_env=False).text
        ask, create = [html.unescape(each) for each in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)[:2]]
        shell = {**environment(image), "TOKEN": sandbox.token}

        def curl(shown):
            done = subprocess.run(
                ["sh", "-c", f"{shown} --silent --show-error"], env=shell, capture_output=True, check=True
            )
            return json.loads(done.stdout)

        assert curl(ask)["data"] == []
        made = curl(create)
        assert (made["label"], made["status"]) == ("first", "provisioning")
        seen = []
        while "running" not in seen and time.monotonic() - began < 300:
            time.sleep(0.1)  # a person is slower than the rate limit, which is soon used up at this speed of the clock
            seen += [linode["status"] for linode in curl(ask)["data"]]
        assert list(dict.fromkeys(seen)) in (["provisioning", "booting", "running"], ["booting", "running"])
        opened = httpx2.get(
            sandbox.address, params={"token": sandbox.token}, follow_redirects=True, trust_env=False
        ).text
        assert "linode boot" in opened
    assert time.monotonic() - began < 300


def test_the_image_serves_is_healthy_and_keeps_its_objects(image):
    """By the ENTRYPOINT and the HEALTHCHECK of the Dockerfile, with another port and folder."""
    (entry,) = instructions("ENTRYPOINT")
    name, *options = command(entry)
    assert options[options.index("--host") + 1] == "0.0.0.0"
    assert options[options.index("--data") + 1].startswith("/data/")
    del options[options.index("--port") : options.index("--port") + 2]
    options = ["127.0.0.1" if each == "0.0.0.0" else each.replace("/data", f"{image}/data") for each in options]
    entry_point = str(image / "env" / "bin" / name)
    for labels in ([], ["example.com"]):
        with started(*options, "--token", "secret", command=(entry_point,), env=environment(image)) as sandbox:
            healthy(image, sandbox.address)
            with httpx2.Client(base_url=f"{sandbox.address}/v4", trust_env=False) as http:
                http.headers["Authorization"] = "Bearer secret"
                assert [each["domain"] for each in http.get("/domains").json()["data"]] == labels
                if not labels:
                    http.post("/domains", json={"domain": "example.com", "type": "master", "soa_email": "a@b.c"})
            sandbox.process.terminate()  # as docker stop does
            assert sandbox.process.wait(timeout=20) == 0
    with pytest.raises(AssertionError, match="refused"):
        healthy(image, sandbox.address)


def healthy(image, address):
    """Run the HEALTHCHECK, which raises what is wrong."""
    (check,) = instructions("HEALTHCHECK")
    words = [each.replace("8080", address.rpartition(":")[2]) for each in command(check)]
    run_in(image, [str(image / "env" / "bin" / words[0]), *words[1:]])


def test_the_image_runs_as_nobody_with_one_folder_to_write_to():
    assert instructions("USER") == ["10001:10001"]
    assert instructions("VOLUME") == ["/data"]
    assert "install -d -o 10001 -g 10001 /data" in instructions("RUN")
    assert instructions("EXPOSE") == ["8080"]
    last_root = max(at for at, line in enumerate(DOCKERFILE.splitlines()) if line.startswith(("RUN", "COPY")))
    assert DOCKERFILE.splitlines().index("USER 10001:10001") > last_root


def test_the_context_is_what_the_dockerfile_copies():
    """Nothing else goes into the image: no environment, no history."""
    wanted = {name for line in instructions("COPY") if "--from" not in line for name in line.split()[:-1]}
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert ignored[0] == "*"
    assert {each[1:] for each in ignored if each.startswith("!")} == wanted


def test_the_service_of_compose_is_that_of_the_image():
    """The service's port is open for this machine only, and its volume is that of the image."""
    text = (ROOT / "compose.yaml").read_text()
    assert 'ports: ["127.0.0.1:8080:8080"]' in text
    assert f'volumes: ["world:{instructions("VOLUME")[0]}"]' in text
    assert re.search(r"^ +healthcheck: ", text, re.MULTILINE)
    asked = re.search(r'command: \["--token", "\$\{(\w+):\?', text)
    assert asked[1] == "LINODE_TOKEN"


@pytest.mark.parametrize("line", re.findall(r"^#   docker run (.*)$", DOCKERFILE, re.MULTILINE))
def test_the_command_in_the_dockerfile_is_complete(line):
    """The command publishes the port on this machine only, and keeps the data in a volume."""
    words = shlex.split(line)
    assert "127.0.0.1:8080:8080" in words
    assert words[words.index("-v") + 1].endswith(":/data")
    assert words[words.index("linode-sandbox") + 1 :] == ["--token", "secret"]
