"""The customer's pages: signing up, logging in, and the one server that each of them has."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, TypeAlias

from argon2 import PasswordHasher
from common.database import Db
from common.forms import Form
from common.limits import Limit, by_address, make_limiter
from common.live import EventSourceResponse, ServerSentEvent, follow
from common.pages import create_app, page, render, see
from common.secrets import box_of, unseal
from common.trouble import Trouble, explain
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from linode import InvalidRequestError, Linode, LinodeClient, LinodeError

from . import owner
from .customers import Accounts, digits, grouped
from .graph import Graph, draw
from .making import MADE_IN_SECONDS
from .models import Customer, Order, State
from .settings import HERE
from .shop import Shop

router = APIRouter()
SIGN_UPS, LOG_INS, ORDERS = Limit("limit_sign_up"), Limit("limit_log_in"), Limit("limit_orders")


def make_app(shop: Shop, hasher: PasswordHasher | None = None) -> FastAPI:
    """The site of *shop*; *hasher* is for the passwords of customers."""
    app = create_app(shop.settings, HERE)
    app.state.shop = shop
    app.state.accounts = Accounts(hasher or PasswordHasher())
    app.state.sessions = shop.sessions
    app.state.limiter = make_limiter(shop.settings)
    app.state.templates.filters["grouped"] = grouped
    app.include_router(router)
    app.include_router(owner.router)
    return app


class SignUp(Form):
    """What a visitor says of themselves and of their server."""

    name = StringField(
        "A name for your server",
        [Regexp(r"^[a-z][a-z0-9-]{1,30}\Z", message="2 to 31 small letters, digits and -, a letter first.")],
    )
    region = SelectField("Where it should stand", choices=[])
    email = EmailField(
        "Your e-mail address", [Length(max=254), Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="Like name@example.com.")],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        "A password", [Length(12, 200, message="12 characters at least.")], render_kw={"autocomplete": "new-password"}
    )

    def prepare(self, request: Request) -> None:
        """The regions are those of the settings."""
        self.region.choices = list(request.app.state.settings.regions.items())


class LogIn(Form):
    """Who comes back."""

    number = StringField("Customer number", [InputRequired(), Length(max=40)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Password", [InputRequired(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )


class Button(Form):
    """A form without fields."""


class Sure(Form):
    """A button for what cannot be undone."""

    sure = BooleanField("Yes, delete everything on it", [InputRequired()])


# -- coming and going ------------------------------------------------------------------------------------------------


def _shop(request: Request) -> Shop:
    shop: Shop = request.app.state.shop
    return shop


def _customer(request: Request, db: Db) -> Customer:
    found = db.get(Customer, request.session.get("customer", 0))
    if found is None:
        raise HTTPException(303, headers={"Location": "/log-in"})
    return found


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


OfShop: TypeAlias = Annotated[Shop, Depends(_shop)]
OfAccounts: TypeAlias = Annotated[Accounts, Depends(_accounts)]
Me: TypeAlias = Annotated[Customer, Depends(_customer)]
Pressed: TypeAlias = Annotated[Button, Depends(Button.posted)]
Confirmed: TypeAlias = Annotated[Sure, Depends(Sure.posted)]


@router.get("/")
def home(request: Request) -> Response:
    """What is sold here, and the form to get it."""
    if "customer" in request.session:
        return see("/server")
    return page(request, "sign_up.html", form=SignUp.blank(request))


@router.post("/")
def join(
    request: Request, db: Db, shop: OfShop, accounts: OfAccounts, form: Annotated[SignUp, Depends(SignUp.posted)]
) -> Response:
    """Take a customer, and their order into the line."""
    if form.errors:
        return page(request, "sign_up.html", 422, form=form)
    SIGN_UPS(request)
    request.session.clear()
    label = f"{shop.settings.shop}-{secrets.token_hex(6)}"
    order = Order(label=label, name=form.name.data, region=form.region.data, box=box_of(request.session))
    customer = accounts.sign_up(db, form.password.data or "", form.email.data or "", order)
    request.session["customer"] = customer.id
    shop.jobs.work()
    return see("/server")


@router.get("/log-in")
def log_in_page(request: Request) -> Response:
    """Who has a customer number comes back here."""
    return page(request, "log_in.html", form=LogIn.blank(request), wrong=False)


@router.post("/log-in")
def come_back(
    request: Request, db: Db, accounts: OfAccounts, form: Annotated[LogIn, Depends(LogIn.posted)]
) -> Response:
    """Log in: the answer is the same whether the number or the password is wrong."""
    LOG_INS(request)
    number = digits(form.number.data or "")
    LOG_INS.hit(request, f"number {number}")
    customer = None if form.errors else accounts.log_in(db, number, form.password.data or "")
    if customer is None:
        return page(request, "log_in.html", 422, form=form, wrong=True)
    request.session.clear()
    request.session["customer"] = customer.id
    return see("/server")


@router.post("/log-out")
def log_out(request: Request, _form: Pressed) -> Response:
    """End the session, and with it what only this browser can open."""
    request.session.clear()
    return see("/")


# -- the server ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Now:
    """What Linode says of a server at this moment: or its ``trouble``."""

    status: str | None = None
    graph: Graph | None = None
    used: int = 0
    quota: int = 0
    trouble: Trouble | None = None


def now(client: LinodeClient, linode_id: int) -> Now:
    """How that Linode is. The page comes also when nobody answers."""
    try:
        return Now(Linode(client, linode_id).load().status, *_usage(client, linode_id, int(time.time() // 60)))
    except LinodeError as error:
        return Now(trouble=explain(error))


@lru_cache(maxsize=1000)
def _usage(client: LinodeClient, linode_id: int, _minute: int) -> tuple[Graph | None, int, int]:
    """Its traffic of a day, drawn, and of this month; asked once a minute, since the API allows 50 in a minute."""
    linode = Linode(client, linode_id)
    transfer = linode.transfer()
    try:
        network = linode.stats().data.netv4
    except InvalidRequestError:
        return None, transfer.used, transfer.quota  # there are no figures yet
    end = max((at / 1000 for at, _ in network.in_[-1:]), default=time.time())
    return draw(network.in_, network.out, end), transfer.used, transfer.quota


def _state(request: Request, db: Session, shop: Shop) -> tuple[str, bool]:
    """The part of the page that changes, and whether it stays as it is now."""
    order = _customer(request, db).order
    place = 1 + (db.scalar(select(func.count()).where(Order.state == State.WAITING, Order.id < order.id)) or 0)
    running = order.state == State.RUNNING and order.linode_id is not None
    words = {
        "order": order,
        "place": place,
        "seconds": max(10, round(place * MADE_IN_SECONDS, -1)),
        "now": now(shop.client, order.linode_id) if running and order.linode_id is not None else None,
        "sealed": order.sealed is not None,
        "mine": order.sealed is not None and unseal(request.session, order.sealed) is not None,
        "button": Button.blank(request),
        "sure": Sure.blank(request),
    }
    return render(request, "state.html", **words), order.state in (State.RUNNING, State.FAILED, State.GONE)


@router.get("/server")
def server(request: Request, db: Db, shop: OfShop, me: Me) -> Response:
    """The customer's server."""
    state, settled = _state(request, db, shop)
    return page(request, "server.html", me=me, state=state, settled=settled, button=Button.blank(request))


@router.get("/server/live", response_class=EventSourceResponse)
async def live(request: Request, shop: OfShop) -> AsyncIterator[ServerSentEvent]:
    """The part that changes, whenever it does. It holds no connection of the database while nothing happens."""

    def look() -> tuple[str, bool]:
        with shop.sessions() as db:
            return _state(request, db, shop)

    async for event in follow(look, seconds=1):
        yield event


@router.post("/server/password")
def password(request: Request, db: Db, me: Me, _form: Pressed) -> Response:
    """Show the root password, once: from now on nobody has it but who reads this page."""
    order = me.order
    shown = unseal(request.session, order.sealed) if order.sealed is not None and order.state == State.RUNNING else None
    if shown is None or not _turn(db, order, State.RUNNING, Order.sealed == order.sealed, sealed=None):
        return see("/server")
    return page(request, "password.html", order=order, password=shown)


@router.post("/server/reboot")
def reboot(request: Request, shop: OfShop, me: Me, _form: Pressed) -> Response:
    """Reboot it."""
    ORDERS.hit(request, str(me.id))
    if me.order.state == State.RUNNING and me.order.linode_id is not None:
        Linode(shop.client, me.order.linode_id).reboot()
    return see("/server")


@router.post("/server/rebuild")
def rebuild(request: Request, db: Db, shop: OfShop, me: Me, form: Confirmed) -> Response:
    """Have it made anew, with another root password for this browser."""
    ORDERS.hit(request, str(me.id))
    if not form.errors and me.order.state == State.RUNNING:
        _turn(db, me.order, State.REBUILDING, box=box_of(request.session), sealed=None)
        shop.jobs.work()
    return see("/server")


@router.post("/server/again")
def again(request: Request, db: Db, shop: OfShop, me: Me, _form: Pressed) -> Response:
    """Put an order that failed into the line again."""
    ORDERS.hit(request, str(me.id))
    if me.order.state == State.FAILED:
        _turn(db, me.order, State.WAITING, box=box_of(request.session), sealed=None, trouble=None)
        shop.jobs.work()
    return see("/server")


@router.post("/server/give-up")
def give_up(db: Db, shop: OfShop, me: Me, form: Confirmed) -> Response:
    """Have it deleted. Whoever makes it at this moment finds that the order has changed, and leaves it to the next."""
    if not form.errors:
        while me.order.state not in (State.LEAVING, State.GONE):
            _turn(db, me.order, State.LEAVING)
        shop.jobs.work()
    return see("/server")


def _turn(db: Session, order: Order, state: State, *conditions: ColumnElement[bool], **values: object) -> bool:
    """Let *order* be in *state*, unless its state has changed since it was read; then it is read again."""
    as_read = update(Order).where(Order.id == order.id, Order.state == order.state, *conditions)
    done = db.execute(as_read.values(state=state, **values).returning(Order.id)).all()
    db.commit()
    db.refresh(order)
    return bool(done)
