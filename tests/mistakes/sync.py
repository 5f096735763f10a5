"""Mistakes that both type checkers must find in sync code, with a piece of what each has to say about it."""

from __future__ import annotations

from linode import Linode, LinodeClient, MetadataClient, ResponseInfo

client = LinodeClient("token")
linode = Linode(client, 123)

linode.label = 5  # mypy: variable has type "str" | pyright: attribute "label"
linode.status = "running"  # mypy: variable has type "ReadOnlyField" | pyright: attribute "status"
linode.region = "us-east"  # mypy: variable has type "ReadOnlyField" | pyright: attribute "region"
linode.specs.memory = 5  # mypy: variable has type "ReadOnlyField" | pyright: attribute "memory"
linode.lable = "typo"  # mypy: maybe "label"? | pyright: attribute "lable"
Linode.id.contains("x")  # mypy: Invalid self argument "Attribute[int]" | pyright: attribute "contains"
linode.label.contains("x")  # mypy: "str" has no attribute "contains" | pyright: attribute "contains"
client.get_linodes(Linode.label == 5)  # mypy: expected "Filter" | pyright: type "Filter"
client.get_linodes(linode.label == "x")  # mypy: expected "Filter" | pyright: type "Filter"
client.get_linodes(Linode.status == 5)  # mypy: expected "Filter" | pyright: type "Filter"
linode.status.value  # mypy: has no attribute "value" | pyright: attribute "value"
linode.configs[0].run_level = 1  # mypy: variable has type | pyright: attribute "run_level"
linode.resize("g6-standard-1", migration_type="hot")  # mypy: incompatible type | pyright: "migration_type"
client.create_domain("example.com", type=1)  # mypy: incompatible type | pyright: "type"
Linode.specs.memory > "big"  # mypy: Unsupported operand types | pyright: Operator ">" not supported
linode.disks[0].siz  # mypy: no attribute "siz" | pyright: attribute "siz"
if Linode.label == "x":  # pyright: Invalid conditional operand of type "Filter"
    pass
client.create_domain("example.com", sao_email="x")  # mypy: did you mean "soa_email" | pyright: "sao_email"
client.create_domain()  # mypy: Too few arguments | pyright: "domain"
client.create_domain("example.com", status="of")  # mypy: incompatible type "Literal['of']" | pyright: "status"
linode.create_config(devices={"sdbm": {"disk_id": 1}})  # mypy: incompatible type | pyright: parameter "devices"
linode.boot(confg_id=1)  # mypy: Unexpected keyword argument "confg_id" | pyright: "confg_id"
client.create_linode("t", "r", booted="yes")  # mypy: No overload variant | pyright: "booted"


async def hook(response: ResponseInfo) -> None:
    """A hook of an async client."""


LinodeClient(on_response=hook)  # mypy: has incompatible type | pyright: parameter "on_response"
client.with_options(timout=5)  # mypy: Unexpected keyword argument "timout" | pyright: "timout"

metadata = MetadataClient()
metadata.instance().label = "x"  # mypy: variable has type "ReadOnlyField" | pyright: attribute "label"
metadata.instance().specs.ram  # mypy: no attribute "ram" | pyright: attribute "ram"
metadata.user_data().decode()  # mypy: Item "None" | pyright: "decode" is not a known attribute of "None"
metadata.watch_network(interval=5)  # mypy: Unexpected keyword argument "interval" | pyright: "interval"
MetadataClient(token_seconds="60")  # mypy: incompatible type "str" | pyright: "token_seconds"
