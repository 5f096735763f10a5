"""Customers: signing up and logging in, without telling anybody who is one."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import Customer, Order

hasher = PasswordHasher()
AT_ONCE = threading.BoundedSemaphore(4)
"""Each hash takes 64 MB: visitors who come together wait for each other."""


@cache
def nobody() -> str:
    """What the password for a number that nobody has is compared with: the answer takes as long as for any other."""
    return hasher.hash(secrets.token_hex(16))


def sign_up(db: Session, *, email: str, password: str, name: str, region: str, shop: str, box: bytes) -> Customer:
    """A new customer, and the order of their server."""
    with AT_ONCE:
        password_hash = hasher.hash(password)
    number = str(secrets.randbelow(9 * 10**11) + 10**11)
    customer = Customer(number=number, password_hash=password_hash, email=email)
    customer.order = Order(label=f"{shop}-{secrets.token_hex(6)}", name=name, region=region, box=box)
    db.add(customer)
    db.commit()
    return customer


def log_in(db: Session, number: str, password: str) -> Customer | None:
    """The customer with that number and that password."""
    digits = "".join(filter(str.isdigit, number))
    customer = db.scalar(select(Customer).where(Customer.number == digits))
    known = customer.password_hash if customer is not None else nobody()
    with AT_ONCE:
        try:
            hasher.verify(known, password)
        except VerifyMismatchError:
            return None
        if customer is not None and hasher.check_needs_rehash(known):
            customer.password_hash = hasher.hash(password)
            db.commit()
    return customer


def grouped(number: str) -> str:
    """A customer number as people read it: ``123 456 789 012``."""
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))
