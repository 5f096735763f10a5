"""The customer's pages: signing up, logging in, and the one server that each of them has."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple, TypeAlias

from argon2 import PasswordHasher
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from limits import parse
from limits.strategies import RateLimiter
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from common.database import Db
from common.error_messages import ErrorMessage, explain
from common.forms import Form
from common.limits import Limit
from common.live import EventSourceResponse, ServerSentEvent, follow
from common.pages import create_app, page, render, see
from common.secrets import box_of, unseal
from linode import InvalidRequestError, Linode, LinodeError, LinodeTransfer, RateLimitedError

from . import owner, sessions
from .customers import Accounts, Full, address, grouped
from .graph import Graph, draw
from .models import Customer, Order, State, change
from .settings import HERE
from .shop import Shop

router = APIRouter()
MADE_IN_SECONDS = 15 / 20  # what a place in the line costs: the API makes 20 Linodes in 15 seconds
SIGN_UPS, LOG_INS, ORDERS = Limit("limit_sign_up"), Limit("limit_log_in"), Limit("limit_orders")


def make_app(shop: Shop, hasher: PasswordHasher | None = None) -> FastAPI:
    """The site of *shop*; *hasher* is for the passwords of customers."""
    app = create_app(shop.settings, HERE)
    app.state.shop = shop
    app.state.accounts = Accounts(hasher or PasswordHasher())
    app.state.sessions = shop.sessions
    app.state.templates.filters["grouped"] = grouped
    app.include_router(router)
    app.include_router(owner.router)
    return app


class SignUp(Form):
    """The sign-up form: the visitor's address and password, and the name and region of the server."""

    name = StringField(
        "Name of the server",
        [
            Regexp(
                r"^[a-z][a-z0-9-]{,29}[a-z0-9]\Z",
                message="2 to 31 lower-case letters, digits and hyphens; a letter first, no hyphen last.",
            )
        ],
    )
    region = SelectField("Region", choices=[])
    email = EmailField(
        "E-mail address",
        [
            Length(max=254),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="An e-mail address, such as name@example.com."),
        ],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        "Password", [Length(12, 200, message="At least 12 characters.")], render_kw={"autocomplete": "new-password"}
    )

    def prepare(self, request: Request) -> None:
        """The regions are those of the settings. The box stands for the form: sent twice, it is one order."""
        box_of(request.session)
        self.region.choices = list(request.app.state.settings.regions.items())


class LogIn(Form):
    """The log-in form."""

    email = EmailField("E-mail address", [InputRequired(), Length(max=254)], render_kw={"autocomplete": "username"})
    password = PasswordField("Password", [InputRequired()], render_kw={"autocomplete": "current-password"})


class Confirmation(Form):
    """The form of a button; an operation that cannot be undone needs a tick."""

    sure = BooleanField("Yes, delete everything on the server")


def _shop(request: Request) -> Shop:
    shop: Shop = request.app.state.shop
    return shop


def _customer(request: Request, db: Db) -> Customer:
    session = sessions.current(request, db)
    of = 0 if session is None else session.customer_id or 0
    found = db.get(Customer, of, options=[joinedload(Customer.order)])
    db.commit()  # lets go of the connection: what follows may wait for Linode, or stream
    if found is None:
        raise HTTPException(303, headers={"Location": "/log-in"})
    return found


OfShop: TypeAlias = Annotated[Shop, Depends(_shop)]
Me: TypeAlias = Annotated[Customer, Depends(_customer)]
Pressed: TypeAlias = Annotated[Form, Depends(Form.posted)]


@router.get("/")
def home(request: Request, db: Db) -> Response:
    """Show the offer and the sign-up form."""
    session = sessions.current(request, db)
    if session is not None and session.customer_id is not None:
        return see("/server")
    return page(request, "sign_up.html", form=SignUp.blank(request))


@router.post("/")
def join(request: Request, db: Db, shop: OfShop, form: Annotated[SignUp, Depends(SignUp.posted)]) -> Response:
    """Take a customer, and their order into the line."""
    if form.errors:
        return page(request, "sign_up.html", 422, form=form)
    SIGN_UPS(request)
    box, kept = box_of(request.session), request.session["box"]
    order = Order(label=f"{shop.settings.shop}-{box.hex()[:12]}", name=form.name.data, region=form.region.data, box=box)
    try:
        customer = request.app.state.accounts.sign_up(db, form.password.data, form.email.data, order)
    except Full:
        raise HTTPException(429) from None
    sessions.end(request, db)
    if customer is not None:
        sessions.begin(request, db, customer)
        request.session["box"] = kept
    shop.work()
    return see("/server")


@router.get("/log-in")
def log_in_page(request: Request) -> Response:
    """The form with which customers come back."""
    return page(request, "log_in.html", form=LogIn.blank(request), wrong=False)


@router.post("/log-in")
def come_back(request: Request, db: Db, form: Annotated[LogIn, Depends(LogIn.posted)]) -> Response:
    """Log in: the answer is the same whether the address or the password is wrong."""
    LOG_INS(request)
    LOG_INS.hit(request, f"email {address(form.email.data or '')}")
    customer = None if form.errors else request.app.state.accounts.log_in(db, form.email.data, form.password.data)
    if customer is None:
        return page(request, "log_in.html", 422, form=form, wrong=True)
    sessions.begin(request, db, customer)
    return see("/server")


@router.post("/log-out")
def log_out(request: Request, db: Db, _form: Pressed) -> Response:
    """End the session here and in the database: its cookie opens nothing any more, and this browser's box is gone."""
    sessions.end(request, db)
    return see("/")


class Now(NamedTuple):
    """The current state of a server, or the ``trouble`` in reading it."""

    status: str | None = None
    graph: Graph | None = None
    transfer: LinodeTransfer | None = None
    trouble: ErrorMessage | None = None


def now(shop: Shop, limiter: RateLimiter, linode_id: int) -> Now:
    """The current state of the Linode. Errors of Linode do not fail the page."""
    status = None
    try:
        status = Linode(shop.client, linode_id).load().status
        return Now(status, *_usage(shop, limiter, linode_id, int(time.time() // 60)))
    except InvalidRequestError:
        return Now(status)  # there are no figures yet
    except LinodeError as error:
        return Now(status, trouble=explain(error))


@lru_cache(maxsize=1000)
def _usage(shop: Shop, limiter: RateLimiter, linode_id: int, _minute: int) -> tuple[Graph, LinodeTransfer]:
    """A graph of a day's traffic, and the traffic of this month.

    Loaded once a minute, because the API allows 50 requests a minute for all servers.
    """
    if not limiter.hit(parse("40/minute"), "stats"):
        raise RateLimitedError(429)  # at once: the client would wait for its turn, and the visitor with it
    linode = Linode(shop.client, linode_id)
    network = linode.stats().data.netv4
    end = max((at / 1000 for at, _ in network.in_[-1:]), default=time.time())
    return draw(network.in_, network.out, end), linode.transfer()


def _state(request: Request, db: Session, shop: Shop) -> tuple[str, bool]:
    """The part of the page that changes, and whether it stays as it is now."""
    order = _customer(request, db).order
    place = 1 + (db.scalar(select(func.count()).where(Order.state == State.WAITING, Order.id < order.id)) or 0)
    db.commit()
    words = {
        "order": order,
        "place": place,
        "seconds": max(10, round(place * MADE_IN_SECONDS, -1)),
        "now": now(shop, request.app.state.limiter, order.linode_id or 0) if order.state == State.RUNNING else None,
        "mine": order.sealed is not None and unseal(request.session, order.sealed) is not None,
        "form": Confirmation.blank(request),
    }
    return render(request, "state.html", **words), order.state in (State.RUNNING, State.FAILED, State.GONE)


@router.get("/server")
def server(request: Request, db: Db, shop: OfShop, me: Me) -> Response:
    """The customer's server."""
    state, settled = _state(request, db, shop)
    return page(request, "server.html", me=me, state=state, settled=settled, form=Form.blank(request))


@router.get("/server/live", response_class=EventSourceResponse)
async def live(request: Request, shop: OfShop, _me: Me) -> AsyncIterator[ServerSentEvent]:
    """The part that changes, whenever it does. It holds no connection of the database while nothing happens."""

    def look() -> tuple[str, bool]:
        with shop.sessions() as db:
            try:
                return _state(request, db, shop)
            except HTTPException:  # a log-out in another tab
                return render(request, "ended.html"), True

    async for event in follow(look, seconds=1):
        yield event


@router.post("/server/password")
def password(request: Request, db: Db, me: Me, _form: Pressed) -> Response:
    """Show the root password, once: from now on nobody has it but who reads this page."""
    order = me.order
    shown = unseal(request.session, order.sealed) if order.sealed is not None and order.state == State.RUNNING else None
    if shown is None or not change(db, order, Order.sealed == order.sealed, sealed=None):
        return see("/server")
    return page(request, "password.html", order=order, password=shown)


@router.post("/server/{action}")
def do(
    request: Request,
    db: Db,
    shop: OfShop,
    me: Me,
    action: Literal["reboot", "rebuild", "again", "give-up"],
    form: Annotated[Confirmation, Depends(Confirmation.posted)],
) -> Response:
    """Do something with the server. A worker that has the order in hand finds it changed, and leaves it to the next."""
    ORDERS.hit(request, str(me.id))
    order, anew = me.order, {"box": box_of(request.session), "sealed": None, "trouble": None}
    if action == "reboot" and order.state == State.RUNNING and order.linode_id is not None:
        Linode(shop.client, order.linode_id).reboot()
    elif action == "rebuild" and form.sure.data:
        change(db, order, Order.state == State.RUNNING, state=State.REBUILDING, **anew)
    elif action == "again":
        change(db, order, Order.state == State.FAILED, state=State.WAITING, **anew)
    elif action == "give-up" and form.sure.data:
        change(db, order, Order.state != State.GONE, state=State.LEAVING)
    shop.work()
    return see("/server")
