"""Proxies: the choice of a proxy for a host, and the check of its URL."""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["checked", "proxy_at", "proxy_for"]


SOCKS = ("socks5", "socks5h")
"""Schemes of SOCKS proxies. The proxy resolves host names with both."""
KINDS = ("http", "https", *SOCKS)
LINK_LOCAL = ("169.254.", "[fe80:", "[fd00:a9fe:a9fe:")
"""The beginnings of hosts that only this machine reaches, such as the Metadata service: a proxy would not."""
PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


def _speaks_socks() -> bool:
    """Whether httpcore2 can use a SOCKS proxy."""
    from importlib.util import find_spec

    return find_spec("socksio") is not None


def checked(proxy: str | None, source: str = "proxy") -> str | None:
    """*proxy* as a complete URL; ``host:3128`` becomes ``http://host:3128``.

    Raises ValueError, which names *source*, for a scheme other than HTTP, HTTPS and SOCKS 5, for a URL without a host,
    and for SOCKS when the package socksio is not installed.
    """
    if proxy is None:
        return None
    if not isinstance(proxy, str):
        raise TypeError(f"{source} is a URL such as http://host:3128, not {type(proxy).__name__}")
    url = proxy if "://" in proxy else f"http://{proxy}"
    address = urlsplit(url)
    if address.scheme not in KINDS:
        raise ValueError(f"{source} has the scheme {address.scheme!r}; the supported schemes are {', '.join(KINDS)}")
    if address.scheme in SOCKS and not _speaks_socks():
        raise ValueError(f"{source} is a SOCKS proxy, which needs socksio: pip install socksio")
    try:
        usable = bool(address.hostname) and (address.port is None or address.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"{source} has no valid host and port; write a URL such as http://host:3128")
    return url


def proxy_for(origin: str) -> str | None:
    """The proxy that the environment names for *origin*. Raises ValueError for a proxy that cannot be used."""
    named = any(name.lower().endswith("_proxy") for name in os.environ)
    if not named and sys.platform not in ("darwin", "win32"):  # these have proxy settings besides the environment
        return None
    from urllib.request import getproxies, proxy_bypass  # takes 15 ms to import

    scheme, _, host = origin.partition("://")
    if host.startswith(LINK_LOCAL):
        return None
    proxies = getproxies()
    name = scheme if proxies.get(scheme) else "all"
    if not proxies.get(name) or proxy_bypass(host):
        return None
    return checked(proxies[name], f"the environment's {name}_proxy")


def proxy_at(url: str | None) -> Any:
    """The proxy at *url* as an object of httpcore2."""
    if url is None:
        return None
    import httpcore2

    address = urlsplit(url)
    auth = None if address.username is None else (unquote(address.username), unquote(address.password or ""))
    host = (address.hostname or "").encode("idna")
    port = address.port or PORTS[address.scheme]
    return httpcore2.Proxy(httpcore2.URL(scheme=address.scheme, host=host, port=port, target=b"/"), auth=auth)
