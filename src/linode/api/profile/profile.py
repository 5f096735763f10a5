"""The profile: the user whose token the client has."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Call, Field, Many, Meta, Nested, ReadOnly, Resource, Struct, action, given
from linode._model.convert import reader

from .credentials import AuthorizedApp, Login, PersonalAccessToken, SSHKey, SSHKeyLabel, TokenOptions, TrustedDevice
from .grants import Grants

__all__ = [
    "AuthenticationType",
    "LishAuthMethod",
    "Profile",
    "ProfileMixin",
    "Referrals",
    "SecurityAnswer",
    "SecurityQuestion",
    "TFASecret",
]

AuthenticationType: TypeAlias = Literal["password", "github", "google"]
"""Authentication provider of a user: Linode, or another service."""
LishAuthMethod: TypeAlias = Literal["password_keys", "keys_only", "disabled"]
"""Authentication methods of the console (Lish)."""
SecurityResponse: TypeAlias = Annotated[str, Meta(min_length=3, max_length=17)]


class Referrals(Struct):
    """How the user's invitations of others are going."""

    code: ReadOnly[str]
    """The code that new customers give."""
    url: ReadOnly[str]
    """A link that holds the code."""
    total: ReadOnly[int]
    """How many signed up."""
    completed: ReadOnly[int]
    """How many of them have paid."""
    pending: ReadOnly[int]
    """How many of them have not paid yet."""
    credit: ReadOnly[float]
    """Earnings, in US dollars."""


class SecurityQuestion(Struct):
    """A question that tells whether somebody who calls is the user."""

    id: ReadOnly[int]
    """The number of this question."""
    question: ReadOnly[str]
    """The question."""
    response: ReadOnly[str | None]
    """The user's answer; None where there is none."""

    def __repr__(self) -> str:
        return f"SecurityQuestion(id={self.id!r}, question={self.question!r})"


class SecurityAnswer(TypedDict):
    """The answer to a security question."""

    question_id: int
    """The number of the question."""
    response: SecurityResponse
    """The answer: 3 to 17 characters."""


class TFASecret(Struct):
    """Secret for an authenticator app."""

    secret: ReadOnly[str]
    """The secret that the app is given."""
    expiry: ReadOnly[datetime]
    """Until when it can be confirmed."""


class _Questions(TypedDict):
    security_questions: list[dict[str, Any]]


class _ScratchCode(TypedDict):
    scratch: str


class Profile(Resource):
    """The user whose token the client has."""

    path = "/profile"
    scope = "account"
    deletable = False

    username: ReadOnly[str]
    """The name that the user signs in with."""
    uid: ReadOnly[int]
    """The user's number."""
    user_type: ReadOnly[str]
    """Kind of account of the user: ``default``, ``parent``, ``child`` or ``proxy``."""
    email: Field[str]
    """Where mail to the user goes."""
    email_notifications: Field[bool]
    """Whether mail is sent about what happens on the account."""
    timezone: Field[str]
    """The time zone that the web client shows times in; the API itself speaks UTC."""
    restricted: Field[bool]
    """Whether the user may do only what `grants` tells."""
    authentication_type: ReadOnly[AuthenticationType]
    """How the user proves to be that user."""
    two_factor_auth: Field[bool]
    """Whether signing in takes a second factor."""
    tfa_enforced: ReadOnly[bool | None]
    """Whether the account asks for a second factor; None where the API does not tell."""
    ip_whitelist_enabled: Field[bool]
    """Whether signing in is limited to known addresses; out of use."""
    lish_auth_method: Field[LishAuthMethod]
    """How the user gets to the consoles of Linodes."""
    authorized_keys: Field[list[str] | None]
    """The public SSH keys for those consoles."""
    verified_phone_number: ReadOnly[str | None]
    """The confirmed phone number, with the country's code in front."""
    referrals: Nested[Referrals]
    """How the user's invitations of others are going."""
    sshkeys: Many[SSHKey]
    """The user's public SSH keys."""
    tokens: Many[PersonalAccessToken]
    """The user's personal access tokens."""
    apps: Many[AuthorizedApp]
    """The programs of others that the user has let in."""
    devices: Many[TrustedDevice]
    """The browsers that are not asked for the second factor."""
    logins: Many[Login]
    """The latest sign-ins, up to 90 days back."""

    @action
    def create_sshkey(self, label: SSHKeyLabel, ssh_key: str) -> Call[SSHKey]:
        """Add the public key *ssh_key* under the name *label* and return it."""
        return self.made(SSHKey, "POST", "sshkeys", given(label=label, ssh_key=ssh_key))

    @action
    def create_token(self, **options: Unpack[TokenOptions]) -> Call[PersonalAccessToken]:
        """Make a personal access token and return it; only this answer holds it whole."""
        return self.made(PersonalAccessToken, "POST", "tokens", given(**options))

    @action
    def grants(self) -> Call[Grants | None]:
        """Grants of the user; None for an unrestricted user, who may do everything."""
        return Call(
            "GET", f"{self.url}/grants", shape=Any, read=lambda data: reader(Grants)(data, self) if data else None
        )

    @action
    def preferences(self) -> Call[dict[str, Any]]:
        """Preferences that programs have stored with `set_preferences`."""
        return Call("GET", f"{self.url}/preferences")

    @action
    def set_preferences(self, preferences: dict[str, Any]) -> Call[None]:
        """Store *preferences*, any JSON object, in place of what was stored."""
        return self.post("preferences", preferences, method="PUT")

    @action
    def add_phone_number(self, iso_code: str, phone_number: str) -> Call[None]:
        """Have a code sent to *phone_number* in the country *iso_code* (two letters), for `verify_phone_number`."""
        return self.post("phone-number", given(iso_code=iso_code, phone_number=phone_number))

    @action
    def verify_phone_number(self, otp_code: str) -> Call[None]:
        """Confirm the phone number with the code that was sent to it."""
        return self.post("phone-number/verify", given(otp_code=otp_code), outdated=("verified_phone_number",))

    @action
    def delete_phone_number(self) -> Call[None]:
        """Forget the confirmed phone number."""
        return self.post("phone-number", method="DELETE", outdated=("verified_phone_number",))

    @action
    def security_questions(self) -> Call[list[SecurityQuestion]]:
        """All security questions there are, with the user's answers."""
        return Call(
            "GET",
            f"{self.url}/security-questions",
            shape=_Questions,
            read=lambda data: reader(list[SecurityQuestion])(data["security_questions"], self),
        )

    @action
    def answer_security_questions(self, security_questions: list[SecurityAnswer]) -> Call[None]:
        """Answer security questions, three of them, in place of those answered before."""
        return self.post("security-questions", given(security_questions=security_questions))

    @action
    def tfa_enable(self) -> Call[TFASecret]:
        """Begin to set up a second factor: returns the secret for an app, to confirm with `tfa_enable_confirm`."""
        return Call("POST", f"{self.url}/tfa-enable", read=lambda data: reader(TFASecret)(data, self))

    @action
    def tfa_enable_confirm(self, tfa_code: str) -> Call[str]:
        """Ask for a second factor from now on; *tfa_code* is the app's present code.

        Returns a code that gets the user in once without the app, to be kept in a safe place.
        """
        return Call(
            "POST",
            f"{self.url}/tfa-enable-confirm",
            given(tfa_code=tfa_code),
            shape=_ScratchCode,
            read=self._confirmed,
        )

    @action
    def tfa_disable(self) -> Call[None]:
        """Ask for no second factor any more."""
        return self.post("tfa-disable", outdated=("two_factor_auth",))

    def _confirmed(self, data: _ScratchCode) -> str:
        self._expire(("two_factor_auth",))
        return data["scratch"]


class ProfileMixin(BaseClient):
    """Methods of a client for the profile of its user."""

    @action
    def get_profile(self) -> Call[Profile]:
        """The user whose token this client has."""
        return Call("GET", Profile.path, read=lambda data: Profile(self)._absorb(data, complete=True))
