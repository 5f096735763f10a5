"""The job of an installation: exchange the code, create the Linode, wait until it runs, and revoke the token.

A worker claims an installation for some time, and renews the claim while it works on it. When the worker is killed, the
claim expires, and another worker continues at the phase in the row. Each step can be repeated: a code works only once,
the label and the password of the Linode are stored before it is created, and a token can be revoked again.
"""

from __future__ import annotations

import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from common.database import Sessions
from common.error_messages import ErrorMessage, explain, passing
from common.secrets import Vault, seal
from linode import InvalidRequestError, Linode, LinodeClient, LinodeError, LinodeLoginClient, Retry, StackScript

from .models import WORK, Install, Phase
from .settings import Settings

log = logging.getLogger(__name__)

LOGIN_TIME = timedelta(hours=1)
"""Seconds that a visitor may take at the login service."""
TRYING_TIME = timedelta(minutes=10)
"""Seconds for which an installation is retried while Linode does not respond; a code expires then."""
TOKEN_TIME = timedelta(hours=2)
SHOWING_TIME = timedelta(minutes=1)
"""Seconds for which a password can be shown again, to visitors who reload the page."""
KEPT_TIME = timedelta(days=14)
"""Seconds for which an installation is kept; the session of its browser ends then, too."""


class Overtaken(Exception):
    """The claim has ended, and another worker has the install."""


class Installer:
    """The work on installs, for one process; its threads may share it. Tests give a *transport* of their own."""

    def __init__(self, settings: Settings, sessions: Sessions, transport: Any = None) -> None:
        self.settings = settings
        self.sessions = sessions
        self.vault = Vault(settings.secret_key)
        self.transport = transport
        self.login = LinodeLoginClient(**settings.login_options, timeout=10, transport=transport)

    def work(self, install_id: str) -> bool:
        """Bring an install as far as it goes now; False when it has to be tried again in a while."""
        install = self._claim(install_id)
        if install is None:
            return True
        try:
            try:
                self._go(install)
            except LinodeError as error:
                log.warning("%s: %s: %s", install.label, type(error).__name__, error)
                if passing(error) and datetime.now(UTC) < install.began + TRYING_TIME:
                    self._keep(install, reason=explain(error).title, due=datetime.now(UTC))
                    return False
                self._fail(install, explain(error))
            return self._give_back(install)
        except Overtaken:
            log.warning("%s: another worker has it", install.label)
            return True

    def _go(self, install: Install) -> None:
        if install.phase == Phase.ALLOWED:
            self._exchange(install)
        if install.token is None or install.settled:
            return
        with LinodeClient(
            self.vault.unlock(install.token),
            base_url=self.settings.linode_api_url,
            timeout=10,
            retry=Retry(attempts=3, seconds=15),
            transport=self.transport,
        ) as client:
            if install.phase == Phase.MAKING:
                self._make(install, client)
            self._follow(install, Linode(client, install.linode_id))

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _exchange(self, install: Install) -> None:
        assert install.code is not None  # noqa: S101  the phase says so
        assert install.verifier is not None  # noqa: S101
        grant = self.login.finish_oauth(
            self.vault.unlock(install.code), code_verifier=self.vault.unlock(install.verifier)
        )
        password = secrets.token_urlsafe(24)
        self._keep(
            install,
            phase=Phase.MAKING,
            code=None,
            verifier=None,
            token=self.vault.lock(grant.token),
            token_ends=grant.expiry or datetime.now(UTC) + TOKEN_TIME,
            password=self.vault.lock(password),
            sealed=seal(install.box, password),
        )
        if missing := grant.scopes.missing(self.settings.scopes):
            text = f"The installation needs {' and '.join(map(str, missing))}. No server was created."
            self._fail(install, ErrorMessage(403, "More access is needed", text))

    def _make(self, install: Install, client: LinodeClient) -> None:
        linode = self._find(install, client) or self._create(install, client)
        address = linode.ipv4[0] if linode.ipv4 else None
        self._keep(install, phase=Phase.BOOTING, linode_id=linode.id, address=address, password=None, reason=None)

    def _create(self, install: Install, client: LinodeClient) -> Linode:
        assert install.password is not None  # noqa: S101  made with the token
        try:
            return client.create_linode(
                install.plan,
                install.region,
                image=install.image,
                root_pass=self.vault.unlock(install.password),
                label=install.label,
                stackscript_id=self.settings.stackscript_id or self._script(client),
                stackscript_data={"server_name": install.label},
            )
        except InvalidRequestError as error:
            # A worker that was thought dead has asked for it meanwhile, with the same password.
            found = self._find(install, client) if "label" in error.fields else None
            if found is None:
                raise
            return found

    def _find(self, install: Install, client: LinodeClient) -> Linode | None:
        return client.get_linodes(Linode.label == install.label).first()

    def _script(self, client: LinodeClient) -> StackScript:
        """Our StackScript in the visitor's account: that of an earlier install, if nothing in it has changed."""
        text = self.settings.stackscript.read_text()
        for each in client.get_stackscripts(StackScript.mine == True, StackScript.label == self.settings.title):  # noqa: E712  a filter
            if each.script == text and set(self.settings.images) <= set(each.images):
                return each
        return client.create_stackscript(self.settings.title, text, list(self.settings.images))

    def _follow(self, install: Install, linode: Linode) -> None:
        def progress(_linode: object, percent: int, _status: str) -> None:
            self._keep(install, percent=percent, reason=None, due=self._claimed_until())

        linode.wait(timeout=900, progress=progress)
        self._keep(install, phase=Phase.RUNNING, percent=100, reason=None)
        log.info("%s: running", install.label)

    def _fail(self, install: Install, trouble: ErrorMessage) -> None:
        log.warning("%s: %s", install.label, trouble.title)
        sealed = install.sealed if install.linode_id else None
        erased = {"code": None, "verifier": None, "password": None, "sealed": sealed}
        self._keep(install, phase=Phase.FAILED, trouble=trouble.title, reason=trouble.text, **erased)

    def _give_back(self, install: Install) -> bool:
        """End the token of an install that is over, and erase it; False when it has to be tried again."""
        if install.token is None:
            return True
        try:
            self.login.revoke(self.vault.unlock(install.token))
        except LinodeError as error:
            log.warning("%s: the token is not given back yet: %s", install.label, error)
            if install.token_ends is not None and datetime.now(UTC) < install.token_ends:
                self._keep(install, due=datetime.now(UTC))
                return False
        self._keep(install, token=None, token_ends=None)
        log.info("%s: the token is given back", install.label)
        return True

    # -- claims --------------------------------------------------------------------------------------------------------

    def _claimed_until(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.settings.claim_seconds)

    def _claim(self, install_id: str) -> Install | None:
        claim = secrets.token_hex(16)
        open_ones = update(Install).where(
            Install.id == install_id,
            or_(Install.phase.in_(WORK), Install.token.is_not(None)),
            Install.due <= datetime.now(UTC),
        )
        with self.sessions() as db:
            db.execute(open_ones.values(claim=claim, due=self._claimed_until()))
            db.commit()
            return db.scalar(select(Install).where(Install.id == install_id, Install.claim == claim))

    def _keep(self, install: Install, **values: Any) -> None:
        """Write *values* to an install that is still ours. Raises `Overtaken`."""
        with self.sessions() as db:
            mine = update(Install).where(Install.id == install.id, Install.claim == install.claim)
            if not db.execute(mine.values(values).returning(Install.id)).all():
                raise Overtaken(install.label)
            db.commit()
        for name, value in values.items():
            setattr(install, name, value)

    # -- looking around ------------------------------------------------------------------------------------------------

    def open_installs(self, *, alone: bool = False) -> list[tuple[str, float]]:
        """All that are to be worked on, and in how many seconds. *alone*: nobody else works, so every claim is void."""
        now = datetime.now(UTC)
        unfinished = or_(Install.phase.in_(WORK), Install.token.is_not(None))
        with self.sessions() as db:
            if alone:
                db.execute(update(Install).where(unfinished).values(due=now, claim=None))
            rows = db.execute(select(Install.id, Install.due).where(unfinished)).all()
            db.commit()
        return [(row.id, max(0.0, (row.due - now).total_seconds())) for row in rows]

    def forget(self) -> None:
        """Erase what was kept long enough: attempts that came to nothing, passwords that were shown, old installs."""
        now = datetime.now(UTC)
        with self.sessions() as db:
            db.execute(delete(Install).where(Install.phase == Phase.ASKED, Install.began < now - LOGIN_TIME))
            db.execute(delete(Install).where(Install.began < now - KEPT_TIME))
            db.execute(update(Install).where(Install.shown < now - SHOWING_TIME).values(sealed=None))
            db.commit()
