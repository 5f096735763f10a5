"""Configurations of a Linode: what it boots, from which disks, with which network interfaces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypedDict, Unpack, get_args

from linode._model import Call, Field, Many, Meta, Options, Parent, ReadOnly, RefField, Resource, Struct, action, given

from ..volumes import Volume

if TYPE_CHECKING:
    from ..types import Kernel
    from .disks import Disk
    from .linode import Linode

__all__ = [
    "Config",
    "ConfigDevice",
    "ConfigDevices",
    "ConfigHelpers",
    "ConfigInterface",
    "ConfigInterfaceEntry",
    "ConfigInterfaceIPv4",
    "ConfigInterfaceIPv6",
    "ConfigInterfaceOptions",
    "ConfigOptions",
    "ConfigRange",
    "ConfigSLAAC",
    "Device",
    "DeviceSlot",
    "Devices",
    "NewConfigInterface",
]

ConfigLabel: TypeAlias = Annotated[str, Meta(min_length=1, max_length=48)]
InterfaceLabel: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern="[a-zA-Z0-9-]+")]
Purpose: TypeAlias = Literal["public", "vlan", "vpc"]
RunLevel: TypeAlias = Literal["default", "single", "binbash"]
VirtMode: TypeAlias = Literal["paravirt", "fullvirt"]


class Device(TypedDict, total=False):
    """Device in a slot of a configuration: a disk or a volume."""

    disk_id: Disk | int | None
    """A disk of the same Linode."""
    volume_id: Volume | int | None
    """A volume of the same region."""


# fmt: off
DeviceSlot: TypeAlias = Literal[
    "sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg", "sdh", "sdi", "sdj", "sdk", "sdl", "sdm",
    "sdn", "sdo", "sdp", "sdq", "sdr", "sds", "sdt", "sdu", "sdv", "sdw", "sdx", "sdy", "sdz",
    "sdaa", "sdab", "sdac", "sdad", "sdae", "sdaf", "sdag", "sdah", "sdai", "sdaj", "sdak", "sdal", "sdam",
    "sdan", "sdao", "sdap", "sdaq", "sdar", "sdas", "sdat", "sdau", "sdav", "sdaw", "sdax", "sday", "sdaz",
    "sdba", "sdbb", "sdbc", "sdbd", "sdbe", "sdbf", "sdbg", "sdbh", "sdbi", "sdbj", "sdbk", "sdbl",
]
"""The device names of the 64 slots of a configuration."""
# fmt: on
Devices: TypeAlias = dict[DeviceSlot, Device | None]
"""Disks and volumes by slot. How many slots can be used depends on the memory of the Linode: 8 to 64."""


def devices_of(disks: Sequence[Disk | Volume | int]) -> Devices:
    """*disks* in the slots sda, sdb, ...; a number is the id of a disk.

    Raises ValueError when there are more than 64.
    """
    slots: tuple[DeviceSlot, ...] = get_args(DeviceSlot)
    if len(disks) > len(slots):
        raise ValueError(
            f"a configuration has {len(slots)} slots, sda to {slots[-1]}, and these are {len(disks)} disks"
        )
    return {
        slot: {"volume_id": each} if isinstance(each, Volume) else {"disk_id": each}
        for slot, each in zip(slots, disks, strict=False)
    }


class ConfigDevice(Struct):
    """Device in a slot: a disk or a volume; the other is None."""

    disk_id: Field[int | None]
    """The id of a disk of the same Linode."""
    volume_id: Field[int | None]
    """The id of a volume."""


class ConfigDevices(Struct):
    """The disk or volume in each of the 64 slots; None where the slot is empty.

    Most systems boot from ``sda``; the rescue system uses ``sdh`` itself. The API sends ``sdi`` and later slots only
    up to the last one in use.
    """

    sda: Field[ConfigDevice | None]
    sdb: Field[ConfigDevice | None]
    sdc: Field[ConfigDevice | None]
    sdd: Field[ConfigDevice | None]
    sde: Field[ConfigDevice | None]
    sdf: Field[ConfigDevice | None]
    sdg: Field[ConfigDevice | None]
    sdh: Field[ConfigDevice | None]
    sdi: Field[ConfigDevice | None]
    sdj: Field[ConfigDevice | None]
    sdk: Field[ConfigDevice | None]
    sdl: Field[ConfigDevice | None]
    sdm: Field[ConfigDevice | None]
    sdn: Field[ConfigDevice | None]
    sdo: Field[ConfigDevice | None]
    sdp: Field[ConfigDevice | None]
    sdq: Field[ConfigDevice | None]
    sdr: Field[ConfigDevice | None]
    sds: Field[ConfigDevice | None]
    sdt: Field[ConfigDevice | None]
    sdu: Field[ConfigDevice | None]
    sdv: Field[ConfigDevice | None]
    sdw: Field[ConfigDevice | None]
    sdx: Field[ConfigDevice | None]
    sdy: Field[ConfigDevice | None]
    sdz: Field[ConfigDevice | None]
    sdaa: Field[ConfigDevice | None]
    sdab: Field[ConfigDevice | None]
    sdac: Field[ConfigDevice | None]
    sdad: Field[ConfigDevice | None]
    sdae: Field[ConfigDevice | None]
    sdaf: Field[ConfigDevice | None]
    sdag: Field[ConfigDevice | None]
    sdah: Field[ConfigDevice | None]
    sdai: Field[ConfigDevice | None]
    sdaj: Field[ConfigDevice | None]
    sdak: Field[ConfigDevice | None]
    sdal: Field[ConfigDevice | None]
    sdam: Field[ConfigDevice | None]
    sdan: Field[ConfigDevice | None]
    sdao: Field[ConfigDevice | None]
    sdap: Field[ConfigDevice | None]
    sdaq: Field[ConfigDevice | None]
    sdar: Field[ConfigDevice | None]
    sdas: Field[ConfigDevice | None]
    sdat: Field[ConfigDevice | None]
    sdau: Field[ConfigDevice | None]
    sdav: Field[ConfigDevice | None]
    sdaw: Field[ConfigDevice | None]
    sdax: Field[ConfigDevice | None]
    sday: Field[ConfigDevice | None]
    sdaz: Field[ConfigDevice | None]
    sdba: Field[ConfigDevice | None]
    sdbb: Field[ConfigDevice | None]
    sdbc: Field[ConfigDevice | None]
    sdbd: Field[ConfigDevice | None]
    sdbe: Field[ConfigDevice | None]
    sdbf: Field[ConfigDevice | None]
    sdbg: Field[ConfigDevice | None]
    sdbh: Field[ConfigDevice | None]
    sdbi: Field[ConfigDevice | None]
    sdbj: Field[ConfigDevice | None]
    sdbk: Field[ConfigDevice | None]
    sdbl: Field[ConfigDevice | None]


class ConfigHelpers(Struct):
    """Helpers that Linode applies to the root disk at every boot."""

    distro: Field[bool]
    """Whether the distribution's own set-up is kept right (console, fstab)."""
    modules_dep: Field[bool]
    """Whether the list of the kernel's modules is made anew."""
    network: Field[bool | None]
    """Whether the network is set up with the Linode's addresses; None follows the account."""
    devtmpfs_automount: Field[bool]
    """Whether ``/dev`` is filled by the kernel."""
    updatedb_disabled: Field[bool]
    """Whether the daily indexing of all files is turned off."""


class ConfigRange(Struct):
    """A range of IPv6 addresses of an interface."""

    range: Field[str]
    """The range with its prefix."""


class ConfigSLAAC(Struct):
    """A range of IPv6 from which an interface configures its own address."""

    range: Field[str]
    """The range with its prefix, or ``auto`` when it is asked for."""
    address: ReadOnly[str]
    """The address that came of it."""


class ConfigInterfaceIPv4(Struct):
    """IPv4 of an interface to a VPC."""

    vpc: Field[str | None]
    """The address within the VPC."""
    nat_1_1: Field[str | None]
    """The public address that is translated to it; ``any`` lets Linode choose."""


class ConfigInterfaceIPv6(Struct):
    """IPv6 of an interface to a VPC."""

    is_public: Field[bool]
    """Whether its addresses can be reached from the internet."""
    ranges: Field[list[ConfigRange]]
    """The ranges routed to it."""
    slaac: Field[list[ConfigSLAAC]]
    """The ranges from which it configures its own address."""


class ConfigInterfaceEntry(Struct):
    """A network interface as it stands in `Config.interface_list`."""

    id: ReadOnly[int]
    """Its number; a new entry has none."""
    purpose: Field[Purpose]
    """Purpose: the internet, a VLAN or a VPC."""
    active: ReadOnly[bool]
    """Whether the Linode runs with it now."""
    primary: Field[bool]
    """Whether the default route goes through it."""
    label: Field[InterfaceLabel | None]
    """The name of the VLAN; None for the others."""
    ipam_address: Field[str | None]
    """The Linode's address in the VLAN, with its prefix."""
    vpc_id: ReadOnly[int | None]
    """The VPC that it leads to."""
    subnet_id: Field[int | None]
    """The subnet of the VPC."""
    ipv4: Field[ConfigInterfaceIPv4 | None]
    """IPv4 in the VPC."""
    ipv6: Field[ConfigInterfaceIPv6 | None]
    """IPv6 in the VPC."""
    ip_ranges: Field[list[str] | None]
    """Ranges of IPv4 within the subnet that are routed to it."""


class ConfigInterfaceOptions(Options, total=False):
    """Options of `Config.create_interface` besides the purpose."""

    primary: bool
    """Let the default route go through it."""
    label: InterfaceLabel | None
    """The name of the VLAN; required for one."""
    ipam_address: str | None
    """The Linode's address in the VLAN, with its prefix."""
    subnet_id: int | None
    """The subnet of the VPC; required for one."""
    ipv4: IPv4Choice
    """IPv4 in the VPC."""
    ipv6: IPv6Choice
    """IPv6 in the VPC."""
    ip_ranges: Sequence[str] | None
    """Ranges of IPv4 within the subnet to route to it."""


class IPv4Choice(TypedDict, total=False):
    """IPv4 asked for in a VPC."""

    vpc: str | None
    """The address; the first free one when it is left out."""
    nat_1_1: str | None
    """The public address to translate to it; ``any`` lets Linode choose."""


class RangeChoice(TypedDict, total=False):
    """A range of IPv6 asked for."""

    range: str
    """The range, or ``auto``, or only a prefix such as ``/64``."""


class IPv6Choice(TypedDict, total=False):
    """IPv6 asked for in a VPC."""

    is_public: bool
    """Make it reachable from the internet."""
    ranges: Sequence[RangeChoice]
    """Ranges to route to it."""
    slaac: Sequence[RangeChoice]
    """Ranges from which it configures its own address."""


class NewConfigInterface(TypedDict, total=False):
    """A network interface of a configuration that is to be made; ``purpose`` is required."""

    purpose: Purpose
    """Purpose."""
    primary: bool
    """Let the default route go through it."""
    label: InterfaceLabel | None
    """The name of the VLAN."""
    ipam_address: str | None
    """The Linode's address in the VLAN, with its prefix."""
    subnet_id: int | None
    """The subnet of the VPC."""
    ipv4: IPv4Choice
    """IPv4 in the VPC."""
    ipv6: IPv6Choice
    """IPv6 in the VPC."""
    ip_ranges: Sequence[str] | None
    """Ranges of IPv4 within the subnet to route to it."""


class HelpersChoice(TypedDict, total=False):
    """Helpers that Linode applies to the root disk at every boot."""

    distro: bool
    """Keep the distribution's own set-up right (console, fstab)."""
    modules_dep: bool
    """Make the list of the kernel's modules anew."""
    network: bool | None
    """Set up the network with the Linode's addresses; None follows the account."""
    devtmpfs_automount: bool
    """Let the kernel fill ``/dev``."""
    updatedb_disabled: bool
    """Turn off the daily indexing of all files."""


class ConfigOptions(Options, total=False):
    """Options of `Linode.create_config` besides the kernel, the label and the disks."""

    comments: str | None
    """Notes for people."""
    helpers: HelpersChoice
    """Helpers that Linode applies at every boot; all of them by default."""
    interfaces: Annotated[Sequence[NewConfigInterface], Meta(min_length=1, max_length=3)]
    """Its network interfaces, eth0 first; one to the internet when they are left out."""
    memory_limit: int
    """Memory it may use, in MB; 0 is all there is."""
    root_device: str
    """The device to boot from, such as ``/dev/sda``."""
    run_level: RunLevel
    """How far the system starts."""
    virt_mode: VirtMode
    """How the machine is virtualised."""


class ConfigInterface(Resource):
    """A network interface of a configuration.

    ``ConfigInterface(client, 9, 7, 123)`` is interface 9 of configuration 7 of Linode 123.
    """

    path = "/linode/instances/{linode}/configs/{config}/interfaces/{id}"
    scope = "linodes"
    filterable = ("label",)

    config: Parent[Config]
    """The configuration it belongs to."""
    linode: Parent[Linode]
    """The Linode that the configuration belongs to."""
    id: ReadOnly[int]
    """Numeric ID."""
    purpose: ReadOnly[Purpose]
    """Purpose: the internet, a VLAN or a VPC."""
    active: ReadOnly[bool]
    """Whether the Linode runs with it now."""
    primary: Field[bool]
    """Whether the default route goes through it."""
    label: ReadOnly[InterfaceLabel | None]
    """The name of the VLAN; None for the others."""
    ipam_address: ReadOnly[str | None]
    """The Linode's address in the VLAN, with its prefix."""
    vpc_id: ReadOnly[int | None]
    """The VPC that it leads to."""
    subnet_id: ReadOnly[int | None]
    """The subnet of the VPC."""
    ipv4: Field[ConfigInterfaceIPv4 | None]
    """IPv4 in the VPC."""
    ipv6: Field[ConfigInterfaceIPv6 | None]
    """IPv6 in the VPC."""
    ip_ranges: Field[list[str] | None]
    """Ranges of IPv4 within the subnet that are routed to it."""


class Config(Resource):
    """Configuration that a Linode boots: kernel, disks, network interfaces.

    The API also filters the list by the labels of the interfaces: ``Filter({"interfaces.label": "vlan-1"})``.
    """

    path = "/linode/instances/{linode}/configs/{id}"
    scope = "linodes"
    filterable = ("interfaces.label", "label")

    linode: Parent[Linode]
    """The Linode it belongs to."""
    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[ConfigLabel]
    """Its name: 1 to 48 characters."""
    kernel: RefField[Kernel]
    """Kernel."""
    comments: Field[str | None]
    """Notes for people."""
    devices: Field[ConfigDevices]
    """The disks and volumes, by slot."""
    root_device: Field[str]
    """The device it boots from, such as ``/dev/sda``."""
    initrd: ReadOnly[int | None]
    """The disk that holds the initial RAM disk, where there is one."""
    helpers: Field[ConfigHelpers]
    """Helpers that Linode applies to the root disk at every boot."""
    interfaces: Many[ConfigInterface]
    """Its network interfaces, in the order eth0, eth1, eth2."""
    interface_list: Field[list[ConfigInterfaceEntry] | None] = Field("interfaces")
    """The same as plain entries, to be set all at once; an empty list stands for one to the internet."""
    memory_limit: Field[int]
    """Memory it may use, in MB; 0 is all there is."""
    ram_limit: Field[int] = Field("memory_limit")
    """The same as `memory_limit`, by its name of 2016."""
    run_level: Field[RunLevel]
    """How far the system starts: ``single`` for one user, ``binbash`` for a bare shell."""
    virt_mode: Field[VirtMode]
    """How the machine is virtualised; ``fullvirt`` for systems that know nothing of it."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""

    @action
    def create_interface(self, purpose: Purpose, **options: Unpack[ConfigInterfaceOptions]) -> Call[ConfigInterface]:
        """Add a network interface behind the others; it is there from the next boot on.

        Raises `InvalidRequestError` when there are three already, or when one of them leads to the same.
        """
        return self.made(ConfigInterface, "POST", "interfaces", given(purpose=purpose, **options))

    @action
    def order_interfaces(self, ids: Sequence[ConfigInterface | int]) -> Call[None]:
        """Bring the network interfaces into the order of *ids*, which names all of them, eth0 first.

        Raises `InvalidRequestError` when one is missing or unknown.
        """
        return self.post("interfaces/order", given(ids=list(ids)), outdated=("interfaces",))
