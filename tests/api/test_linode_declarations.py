"""The Linode family against the API's own list of operations and shapes."""

from __future__ import annotations

import inspect
import re
from fnmatch import fnmatchcase
from typing import Any

from routes import answers, declared, families, members, operations, yardstick
from shapes import answer_differences, differences, hint_differences, settable

import linode as package
from linode._model import Resource, action
from linode._model.convert import annotation

MODULES = (
    "linodes.backups",
    "linodes.configs",
    "linodes.disks",
    "networking.firewalls",
    "linodes.interfaces",
    "linodes.create",
    "linodes.linode",
    "networking.ips",
    "nodebalancers",
    "stackscripts",
    "types",
    "volumes",
)
SCHEMAS = {
    "AvailableBackups": "LinodeBackups",
    "Backup": "LinodeBackup",
    "Config": "LinodeConfig",
    "ConfigInterface": "LinodeConfigInterface",
    "Disk": "Disk",
    "Firewall": "Firewall",
    "IPAddress": "IPAddress",
    "IPv6Range": "IPv6Range",
    "InterfaceHistory": "LinodeInterfaceHistory",
    "InterfaceSettings": "LinodeInterfaceSettings",
    "InterfaceUpgrade": "LinodeInterfaceUpgrade",
    "Kernel": "Kernel",
    "Linode": "Linode",
    "LinodeIP": "IPAddress",
    "LinodeIPs": "LinodeIPs",
    "LinodeInterface": "LinodeInterface",
    "LinodeMonthlyTransfer": "LinodeMonthlyTransfer",
    "LinodeTransfer": "LinodeTransfer",
    "NodeBalancer": "NodeBalancer",
    "StackScript": "StackScript",
    "Type": "LinodeType",
    "UserDefinedField": "UserDefinedField",
    "VPCIPAddress": "VPCIPAddress",
    "Volume": "Volume",
    "VolumeType": "VolumeType",
}
DEVIATIONS = {
    "*olume*.label: minLength is 1": "the pattern beside it wants two characters",
    "Volume.resize.size: max is 10240": "the vendor's own tests record 16384, and a refusal in words of its own",
    "AvailableBackups.snapshot.current: *null": "a Linode without a snapshot has none",
    "Config.created: is str": "a date without a format in the list of shapes",
    "Config.updated: is str": "a date without a format in the list of shapes",
    "Config.root_device: pattern*": "the pattern is prose, not an expression",
    "Linode*.rdma_vpc: *null": "exactly one of the four kinds of an interface is not null",
    "Interface*.rdma_vpc: *null": "exactly one of the four kinds of an interface is not null",
    "IPv6Range.is_bgp: the API does not have it": "told of a range by itself, not in a list",
    "IPv6Range.linodes: the API does not have it": "told of a range by itself, not in a list",
    "LinodeIPs.ipv6.global.*: the API does not have it": "told of a range by itself, not in a list",
    "LinodeInterface.interfaces: missing": "the list stands under that name",
    "LinodeStats.*: missing": "the series stand in data",
    "Linode.type: can be null": "said by one client's types alone; no answer has shown it",
    "*price*.hourly: can be null": "said by one client's types alone; every plan and volume recorded has both prices",
    "*price*.monthly: can be null": "said by one client's types alone; every plan and volume recorded has both prices",
    "NodeBalancer.backend_connectivity: cannot be null": "left out under v4, which the library asks",
    "LinodeIPs.ipv4.private.linode_id: *null": "one class reads all addresses of a Linode",
    "LinodeIPs.ipv4.private.assigned_entity: *null": "one class reads all addresses of a Linode",
    "LinodeIPs.ipv4.private.tags: *": "one class reads all addresses of a Linode",
    "LinodeIPs.ipv6.link_local.*": "one class reads all addresses of a Linode",
    "LinodeIPs.ipv6.slaac.*": "one class reads all addresses of a Linode",
    "*.interface_id: *null": "addresses of configurations' interfaces have none",
    "*.nat_1_1: *null": "most addresses of a VPC have no public one",
    "*manyOf: missing": "the API sends it in lower case",
    "*oneOf: missing": "the API sends it in lower case",
    "*manyof: the API does not have it": "the API sends it in lower case",
    "UserDefinedField.*: cannot be null": "a member that is left out reads as None",
    "StackScript.user_defined_fields.*: cannot be null": "a member that is left out reads as None",
    "StackScript.ordinal: *null": "only Linode's own have one",
    "StackScript.logo_url: *null": "only Linode's own have one",
    "IPAddress: settable tags": "tags are set by an operation of the reserved addresses",
    "LinodeIP: settable reserved": "the operation under the Linode takes rdns alone",
    "LinodeIP: settable tags": "the operation under the Linode takes rdns alone",
    "Config: filterable interfaces.label": "the list says so, the shape does not",
    "Linode: filterable placement_group.*": "the list says so, the shape does not",
    "VolumeType: filterable price.*": "the list says so, the shape does not",
    "Linode.create_config.disks: *": "a shorter way to say devices",
    "*.stackscript_data: maxLength*": "the length of its JSON, which the API measures",
    "*.root_pass: cannot be null": "None asks for a password to be made up",
    "*.devices: cannot be null": "None stands for none",
    "Linode._rebuild.image: can be null": "the API refuses to rebuild without an image",
    "Linode.create_config.root_device: pattern*": "the pattern is prose, not an expression",
}


def unexplained(found: list[str]) -> list[str]:
    """Those of *found* for which `DEVIATIONS` has no reason."""
    return [each for each in found if not any(fnmatchcase(each, known) for known in DEVIATIONS)]


def shape_differences() -> list[str]:
    schemas = yardstick()["schemas"]
    found: list[str] = []
    for name, schema in SCHEMAS.items():
        cls, fact = getattr(package, name), schemas[schema]
        found += differences(cls, fact, schemas)
        if issubclass(cls, Resource):
            found += [f"{name}: filterable {key}" for key in sorted({*cls.filterable} ^ {*fact.get("filterable", ())})]
            editable = {*fact.get("editable", ())} if cls.savable else set()
            found += [
                f"{name}: settable {key}" for key in sorted(settable(cls) ^ editable if cls.savable else editable)
            ]
    return found


def extra_routes() -> list[str]:
    prefixes = ("/linode/", "/volumes", "/networking", "/nodebalancers")
    known = operations(prefixes)
    return [f"{method} {path}" for method, path in declared(*MODULES) if (method, path) not in known]


def verbs() -> dict[tuple[str, str], tuple[str, Any]]:
    """Every verb with a body, by its route."""
    found = {}
    by_name = {f"{cls.__name__}.{name}": member for cls in families(*MODULES) for name, member in members(cls).items()}
    for route, names in declared(*MODULES).items():
        for name in names:
            own = name.endswith((".save", ".delete", ".load"))
            if isinstance(member := by_name.get(name), action) and route[0] != "GET" and not own:
                found[route] = (name, member.__wrapped__)
    return found


def body_differences() -> list[str]:
    found: list[str] = []
    known = operations(("/linode/", "/volumes"))
    for route, (name, function) in verbs().items():
        request = known[route]["request"] or {}
        hints = option_hints(function)
        found += [f"{name}.{key}: not in the body" for key in hints.keys() - request.keys()]
        found += [f"{name}.{key}: missing" for key in request.keys() - hints.keys()]
        for key in hints.keys() & request.keys():
            found += hint_differences(hints[key], request[key], f"{name}.{key}")
    return found


def option_hints(function: Any) -> dict[str, Any]:
    """The types of all that *function* takes by name; None is left out where it only stands for nothing."""
    hints: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            (options,) = annotation(function, parameter.annotation).__args__
            for key, hint in options.__annotations__.items():
                if key != "extra":
                    hints[key] = annotation(options, getattr(hint, "__forward_arg__", hint))
        elif parameter.name != "self":
            hints[parameter.name] = annotation(function, parameter.annotation)
    return hints


def test_every_operation_of_linodes_is_reached() -> None:
    """Each operation under /linode has a declaration."""
    reached = declared(*MODULES)
    assert [route for route in operations(("/linode/",)) if route not in reached] == []


def test_no_operation_is_made_up() -> None:
    """Each route that the declarations reach is an operation of the API, or is explained."""
    assert unexplained(extra_routes()) == []


def test_fields_are_those_of_the_api() -> None:
    """Every member of every shape is declared with its type, its choices and bounds, and whether it can be set."""
    assert unexplained(shape_differences()) == []


def test_every_answer_is_read_whole() -> None:
    """The class that reads an answer has every member of it, though another operation on the same may answer less."""
    assert unexplained(answer_differences(answers(*MODULES), yardstick()["schemas"])) == []


def test_verbs_take_what_the_api_takes() -> None:
    """Every member of every body is a parameter of its verb, with its type, its choices and bounds."""
    assert unexplained(body_differences()) == []


def test_deviations_are_not_stale() -> None:
    """Each deviation still explains something."""
    found = shape_differences() + extra_routes() + body_differences()
    found += answer_differences(answers(*MODULES), yardstick()["schemas"])
    assert [known for known in DEVIATIONS if not any(fnmatchcase(each, known) for each in found)] == []


def test_scopes_are_those_of_the_api() -> None:
    """A class names the family of scopes that loading it takes, or that it takes none."""
    found = {}
    for cls in families(*MODULES):
        path = re.sub(r"\{\w+\}", "{}", getattr(cls, "path", ""))
        if operation := operations(("/",)).get(("GET", path)):
            scopes = {scope.partition(":")[0] for scope in operation["scopes"]}
            if scopes != ({cls._scope} if cls._scope else set()):
                found[cls.__name__] = scopes
    assert found == {}
