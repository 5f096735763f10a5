"""A real IPython shell displays objects, lists and waits, as the kernel of a notebook does."""

from __future__ import annotations

import subprocess
import sys

KERNEL = """
import sys
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

HistoryManager.enabled = False
shell = InteractiveShell.instance()
shell.kernel = object()  # what the shell of a notebook has, and that of a terminal has not

from linode.progress import ProgressBar
from linode.sandbox import Sandbox

client = Sandbox(seed=1).client()
web, password = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="web")
"""


def in_kernel(program: str) -> str:
    """The output of *program* in a shell with a kernel."""
    command = [sys.executable, "-c", KERNEL + program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_wait_is_one_bar_that_changes():
    """``progress=True`` displays one output and replaces it; no package but IPython is needed."""
    shown = in_kernel("""
sys.modules["rich"] = sys.modules["ipywidgets"] = None
with capture_output() as captured:
    web.wait(progress=True)
first, *later = captured.outputs
assert len(later) > 2, later
print(all("<progress" in each.data["text/html"] for each in (first, *later)))
print(later[-1].data["text/html"].count("<progress"), "value='100'" in later[-1].data["text/html"])
print(later[-1].data["text/plain"])
""")
    assert shown == "True\n1 True\nweb: 100% running\n"


def test_objects_and_lists_are_displayed_as_tables():
    """The shell chooses HTML for an object and for a list."""
    shown = in_kernel("""
from IPython.display import display
with capture_output() as captured:
    display(web, client.get_linodes())
print([each.data["text/html"].startswith("<table><caption>") for each in captured.outputs])
""")
    assert shown == "[True, True]\n"


def test_a_terminal_gets_the_bars_of_rich():
    """An IPython shell without a kernel draws bars on standard error."""
    shown = in_kernel("""
del shell.kernel
import io
from rich.console import Console
drawn = io.StringIO()
with ProgressBar(console=Console(file=drawn)) as bar:
    web.wait(progress=bar)
print("web" in drawn.getvalue(), "100%" in drawn.getvalue())
from linode.progress import in_notebook
print(in_notebook())
""")
    assert shown == "True True\nFalse\n"
