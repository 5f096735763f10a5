"""The part of the sandbox for its accounts, users, tokens and applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linode._model.options import checks_options

from .core.refusals import SandboxError
from .core.seed import USERNAME
from .families.account import other_accounts
from .families.profile.grants import set_grants

if TYPE_CHECKING:
    from .core.schema import Row
    from .core.world import World
    from .gateways.gateway import Gateway

__all__ = ["Accounts"]


class Accounts:
    """The methods of `Sandbox` for accounts, users, tokens and applications."""

    gateway: Gateway
    world: World
    _applications: dict[str, dict[str, Any]]

    @checks_options
    def add_oauth_client(
        self,
        label: str,
        redirect_uri: str,
        *,
        public: bool = False,
        id: str | None = None,
        secret: str | None = None,
    ) -> tuple[str, str]:
        """Register an application with the login service; returns its client ID and secret.

        ``id`` and ``secret`` are random by default; an existing application with the ID is replaced. ``public`` is
        whether the application has no secret, and must use PKCE.
        """
        members = {"label": label, "redirect_uri": redirect_uri, "public": public, "id": id, "secret": secret}
        with self.gateway.lock:
            row = self._register(members)
            members |= {"id": row["id"], "secret": row["_secret"]}
            self._applications[row["id"]] = members
        return row["id"], row["_secret"]

    def _register(self, members: dict[str, Any]) -> Row:
        with self.world.transaction():
            if members["id"] is not None and (known := self.world.find("OAuthClient", members["id"])):
                self.world.remove(known)
            return self.world.identity.add_oauth_client(**members)

    @checks_options
    def add_user(self, username: str, email: str, *, restricted: bool = False) -> None:
        """Add a user to the account, who can then sign in. A restricted user needs `grant`."""
        with self.gateway.lock, self.world.transaction():
            if self.world.find("User", username) is not None:
                raise SandboxError(f"the user {username!r} already exists")
            self.world.identity.add_user(username, email, restricted=restricted)

    @checks_options
    def log_in(self, url: str, user: str = USERNAME, *, allow: bool = True) -> str:
        """Play the person whom an application has sent to *url* (of `generate_login_url`), without a browser.

        The person signs in as *user*, and allows what the application asks, or denies it. Returns the address to which
        the browser would be redirected: that of the application, with a code, a token or an error. The host of *url*
        may be that of a port on which this sandbox is served.

        Raises `SandboxError` if *url* is not the address of a login, the user does not exist, or the person would see a
        page with an error: an unknown application, or another redirect address than the registered one.
        """
        from .login import headless  # noqa: PLC0415 - few programs log users in

        with self.gateway.turn():
            self.gateway._tick()
            with self.world.transaction():
                return headless.log_in(self.world, url, user, allow=allow)

    @checks_options
    def add_account(self, company: str, *, child: bool = False) -> str:
        """Add another account to this sandbox; returns a token of its user, for `client`.

        The account shares the clock and the catalogue, and has its own Linodes, users and invoices. ``child`` is
        whether it is a child account of the sandbox's own account.

        Raises `SandboxError` if an account of the company already exists.
        """
        with self.gateway.lock, self.world.transaction():
            return other_accounts.open_account(self.world, company, child=child)

    def grant(self, username: str, **grants: Any) -> None:
        """Give grants to a restricted user: ``grant("ada", add_linodes=True, linode={123: "read_only"})``.

        General grants have the API's names; those for objects are levels (``"read_only"``, ``"read_write"``, None) by
        ID for each kind of object.

        Raises `SandboxError` if the user or a grant does not exist.
        """
        with self.gateway.lock, self.world.transaction():
            user = self.world.find("User", username)
            if user is None:
                raise SandboxError(f"the user {username!r} does not exist")
            set_grants(user, grants)
