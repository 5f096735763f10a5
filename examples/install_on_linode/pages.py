"""The pages: the button, the way back from the login service, and what became of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Request, Response
from sqlalchemy import select, update
from wtforms import SelectField, StringField
from wtforms.validators import Length, Regexp

from common.database import Db, Sessions
from common.error_messages import ErrorMessage
from common.forms import Form
from common.limits import Limit
from common.live import EventSourceResponse, ServerSentEvent, follow
from common.pages import create_app, page, problem, render, see
from common.secrets import box_of, unseal
from linode import LinodeLoginClient, OAuthError

from .catalogue import Catalogue
from .installation import SHOWING_TIME, Installer
from .jobs import Jobs
from .models import Install, Phase
from .settings import HERE, Settings

router = APIRouter()

EXPIRED = ErrorMessage(
    400, "Your session has ended", "This browser no longer has the session of this installation. No server was created."
)
FORGED = ErrorMessage(
    400,
    "This login was not started here",
    "The login took too long, belongs to another browser, or was forged. No server was created. Start again.",
)


def make_app(settings: Settings, sessions: Sessions, installer: Installer, jobs: Jobs) -> FastAPI:
    """The site."""
    app = create_app(settings, HERE, forms_lead_to=settings.linode_login_url)
    app.state.sessions = sessions
    app.state.installer = installer
    app.state.jobs = jobs
    app.state.catalogue = Catalogue(settings, installer.transport)
    app.include_router(router)
    return app


def browser_of(request: Request) -> str:
    """The name of this browser, the same for all of its tabs."""
    return str(request.session.setdefault("browser", secrets.token_urlsafe(24)))


def mine(install_id: Annotated[str, Path(pattern=r"^\w+$")], request: Request) -> Install:
    """The install of that id, if this browser began it. What is live keeps no connection for as long as it lasts."""
    with request.app.state.sessions() as db:
        install: Install | None = db.get(Install, install_id)
    if install is None or install.browser != request.session.get("browser"):
        raise HTTPException(404)
    return install


Mine: TypeAlias = Annotated[Install, Depends(mine)]


# -- the button --------------------------------------------------------------------------------------------------------


class Order(Form):
    """The form of an installation: plan, region and image."""

    name = StringField(
        "A name for the server",
        [
            Regexp(
                r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z",
                message="Lower-case letters, digits and single hyphens; a letter first.",
            ),
            Length(max=30, message="30 characters at most."),
        ],
        render_kw={"maxlength": 30, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    plan = SelectField("Plan, price a month")
    region = SelectField("Region")
    image = SelectField("System")

    def prepare(self, request: Request) -> None:
        """Fill in the choices that Linode offers."""
        offer = request.app.state.catalogue.offer()
        self.plan.choices, self.region.choices = offer.plan_choices, offer.region_choices
        self.image.choices = list(offer.images.items())


@router.get("/")
def front(request: Request, db: Db, again: str = "") -> Response:
    """The offer, and what this browser has installed before. *again*: begin with the choices of that install."""
    settings: Settings = request.app.state.settings
    began = select(Install).where(Install.browser == browser_of(request), Install.phase != Phase.ASKED)
    installs = db.scalars(began.order_by(Install.began.desc())).all()
    before = next((each for each in installs if each.id == again), None)
    chosen: dict[str, Any] = {"name": re.sub(r"[^a-z0-9]+", "-", settings.product.lower()).strip("-")}
    if before is not None:
        chosen = {"name": before.label.rpartition("-")[0], "plan": before.plan, "region": before.region}
        chosen["image"] = before.image
    return _front(request, Order.blank(request, **chosen), installs)


def _front(request: Request, form: Order, installs: Sequence[Install], status: int = 200) -> Response:
    offer = request.app.state.catalogue.offer()
    return page(request, "front.html", status, form=form, offer=offer, installs=installs)


@router.post("/", dependencies=[Depends(Limit("limit_installs"))])
def begin(request: Request, db: Db, form: Annotated[Order, Depends(Order.posted)]) -> Response:
    """Remember what was chosen, and send the visitor to the login service."""
    if form.errors:
        return _front(request, form, [], 422)
    installer: Installer = request.app.state.installer
    pkce, now, install_id = LinodeLoginClient.new_pkce(), datetime.now(UTC), secrets.token_hex(16)
    install = Install(
        id=install_id,
        browser=browser_of(request),
        began=now,
        phase=Phase.ASKED,
        label=f"{form.name.data}-{install_id[:8]}",  # no other Linode of the account has this label
        plan=form.plan.data,
        region=form.region.data,
        image=form.image.data,
        state=LinodeLoginClient.new_state(),
        verifier=installer.vault.lock(pkce.verifier),
        box=box_of(request.session),
        due=now,
    )
    db.add(install)
    db.commit()
    scopes = request.app.state.settings.scopes
    return see(installer.login.generate_login_url(scopes, state=install.state, code_challenge=pkce.challenge))


# -- the way back ------------------------------------------------------------------------------------------------------


@router.get("/callback")
def callback(request: Request, db: Db, state: str = "") -> Response:
    """Back from the login service. The install's page tells the rest: no code stays in the address bar."""
    browser = request.session.get("browser")
    install = db.scalar(select(Install).where(Install.state == state)) if "\0" not in state else None
    if browser is None:
        return problem(request, EXPIRED)
    if install is None or install.browser != browser:
        return problem(request, FORGED)
    if install.phase == Phase.ASKED:
        installer: Installer = request.app.state.installer
        values: dict[str, Any] = {"verifier": None}
        try:
            redirect = installer.login.read_redirect(str(request.url), state=install.state)
            now = datetime.now(UTC)  # what it may take is counted from here, however long the login took
            values = {"phase": Phase.ALLOWED, "code": installer.vault.lock(redirect.code), "began": now, "due": now}
        except OAuthError as error:
            if error.error == "access_denied":
                values |= {"phase": Phase.DENIED}
            else:
                said = re.sub(r"[^\w ]+", " ", error.error or "")[:60]
                words = {"trouble": "The login was refused", "reason": f"The login service says: {said}."}
                values |= {"phase": Phase.FAILED, **words}
        # Of two who come back at once with the same state, one is the first.
        first = update(Install).where(Install.id == install.id, Install.phase == Phase.ASKED).values(values)
        begun = db.execute(first.returning(Install.id)).all() and values["phase"] == Phase.ALLOWED
        db.commit()
        if begun:
            request.app.state.jobs.install(install.id)
    return see(f"/installs/{install.id}")


# -- what became of it -------------------------------------------------------------------------------------------------


def _words(request: Request, install: Install, form: Form) -> dict[str, Any]:
    region, price = request.app.state.catalogue.place(install.plan, install.region)
    return {"install": install, "form": form, "region": region, "price": price}


@router.get("/installs/{install_id}")
def show(request: Request, install: Mine) -> Response:
    """Show the progress of an installation."""
    return page(request, "install.html", **_words(request, install, Form.blank(request)))


@router.get("/installs/{install_id}/live", response_class=EventSourceResponse)
async def live(request: Request, install: Mine) -> AsyncIterator[ServerSentEvent]:
    """The same, whenever it changes."""
    form = Form.blank(request)

    def look() -> tuple[str, bool]:
        with request.app.state.sessions() as db:
            now = db.get(Install, install.id)
        if now is None:
            return "", True
        return render(request, "progress.html", **_words(request, now, form)), now.settled and now.token is None

    async for event in follow(look):
        yield event


@router.post("/installs/{install_id}/password", dependencies=[Depends(Limit("limit_passwords")), Depends(Form.posted)])
def password(request: Request, db: Db, install: Mine) -> Response:
    """The root password: once, and for a minute to those who reload. Then nobody has it but the visitor."""
    now = datetime.now(UTC)
    sealed = install.sealed if install.shown is None or now < install.shown + SHOWING_TIME else None
    opened = unseal(request.session, sealed) if sealed and install.phase in (Phase.RUNNING, Phase.FAILED) else None
    if opened is not None:
        unseen = update(Install).where(Install.id == install.id, Install.shown.is_(None))
        db.execute(unseen.values(shown=now))
        db.commit()
    return page(request, "password.html", 200 if opened else 410, install=install, password=opened)
