"""The content of a new world besides the catalogue: an account with one user, a token, and an application."""

from __future__ import annotations

from .world import World

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "USERNAME", "new_euuid", "seed_world"]

USERNAME = "sandbox"
CLIENT_ID = "my-client-id"
CLIENT_SECRET = "my-client-secret"  # noqa: S105  of a world that holds no secrets
REDIRECT_URI = "http://localhost/callback"


def seed_world(world: World, token: str | None) -> str:
    """Fill a new *world*; returns a token with all scopes: *token*, the one in the data file, or a generated one."""
    with world.transaction():
        if not world.read("_Account"):
            world.add("_Account", euuid=new_euuid(world), since=world.stamp())
            world.identity.add_user(USERNAME, f"{USERNAME}@example.com")
            world.identity.add_oauth_client("Sandbox application", REDIRECT_URI, id=CLIENT_ID, secret=CLIENT_SECRET)
        if token is None and (kept := world.rows("Token", _type="first")):
            return str(kept[0]["_secret"])
        if token is None or world.identity.find_token(token) is None:
            made = world.identity.issue_token(USERNAME, label="sandbox", kind="first", secret=token)
            return str(made["_secret"])
        return token


def new_euuid(world: World) -> str:
    """The UUID of a new account, in the API's own form."""
    digits = world.hex(32).upper()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:]}"
