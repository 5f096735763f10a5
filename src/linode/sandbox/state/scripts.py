"""Programs of this library that repeat recorded changes."""

from __future__ import annotations

import inspect
import json
import keyword
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

import linode
from linode import LinodeClient, Retry
from linode._http.transport import Request, Response

from ..._model import Resource
from ..core import schema
from ..engine import hints
from .recording import Change, Recording

__all__ = ["Script"]

SECRET = re.compile(r"(pass|password|secret|ssl_key|private_key|token|user_data|card_number|cvv|(tfa|otp)_code)$")
MIN_PAUSE = 2.0
"""Seconds between two changes from which a program pauses."""
HEADER = '''"""Changes that were recorded in a sandbox; rebuild() makes them again."""

from __future__ import annotations

{imports}

def rebuild(client: LinodeClient, pause: Callable[[float], object] = time.sleep) -> None:
    """Make the changes with *client*. A sandbox in the process takes its ``advance`` for *pause*."""
'''
FOOTER = """

if __name__ == "__main__":
    rebuild(LinodeClient())
"""


class Code(str):
    """An expression of Python, as opposed to a text."""

    __slots__ = ()


class Capture:
    """A transport that notes the first change, answers it as it was answered, and refuses all else."""

    parallel = False

    def __init__(self, change: Change) -> None:
        self._change = change
        self.sent: tuple[str, str, Any] | None = None

    def send(self, request: Request, timeout: float | None) -> Response:
        """The recorded response."""
        del timeout
        if self.sent is not None or request.method == "GET":
            raise LookupError("it sends other requests than the recorded one")
        path = urlsplit(request.url).path.partition("/v4")[2].removeprefix("beta")
        self.sent = (request.method, path, msgspec.json.decode(request.body or b"null") or None)
        return Response(200, {"content-type": "application/json"}, msgspec.json.encode(self._change.row))

    def now(self) -> float:
        """No time passes."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Pause for nothing."""

    def close(self) -> None:
        """Do nothing: there are no connections."""


class Made(NamedTuple):
    """A call that sends the recorded request: its expression, and the one of the object that it returns."""

    call: str
    returned: str | None


class Script:
    """The program for *recording*, whose world has the time *now*."""

    def __init__(self, recording: Recording, now: float) -> None:
        self._recording = recording
        self._now = now
        self._lines: list[str] = []
        self._variables: dict[tuple[str, str], str] = {}
        self._addresses: dict[str, str] = {}
        self._secrets: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._classes: dict[str, str] = {}

    def text(self) -> str:
        """The source of the program."""
        last = self._recording.began
        for change in self._recording.changes:
            self._pause(change.seconds - last)
            last = change.seconds
            self._write(change)
        self._pause(self._now - last)
        self._lines += [f"# left out: {each}" for each in self._recording.left_out]
        body = "\n".join(f"    {line}" for line in self._lines or ["pass"])
        return f"{HEADER.format(imports=self._imports())}{body}\n{FOOTER}"

    def _imports(self) -> str:
        modules = ["import time"]
        if self._secrets:
            modules.insert(0, "import os")
        by_module: dict[str, set[str]] = {"linode": {"LinodeClient"}}
        for name, module in self._classes.items():
            by_module.setdefault(module, set()).add(name)
        own = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(by_module.items())]
        return "\n".join([*modules, "from collections.abc import Callable", "", *own, ""])

    def _pause(self, seconds: float) -> None:
        if seconds >= MIN_PAUSE:
            self._lines.append(f"pause({round(seconds, 1)})")

    # -- a change ----------------------------------------------------------------------------------------------------

    def _write(self, change: Change) -> None:
        made = self._verb(change) or self._change_of_fields(change) or self._request(change)
        cls = self._created(change)
        if cls is None:
            self._lines.append(made.call)
            return
        name = self._variable(cls)
        self._lines.append(f"{name} = {made.returned or self._object(cls, change, made.call)}")
        self._remember(cls, name, change)

    def _created(self, change: Change) -> type[Resource] | None:
        """The class of the object that *change* has created."""
        cls = change.route.target
        if change.route.method != "POST" or cls is None or not isinstance(change.row, dict) or cls.id_key is None:
            return None
        return cls if cls.id_key in change.row else None

    def _object(self, cls: type[Resource], change: Change, call: str) -> str:
        """The expression of an object of *cls* whose JSON is the result of *call*."""
        parents = [self._value_of(name, change) for name in cls._parent_names]
        return f"{self._class(cls)}({', '.join(['client', f'{call}[{_text(str(cls.id_key))}]', *parents])})"

    def _value_of(self, name: str, change: Change) -> str:
        """The expression of the parameter *name* in the path of *change*; ``id`` is that of its own row."""
        own = change.route.cls
        key = own.id_key if own is not None and name not in change.names else name
        return _written(_number(change.names[key or name]))

    def _remember(self, cls: type[Resource], name: str, change: Change) -> None:
        row = change.row
        above = [change.names[each] for each in change.names]
        self._variables[schema.table_of(cls), schema.key_of(cls, row[cls.id_key], above[::-1])] = name
        found = row.get("ipv4")
        for at, address in enumerate(found if isinstance(found, list) else ()):
            if isinstance(address, str):
                self._addresses.setdefault(address, f"{name}.ipv4[{at}]")
        if isinstance(found, str):
            self._addresses.setdefault(found, f"{name}.ipv4")

    def _verb(self, change: Change) -> Made | None:
        """The call of the library's method for *change*, if one sends the same request."""
        names = [each.__name__ for each in change.route.keys if callable(each) and not each.__name__.startswith("_")]
        if change.route.operation == "delete":
            names.append("delete")
        for name in names:
            capture = Capture(change)
            client = LinodeClient("none", transport=capture, retry=Retry(attempts=1))
            receiver = client if change.route.cls is None else self._dry(change, client)
            options = _options(getattr(type(receiver), name, None), change)
            try:
                result = getattr(receiver, name)(**options)
            except Exception:  # noqa: BLE001, S112  whatever it cannot take: the request itself is written instead
                continue
            if capture.sent == (change.route.method, change.path, change.body or None):
                call = f"{self._receiver(change)}.{name}({self._keywords(options, change)})"
                if isinstance(result, tuple):
                    return Made(call, f"{call}[0]")
                return Made(call, call if isinstance(result, Resource) else None)
        return None

    def _dry(self, change: Change, client: LinodeClient) -> Any:
        cls: Any = change.route.cls
        if cls.id_key is None:
            return cls(client)
        return cls(
            client, _number(change.names[cls.id_key]), *(_number(change.names[each]) for each in cls._parent_names)
        )

    def _receiver(self, change: Change) -> str:
        """The expression of the object in the path of *change*, or of the client."""
        cls = change.route.cls
        if cls is None:
            return "client"
        if cls.id_key is None:
            return f"{self._class(cls)}(client)"
        ids = [change.names[cls.id_key], *(change.names[each] for each in cls._parent_names)]
        owners = [cls, *schema.parents_of(cls).values()]
        known = [
            self._variables.get((schema.table_of(each), schema.key_of(each, ids[at], ids[at + 1 :])))
            for at, each in enumerate(owners)
        ]
        if known[0] is not None:
            return known[0]
        parts = [variable or _written(_number(id)) for variable, id in zip(known, ids, strict=True)]
        return f"{self._class(cls)}({', '.join(['client', *parts])})"

    def _change_of_fields(self, change: Change) -> Made | None:
        """The assignments, and ``save()``, of an update."""
        cls: Any = change.route.cls
        if change.route.operation != "update" or not isinstance(change.body, dict) or not change.body:
            return None
        by_key = {field.key: name for name, field in cls._fields.items()}
        capture = Capture(change)
        try:
            dry = self._dry(change, LinodeClient("none", transport=capture, retry=Retry(attempts=1)))
            for key, value in change.body.items():
                setattr(dry, by_key[key], value)
            dry.save()
        except Exception:  # noqa: BLE001  likewise
            return None
        if capture.sent != (change.route.method, change.path, change.body):
            return None
        receiver = self._receiver(change)
        if "(" in receiver:
            name = self._variable(cls)
            self._lines.append(f"{name} = {receiver}")
            receiver = name
        for key, value in change.body.items():
            written = self._source(value, change.route.types.get(key), (key,))
            self._lines.append(f"{receiver}.{by_key[key]} = {written}")
        return Made(f"{receiver}.save()", None)

    def _request(self, change: Change) -> Made:
        """The request as it was sent, for what the library has no method."""
        path = self._path(change)
        body = "" if change.body is None else f", {self._members(change.body, change.route.types)}"
        beta = ", beta=True" if change.route.beta else ""
        return Made(f"client.request({_text(change.route.method)}, {path}{body}{beta})", None)

    def _path(self, change: Change) -> str:
        """The expression of the path of *change*, with variables for the objects in it."""
        cls, path, ids = change.route.cls, change.route.path, change.names
        owners: dict[str, Any] = {}
        if cls is not None:
            owners = {**({cls.id_key: cls} if cls.id_key else {}), **schema.parents_of(cls)}
        names = list(owners)
        for at, (name, each) in enumerate(owners.items()):
            above = [ids[parent] for parent in names[at + 1 :]]
            known = self._variables.get((schema.table_of(each), schema.key_of(each, ids[name], above)))
            path = path.replace(f"{{{name}}}", f"{{{known}.id}}" if known and each.id_key == "id" else ids[name])
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        return f"f{_text(path)}" if "{" in path else _text(path)

    # -- values ------------------------------------------------------------------------------------------------------

    def _variable(self, cls: type[Resource]) -> str:
        name = cls.__name__.lower()
        self._numbers[name] += 1
        return f"{name}_{self._numbers[name]}"

    def _class(self, cls: type[Resource]) -> str:
        name = cls.__name__
        self._classes[name] = "linode" if getattr(linode, name, None) is cls else cls.__module__
        return name

    def _keywords(self, options: Mapping[str, Any], change: Change) -> str:
        types = change.route.types
        declared = {name: types.get(name.rstrip("_")) for name in options}
        declared |= {
            name: types[each] for name in options for each in types if name.endswith(f"_{each}") and not declared[name]
        }
        return ", ".join(f"{name}={self._source(value, declared[name], (name,))}" for name, value in options.items())

    def _members(self, body: Mapping[str, Any], types: Mapping[str, Any]) -> str:
        return self._source(
            {name: Code(self._source(each, types.get(name), (name,))) for name, each in body.items()}, None, ()
        )

    def _source(self, value: Any, hint: Any, place: tuple[str, ...]) -> str:
        """The expression of the JSON *value* of the type *hint*."""
        if isinstance(value, Code):
            return str(value)
        if isinstance(value, dict):
            inner = hints.inner_types(hint)
            members = ", ".join(f"{_text(k)}: {self._source(v, inner.get(k), (*place, k))}" for k, v in value.items())
            return f"{{{members}}}"
        if isinstance(value, list):
            return f"[{', '.join(self._source(each, hints.item_type(hint), place) for each in value)}]"
        name = place[-1] if place else ""
        if isinstance(value, str) and SECRET.search(name):
            return f'os.environ["{self._secret(name, value)}"]'
        if isinstance(value, str):
            return self._text(value)
        return self._reference(value, hint, place) or repr(value)

    def _text(self, value: str) -> str:
        address, colon, port = value.partition(":") if value.count(":") == 1 else (value, "", "")
        if address in self._addresses:
            known = self._addresses[address]
            return f'f"{{{known}}}:{port}"' if colon else known
        return _text(value)

    def _reference(self, value: Any, hint: Any, place: tuple[str, ...]) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        names = [place[-1]] if place else [""]
        if names == ["id"] and len(place) > 1:
            names = [f"{place[-2]}_id"]
        for cls, _ in hints.named_in(value, hint, names[0]):
            known = self._variables.get((schema.table_of(cls), str(value)))
            if known is not None:
                return f"{known}.id"
        return None

    def _secret(self, name: str, value: str) -> str:
        """The environment variable for the secret *value* of the member *name*."""
        if value not in self._secrets:
            self._numbers[name.upper()] += 1
            number = self._numbers[name.upper()]
            self._secrets[value] = name.upper() if number == 1 else f"{name.upper()}_{number}"
        return self._secrets[value]


def _options(function: Any, change: Change) -> dict[str, Any]:
    """The members of *change* by the names of the parameters of *function*, which may be longer: ``record_type``."""
    body = change.body if isinstance(change.body, dict) else {}
    body = {f"{name}_" if keyword.iskeyword(name) else name: value for name, value in body.items()}
    try:
        parameters = inspect.signature(function).parameters if function is not None else {}
    except ValueError:
        parameters = {}
    for name in parameters:
        if name not in body and (short := next((each for each in body if name.endswith(f"_{each}")), None)) is not None:
            body = {name if each == short else each: value for each, value in body.items()}
    return body


def _text(value: str) -> str:
    """The text *value* as Python has it, in double quotes."""
    return json.dumps(value, ensure_ascii=False)


def _written(value: int | str) -> str:
    return _text(value) if isinstance(value, str) else str(value)


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
