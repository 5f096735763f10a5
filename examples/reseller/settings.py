"""Settings of the shop from its environment; README.md lists them."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, FilePath, SecretStr, field_validator
from pydantic_settings import NoDecode

from common import settings as common

HERE = Path(__file__).parent
REGIONS = {"us-east": "Newark", "eu-central": "Frankfurt", "ap-south": "Singapore"}


class Settings(common.Settings):
    """Variables have the names of the fields, in capitals."""

    name: ClassVar[str] = "reseller"
    cure: ClassVar[str] = "LINODE_TOKEN"

    shop_title: str = "Servers for everybody"
    linode_token: common.Token | None = None
    owner_password: SecretStr | None = Field(default=None, min_length=12)
    shop: str = Field(default="reseller", pattern=r"^[a-z][a-z0-9]{1,20}$")
    plan: str = "g6-nanode-1"
    regions: Annotated[dict[str, str], NoDecode] = REGIONS
    image: str = "linode/debian12"
    stackscript: FilePath = HERE / "software.sh"
    price: str = "$9 a month"
    workers: int = Field(default=3, ge=1, le=32)
    claim_seconds: float = Field(default=120.0, gt=0)
    limit_sign_up: common.Rate = "5/hour"
    limit_log_in: common.Rate = "10/15 minutes"
    limit_owner: common.Rate = "60/hour"
    limit_orders: common.Rate = "20/hour"

    @field_validator("regions", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """``us-east Newark, eu-central Frankfurt`` as ids and names."""
        if not isinstance(value, str):
            return value
        pairs = [each.strip().partition(" ") for each in value.split(",")]
        if not all(id and name for id, _, name in pairs):
            raise ValueError("must be ids with names, and commas between: us-east Newark, eu-central Frankfurt")
        return {id: name for id, _, name in pairs}

    @property
    def title(self) -> str:
        """Title at the top of each page."""
        return self.shop_title

    def completed(self) -> None:
        """See `common.settings`; the owner's password is made up for a sandbox, and required for what is real."""
        super().completed()
        if self.owner_password is None:
            if not self.in_sandbox:
                common.fail(self.name, ["OWNER_PASSWORD: is missing; 12 characters or more"])
            password = secrets.token_urlsafe(12)
            self.owner_password = SecretStr(password)
            sys.stdout.write(f"The owner's page: {self.public_url}/owner, password {password}\n")
