"""The owner's page: who the customers are, what they have, and what that costs."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from common.database import Db
from common.error_messages import explain
from common.forms import Form
from common.limits import Limit
from common.pages import page, see
from linode import LinodeError, Type

from . import sessions
from .models import Order
from .provisioning import linodes_of
from .shop import Shop

router = APIRouter(prefix="/owner")
LOG_INS, OWNER_LOG_INS = Limit("limit_log_in"), Limit("limit_owner", by=lambda _request: "all addresses together")


class LogIn(Form):
    """The owner's way in."""

    password = PasswordField("Password", [InputRequired(), Length(max=200)])


def _mark(request: Request) -> str:
    """The mark in a session of the owner, which changes with the password."""
    settings = request.app.state.settings
    key, password = (each.get_secret_value().encode() for each in (settings.secret_key, settings.owner_password))
    return hmac.digest(key, password, hashlib.sha256).hex()


@router.get("")
def overview(request: Request, db: Db) -> Response:
    """All customers. What the shop knows is shown also when Linode does not answer."""
    session = sessions.current(request, db)
    if session is None or not hmac.compare_digest(request.session.get("owner", ""), _mark(request)):
        return page(request, "owner_log_in.html", form=LogIn.blank(request), wrong=False)
    shop: Shop = request.app.state.shop
    orders = list(db.scalars(select(Order).options(joinedload(Order.customer)).order_by(Order.id)))
    db.commit()  # lets go of the connection
    linodes, prices, trouble = [], {}, None
    try:
        plan = Type(shop.client, shop.settings.plan).load()
        linodes = linodes_of(shop.client, shop.settings.shop)
        prices = {each.label: plan.price_in(each.region).monthly or 0.0 for each in linodes}
    except LinodeError as error:
        trouble = explain(error)
    words = {"orders": orders, "linodes": {each.label: each for each in linodes}, "prices": prices, "trouble": trouble}
    return page(request, "owner.html", form=Form.blank(request), **words)


@router.post("/log-in")
def log_in(request: Request, db: Db, form: Annotated[LogIn, Depends(LogIn.posted)]) -> Response:
    """Log the owner in. Attempts are bounded for an address, and for all addresses together: there is one password."""
    LOG_INS(request)
    OWNER_LOG_INS(request)
    password = request.app.state.settings.owner_password.get_secret_value()
    if not hmac.compare_digest((form.password.data or "").encode(), password.encode()):
        return page(request, "owner_log_in.html", 422, form=form, wrong=True)
    sessions.begin(request, db)
    request.session["owner"] = _mark(request)
    return see("/owner")
