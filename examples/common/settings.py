"""Settings from environment variables, checked before anything starts."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from pathlib import Path
from typing import Annotated, ClassVar, NoReturn, TypeAlias, TypeVar
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings


def _rate(words: str) -> str:
    try:
        limits.parse(words)
    except ValueError:
        raise ValueError("must say how often in what time: 5/minute, 20/hour, 10/15 minutes") from None
    return words


def _address(url: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", url):
        raise ValueError("must be an address with https:// before it")
    return url.rstrip("/")


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", token.get_secret_value()):
        raise ValueError("must be one word without blanks: is something else in it?")
    return token


Rate: TypeAlias = Annotated[str, AfterValidator(_rate)]
Address: TypeAlias = Annotated[str, AfterValidator(_address)]
Token: TypeAlias = Annotated[SecretStr, AfterValidator(_token)]


class Settings(BaseSettings):
    """Settings of both applications. The environment variable is the name in capitals: ``PUBLIC_URL``."""

    model_config = {"env_ignore_empty": True, "hide_input_in_errors": True, "validate_default": False}
    name: ClassVar[str]
    cure: ClassVar[str] = ""
    """The variable without which the application plays in a sandbox of its own."""

    data_dir: Path = Path("data")
    secret_key: SecretStr = Field(default=SecretStr(""), validate_default=False)
    database_url: str = ""
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    workers: int = Field(default=8, ge=1, le=100)
    linode_api_url: Address = "https://api.linode.com/v4"
    sandbox_speed: float = Field(default=5.0, gt=0)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value()) < 32:
            raise ValueError(f"too short to be secret; take for example {secrets.token_urlsafe(32)}")
        return key

    @field_validator("database_url")
    @classmethod
    def _with_its_driver(cls, url: str) -> str:
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in ("sqlite", "postgresql", "postgresql+psycopg"):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return f"postgresql+psycopg://{rest}" if scheme == "postgresql" else url

    @field_validator("redis_url")
    @classmethod
    def _of_redis(cls, url: str) -> str:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return url

    @field_validator("public_url")
    @classmethod
    def _https(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ValueError("must be the address visitors see, without a path: https://shop.example.com")
        if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("must begin with https://, or browsers keep no session")
        return url.rstrip("/")

    @property
    def title(self) -> str:
        """Title at the top of each page."""
        return self.name.replace("_", " ").capitalize()

    footer: ClassVar[str] = ""
    """Text at the bottom of each page."""

    @property
    def in_sandbox(self) -> bool:
        """Whether the application plays in a sandbox of its own."""
        return not getattr(self, self.cure.lower())

    def completed(self) -> None:
        """Fill in what was left open: all of it lives in ``data_dir``, as for a sandbox, or for one machine."""
        try:
            self.data_dir.mkdir(0o700, parents=True, exist_ok=True)  # what is in it is nobody else's to read
        except OSError as error:
            fail(self.name, [f"DATA_DIR: cannot be made: {error.strerror}"])
        self.database_url = self.database_url or f"sqlite:///{self.data_dir / 'app.db'}"
        self.public_url = self.public_url or f"http://localhost:{self.port}"
        if not self.secret_key.get_secret_value():
            if not self.in_sandbox:
                fail(self.name, [f"SECRET_KEY: is missing; take {secrets.token_urlsafe(32)}"])
            kept = self.data_dir / "secret_key"
            kept.touch(mode=0o600)
            if not kept.read_text():  # nor is there one when a process died between the two
                kept.write_text(secrets.token_urlsafe(32))
            self.secret_key = SecretStr(kept.read_text())


S = TypeVar("S", bound=Settings)


def load(cls: type[S]) -> S:
    """The settings of this process's environment; ends the process, naming every variable that is wrong."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for loud in ("huey", "alembic", "httpx2", "uvicorn"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    try:
        settings = cls()
    except ValidationError as error:
        found = [
            f"{each['loc'][0]}".upper() + ": " + each["msg"].removeprefix("Value error, ") for each in error.errors()
        ]
        fail(cls.name, found)
    settings.completed()
    return settings


def fail(name: str, found: list[str]) -> NoReturn:
    """End the process: what is wrong, a line a variable."""
    sys.stderr.write("\n  ".join([f"{name} cannot start; what is wrong in its environment:", *found]) + "\n")
    raise SystemExit(2) from None
