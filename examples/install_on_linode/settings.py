"""Settings of the application from its environment; README.md lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from common import settings as common
from linode import OAuthScopes

HERE = Path(__file__).parent


class Settings(common.Settings):
    """Variables have the names of the fields, in capitals."""

    name: ClassVar[str] = "install_on_linode"
    cure: ClassVar[str] = "LINODE_CLIENT_ID"
    footer: ClassVar[str] = "The access to your account is for one server, and is given back when the server runs."

    port: int = Field(default=8001, ge=0, le=65535)
    product: str = "Hello"
    linode_client_id: str = ""
    linode_client_secret: SecretStr | None = None
    linode_login_url: common.Address = "https://login.linode.com"
    stackscript: Path = HERE / "software.sh"
    stackscript_id: int | None = None
    images: Annotated[tuple[str, ...], NoDecode] = ("linode/debian12", "linode/ubuntu24.04")
    min_memory: int = 1024
    claim_seconds: float = Field(default=60.0, gt=0)
    retry_seconds: float = Field(default=10.0, gt=0)
    limit_installs: common.Rate = "20/hour"
    limit_passwords: common.Rate = "30/hour"
    _playing: bool = False

    @field_validator("images", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(each.strip() for each in value.split(",") if each.strip()) if isinstance(value, str) else value

    @field_validator("stackscript")
    @classmethod
    def _readable(cls, value: Path) -> Path:
        if not value.is_file():
            raise ValueError("there is no such file; give the path of a shell script")
        return value

    @property
    def title(self) -> str:
        """Title at the top of each page."""
        return f"{self.product} on Linode"

    @property
    def in_sandbox(self) -> bool:
        """Whether there is no OAuth application, so that everything happens in a sandbox of its own."""
        return self._playing or super().in_sandbox

    def play(self, address: str, client_id: str, secret: str) -> None:
        """Be that application of the sandbox at *address*."""
        self._playing = True
        self.linode_api_url, self.linode_login_url = f"{address}/v4", address
        self.linode_client_id, self.linode_client_secret = client_id, SecretStr(secret)

    @property
    def scopes(self) -> OAuthScopes:
        """The scopes to ask for: to create a Linode from a StackScript, and to follow its progress."""
        script = OAuthScopes.StackScripts
        return OAuthScopes(
            [
                OAuthScopes.Linodes.read_write,
                script.read_only if self.stackscript_id else script.read_write,
                OAuthScopes.Events.read_only,
            ]
        )

    @property
    def login_options(self) -> dict[str, Any]:
        """Arguments of the client of the login service."""
        secret = self.linode_client_secret
        return {
            "client_id": self.linode_client_id,
            "client_secret": secret and secret.get_secret_value(),
            "base_url": self.linode_login_url,
            "redirect_uri": f"{self.public_url}/callback",
        }
