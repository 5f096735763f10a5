"""Changes to dns-lexicon for which it has no settings.

Its provider asks another address, and the list of public suffixes is the one that comes with tldextract, where it would
be fetched from the internet first.
"""

from __future__ import annotations

import functools

import tldextract
from lexicon._private.providers import linode


def lead_to(address):
    """Let what is made from now on ask the sandbox at *address*, and nobody else."""
    made = linode.Provider.__init__

    def make(self, config):
        made(self, config)
        assert self.api_endpoint == "https://api.linode.com/v4/"
        self.api_endpoint = f"{address}/v4/"

    linode.Provider.__init__ = make
    tldextract.TLDExtract = functools.partial(tldextract.TLDExtract, suffix_list_urls=())
