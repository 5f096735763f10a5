"""The profile of the client's user."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Many, Nested, ReadOnly, Resource, Struct, action, body
from linode._model.convert import reader
from linode.scopes import requested

from .credentials import AuthorizedApp, Login, PersonalAccessToken, SSHKey, SSHKeyLabel, TokenOptions, TrustedDevice
from .grants import Grants

AuthenticationType: TypeAlias = Literal["password", "github", "google"] | str
"""Authentication provider of a user: Linode, or another service."""
LishAuthMethod: TypeAlias = Literal["password_keys", "keys_only", "disabled"] | str
"""Authentication methods of the console (Lish)."""
SecurityResponse: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=17)]


class Referrals(Struct):
    """The user's referrals of new customers."""

    code: ReadOnly[str]
    """Referral code."""
    url: ReadOnly[str]
    """Referral link."""
    total: ReadOnly[int]
    """Number of referred customers."""
    completed: ReadOnly[int]
    """Number of referred customers who have paid."""
    pending: ReadOnly[int]
    """Number of referred customers who have not paid yet."""
    credit: ReadOnly[int]
    """Earnings, in US dollars."""


class SecurityQuestion(Struct):
    """A security question, for identification by customer support."""

    id: ReadOnly[int]
    question: ReadOnly[str]
    response: ReadOnly[str | None]
    """Response of the user; None for none."""

    def __repr__(self) -> str:
        return f"SecurityQuestion(id={self.id!r}, question={self.question!r})"


class SecurityAnswer(TypedDict):
    """The response to a security question."""

    question_id: int
    response: SecurityResponse
    """Response: 3 to 17 characters."""


class TFASecret(Struct):
    """Secret for an authenticator app."""

    secret: ReadOnly[str]
    """Secret to enter in the app."""
    expiry: ReadOnly[datetime]
    """Expiry time of the secret (UTC)."""


class _Questions(TypedDict):
    security_questions: list[dict[str, Any]]


class _ScratchCode(TypedDict):
    scratch: str


class Profile(Resource):
    """The profile of the client's user."""

    path = "/profile"
    scope = "account"
    deletable = False

    username: ReadOnly[str]
    uid: ReadOnly[int]
    """Numeric ID of the user."""
    user_type: ReadOnly[str]
    """Kind of account of the user: ``default``, ``parent``, ``child`` or ``proxy``."""
    email: Field[str]
    """Email address."""
    email_notifications: Field[bool]
    """Whether the API sends email notifications of account activity."""
    timezone: Field[str]
    """Time zone for the web client; the API itself uses UTC."""
    restricted: Field[bool]
    """Whether the user is restricted to `grants`."""
    authentication_type: ReadOnly[AuthenticationType]
    """Authentication method."""
    two_factor_auth: Field[bool]
    """Whether two-factor authentication is enabled."""
    tfa_enforced: ReadOnly[bool | None]
    """Whether the account enforces two-factor authentication; None when the API does not send it."""
    ip_whitelist_enabled: Field[bool]
    """Whether logins are restricted to known IP addresses; deprecated."""
    lish_auth_method: Field[LishAuthMethod]
    """Authentication method of the console (Lish)."""
    authorized_keys: Field[list[str] | None]
    """Public SSH keys for the console (Lish)."""
    verified_phone_number: ReadOnly[str | None]
    """Verified phone number, with the country code."""
    referrals: Nested[Referrals]
    """Referrals of new customers."""
    sshkeys: Many[SSHKey]
    """Public SSH keys of the user."""
    tokens: Many[PersonalAccessToken]
    """Personal access tokens of the user."""
    apps: Many[AuthorizedApp]
    """Third-party applications the user authorized."""
    devices: Many[TrustedDevice]
    """Browsers exempt from two-factor authentication."""
    logins: Many[Login]
    """Logins of the user in the last 90 days."""

    @action
    def create_sshkey(self, label: SSHKeyLabel, ssh_key: str) -> Call[SSHKey]:
        """Add the public key *ssh_key* labeled *label*; returns the key."""
        return self._creates(SSHKey, "sshkeys", body(label=label, ssh_key=ssh_key))

    @action
    def create_token(self, **options: Unpack[TokenOptions]) -> Call[PersonalAccessToken]:
        """Create a personal access token and return it; no later response contains the complete token.

        Raises ValueError for a misspelt scope.
        """
        if "scopes" in options:
            options["scopes"] = requested(options["scopes"])
        return self._creates(PersonalAccessToken, "tokens", body(**options))

    @action
    def grants(self) -> Call[Grants | None]:
        """Return the grants of the user; None for an unrestricted user."""
        return Call(
            "GET", f"{self.url}/grants", shape=Any, read=lambda data: reader(Grants)(data, self) if data else None
        )

    @action
    def preferences(self) -> Call[dict[str, Any]]:
        """Return the preferences stored with `set_preferences`."""
        return Call("GET", f"{self.url}/preferences")

    @action
    def set_preferences(self, preferences: dict[str, Any]) -> Call[None]:
        """Replace the stored preferences with *preferences*, any JSON object."""
        return self._posts("preferences", preferences, method="PUT")

    @action
    def add_phone_number(self, iso_code: str, phone_number: str) -> Call[None]:
        """Send a code for `verify_phone_number` to *phone_number* in the country *iso_code* (two letters)."""
        return self._posts("phone-number", body(iso_code=iso_code, phone_number=phone_number))

    @action
    def verify_phone_number(self, otp_code: str) -> Call[None]:
        """Verify the phone number with the code sent to it."""
        return self._posts("phone-number/verify", body(otp_code=otp_code), outdated=("verified_phone_number",))

    @action
    def delete_phone_number(self) -> Call[None]:
        """Delete the verified phone number."""
        return self._posts("phone-number", method="DELETE", outdated=("verified_phone_number",))

    @action
    def security_questions(self) -> Call[list[SecurityQuestion]]:
        """Return all security questions, with the user's responses."""
        return Call(
            "GET",
            f"{self.url}/security-questions",
            shape=_Questions,
            read=lambda data: reader(list[SecurityQuestion])(data["security_questions"], self),
        )

    @action
    def answer_security_questions(self, security_questions: list[SecurityAnswer]) -> Call[None]:
        """Answer three security questions, replacing earlier responses."""
        return self._posts("security-questions", body(security_questions=security_questions))

    @action
    def tfa_enable(self) -> Call[TFASecret]:
        """Start enabling two-factor authentication; returns the secret, to confirm with `tfa_enable_confirm`."""
        return Call("POST", f"{self.url}/tfa-enable", read=lambda data: reader(TFASecret)(data, self))

    @action
    def tfa_enable_confirm(self, tfa_code: str) -> Call[str]:
        """Enable two-factor authentication; *tfa_code* is the current code of the authenticator app.

        Returns a one-time code for a login without the app; keep it in a safe place.
        """
        return Call(
            "POST", f"{self.url}/tfa-enable-confirm", body(tfa_code=tfa_code), shape=_ScratchCode, read=self._confirmed
        )

    @action
    def tfa_disable(self) -> Call[None]:
        """Disable two-factor authentication."""
        return self._posts("tfa-disable", outdated=("two_factor_auth",))

    def _confirmed(self, data: _ScratchCode) -> str:
        self._expire(("two_factor_auth",))
        return data["scratch"]


class ProfileMixin(BaseClient):
    """Methods of a client for the profile of its user."""

    @action
    def get_profile(self) -> Call[Profile]:
        """Return the profile of the client's user."""
        return Call("GET", Profile.path, read=lambda data: Profile(self)._merge(data, complete=True))
