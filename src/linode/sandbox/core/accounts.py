"""Users, tokens and OAuth clients of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .kind import KINDS, Kind

if TYPE_CHECKING:
    from .kinds import Row

__all__ = ["Accounts"]


KINDS["Token"] = Kind(of="Token", event="token")


class _Rows(Protocol):
    """The methods of the world that `Accounts` uses."""

    account: str

    def add(self, kind: Any, *parents: Row, **members: Any) -> Row: ...
    def find(self, kind: Any, id: Any, *parents: Row) -> Row | None: ...
    def remove(self, row: Row) -> None: ...
    def hex(self, digits: int) -> str: ...
    def stamp(self, seconds: float = 0) -> str: ...
    def seconds_until(self, stamp: str) -> float: ...


class Accounts:
    """The part of the world for users, tokens and OAuth clients."""

    def add_user(self: _Rows, username: str, email: str, *, restricted: bool = False, **members: Any) -> Row:
        """Add a user; its ID is the username."""
        defaults = {
            "ssh_keys": [],
            "tfa_enabled": False,
            "verified_phone_number": None,
            "password_created": self.stamp(),
            "last_login": None,
            "user_type": "default",
        }
        return self.add(
            "User", **{**defaults, "username": username, "email": email, "restricted": restricted, **members}
        )

    def issue_token(
        self: _Rows,
        username: str,
        scopes: str = "*",
        *,
        label: str = "",
        seconds: float | None = None,
        kind: str = "personal",
        secret: str | None = None,
        **hidden: Any,
    ) -> Row:
        """Add a token for the user, which expires in *seconds* (None: never); ``row["_secret"]`` is its value."""
        secret = secret or self.hex(64)
        row = self.add(
            "Token",
            label=label,
            scopes=scopes,
            token=secret[:16],
            created=self.stamp(),
            expiry=None if seconds is None else self.stamp(seconds),
            _secret=secret,
            _user=username,
            _type=kind,
            **{name if name.startswith("_") else f"_{name}": value for name, value in hidden.items()},
        )
        self.add("_Secret", id=secret, token=row["id"], account=self.account)
        return row

    def find_token(self: _Rows, secret: str) -> Row | None:
        """The row of the token *secret* while it is valid."""
        known = self.find("_Secret", secret)
        row = self.find("Token", known["token"]) if known and known.get("account", "") == self.account else None
        if not row or (row["expiry"] is not None and self.seconds_until(row["expiry"]) <= 0):
            return None
        return row

    def account_of(self: _Rows, secret: str) -> str:
        """The account of the token *secret*; ``""``, the sandbox's own, for an unknown token."""
        known = self.find("_Secret", secret)
        return str(known.get("account", "")) if known else ""

    def revoke_token(self: _Rows, token: Row) -> None:
        """Delete the token."""
        if known := self.find("_Secret", token["_secret"]):
            self.remove(known)
        self.remove(token)

    def add_oauth_client(
        self: _Rows,
        label: str,
        redirect_uri: str,
        *,
        public: bool = False,
        id: str | None = None,
        secret: str | None = None,
    ) -> Row:
        """Add an OAuth application; ``row["_secret"]`` is its client secret."""
        return self.add(
            "OAuthClient",
            id=id or self.hex(20),
            label=label,
            redirect_uri=redirect_uri,
            public=public,
            secret="<REDACTED>",  # noqa: S106  the API shows this instead of the secret
            status="active",
            thumbnail_url=None,
            _secret=secret or self.hex(64),
        )
