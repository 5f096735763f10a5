"""Users, tokens and OAuth clients of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .kind import KINDS, Events, Exports, Kind

if TYPE_CHECKING:
    from .schema import Row
    from .world import World

__all__ = ["Identity"]


KINDS["Token"] = Kind(of="Token", exports=Exports(("_secret", "token")), events=Events("token"))  # token: its beginning
for _table in ("_Secret", "LoginSession", "LoginCode", "RefreshToken"):  # IDs are secrets, or their hashes
    KINDS[_table] = Kind(of=_table, exports=Exports(("id",)))


class Identity:
    """The users, tokens and OAuth clients of the account *world*."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_user(self, username: str, email: str, *, restricted: bool = False, **members: Any) -> Row:
        """Add a user; its ID is the username."""
        defaults = {
            "ssh_keys": [],
            "tfa_enabled": False,
            "verified_phone_number": None,
            "password_created": self._world.stamp(),
            "last_login": None,
            "user_type": "default",
        }
        return self._world.add(
            "User", **{**defaults, "username": username, "email": email, "restricted": restricted, **members}
        )

    def issue_token(
        self,
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
        secret = secret or self._world.hex(64)
        row = self._world.add(
            "Token",
            label=label,
            scopes=scopes,
            token=secret[:16],
            created=self._world.stamp(),
            expiry=None if seconds is None else self._world.stamp(seconds),
            _secret=secret,
            _user=username,
            _type=kind,
            **{name if name.startswith("_") else f"_{name}": value for name, value in hidden.items()},
        )
        self._world.add("_Secret", id=secret, token=row["id"], account=self._world.account)
        return row

    def find_token(self, secret: str) -> Row | None:
        """The row of the token *secret* while it is valid; it must not be changed."""
        known = self._world.peek("_Secret", secret)
        if not known or known.get("account", "") != self._world.account:
            return None
        row = self._world.peek("Token", known["token"])
        if not row or (row["expiry"] is not None and self._world.seconds_until(row["expiry"]) <= 0):
            return None
        return row

    def account_of(self, secret: str) -> str:
        """The account of the token *secret*; ``""``, the sandbox's own, for an unknown token."""
        known = self._world.peek("_Secret", secret)
        return str(known.get("account", "")) if known else ""

    def revoke_token(self, token: Row) -> None:
        """Delete the token."""
        if known := self._world.find("_Secret", token["_secret"]):
            self._world.remove(known)
        self._world.remove(token)

    def add_oauth_client(
        self,
        label: str,
        redirect_uri: str,
        *,
        public: bool = False,
        id: str | None = None,
        secret: str | None = None,
    ) -> Row:
        """Add an OAuth application; ``row["_secret"]`` is its client secret."""
        return self._world.add(
            "OAuthClient",
            id=id or self._world.hex(20),
            label=label,
            redirect_uri=redirect_uri,
            public=public,
            secret="<REDACTED>",  # noqa: S106  the API shows this instead of the secret
            status="active",
            thumbnail_url=None,
            _secret=secret or self._world.hex(64),
        )
