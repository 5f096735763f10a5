"""OAuth clients: applications of the account that users log in to with Linode."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Many, Options, ReadOnly, Resource, action, body

OAuthClientLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=512)]
OAuthClientStatus: TypeAlias = Literal["active", "disabled", "suspended"] | str
"""Status of an OAuth client; only an ``active`` one can be used."""


class OAuthClientOptions(Options, total=False):
    """Options of `create_oauth_client`."""

    public: bool
    """Whether the application cannot keep a secret, and logs in with PKCE alone; cannot be changed."""


class OAuthClient(Resource):
    """An application that asks users for tokens. Deleting it revokes the tokens that users gave it."""

    path = "/account/oauth-clients/{id}"
    scope = "account"
    filterable = ("label", "public")

    id: ReadOnly[str]
    """Client ID."""
    label: Field[OAuthClientLabel]
    """Label, which users see when the application asks for access: 1 to 512 characters."""
    public: Field[bool]
    """Whether the application cannot keep a secret; the API refuses to change it."""
    redirect_uri: Field[str]
    """URL to which users are sent back."""
    secret: ReadOnly[str]
    """Client secret: complete in the response to creation and to `reset_secret`, ``<REDACTED>`` afterwards."""
    status: ReadOnly[OAuthClientStatus]
    thumbnail_url: ReadOnly[str | None]
    """URL of the thumbnail; None for none."""

    @action
    def reset_secret(self) -> Call[OAuthClient]:
        """Replace the client secret; returns the client, whose `secret` is the new one.

        The old secret stops working at once.
        """
        return self._updates("reset-secret")

    @action
    def thumbnail(self) -> Call[bytes]:
        """Return the thumbnail, a PNG image. Raises `NotFoundError` when there is none."""
        return Call("GET", f"{self.url}/thumbnail", shape=bytes)

    @action
    def set_thumbnail(self, png: bytes) -> Call[None]:
        """Replace the thumbnail with *png*, a PNG image of at most 128 by 128 pixels.

        Raises `InvalidRequestError` when *png* is not such an image.
        """
        return Call(
            "PUT",
            f"{self.url}/thumbnail",
            content=png,
            content_type="image/png",
            shape=None,
            read=lambda _: self._expire(("thumbnail_url",)),
        )


class OAuthClientsMixin(BaseClient):
    """Methods of a client for OAuth clients."""

    get_oauth_clients: Many[OAuthClient] = Many("/account/oauth-clients")
    """OAuth clients of the account."""

    @action
    def create_oauth_client(
        self, label: OAuthClientLabel, redirect_uri: str, **options: Unpack[OAuthClientOptions]
    ) -> Call[OAuthClient]:
        """Create an OAuth client and return it; no later response contains its complete `secret`."""
        return self._creates(
            OAuthClient, "/account/oauth-clients", body(label=label, redirect_uri=redirect_uri, **options)
        )
