"""Configurations of a Linode: kernel, disks and network interfaces to boot with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Required, TypeAlias, TypedDict, Unpack, get_args

from linode._model import Bounds, Call, Field, Fields, Options, ReadOnly, Resource, Struct, action, body
from linode._model.relations import IDField, Many, Parent, RefField

from ..volumes import Volume
from .interface_values import NewVPCInterfaceIPv6, VLANLabel, VPCInterfaceIPv6

if TYPE_CHECKING:
    from ..types import Kernel
    from ..vpcs.subnets import VPCSubnet
    from .disks import Disk
    from .linode import Linode

ConfigLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=48)]
InterfacePurpose: TypeAlias = Literal["public", "vlan", "vpc"] | str
"""Purpose of a configuration's interface."""
RunLevel: TypeAlias = Literal["default", "single", "binbash"] | str
VirtMode: TypeAlias = Literal["paravirt", "fullvirt"] | str


class Device(TypedDict, total=False):
    """Device in a slot of a configuration, as `ConfigDevice`: a disk or a volume."""

    disk_id: Disk | int | None
    volume_id: Volume | int | None


DeviceSlot: TypeAlias = Literal[
    "sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg", "sdh", "sdi", "sdj", "sdk", "sdl", "sdm",
    "sdn", "sdo", "sdp", "sdq", "sdr", "sds", "sdt", "sdu", "sdv", "sdw", "sdx", "sdy", "sdz",
    "sdaa", "sdab", "sdac", "sdad", "sdae", "sdaf", "sdag", "sdah", "sdai", "sdaj", "sdak", "sdal", "sdam",
    "sdan", "sdao", "sdap", "sdaq", "sdar", "sdas", "sdat", "sdau", "sdav", "sdaw", "sdax", "sday", "sdaz",
    "sdba", "sdbb", "sdbc", "sdbd", "sdbe", "sdbf", "sdbg", "sdbh", "sdbi", "sdbj", "sdbk", "sdbl",
]  # fmt: skip
"""Device names of the 64 slots of a configuration."""
Devices: TypeAlias = dict[DeviceSlot, Device | None]
"""Disks and volumes by slot. The number of usable slots, 8 to 64, depends on the Linode's memory."""


def devices_of(disks: Sequence[Disk | Volume | int]) -> Devices:
    """Return *disks* as the devices of the slots sda, sdb, ...; an int is the ID of a disk.

    Raises ValueError when there are more than 64.
    """
    slots: tuple[DeviceSlot, ...] = get_args(DeviceSlot)
    if len(disks) > len(slots):
        raise ValueError(f"a configuration has {len(slots)} slots, sda to {slots[-1]}, not {len(disks)}")
    return {
        slot: {"volume_id": each} if isinstance(each, Volume) else {"disk_id": each}
        for slot, each in zip(slots, disks, strict=False)
    }


class ConfigDevice(Struct):
    """Disk or volume in a slot, None for an empty slot; the ID of the other kind is None."""

    disk_id: IDField[Disk | None]
    """ID of a disk of the same Linode."""
    volume_id: IDField[Volume | None]
    """ID of a volume in the same region."""


class ConfigDevices(Struct):
    """The disk or volume in each of the 64 slots; None where the slot is empty.

    Most systems boot from ``sda``; the rescue system uses ``sdh`` itself. The API sends ``sdi`` and later slots only
    up to the last one in use.
    """

    sda = sdb = sdc = sdd = sde = sdf = sdg = sdh = sdi = sdj = sdk = sdl = sdm = Field[ConfigDevice | None]()
    sdn = sdo = sdp = sdq = sdr = sds = sdt = sdu = sdv = sdw = sdx = sdy = sdz = Field[ConfigDevice | None]()
    sdaa = sdab = sdac = sdad = sdae = sdaf = sdag = sdah = sdai = sdaj = Field[ConfigDevice | None]()
    sdak = sdal = sdam = sdan = sdao = sdap = sdaq = sdar = sdas = sdat = Field[ConfigDevice | None]()
    sdau = sdav = sdaw = sdax = sday = sdaz = sdba = sdbb = sdbc = Field[ConfigDevice | None]()
    sdbd = sdbe = sdbf = sdbg = sdbh = sdbi = sdbj = sdbk = sdbl = Field[ConfigDevice | None]()


class ConfigHelpers(Struct):
    """Helpers that Linode applies to the root disk at every boot."""

    distro: Field[bool]
    """Whether the distribution's setup is adjusted (console, fstab)."""
    modules_dep: Field[bool]
    """Whether the kernel's module dependency list is regenerated."""
    network: Field[bool | None]
    """Whether the network is configured with the Linode's addresses; None follows the account's setting."""
    devtmpfs_automount: Field[bool]
    """Whether the kernel populates ``/dev``."""
    updatedb_disabled: Field[bool]
    """Whether the daily updatedb run is disabled."""


class ConfigInterfaceIPv4(Struct):
    """IPv4 of a VPC interface."""

    vpc: Field[str | None]
    """Address within the VPC."""
    nat_1_1: Field[str | None]
    """Public address translated to the VPC address (1:1 NAT); ``any`` lets Linode choose."""


class _ConfigInterfaceFields(Fields):
    """Fields of a network interface of a configuration, by itself or as an entry."""

    id: ReadOnly[int]
    active: ReadOnly[bool]
    """Whether the running Linode uses the interface."""
    primary: Field[bool]
    """Whether the interface carries the default route."""
    vpc_id: ReadOnly[int | None]
    ipv4: Field[ConfigInterfaceIPv4 | None]
    ipv6: Field[VPCInterfaceIPv6 | None]
    ip_ranges: Field[list[str] | None]
    """IPv4 ranges of the subnet routed to the interface."""


class ConfigInterfaceEntry(_ConfigInterfaceFields, Struct):
    """A network interface as an entry of `Config.interface_list`; a new entry has no ID."""

    purpose: Field[InterfacePurpose]
    label: Field[VLANLabel | None]
    ipam_address: Field[str | None]
    """Address of the Linode in the VLAN, with its prefix length."""
    subnet_id: IDField[VPCSubnet | None]


class NewConfigInterfaceIPv4(TypedDict, total=False):
    """IPv4 options of a VPC interface; the first free address of the VPC by default."""

    vpc: str | None
    nat_1_1: str | None


class _NewConfigInterface(TypedDict, total=False):
    """Options of a network interface of a configuration besides the purpose, as `ConfigInterfaceEntry`."""

    primary: bool
    label: VLANLabel | None
    """Label of the VLAN; required for a VLAN interface."""
    ipam_address: str | None
    subnet_id: VPCSubnet | int | None
    """Subnet of a VPC; required for a VPC interface."""
    ipv4: NewConfigInterfaceIPv4
    ipv6: NewVPCInterfaceIPv6
    ip_ranges: Sequence[str] | None


class ConfigInterfaceOptions(_NewConfigInterface, Options, total=False):
    """Options of `Config.create_interface` besides the purpose."""


class NewConfigInterface(_NewConfigInterface, total=False):
    """A network interface of a new configuration."""

    purpose: Required[InterfacePurpose]


class NewConfigHelpers(TypedDict, total=False):
    """Helpers that Linode applies at every boot; all of them by default."""

    distro: bool
    modules_dep: bool
    network: bool | None
    devtmpfs_automount: bool
    updatedb_disabled: bool


class ConfigOptions(Options, total=False):
    """Options of `Linode.create_config` besides the kernel, the label and the disks."""

    comments: str | None
    helpers: NewConfigHelpers
    interfaces: Annotated[Sequence[NewConfigInterface], Bounds(max_length=3)]
    """Network interfaces, eth0 first; one public interface by default."""
    memory_limit: int
    root_device: str
    run_level: RunLevel
    virt_mode: VirtMode


class ConfigInterface(_ConfigInterfaceFields, Resource):
    """A network interface of a configuration.

    ``ConfigInterface(client, 9, 7, 123)`` is interface 9 of configuration 7 of Linode 123.
    """

    path = "/linode/instances/{linode}/configs/{config}/interfaces/{id}"
    scope = "linodes"
    filterable = ("label",)

    config: Parent[Config]
    linode: Parent[Linode]
    purpose: ReadOnly[InterfacePurpose]
    label: ReadOnly[VLANLabel | None]
    ipam_address: ReadOnly[str | None]
    """Address of the Linode in the VLAN, with its prefix length."""
    subnet_id: ReadOnly[int | None]


class Config(Resource):
    """A configuration of a Linode: kernel, disks, network interfaces.

    The API also filters the list by the labels of the interfaces: ``Filter({"interfaces.label": "vlan-1"})``.
    """

    path = "/linode/instances/{linode}/configs/{id}"
    scope = "linodes"
    filterable = ("interfaces.label", "label")
    shown = ("id", "label", "kernel", "root_device", "comments")

    linode: Parent[Linode]
    id: ReadOnly[int]
    label: Field[ConfigLabel]
    """Label: 1 to 48 characters."""
    kernel: RefField[Kernel]
    comments: Field[str | None]
    devices: Field[ConfigDevices]
    root_device: Field[str]
    """Root device, such as ``/dev/sda``."""
    initrd: ReadOnly[int | None]
    """ID of the disk with the initial RAM disk; None for none."""
    helpers: Field[ConfigHelpers]
    interfaces: Many[ConfigInterface]
    """Network interfaces, in the order eth0, eth1, eth2."""
    interface_list: Field[Annotated[list[ConfigInterfaceEntry], Bounds(max_length=3)] | None] = Field("interfaces")
    """Network interfaces as plain entries, to set all at once; an empty list stands for one public interface."""
    memory_limit: Field[int]
    """Memory limit in MB; 0 for all of the Linode's memory."""
    ram_limit: Field[int] = Field("memory_limit")
    run_level: Field[RunLevel]
    """Run level: ``default``, ``single`` for single-user mode, ``binbash`` for a bare shell."""
    virt_mode: Field[VirtMode]
    """Virtualization mode; ``fullvirt`` for systems without paravirtualization."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]

    @action
    def create_interface(
        self, purpose: InterfacePurpose, **options: Unpack[ConfigInterfaceOptions]
    ) -> Call[ConfigInterface]:
        """Add a network interface after the existing ones, effective from the next boot; returns the interface.

        Raises `InvalidRequestError` when there are three already, or when one of them connects to the same network.
        """
        return self._creates(ConfigInterface, "interfaces", body(purpose=purpose, **options))

    @action
    def order_interfaces(self, ids: Sequence[ConfigInterface | int]) -> Call[None]:
        """Reorder the network interfaces to *ids*, which lists all of them, eth0 first.

        Raises `InvalidRequestError` when one is missing or unknown.
        """
        return self._posts("interfaces/order", body(ids=list(ids)), outdated=("interface_list",))
