"""Settings of a client from the environment, and from the configuration files of the vendor's tools.

Two forms of file are read, both INI. That of the Go tools (Terraform, linodego) has a section for each profile, by
default ``[default]``, with ``token``, ``api_url`` and ``api_version``. That of ``linode-cli`` has a section for each
user, with ``token``, ``api_host``, ``api_scheme`` and ``api_version``; ``default-user`` in ``[DEFAULT]`` names one. A
section takes what it lacks from ``[DEFAULT]`` and ``[default]``, as it does for both tools.
"""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterable
from configparser import ConfigParser, ParsingError
from pathlib import Path
from typing import Any, NamedTuple

from ._secrets import checked_token

__all__ = ["read_profile", "url_from_environment"]

HOST = "https://api.linode.com"
VERSIONS = ("v4", "v4beta")
READABLE_BY_OTHERS = 0o077
CALLER = 4
"""Frames from a warning to the line that called ``from_config``: `read_profile`, ``from_config`` and its decorator."""


class _Setting(NamedTuple):
    """A value, and the name under which messages mention it."""

    name: str
    value: str | None


def url_from_environment() -> str:
    """The base URL that ``LINODE_URL`` and ``LINODE_API_VERSION`` say. Raises ValueError."""
    return _base_url(_environment("LINODE_URL"), _environment("LINODE_API_VERSION"))


def read_profile(profile: str | None, path: str | os.PathLike[str] | None, given: Iterable[str]) -> tuple[Any, str]:
    """The options of a client that a section of a configuration file sets, and the name of file and section.

    Options whose names are in *given* are left out. Raises FileNotFoundError, OSError and ValueError, whose messages
    contain no token.
    """
    file = _file(path)
    text, mode = _read(file)
    if os.name == "posix" and mode & READABLE_BY_OTHERS:
        warnings.warn(
            f"{file} has a token and other users have access to it (mode {mode:04o}); run: chmod 600 {file}",
            stacklevel=CALLER,
        )
    sections = _sections(text, file)
    common = {**sections.get("DEFAULT", {}), **sections.get("default", {})}
    name = _chosen(profile, common, sections, file)
    source = f"{file} [{name}]"
    values = {**common, **sections[name]}
    options: dict[str, Any] = {}
    if "token" not in given:
        if not values.get("token"):
            raise ValueError(f"{source} has no token; {_listed(sections, file)}")
        options["token"] = checked_token(values["token"], f"the token in {source}")
    if "base_url" not in given:
        options["base_url"] = _base_url(_url(values, source), _in_file(values, "api_version", source))
    return options, source


def _environment(name: str) -> _Setting:
    return _Setting(name, os.environ.get(name) or None)


def _in_file(values: dict[str, str], key: str, source: str) -> _Setting:
    """The value of *key*, else that of the environment."""
    value = values.get(key)
    return _Setting(f"{key} in {source}", value) if value else _environment(f"LINODE_{key.upper()}")


def _url(values: dict[str, str], source: str) -> _Setting:
    """The address: ``api_url`` of the Go tools, ``api_host`` and ``api_scheme`` of linode-cli, else ``LINODE_URL``."""
    if url := values.get("api_url"):
        return _Setting(f"api_url in {source}", url)
    if host := values.get("api_host"):
        return _Setting(f"api_host in {source}", f"{values.get('api_scheme') or 'https'}://{host}")
    return _environment("LINODE_URL")


def _base_url(url: _Setting, version: _Setting) -> str:
    """The address *url* with *version*, which replaces one that the address ends in; without both, the API's v4."""
    if version.value is not None and version.value not in VERSIONS:
        raise ValueError(f"{version.name} is {version.value!r}; it must be {' or '.join(VERSIONS)}")
    address = url.value or HOST
    scheme, mark, rest = address.partition("://")
    if not mark:
        scheme, rest = "https", address  # the Go tools take a host alone
    rest = rest.rstrip("/")
    if scheme not in ("http", "https") or not rest.partition("/")[0]:
        raise ValueError(f"{url.name} is {url.value!r}; it must be an address such as {HOST}")
    before, slash, last = rest.rpartition("/")
    if slash and last in VERSIONS:
        return f"{scheme}://{before}/{version.value or last}"
    return f"{scheme}://{rest}/{version.value or VERSIONS[0]}"


def _file(path: str | os.PathLike[str] | None) -> Path:
    """The configuration file: *path*, that of ``LINODE_CONFIG``, or the first of the vendor's tools that exists."""
    if named := path or os.environ.get("LINODE_CONFIG"):
        file = Path(named).expanduser()
        if not file.exists():
            origin = "path" if path else "LINODE_CONFIG"
            raise FileNotFoundError(f"{origin}={os.fspath(named)!r}: the configuration file does not exist")
        return file
    home = Path.home() / ".config"
    files = [home / "linode", Path(os.environ.get("XDG_CONFIG_HOME") or home) / "linode-cli"]
    for file in files:
        if file.is_file():
            return file
    raise FileNotFoundError(
        f"there is no configuration file: neither {files[0]} nor {files[1]} exists; give path= or set LINODE_CONFIG"
    )


def _read(file: Path) -> tuple[str, int]:
    """The text of *file*, and its permissions."""
    with file.open("rb") as opened:
        mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
        content = opened.read()
    text = content.decode("utf-8-sig", "replace")  # a replaced character in a token is refused below
    return text, mode


def _sections(text: str, file: Path) -> dict[str, dict[str, str]]:
    """The sections of *text*. Raises ValueError with the numbers of the lines, which may contain a token."""
    parser = ConfigParser(default_section="", interpolation=None, inline_comment_prefixes=("#", ";"), strict=False)
    try:
        parser.read_string(text)
    except ParsingError as error:
        # An error of a single line has its number as `lineno`, the others have `errors`.
        one: int | None = getattr(error, "lineno", None)
        lines = [str(number) for number in ([each for each, _ in error.errors] if one is None else [one])]
    else:
        return {name: {key: _bare(value) for key, value in parser.items(name)} for name in parser.sections()}
    # Raised here, so that the parser's error, which quotes the lines, is no context of this one.
    raise ValueError(f"{file} is not an INI file: line {', '.join(lines)} is neither [section] nor key = value")


def _bare(value: str) -> str:
    """*value* without quotes around it, which the Go tools take off as well."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _chosen(profile: str | None, common: dict[str, str], sections: Iterable[str], file: Path) -> str:
    """The name of the section to read. Case does not matter, as in the Go tools, unless two names differ in it."""
    asked = [
        _Setting("profile", profile or None),
        _environment("LINODE_PROFILE"),
        _Setting(f"default-user in {file}", common.get("default-user") or None),
        _Setting("the default", "default"),
    ]
    name, wanted = next((each.name, each.value) for each in asked if each.value is not None)
    for section in sections:
        if section == wanted:
            return section
    for section in sections:
        if section.lower() == str(wanted).lower():
            return section
    raise ValueError(f"{file} has no section [{wanted}] ({name}); {_listed(sections, file)}")


def _listed(sections: Iterable[str], file: Path) -> str:
    """The *sections* for a message."""
    names = ", ".join(f"[{name}]" for name in sections)
    return f"its sections are {names}" if names else f"{file.name} has no sections"
